"""The quick choices beside the tools: the colour and the width of what is drawn next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kupuri_desktop.core.colours import Colour, colour_in
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.colour.brush import from_qcolor, swatch
from kupuri_desktop.ui.colour.offers import Offers, read_offers
from kupuri_desktop.ui.colour.ports import Wish
from kupuri_desktop.ui.colour.room import ColourRoom
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

_EDGE = 30
_MOST_SAVED = 3
_KINDS = {
    Tool.RECTANGLE: "shape",
    Tool.ELLIPSE: "shape",
    Tool.LINE: "line",
    Tool.ARROW: "line",
    Tool.CONNECTOR: "line",
    Tool.PEN: "stroke",
    Tool.TEXT: "text",
    Tool.NOTE: "note",
}


class _Button(PaintedButton):
    """A square that is chosen or not."""

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__(look)
        self.setCheckable(True)
        self.setFixedSize(_EDGE, _EDGE)
        describe(self, name, words)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        if self.isChecked():
            ground = colours.accent_soft
        fill_round(painter, QRectF(self.rect()), theme.radius.control, ground)
        self._paint(painter)
        if self.shows_ring():
            focus_ring(painter, QRectF(self.rect()), theme.radius.control, theme)

    def _paint(self, painter: QPainter) -> None:
        # Every button has its own; a QWidget's metaclass allows no abstract methods.
        raise NotImplementedError


class ColourDot(_Button):
    """A colour to draw in."""

    def __init__(self, look: Look, colour: str, words: str) -> None:
        super().__init__(look, f"style_colour_{colour[1:]}", words)
        self.colour = colour

    def _paint(self, painter: QPainter) -> None:
        rect = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        swatch(painter, rect, rect.width() / 2, colour_in(self.colour), self._look.theme)


class OwnColour(ColourDot):
    """Whatever colour is in use; a click opens the picker."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "#000000", "Another colour")
        describe(self, "style_colour_own", "Another colour")
        self.setCheckable(False)

    def _paint(self, painter: QPainter) -> None:
        theme = self._look.theme
        rect = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        swatch(painter, rect, theme.radius.control - 1, colour_in(self.colour), theme)


class WidthDot(_Button):
    """A width to draw with, as a dot that grows with it, or a size of type as its number."""

    def __init__(self, look: Look, width: float, *, place: int, type_: bool) -> None:
        words = f"Size {width:.0f}" if type_ else f"Width {width:.0f}"
        super().__init__(look, f"style_width_{width:.0f}", words)
        self.width_ = width
        self._place = place
        self._type = type_

    def _paint(self, painter: QPainter) -> None:
        theme = self._look.theme
        ink = theme.colours.accent_text if self.isChecked() else theme.colours.icon
        if self._type:
            painter.setFont(theme.font(theme.type.label, QFont.Weight.Medium, tabular=True))
            painter.setPen(ink)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, f"{self.width_:.0f}")
            return
        radius = 1.5 + 1.75 * self._place
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(self.rect().center()) + QPointF(0.5, 0.5), radius, radius)


