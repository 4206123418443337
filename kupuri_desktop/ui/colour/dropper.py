"""The eyedropper: a loupe that follows the pointer over the canvas and reads off a pixel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.colours import Colour
from kupuri_desktop.ui.canvas.board_view import BoardView
from kupuri_desktop.ui.colour.brush import from_qcolor, qcolor
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import fill_round, soft_shadow

REACH = 5
"""Device pixels around the one in the middle."""

_CELL = 11
_LABEL = 26
_SHADOW = 22
_OFF = 18
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Dropper(QWidget):
    """Lies over a view while a colour is picked from it.

    What it reads is what is seen, device pixel by device pixel, without outlines and handles:
    an image shrunk on the screen gives the mean that one sees; at 100 % its very pixels. A click
    takes, Shift and a click saves as well and stays, Escape leaves. The arrow keys go pixel by
    pixel, with Shift by ten, and Enter takes. The wheel goes on zooming and panning.
    """

    taken = Signal(str)
    """#rrggbb"""

    saved = Signal(str)
    """#rrggbb, to keep with the project."""

    left = Signal()
    """It is over, with or without a colour."""

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self._look = view.look
        self._picture: QImage | None = None
        self._at = QPoint()
        self._before: QWidget | None = None
        self._links: list[Callable[[], object]] = []
        describe(self, "colour_dropper", "Pick a colour from the canvas")
        self.setToolTip("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        view.look.changed.connect(self._forget)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.hide()

    def begin(self) -> None:
        """Lies down over the view and takes the keyboard."""
        if self.isVisible():
            return
        self._before = self.window().focusWidget()
        self.setGeometry(self._view.viewport().geometry())
        self._picture = None
        view = self._view
        self._links = [
            view.camera.moved.connect(lambda _: self._forget()),
            view.camera.rested.connect(lambda _: self._forget()),
            view.canvas.changed.connect(lambda _: self._forget()),
        ]
        view.viewport().installEventFilter(self)
        here = self.mapFromGlobal(self.cursor().pos())
        self._go(QPointF(here if self.rect().contains(here) else self.rect().center()))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Goes away and gives the keyboard back."""
        if self.isHidden():
            return
        for unlink in self._links:
            unlink()
        self._links = []
        self._view.viewport().removeEventFilter(self)
        self.hide()
        self._picture = None
        (self._before or self._view).setFocus(Qt.FocusReason.OtherFocusReason)
        self.left.emit()

    @property
    def colour(self) -> Colour:
        """What lies under the loupe's middle."""
        return from_qcolor(self._pixels().pixelColor(self._at)).opaque()

    @property
    def at(self) -> QPoint:
        """The pixel in the middle, in device pixels from the view's corner."""
        return QPoint(self._at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.viewport().geometry())
            self._forget()
        return False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            self._take(keep=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.button() == Qt.MouseButton.RightButton:
            self.leave()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press has done it all; what lies below gets no half of a click."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take(keep=shift)
        elif arrow is not None:
            far = 10 if shift else 1
            self._put(self._at + QPoint(*arrow) * far)
        event.accept()

    def event(self, event: QEvent) -> bool:
        # While it lies here, letters are no tools and Escape is its own.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        whole = QRectF(self._loupe())
        glass = whole.adjusted(0, 0, 0, -_LABEL)
        radius = float(theme.radius.card)
        soft_shadow(painter, whole, radius, colours.shadow)
        fill_round(painter, whole, radius, colours.surface)
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(glass.adjusted(0, 0, 0, radius), radius, radius)
        painter.setClipPath(path)
        painter.setClipRect(glass, Qt.ClipOperation.IntersectClip)
        painter.fillRect(glass, colours.well)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(glass, self._near())
        line = QColor(128, 128, 128, 70)
        for n in range(1, 2 * REACH + 1):
            painter.fillRect(QRectF(glass.left() + n * _CELL, glass.top(), 1, glass.height()), line)
            painter.fillRect(QRectF(glass.left(), glass.top() + n * _CELL, glass.width(), 1), line)
        middle = QRectF(
            glass.left() + REACH * _CELL, glass.top() + REACH * _CELL, _CELL + 1, _CELL + 1
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, rect in (
            (QPen(QColor(0, 0, 0, 160), 1), middle.adjusted(-1.5, -1.5, 0.5, 0.5)),
            (QPen(Qt.GlobalColor.white, 1), middle.adjusted(-0.5, -0.5, -0.5, -0.5)),
        ):
            painter.setPen(pen)
            painter.drawRect(rect)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.field_line, 1))
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        self._paint_label(painter, QRectF(whole.left(), glass.bottom(), whole.width(), _LABEL))

    # --- inside

    def _paint_label(self, painter: QPainter, rect: QRectF) -> None:
        theme = self._look.theme
        colour = self.colour
        dot = QRectF(rect.left() + 10, rect.center().y() - 6, 12, 12)
        fill_round(painter, dot, 3, qcolor(colour), theme.colours.field_line)
        painter.setFont(theme.font(theme.type.label, QFont.Weight.Medium, tabular=True))
        painter.setPen(theme.colours.text)
        painter.drawText(
            rect.adjusted(30, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, colour.text().upper()
        )

    def _take(self, *, keep: bool) -> None:
        colour = self.colour.text()
        if keep:
            self.saved.emit(colour)
            return
        self.taken.emit(colour)
        self.leave()

    def _go(self, at: QPointF) -> None:
        ratio = self.devicePixelRatioF()
        self._put(QPoint(int(at.x() * ratio), int(at.y() * ratio)))

    def _put(self, at: QPoint) -> None:
        size = self._pixels().size()
        before = self._loupe()
        self._at = QPoint(
            min(max(at.x(), 0), size.width() - 1), min(max(at.y(), 0), size.height() - 1)
        )
        self.setAccessibleDescription(self.colour.text())
        around = before.united(self._loupe())
        self.update(around.adjusted(-_SHADOW, -_SHADOW, _SHADOW, _SHADOW))

    def _forget(self) -> None:
        self._picture = None
        self.update()

    def _pixels(self) -> QImage:
        if self._picture is None:
            picture = self._view.picture()
            if not self._view.frame_pending:
                self._picture = picture
            return picture
        return self._picture

    def _near(self) -> QImage:
        """The pixels around the middle; beyond the view's edge there are none."""
        edge = 2 * REACH + 1
        near = QImage(QSize(edge, edge), QImage.Format.Format_ARGB32_Premultiplied)
        near.fill(Qt.GlobalColor.transparent)
        painter = QPainter(near)
        pixels = QImage(self._pixels())
        pixels.setDevicePixelRatio(1)
        painter.drawImage(QPoint(REACH, REACH) - self._at, pixels)
        painter.end()
        return near

    def _loupe(self) -> QRect:
        """Beside the pointer, on the side where there is room."""
        ratio = self.devicePixelRatioF()
        here = QPointF(self._at) / ratio
        edge = (2 * REACH + 1) * _CELL + 1
        x, y = int(here.x()) + _OFF, int(here.y()) + _OFF
        if x + edge > self.width():
            x = int(here.x()) - _OFF - edge
        if y + edge + _LABEL > self.height():
            y = int(here.y()) - _OFF - edge - _LABEL
        return QRect(x, y, edge, edge + _LABEL)
