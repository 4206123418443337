"""A field that holds a colour: a swatch that asks the picker, and a line to type it in."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kupuri_desktop.core.colours import Colour, colour_in
from kupuri_desktop.ui.colour.brush import swatch
from kupuri_desktop.ui.colour.ports import ColourAsker, Wish
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.lines import PanelField
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.numbers import MIXED
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring


class Swatch(PaintedButton):
    """Shows a colour; a click asks for another."""

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__(look)
        self.colour: Colour | None = None
        self.mixed = False
        describe(self, name, words)
        self.setFixedSize(look.theme.size.control, look.theme.size.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        radius = theme.radius.control - 1
        if self.mixed:
            fill_round(painter, rect, radius, colours.well, colours.field_line)
            painter.fillRect(QRectF(rect.center().x() - 5, rect.center().y(), 10, 1.5),
                             colours.text_second)  # fmt: skip
        else:
            swatch(painter, rect, radius, self.colour, theme)
        if self.shows_ring():
            focus_ring(painter, QRectF(self.rect()), theme.radius.control, theme)


class ColourField(QWidget):
    """A colour as a swatch and as #rrggbb or #rrggbbaa, which is how items keep it.

    empty: whether there may be none; an emptied line then means none. ground: what the colour
    is read on, where it is one of words.
    """

    sought = Signal(object)
    """The colour as text, or None, while a hand is at the picker; then `taken` or `given_up`."""

    taken = Signal(object)
    given_up = Signal()

    def __init__(self, look: Look, name: str, words: str, colours: ColourAsker | None) -> None:
        """colours: who has the picker; without one a click on the swatch goes to the line."""
        super().__init__()
        self._colours = colours
        self._now: str | None = None
        self.empty = False
        self.ground: Colour | None = None
        self.swatch = Swatch(look, f"{name}_swatch", f"Choose {words.lower()}")
        self.swatch.clicked.connect(self._ask)
        self.line = PanelField(look, name, words)
        self.line.edited.connect(lambda text: self._typed(text.strip()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.space.xs)
        row.addWidget(self.swatch)
        row.addWidget(self.line, 1)

    def show_colour(self, colour: str | None, mixed: bool = False) -> None:
        """Shows a colour, none, or that there are several."""
        self._now = colour
        self.swatch.colour = None if mixed or colour is None else colour_in(colour)
        self.swatch.mixed = mixed
        self.swatch.update()
        self.line.put("" if mixed or colour is None else colour, MIXED if mixed else "None")
        if not mixed and self._colours is not None:
            self._colours.follow(self.swatch, colour)

    def _typed(self, text: str) -> None:
        if self.empty and text.casefold() in ("", "none"):
            self._take(None)
            return
        colour = colour_in(text)
        if colour is None:
            self.line.put_back()
            return
        self._take(colour.text())

    def _ask(self) -> None:
        if self._colours is None:
            self.line.setFocus()
            self.line.selectAll()
            return
        self._colours.ask(
            self.swatch,
            Wish(
                self._now,
                sought=self.sought.emit,
                taken=self._take,
                given_up=self.given_up.emit,
                empty=self.empty,
                ground=self.ground,
            ),
        )

    def _take(self, text: str | None) -> None:
        self._now = text
        self.swatch.colour = None if text is None else colour_in(text)
        self.swatch.mixed = False
        self.swatch.update()
        self.line.keep(text or "")
        self.taken.emit(text)