class StyleBar(FloatingBar):
    """Stands beside the tools while one that draws is chosen."""

    def __init__(self, view: CanvasView, room: ColourRoom) -> None:
        self._column = QVBoxLayout()
        super().__init__(view.look, "style_bar", "Style of what is drawn next", self._column, view)
        self._view = view
        self._room = room
        self._offers: Offers = read_offers()
        self._kind = ""
        self._dots: list[ColourDot] = []
        self._widths: list[WidthDot] = []
        self._own: OwnColour | None = None
        self._fill: IconButton | None = None
        self._tools = view.bars.tools
        self._links: list[Callable[[], object]] = [
            view.hands.tool_changed.connect(lambda _: self.show_tool()),
            room.shelf.changed.connect(self._palette_changed),
        ]
        room.picked.connect(lambda _: self._show_style())
        # After the view, whose inks follow the theme.
        view.look.changed.connect(self._show_style)
        self._tools.installEventFilter(self)
        self.hide()
        self.show_tool()

    def close_canvas(self) -> None:
        """Lets go of the view and of the palette."""
        for unlink in self._links:
            unlink()
        self._links = []

    def show_tool(self) -> None:
        """Offers what the tool in hand draws with; nothing where it does not draw."""
        kind = _KINDS.get(self._view.hands.tool, "")
        if kind != self._kind:
            self._kind = kind
            # A layout does not count what is put into a bar in sight before the next event.
            self.hide()
            self._fill_bar()
        self.setVisible(bool(kind))
        if kind:
            self._show_style()
            self._place()
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and self.isVisible():
            self._place()
        return False

    @property
    def colour(self) -> str:
        """What is drawn in next."""
        name, otherwise = self._colour_name(), self._view.hands.accent
        if self._kind == "text":
            otherwise = self._view.hands.ink
        found = self._room.styles.get(self._kind, name, "")
        if found:
            return str(found)
        if self._kind == "note":
            return self._offers.notes[0]
        return from_qcolor(QColor(otherwise)).text()

    # --- inside

    def _fill_bar(self) -> None:
        while (entry := self._column.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._dots, self._widths, self._own, self._fill = [], [], None, None
        if not self._kind:
            return
        saved = {each.colour: each.words for each in self._room.shelf.palette.saved[:_MOST_SAVED]}
        offered: Sequence[str] = self._offers.notes if self._kind == "note" else self._offers.inks
        for colour in dict.fromkeys((*saved, *offered)):
            dot = ColourDot(self._look, colour, f"Draw in {saved.get(colour, colour)}")
            dot.clicked.connect(lambda _, colour=colour: self._set_colour(colour))
            self._column.addWidget(dot)
            self._dots.append(dot)
        self._own = OwnColour(self._look)
        self._own.clicked.connect(self._ask)
        self._column.addWidget(self._own)
        if self._kind == "shape":
            self._line()
            self._fill = IconButton(
                self._look, "style_fill", "paint-bucket", "Filled", size=_EDGE, checkable=True
            )
            self._fill.clicked.connect(self._set_fill)
            self._column.addWidget(self._fill)
        self._add_widths()

    def _add_widths(self) -> None:
        if self._kind == "note":
            return
        is_type = self._kind == "text"
        self._line()
        widths = self._offers.text_sizes if is_type else self._offers.widths
        for place, width in enumerate(widths):
            dot = WidthDot(self._look, width, place=place, type_=is_type)
            dot.clicked.connect(lambda _, width=width: self._set_width(width))
            self._column.addWidget(dot)
            self._widths.append(dot)

    def _line(self) -> None:
        line = QFrame()
        line.setProperty("line", True)
        line.setFixedHeight(1)
        self._column.addWidget(line)

    def _show_style(self) -> None:
        if not self._kind:
            return
        colour = self.colour
        for dot in self._dots:
            dot.setChecked(dot.colour == colour)
        if self._own is not None:
            self._own.colour = colour
            self._own.setAccessibleDescription(colour)
            self._own.update()
        width = self._room.styles.get(self._kind, self._width_name(), self._usual_width())
        for each in self._widths:
            each.setChecked(each.width_ == width)
        if self._fill is not None:
            self._fill.setChecked(bool(self._room.styles.get("shape", "fill")))

    def _usual_width(self) -> float:
        return {"text": 32.0, "stroke": 4.0}.get(self._kind, 3.0)

    def _set_colour(self, colour: str) -> None:
        styles = self._room.styles
        styles.remember(self._kind, self._colour_name(), colour)
        if self._kind == "shape" and styles.get("shape", "fill"):
            styles.remember("shape", "fill", colour)
        self._show_style()

    def _set_fill(self) -> None:
        on = self._fill is not None and self._fill.isChecked()
        self._room.styles.remember("shape", "fill", self.colour if on else None)
        self._show_style()

    def _set_width(self, width: float) -> None:
        self._room.styles.remember(self._kind, self._width_name(), width)
        self._show_style()

    def _ask(self) -> None:
        if self._own is None:
            return

        def take(colour: str | None) -> None:
            if colour is not None:
                self._set_colour(colour)

        self._room.ask(
            self._own,
            Wish(self.colour, sought=lambda _: None, taken=take, given_up=lambda: None,
                 ground=self._read_on()),
        )  # fmt: skip

    def _read_on(self) -> Colour | None:
        words = self._kind == "text"
        return from_qcolor(self._look.theme.colours.canvas) if words else None

    def _colour_name(self) -> str:
        return "colour" if self._kind in ("text", "note") else "stroke"

    def _width_name(self) -> str:
        return "font_size" if self._kind == "text" else "stroke_width"

    def _palette_changed(self, _: Palette) -> None:
        # The picker may be open at this bar: what it hangs on must not go.
        if not self._room.picker.isVisible():
            self._kind = ""
            self.show_tool()

    def _place(self) -> None:
        tools: QWidget = self._tools
        size: QSize = self.sizeHint()
        right = tools.x() + tools.width() - SHADOW.right()
        top = tools.y() + (tools.height() - size.height()) // 2
        self.resize(size)
        self.move(QPoint(right - SHADOW.left() + self._look.theme.space.s, top))
