"""Fields of the inspector that offer a few: how a line is broken and ended, a frame's format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.items import FrameItem, Item
from kupuri_desktop.ui.colour.offers import FrameSize
from kupuri_desktop.ui.panels.edits import shared
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.fields import Choice
from kupuri_desktop.ui.widgets.lines import PanelField
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.numbers import MIXED, written

DASHES: tuple[tuple[tuple[float, ...], str], ...] = (
    ((), "Solid"),
    ((4.0, 2.0), "Dashed"),
    ((0.1, 2.0), "Dotted"),
)
_OWN = "Own…"
_MOST = 16


def choice(look: Look, name: str, words: str, options: Sequence[str]) -> Choice:
    """A list that drops down, in a panel's look."""
    field = Choice(look)
    field.setProperty("panel", True)
    describe(field, name, words)
    field.addItems(options)
    return field


def pick(field: Choice, values: Sequence[object], value: object, mixed: bool) -> None:
    """Shows which of `values` it is, or that there are several."""
    known = value in values and not mixed
    field.setPlaceholderText(MIXED if mixed else str(value))
    field.setCurrentIndex(values.index(value) if known else -1)


class DashField(QWidget):
    """Solid, dashed, dotted, or lengths of one's own in stroke widths: `6 2 1 2`."""

    taken = Signal(object)
    """A tuple of lengths; empty for a solid line."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.choice = choice(
            look, "inspector_dash", "Line", [*(words for _, words in DASHES), _OWN]
        )
        self.choice.activated.connect(self._choose)
        self.own = PanelField(look, "inspector_dash_own", "Dashes and gaps, in stroke widths")
        self.own.setPlaceholderText("6 2 1 2")
        self.own.edited.connect(self._typed)
        self.own.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.space.xs)
        column.addWidget(self.choice)
        column.addWidget(self.own)

    def show_items(self, items: Sequence[Item]) -> None:
        dash, mixed = shared(items, "dash")
        known = [lengths for lengths, _ in DASHES]
        own = not mixed and dash not in known
        pick(self.choice, [*known, dash] if own else known, dash, mixed)
        self.own.setVisible(own)
        self.own.put(" ".join(map(written, dash)) if own else "")

    def _choose(self, index: int) -> None:
        if index < len(DASHES):
            self.taken.emit(DASHES[index][0])
        else:
            self.own.show()
            self.own.setFocus()

    def _typed(self, text: str) -> None:
        try:
            lengths = tuple(float(part) for part in text.replace(",", " ").split())
        except ValueError:
            lengths = (-1.0,)
        sound = len(lengths) <= _MOST and all(0 <= length <= 1000 for length in lengths)
        if not sound or (lengths and sum(lengths) <= 0):
            self.own.put_back()
            return
        self.own.keep(" ".join(map(written, lengths)))
        self.taken.emit(lengths)


class Toggles(QWidget):
    """A row of buttons, each a property that is on or off."""

    taken = Signal(str, bool)
    """The property, and what it is to be for all."""

    def __init__(self, look: Look, options: Sequence[tuple[str, str, str]]) -> None:
        """options: property, icon, words."""
        super().__init__()
        self.buttons: dict[str, IconButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name, icon, words in options:
            button = IconButton(look, f"inspector_{name}", icon, words, checkable=True)
            button.clicked.connect(lambda on, name=name: self.taken.emit(name, on))
            row.addWidget(button)
            self.buttons[name] = button
        row.addStretch(1)

    def show_items(self, items: Sequence[Item]) -> None:
        for name, button in self.buttons.items():
            value, mixed = shared(items, name)
            button.setChecked(bool(value) and not mixed)
            button.setAccessibleDescription(MIXED if mixed else "")


class FrameSizes(QWidget):
    """A frame's format, from a list of those that people make things for."""

    taken = Signal(object)
    """The FrameSize."""

    def __init__(self, look: Look, sizes: Sequence[FrameSize]) -> None:
        super().__init__()
        self._sizes: list[FrameSize | None] = []
        self.choice = choice(look, "inspector_frame_size", "Format", ())
        group = ""
        for size in sizes:
            if size.group != group:
                group = size.group
                if self._sizes:
                    self.choice.insertSeparator(self.choice.count())
                    self._sizes.append(None)
            self.choice.addItem(f"{size.name}   {size.width} × {size.height}")
            self._sizes.append(size)
        self.choice.setMaxVisibleItems(len(self._sizes))
        self.choice.setSizeAdjustPolicy(
            Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.choice.setMinimumContentsLength(10)
        self.choice.view().setMinimumWidth(230)
        self.choice.activated.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choice)

    def show_items(self, items: Sequence[Item]) -> None:
        sizes = {(round(item.width), round(item.height)) for item in items}
        index = -1
        if len(sizes) == 1:
            (here,) = sizes
            for n, size in enumerate(self._sizes):
                if size is not None and (size.width, size.height) == here:
                    index = n
                    break
        self.choice.setPlaceholderText(MIXED if len(sizes) > 1 else "Own size")
        self.choice.setCurrentIndex(index)

    def _choose(self, index: int) -> None:
        size = self._sizes[index]
        if size is not None:
            self.taken.emit(size)


def resized(frame: FrameItem, size: FrameSize) -> FrameItem:
    """The frame in a format, its top left corner where it was."""
    return replace(frame, width=float(size.width), height=float(size.height))
