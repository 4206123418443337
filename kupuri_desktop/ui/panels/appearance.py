"""The inspector's part on looks: colours, strokes and type, as far as the selection has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QSizePolicy

from kupuri_desktop.core.colours import Colour, colour_in
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    Item,
    LineForm,
    LineItem,
    NoteItem,
    ShapeItem,
    TextItem,
)
from kupuri_desktop.core.palette import SavedColour
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.colour.brush import from_qcolor
from kupuri_desktop.ui.colour.colour_field import ColourField
from kupuri_desktop.ui.colour.offers import read_offers
from kupuri_desktop.ui.colour.ports import ColourAsker
from kupuri_desktop.ui.colour.swatches import Swatches
from kupuri_desktop.ui.panels.choices import (
    DashField,
    FrameSizes,
    Toggles,
    choice,
    pick,
    resized,
)
from kupuri_desktop.ui.panels.edits import Edits, shared
from kupuri_desktop.ui.panels.fonts import FontField
from kupuri_desktop.ui.panels.rows import Rows
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import Choice, Segmented, Switch
from kupuri_desktop.ui.widgets.numbers import NumberField

_COLOURS = (
    ("fill", "Fill"),
    ("background", "Background"),
    ("colour", "Colour"),
    ("stroke", "Stroke"),
)
_WEIGHTS = (
    (300, "Light"), (400, "Regular"), (500, "Medium"), (600, "Semibold"), (700, "Bold"),
    (800, "Extra bold"), (900, "Black"),
)  # fmt: skip
_FORMS = tuple((form, form.value.capitalize()) for form in LineForm)
_HEADS = (
    ((False, False), "None"),
    ((False, True), "At the end"),
    ((True, False), "At the start"),
    ((True, True), "At both ends"),
)
_ALIGNS = tuple((side.value, side.value.capitalize()) for side in Align)


@dataclass(frozen=True, slots=True)
class _Number:
    """scale: how many of what is shown make one of what the item keeps."""

    name: str
    words: str
    low: float
    high: float
    unit: str = ""
    scale: float = 1.0


_STROKE = _Number("stroke_width", "Stroke width", 0.0, 400.0)
_CORNERS = _Number("corner_radius", "Corners", 0.0, 10_000.0)
_SIZE = _Number("font_size", "Size", 1.0, 4000.0)
_LINES = _Number("line_height", "Line height", 50.0, 400.0, " %", 100.0)
_LETTERS = _Number("letter_spacing", "Letters", -50.0, 300.0, " %", 100.0)


class Appearance(Rows):
    """One row a property; a row shows when something selected has it."""

    def __init__(self, look: Look, edits: Edits, colours: ColourAsker, board: Board) -> None:
        super().__init__(look)
        self._look = look
        self._edits = edits
        self._board = board
        self._offers = read_offers()
        self.numbers: dict[str, NumberField] = {}
        self.colours: dict[str, ColourField] = {}
        for name, words in _COLOURS:
            self._colour(name, words, colours)
        self._papers()
        self._strokes()
        self._type()
        self._frames()
        self._pictures()

    # --- colours

    def _colour(self, name: str, words: str, colours: ColourAsker) -> None:
        field = ColourField(self._look, f"inspector_{name}", words, colours)
        label = f"Change {words.lower()}"
        field.taken.connect(lambda value: self._edits.set(name, value, label))
        field.sought.connect(lambda value: self._edits.set(name, value, label, preview=True))
        field.given_up.connect(self._edits.give_up)

        def show(items: list[Item]) -> None:
            # A line or a word without a colour would be nothing at all.
            field.empty = all(isinstance(item, (ShapeItem, FrameItem)) for item in items)
            field.ground = self._ground(items)
            field.show_colour(*shared(items, name))

        self.colours[name] = field
        self.add(name, words, field, show)

    def _ground(self, items: Sequence[Item]) -> Colour | None:
        """What words are read on: their frame's background, or the canvas."""
        if not all(isinstance(item, TextItem) for item in items):
            return None
        frame = self._board.canvas.items.get(items[0].frame or "")
        if isinstance(frame, FrameItem) and frame.background is not None:
            return colour_in(frame.background)
        return from_qcolor(self._look.theme.colours.canvas)

    def _papers(self) -> None:
        self.papers = Swatches(self._look, "inspector_papers", "Note papers")
        papers = [SavedColour(colour) for colour in self._offers.notes]
        self.papers.put(papers)
        self.papers.chosen.connect(lambda c: self._edits.set("colour", c, "Change colour"))

        def show(items: list[Item]) -> None:
            colour, mixed = shared(items, "colour")
            self.papers.put(papers, None if mixed else colour)

        self.add("colour", "", self.papers, show, _only(NoteItem))

    # --- strokes

    def _strokes(self) -> None:
        edits = self._edits
        self._number(_STROKE)
        self.dash = DashField(self._look)
        self.dash.taken.connect(lambda dash: edits.set("dash", dash, "Change line"))
        self.add("dash", "Line", self.dash, self.dash.show_items)
        self.form = self._choice("form", "Form", [words for _, words in _FORMS])
        self.form.activated.connect(lambda n: edits.reroute(_FORMS[n][0]))
        forms = [form for form, _ in _FORMS]
        self.add("form", "Form", self.form,
                 lambda items: pick(self.form, forms, *shared(items, "form")),
                 _only(LineItem))  # fmt: skip
        self.heads = self._choice("heads", "Arrow heads", [words for _, words in _HEADS])
        self.heads.activated.connect(self._set_heads)
        self.add("arrow_end", "Heads", self.heads, self._show_heads)
        self._number(_CORNERS)

    def _set_heads(self, index: int) -> None:
        start, end = _HEADS[index][0]

        def headed(line: LineItem) -> Item:
            return replace(line, arrow_start=start, arrow_end=end)

        self._edits.change("arrow_end", "Change arrow heads", headed)

    def _show_heads(self, items: list[Item]) -> None:
        (start, some), (end, others) = shared(items, "arrow_start"), shared(items, "arrow_end")
        pick(self.heads, [both for both, _ in _HEADS], (start, end), some or others)

    # --- type

    def _type(self) -> None:
        edits = self._edits
        self.font_family = FontField(self._look)
        self.font_family.taken.connect(lambda f: edits.set("font_family", f, "Change font"))
        self.font_family.sought.connect(
            lambda f: edits.set("font_family", f, "Change font", preview=True)
        )
        self.font_family.given_up.connect(edits.give_up)
        self.add("font_family", "Font", self.font_family, self.font_family.show_items)
        self._number(_SIZE)
        self.weight = self._choice("font_weight", "Weight", [words for _, words in _WEIGHTS])
        self.weight.activated.connect(
            lambda n: edits.set("font_weight", _WEIGHTS[n][0], "Change weight")
        )
        weights = [weight for weight, _ in _WEIGHTS]

        def show_weight(items: list[Item]) -> None:
            pick(self.weight, weights, *shared(items, "font_weight"))

        self.add("font_weight", "Weight", self.weight, show_weight)
        self.letters = Toggles(
            self._look,
            (
                ("italic", "italic", "Italic"),
                ("underline", "underline", "Underlined"),
                ("capitals", "type", "Capitals"),
            ),
        )
        self.letters.taken.connect(lambda name, on: edits.set(name, on, f"Change {name}"))
        self.add("italic", "Style", self.letters, self.letters.show_items)
        self._number(_LINES)
        self._number(_LETTERS)
        self.align = Segmented(self._look, "inspector_align", "Alignment", _ALIGNS, "left")
        self.align.chosen.connect(lambda v: edits.set("align", Align(v), "Align text"))
        # Its words need less than it would like, and the panel has no more.
        self.align.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add("align", "Align", self.align, self._show_align)

    def _show_align(self, items: list[Item]) -> None:
        value, mixed = shared(items, "align")
        self.align.choose("" if mixed else value.value)

    # --- frames and pictures

    def _frames(self) -> None:
        edits = self._edits
        self.format = FrameSizes(self._look, self._offers.frames)
        self.format.taken.connect(
            lambda size: edits.change("clip", "Resize", lambda frame: resized(frame, size))
        )
        self.add("clip", "Format", self.format, self.format.show_items, _only(FrameItem))
        self.clip = Switch(self._look, "inspector_clip", "Clip what it holds")
        self.clip.clicked.connect(lambda on: edits.set("clip", on, "Clip" if on else "Unclip"))
        self.add("clip", "Clip", self.clip, lambda items: self.clip.put(*shared(items, "clip")))

    def _pictures(self) -> None:
        self.flips = Toggles(
            self._look,
            (
                ("flip_x", "flip-horizontal-2", "Flipped sideways"),
                ("flip_y", "flip-vertical-2", "Flipped upside down"),
                ("grayscale", "contrast", "Without colour"),
            ),
        )
        words = {"flip_x": "Flip sideways", "flip_y": "Flip upside down", "grayscale": "Grayscale"}
        self.flips.taken.connect(lambda name, on: self._edits.set(name, on, words[name]))
        self.add("grayscale", "Picture", self.flips, self.flips.show_items, _only(ImageItem))

    # --- rows

    def _number(self, number: _Number) -> None:
        name, words, scale = number.name, number.words, number.scale
        field = NumberField(
            self._look, f"inspector_{name}", words, unit=number.unit, low=number.low,
            high=number.high,
        )  # fmt: skip
        label = f"Change {words.lower()}"
        field.taken.connect(lambda value: self._edits.set(name, value / scale, label))
        field.sought.connect(
            lambda value: self._edits.set(name, value / scale, label, preview=True)
        )
        field.given_up.connect(self._edits.give_up)

        def show(items: list[Item]) -> None:
            value, mixed = shared(items, name)
            field.show_number(value * scale, mixed)

        self.numbers[name] = field
        field.scrub_with(self.add(name, words, field, show))

    def _choice(self, name: str, words: str, options: Sequence[str]) -> Choice:
        return choice(self._look, f"inspector_{name}", words, options)


def _only(kind: type[Item]) -> Callable[[Sequence[Item]], list[Item]]:
    """Those of a kind, where all that is selected is of it."""

    def found(items: Sequence[Item]) -> list[Item]:
        return list(items) if all(isinstance(item, kind) for item in items) else []

    return found
