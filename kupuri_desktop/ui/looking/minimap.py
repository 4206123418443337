"""The map over the zoom bar: everything on the canvas at once, and where in it one is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)

from kupuri_desktop.ui.canvas import camera
from kupuri_desktop.ui.canvas.board_view import BoardView
from kupuri_desktop.ui.canvas.painting.picture_store import Wanted
from kupuri_desktop.ui.canvas.ports import Coming
from kupuri_desktop.ui.looking.map_picture import MapPicture
from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.floating import Floating
from kupuri_desktop.ui.widgets.motion import Glide
from kupuri_desktop.ui.widgets.paint import across, focus_ring

_WIDTH = 176
_LOWEST, _HIGHEST = 64, 140
"""Logical pixels of the card, which is as wide as the zoom bar and as high as the canvas asks."""

_PAD, _GAP = 6, 8
_SOON_MS = 80
_EDGE = 3.0
"""Logical pixels of the view that stay seen at the map's edge when it looks elsewhere."""

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_NEARER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
_WHEEL_ZOOM = 1.0015


class Minimap(Floating):
    """Shows itself while something lies out of view. `close_canvas` before it is thrown away.

    It is painted anew a moment after the canvas has changed, in slices; a moving view only moves
    the rectangle in it.
    """

    def __init__(self, view: BoardView, coming: Coming | None = None) -> None:
        super().__init__(view.look, "canvas_map", "Map of the canvas", view)
        make_region(self)
        self.setAccessibleDescription("Arrow keys move the view, plus and minus zoom")
        self.setToolTip("Drag to look elsewhere, wheel to zoom")
        # A click looks elsewhere and leaves the keyboard where it is.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.resize(QSize(_WIDTH, _LOWEST).grownBy(SHADOW))
        self.wanted = False
        self._view = view
        self._coming = coming
        self._asked_for = self._seen = False
        self._area: QRectF | None = None
        self._grip: QPointF | None = None
        self._stale = True
        self.picture = MapPicture(view.layer.sheet, view.layer.stack)
        self._fade = Glide(self, view.look, "panel")
        self._fade.finished.connect(self._faded)
        self._soon = self._timer(_SOON_MS, self._begin)
        self._slices = self._timer(0, self._step)
        self._links: list[Callable[[], None]] = [
            view.canvas.changed.connect(lambda _: self._spoil()),
            view.camera.moved.connect(lambda _: self._looked()),
            view.layer.loaded.connect(lambda _: self._spoil()),
            view.store.micros_came.connect(lambda _: self._spoil()),
            view.store.came.connect(self._picture_came),
        ]
        if coming is not None:
            self._links.append(coming.changed.connect(lambda _: self._spoil_area()))
            self._links.append(coming.removed.connect(lambda _: self._spoil_area()))
        view.look.changed.connect(self._spoil)
        view.viewport().installEventFilter(self)
        self.hide()
        self._place()
        over = view.findChild(Floating, "canvas_pop_bar")
        if over is not None:
            self.stackUnder(over)

    def close_canvas(self) -> None:
        """Lets go of the canvas's signals."""
        for unlink in self._links:
            unlink()
        self._links = []
        self._soon.stop()
        self._slices.stop()
        self._fade.stop()
        self._view.viewport().removeEventFilter(self)

    def want(self, wanted: bool, *, at_once: bool = False) -> None:
        """Whether it may show itself. at_once: also while all is in view, until the view moves."""
        self.wanted, self._asked_for = wanted, wanted and at_once
        if wanted and self._stale:
            self._soon.start()
        self._judge()

    def whole(self) -> QRectF:
        """The area of the canvas that the map is about; empty where there is nothing."""
        if self._area is None:
            self._area = self._view.layer.sheet.whole()
            for place in self._places():
                self._area = self._area.united(place)
        return self._area

    @property
    def settled(self) -> bool:
        """Whether what it shows is what there is."""
        return not (self._soon.isActive() or self._slices.isActive())

    # --- when it is seen

    def _judge(self) -> None:
        whole = self.whole()
        useful = not whole.isEmpty() and not self._view.camera.shown().contains(whole)
        held = self._asked_for or self.hasFocus() or self._grip is not None or self.underMouse()
        seen = self.wanted and not whole.isEmpty() and (useful or held)
        if seen == self._seen:
            return
        self._seen = seen
        if seen:
            self.show()
        self._fade.to(float(seen))
        self._faded()

    def _faded(self) -> None:
        if not self._seen and self._fade.value == 0.0:
            self.hide()

    def _looked(self) -> None:
        self._asked_for = False
        self._judge()
        self.update()

    def _place(self) -> None:
        bar = self._view.findChild(Floating, "canvas_zoom")
        beside = bar.card_rect().translated(QPointF(bar.pos())) if bar else QRectF()
        self.resize(round(beside.width() or _WIDTH) + SHADOW.left() + SHADOW.right(), self.height())
        size = self.card_rect().size()
        corner = QPointF(beside.right() - size.width(), beside.top() - _GAP - size.height())
        self.move(corner.toPoint() - QPoint(SHADOW.left(), SHADOW.top()))

    def _shape(self, whole: QRectF) -> None:
        """As high as what it shows, where that is neither flat nor tall."""
        k = self._room().width() / whole.width()
        high = min(max(round(whole.height() * k) + 2 * _PAD, _LOWEST), _HIGHEST)
        self.resize(self.width(), high + SHADOW.top() + SHADOW.bottom())
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            # After the bars, which take their places at the same event.
            QTimer.singleShot(0, self, self._place)
            self._judge()
        return False

    # --- the picture

    def _timer(self, after: int, do: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after)
        timer.timeout.connect(do)
        return timer

    def _spoil(self) -> None:
        self._stale = True
        self._area = None
        if self.wanted and not self._soon.isActive():
            self._soon.start()

    def _spoil_area(self) -> None:
        self._area = None
        if not self.picture.area.contains(self.whole()):
            self._spoil()
        self._judge()
        self.update()

    def _picture_came(self, came: Wanted) -> None:
        if came in self.picture.missing:
            self._spoil()

    def _begin(self) -> None:
        self._judge()
        if self.picture.busy or not self.wanted:
            return
        whole = self.whole()
        if whole.isEmpty():
            return
        self._stale = False
        self._shape(whole)
        room = self._room()
        scale = min(room.width() / whole.width(), room.height() / whole.height())
        ratio = self.devicePixelRatioF()
        size = QSize(
            max(1, round(whole.width() * scale * ratio)),
            max(1, round(whole.height() * scale * ratio)),
        )
        self.picture.begin(whole, size, ratio)
        self._slices.start()

    def _step(self) -> None:
        if not self.picture.step(self._look.theme.colours.field_line):
            self._slices.start()
            return
        self.update()
        if self._stale:
            self._soon.start()

    def _room(self) -> QRectF:
        return self.card_rect().adjusted(_PAD, _PAD, -_PAD, -_PAD)

    def _target(self) -> QRectF:
        """Where the canvas's area lies in the widget."""
        area, room = self.picture.area, self._room()
        if area.isEmpty():
            return room
        scale = min(room.width() / area.width(), room.height() / area.height())
        target = QRectF(0, 0, area.width() * scale, area.height() * scale)
        target.moveCenter(room.center())
        return target

    def _places(self) -> list[QRectF]:
        places = [] if self._coming is None else [p.place for p in self._coming.current()]
        return [QRectF(r.x, r.y, r.width, r.height) for r in places]

    def map_rect(self, area: QRectF) -> QRectF:
        """An area of the canvas in the widget."""
        target, whole = self._target(), self.picture.area
        k = target.width() / whole.width() if whole.width() else 1.0
        return QRectF(
            target.left() + (area.left() - whole.left()) * k,
            target.top() + (area.top() - whole.top()) * k,
            area.width() * k,
            area.height() * k,
        )

    def to_canvas(self, point: QPointF) -> QPointF:
        """A point of the widget on the canvas."""
        target, whole = self._target(), self.picture.area
        k = target.width() / whole.width() if whole.width() else 1.0
        return whole.topLeft() + (point - target.topLeft()) / k

    def seen(self) -> QRectF:
        """The view's rectangle as it is drawn: never wholly outside of the card."""
        rect, room = (
            self.map_rect(self._view.camera.shown()),
            self.card_rect().adjusted(2, 2, -2, -2),
        )
        left = min(max(rect.left(), room.left()), room.right() - _EDGE)
        top = min(max(rect.top(), room.top()), room.bottom() - _EDGE)
        right = max(min(rect.right(), room.right()), room.left() + _EDGE)
        bottom = max(min(rect.bottom(), room.bottom()), room.top() + _EDGE)
        return QRectF(QPointF(left, top), QPointF(max(right, left + 2), max(bottom, top + 2)))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.setOpacity(self._fade.value)
        painter.drawPixmap(0, 0, self.ground())
        card = self.card_rect().adjusted(1, 1, -1, -1)
        inside = QPainterPath()
        inside.addRoundedRect(card, theme.radius.bar - 1, theme.radius.bar - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(inside)
        painter.fillRect(card, colours.canvas)
        if self.picture.pixmap is not None:
            target = self._target()
            painter.drawPixmap(target.topLeft(), self.picture.pixmap)
        for place in self._places():
            rect = self.map_rect(place)
            painter.fillRect(rect, across(rect, theme.gradient))
        seen = self.seen()
        outside = QPainterPath()
        outside.addRect(card)
        outside.addRect(seen)
        shade = QColor(colours.canvas)
        shade.setAlphaF(0.55)
        painter.fillPath(outside, shade)
        painter.setPen(QPen(colours.accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(seen.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
        painter.setClipping(False)
        if self.hasFocus():
            focus_ring(painter, self.card_rect(), theme.radius.bar, theme)

    # --- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        at = event.position()
        if event.button() != Qt.MouseButton.LeftButton or not self.card_rect().contains(at):
            return
        seen = self.map_rect(self._view.camera.shown())
        self._grip = at - seen.center() if seen.contains(at) else QPointF()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._go(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._judge()

    def _go(self, at: QPointF) -> None:
        middle = self.to_canvas(at - (self._grip or QPointF()))
        self._look_at(middle)

    def _look_at(self, middle: QPointF) -> None:
        self._view.camera.go(camera.Look(middle.x(), middle.y(), self._view.camera.zoom))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        turned = event.angleDelta().y() or event.pixelDelta().y()
        eye, at = self._view.camera, event.position()
        if not self.map_rect(eye.shown()).contains(at):
            self._look_at(self.to_canvas(at))
        eye.zoom_at(eye.to_view(self.to_canvas(at)), _WHEEL_ZOOM**turned)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, eye = Qt.Key(event.key()), self._view.camera
        if key in _STEPS:
            far = 0.9 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.15
            dx, dy = _STEPS[key]
            room = self._view.viewport().rect()
            eye.pan(-dx * far * room.width(), -dy * far * room.height())
        elif key in _NEARER or key == Qt.Key.Key_Minus:
            eye.step(key in _NEARER)
        elif key == Qt.Key.Key_Home:
            self._view.fit_all()
        elif key == Qt.Key.Key_Escape:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Its keys are the canvas's shortcuts, too.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _STEPS or key in _NEARER or key == Qt.Key.Key_Minus:
                event.accept()
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._judge()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._judge()
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._judge()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._judge()
