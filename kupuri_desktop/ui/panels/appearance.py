"""The inspector's part on looks: colours, strokes and type, as far as the selection has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kupuri_desktop.core.items import Align, FrameItem, Item, ShapeItem
from kupuri_desktop.ui.panels.edits import Edits, having, shared
from kupuri_desktop.ui.panels.fields import ColourField, NumberField
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import Choice, Segmented, Switch
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.naming import describe

_NAME_WIDTH = 76

_COLOURS = (
    ("fill", "Fill"),
    ("background", "Background"),
    ("colour", "Colour"),
    ("stroke", "Stroke"),
)
_WEIGHTS = ((400, "Regular"), (500, "Medium"), (600, "Semibold"), (700, "Bold"))
_DASHES: tuple[tuple[tuple[float, ...], str], ...] = (
    ((), "Solid"),
    ((4.0, 2.0), "Dashed"),
    ((1.0, 2.0), "Dotted"),
)
_ALIGNS = tuple((side.value, side.value.capitalize()) for side in Align)


@dataclass(frozen=True, slots=True)
class _Number:
    name: str
    words: str
    low: float
    high: float


_NUMBERS = (
    _Number("stroke_width", "Stroke width", 0.0, 400.0),
    _Number("corner_radius", "Corners", 0.0, 10_000.0),
    _Number("font_size", "Size", 1.0, 4000.0),
)


class Appearance(QWidget):
    """One row a property; a row shows when something selected has it."""

    def __init__(self, look: Look, edits: Edits) -> None:
        super().__init__()
        self._look = look
        self._edits = edits
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.theme.space.xs)
        self._grid.setVerticalSpacing(look.theme.space.s - 2)
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QWidget, QWidget]] = {}
        self.colours = {name: self._colour(name, words) for name, words in _COLOURS}
        self.numbers = {each.name: self._number(each) for each in _NUMBERS}
        self.weight = self._choice("font_weight", "Weight", [words for _, words in _WEIGHTS])
        self.weight.activated.connect(
            lambda n: edits.set("font_weight", _WEIGHTS[n][0], "Change weight")
        )
        self.dash = self._choice("dash", "Line", [words for _, words in _DASHES])
        self.dash.activated.connect(lambda n: edits.set("dash", _DASHES[n][0], "Change line"))
        self.align = Segmented(look, "inspector_align", "Alignment", _ALIGNS, Align.LEFT.value)
        self.align.chosen.connect(lambda v: edits.set("align", Align(v), "Align text"))
        # Its words need less than it would like, and the panel has no more.
        self.align.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row("align", "Align", self.align)
        self.clip = Switch(look, "inspector_clip", "Clip what it holds")
        self.clip.clicked.connect(lambda on: edits.set("clip", on, "Clip" if on else "Unclip"))
        self._row("clip", "Clip", self.clip)

    def show_items(self, items: Sequence[Item]) -> bool:
        """Shows what the items have; False where that is nothing."""
        found = {name: having(items, name) for name in self._rows}
        for name, (title, field) in self._rows.items():
            title.setVisible(bool(found[name]))
            field.setVisible(bool(found[name]))
            field.setEnabled(any(not item.locked for item in found[name]))
        for name, colour in self.colours.items():
            if found[name]:
                # A line or a word without a colour would be nothing at all.
                colour.empty = all(isinstance(i, (ShapeItem, FrameItem)) for i in found[name])
                colour.show_colour(*shared(found[name], name))
        for name, number in self.numbers.items():
            if found[name]:
                number.show_number(*shared(found[name], name))
        if found["font_weight"]:
            weights = [weight for weight, _ in _WEIGHTS]
            self._pick(self.weight, weights, *shared(found["font_weight"], "font_weight"))
        if found["dash"]:
            self._pick(self.dash, [dash for dash, _ in _DASHES], *shared(found["dash"], "dash"))
        if found["align"]:
            self.align.choose(shared(found["align"], "align")[0].value)
        if found["clip"]:
            self.clip.setChecked(shared(found["clip"], "clip")[0])
        return any(found.values())

    def _colour(self, name: str, words: str) -> ColourField:
        field = ColourField(self._look, f"inspector_{name}", words)
        field.taken.connect(lambda value: self._set_colour(name, value, words))
        self._row(name, words, field)
        return field

    def _set_colour(self, name: str, value: str | None, words: str) -> None:
        self._edits.set(name, value, f"Change {words.lower()}")

    def _number(self, number: _Number) -> NumberField:
        field = NumberField(
            self._look, f"inspector_{number.name}", number.words, low=number.low, high=number.high
        )
        field.taken.connect(
            lambda value: self._edits.set(number.name, value, f"Change {number.words.lower()}")
        )
        self._row(number.name, number.words, field)
        return field

    def _choice(self, name: str, words: str, options: Sequence[str]) -> Choice:
        field = Choice(self._look)
        field.setProperty("panel", True)
        describe(field, f"inspector_{name}", words)
        field.addItems(options)
        self._row(name, words, field)
        return field

    @staticmethod
    def _pick(field: Choice, values: Sequence[object], value: object, mixed: bool) -> None:
        known = value in values and not mixed
        field.setPlaceholderText("Mixed" if mixed else str(value))
        field.setCurrentIndex(values.index(value) if known else -1)

    def _row(self, name: str, words: str, field: QWidget) -> None:
        title = label(words, tone="second", size="label")
        title.setFixedWidth(_NAME_WIDTH)
        row = len(self._rows)
        self._grid.addWidget(title, row, 0)
        self._grid.addWidget(field, row, 1)
        self._rows[name] = (title, field)
