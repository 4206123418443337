"""The areas in which a colour is found by hand: saturation and brightness, hue, alpha."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from kupuri_desktop.core.colours import Colour
from kupuri_desktop.ui.colour.brush import chequers, knob, qcolor
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring

_KNOB = 14.0
_PLANE = 152
_TRACK = 14
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class _Area(QWidget):
    """What plane and tracks share: a hand drags, arrow keys count, Escape gives a drag up.

    Values are 0 to 1, across from the left and up from the bottom.
    """

    sought = Signal()
    """The values have changed under a hand; `settled` or `given_up` follows."""

    settled = Signal()
    given_up = Signal()

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__()
        self._look = look
        self.across = 0.0
        self.up = 0.0
        self._dragging = False
        self._counting = False
        self._ringed = False
        describe(self, name, words)
        self.setToolTip("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def busy(self) -> bool:
        """Whether a hand is at it."""
        return self._dragging or self._counting

    def put(self, across: float, up: float = 0.0) -> None:
        """Shows values without telling anybody."""
        self.across, self.up = across, up
        self._speak()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Who came by a click sees where the pointer is.
        self._ringed = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self.busy:
            self._dragging = self._counting = False
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._ringed = True
            self._seek(float(event.key() == Qt.Key.Key_End), self.up)
        elif arrow is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._ringed = True
            far = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
            self._seek(*self._stepped(arrow[0] * far, arrow[1] * far))
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._counting and not event.isAutoRepeat():
            self._counting = False
            self.settled.emit()
        else:
            super().keyReleaseEvent(event)

    def _stepped(self, dx: float, dy: float) -> tuple[float, float]:
        return _within(self.across + dx), _within(self.up + dy)

    def _seek(self, across: float, up: float) -> None:
        self._counting = True
        self.put(across, up)
        self.sought.emit()

    def _go(self, at: QPointF) -> None:
        room = self._room()
        self.put(
            _within((at.x() - room.left()) / max(room.width() - 1, 1)),
            _within((room.bottom() - 1 - at.y()) / max(room.height() - 1, 1)),
        )
        self.sought.emit()

    def _room(self) -> QRectF:
        return QRectF(self.rect())

    def _speak(self) -> None:
        self.setAccessibleDescription(f"{self.across * 100:.0f} %")


class Plane(_Area):
    """Saturation across, brightness up, at one hue."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "colour_plane", "Saturation and brightness")
        self._hue = 0.0
        self.setFixedHeight(_PLANE)

    def show_hue(self, hue: float) -> None:
        """hue: 0 to 1."""
        self._hue = hue
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        rect = QRectF(self.rect())
        full = qcolor(Colour.from_hsv(self._hue, 1, 1))
        across = QLinearGradient(rect.topLeft(), rect.topRight())
        across.setColorAt(0, QColor("white"))
        across.setColorAt(1, full)
        down = QLinearGradient(rect.topLeft(), rect.bottomLeft())
        down.setColorAt(0, QColor(0, 0, 0, 0))
        down.setColorAt(1, QColor("black"))
        fill_round(painter, rect, theme.radius.control, across)
        fill_round(painter, rect, theme.radius.control, down)
        at = QPointF(rect.width() * self.across, rect.height() * (1 - self.up))
        inside = rect.adjusted(_KNOB / 2, _KNOB / 2, -_KNOB / 2, -_KNOB / 2)
        middle = QPointF(
            min(max(at.x(), inside.left()), inside.right()),
            min(max(at.y(), inside.top()), inside.bottom()),
        )
        here = qcolor(Colour.from_hsv(self._hue, self.across, self.up))
        knob(painter, _around(middle), here)
        if self.hasFocus() and self._ringed:
            focus_ring(painter, rect, theme.radius.control, theme)

    def _speak(self) -> None:
        self.setAccessibleDescription(
            f"Saturation {self.across * 100:.0f} %, brightness {self.up * 100:.0f} %"
        )


class Track(_Area):
    """One value on a strip of colours. hue: the rainbow; else from clear to a colour."""

    def __init__(self, look: Look, name: str, words: str, *, hue: bool) -> None:
        super().__init__(look, name, words)
        self._hue = hue
        self._colour = QColor("black")
        self.setFixedHeight(_TRACK + 4)

    def sizeHint(self) -> QSize:
        return QSize(160, _TRACK + 4)

    def show_colour(self, colour: Colour) -> None:
        """The colour that the strip ends in."""
        self._colour = qcolor(colour.opaque())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        strip = QLinearGradient(rect.topLeft(), rect.topRight())
        if self._hue:
            for n in range(7):
                strip.setColorAt(n / 6, qcolor(Colour.from_hsv(n / 6, 1, 1)))
        else:
            chequers(painter, rect, rect.height() / 2)
            clear = QColor(self._colour)
            clear.setAlpha(0)
            strip.setColorAt(0, clear)
            strip.setColorAt(1, self._colour)
        fill_round(painter, rect, rect.height() / 2, strip)
        room = self._room()
        middle = QPointF(room.left() + room.width() * self.across, rect.center().y())
        full = qcolor(Colour.from_hsv(self.across, 1, 1)) if self._hue else QColor(self._colour)
        if not self._hue:
            full.setAlphaF(self.across)
        knob(painter, _around(middle), full)
        if self.hasFocus() and self._ringed:
            focus_ring(painter, QRectF(self.rect()), self.height() / 2, theme)

    def _stepped(self, dx: float, dy: float) -> tuple[float, float]:
        # A degree of the hue, a hundredth of the alpha.
        step = (dx + dy) * (100 / 360 if self._hue else 1.0)
        return _within(self.across + step), self.up

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_KNOB / 2, 0, -_KNOB / 2, 0)

    def _speak(self) -> None:
        words = f"{self.across * 360:.0f}°" if self._hue else f"{self.across * 100:.0f} %"
        self.setAccessibleDescription(words)


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _around(middle: QPointF) -> QRectF:
    return QRectF(middle.x() - _KNOB / 2, middle.y() - _KNOB / 2, _KNOB, _KNOB)
