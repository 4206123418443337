"""The canvas as a widget: shows it, and hands what pointer and keys do to the hands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QTabletEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QMenu, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.canvas.background import Ground
from kupuri_desktop.ui.canvas.camera import Camera
from kupuri_desktop.ui.canvas.commands import Commands
from kupuri_desktop.ui.canvas.drawing import DrawStroke, Tool
from kupuri_desktop.ui.canvas.gestures import Board
from kupuri_desktop.ui.canvas.hands import Hands
from kupuri_desktop.ui.canvas.layer import REACH, Layer
from kupuri_desktop.ui.canvas.overlay import Overlay
from kupuri_desktop.ui.canvas.picture_store import PictureStore
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.canvas.selection import Selection
from kupuri_desktop.ui.canvas.verbs import Verbs, table
from kupuri_desktop.ui.canvas.view_verbs import ON_GROUND, ON_ITEMS, view_verbs
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look

_WHEEL_ZOOM = 1.0015
"""The factor for a unit of wheel angle; a notch is 120."""

_FRAME_MS = 4
"""Between frames while tiles are being baked."""

_NUDGES = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class CanvasView(QGraphicsView):
    """Bound to one canvas. Items change by `canvas.apply` alone.

    `commands` are its actions by name, for menus and bars; `hands`, `selection` and `camera` say
    what is going on through their signals. actions: the window's, to which its own are added.
    """

    def __init__(
        self,
        canvas: Canvas,
        pictures: Pictures,
        tasks: Tasks,
        look: Look,
        actions: Actions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.tasks = tasks
        self.look = look
        self.setObjectName("canvas")
        self.setAccessibleName("Canvas")
        self._set_up_view()
        colours = look.theme.colours
        self.store = PictureStore(pictures, lambda work: tasks.spawn(work, self), colours.raised)
        self.layer = Layer(self.store, colours.text_second)
        self.scene().addItem(self.layer)
        self.camera = Camera(self)
        self.selection = Selection(canvas)
        self.overlay = Overlay()
        self.board = Board(canvas, self.layer, self.selection, self.overlay, self.camera)
        self.hands = Hands(self.board)
        self.verbs = Verbs(self.board)
        self._ground = Ground()
        self._next_frame = QTimer(self)
        self._next_frame.setSingleShot(True)
        self._next_frame.setInterval(_FRAME_MS)
        self._next_frame.timeout.connect(self.viewport().update)
        self.commands = Commands(actions or Actions(look, self), self)
        self.commands.add(table(self.verbs, view_verbs(self)))
        self._links = [
            canvas.changed.connect(self._canvas_changed),
            self.layer.unfinished.connect(lambda _: self._next_frame.start()),
            self.camera.zoomed.connect(lambda _: self._zoomed()),
            self.camera.rested.connect(lambda _: self._rested()),
            self.selection.changed.connect(lambda _: self._selection_changed()),
            self.hands.tool_changed.connect(lambda _: self._show_cursor()),
        ]
        look.changed.connect(self._dress)
        self._dress()
        self.layer.load(canvas.in_order())
        if canvas.items:
            tasks.spawn(self.store.load_micros(self.layer.assets()), self)
        self._selection_changed()
        self.camera.go(self.camera.look)

    def _set_up_view(self) -> None:
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        scene.setSceneRect(-REACH, -REACH, 2 * REACH, 2 * REACH)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def close_canvas(self) -> None:
        """Lets go of the canvas; to be called before the view is thrown away."""
        for disconnect in self._links:
            disconnect()
        self._links = []
        self.commands.close()
        self.selection.close()
        self.layer.close()
        self.store.close()

    @property
    def frame_pending(self) -> bool:
        """Whether the last frame had something coarse in it and another follows."""
        return self._next_frame.isActive()

    # --- verbs

    def action(self, name: str) -> QAction:
        """An action by its verb's name: for menus and bars. Raises KeyError."""
        return self.commands[name]

    def fit_all(self) -> None:
        self.camera.fit(self.layer.sheet.whole())

    def fit_selection(self) -> None:
        area = QRectF()
        for key in self.selection.ids:
            area = area.united(self.layer.sheet.area(key))
        if not area.isEmpty():
            self.camera.fit(area, closest=4.0)

    def reveal(self, ids: Sequence[str], *, select: bool = True) -> None:
        """Shows items, as after a click on a thumbnail elsewhere."""
        area = QRectF()
        for key in ids:
            area = area.united(self.layer.sheet.area(key))
        if not area.isEmpty():
            self.camera.reveal(area)
            if select:
                self.selection.set(ids)

    # --- what changed

    def _canvas_changed(self, change: Change) -> None:
        if self.hands.gesture is not None and any(
            key in self.selection for key in change.edit.after
        ):
            self.hands.cancel()
        after = change.edit.after
        self.layer.remove(key for key, item in after.items() if item is None)
        self.layer.put(item for item in after.values() if item is not None)
        self.tasks.spawn(self.store.load_micros(self._assets(after.values())), self)
        self.viewport().update()

    @staticmethod
    def _assets(items: object) -> list[str]:
        return [item.asset for item in items if hasattr(item, "asset")]  # type: ignore[attr-defined]

    def _selection_changed(self) -> None:
        self.commands.enable(len(self.selection))
        self.viewport().update()

    def _zoomed(self) -> None:
        self.layer.moving = self.camera.zooming
        self.store.forget_wishes()
        self.viewport().update()

    def _rested(self) -> None:
        self.layer.moving = False
        self.viewport().update()

    def _dress(self) -> None:
        colours = self.look.theme.colours
        self.setBackgroundBrush(colours.canvas)
        self.hands.ink, self.hands.accent = colours.text, colours.accent
        self.layer.stack.unreadable = colours.text_second
        self.store.atlas.recolour(colours.raised)
        self.layer.tiles.clear()
        self.viewport().update()

    # --- painting

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        colours = self.look.theme.colours
        view = self.viewportTransform()
        area = view.mapRect(QRectF(rect)).adjusted(-1, -1, 1, 1)
        self._ground.paint(painter, view, area, colours.canvas, colours.canvas_dot)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.save()
        painter.resetTransform()
        items = self.selection.items()
        shown = getattr(self.hands.gesture, "shown", None)
        if shown is not None:
            items = shown()
        view: QTransform = self.viewportTransform()
        self.overlay.paint(painter, view, self.look.theme, items, None)
        painter.restore()

    # --- pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._belongs_to_scene(event.position()):
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.hands.press(event.position(), event.button(), event.modifiers())
        self._show_cursor(event.position())
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.hands.busy and self._belongs_to_scene(event.position()):
            super().mouseMoveEvent(event)
            return
        if self.hands.move(event.position(), event.modifiers()):
            self.viewport().update()
        self._show_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self.hands.busy:
            super().mouseReleaseEvent(event)
            return
        self.hands.release(event.position(), event.modifiers())
        self._show_cursor(event.position())
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._belongs_to_scene(event.position()):
            super().mouseDoubleClickEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.hands.double_click(event.position(), event.modifiers())
            self.viewport().update()

    def tabletEvent(self, event: QTabletEvent) -> None:
        gesture = self.hands.gesture
        if isinstance(gesture, DrawStroke):
            gesture.pressure = max(event.pressure(), 0.05)
        # Not accepted: Qt goes on with the mouse event that it makes of it.
        event.ignore()

    def _belongs_to_scene(self, point: QPointF) -> bool:
        """Whether a graphics item other than the layer is there and takes the pointer."""
        found = self.scene().items(self.camera.to_canvas(point))
        return any(item is not self.layer for item in found)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y() or event.pixelDelta().y()
            self.camera.zoom_at(event.position(), _WHEEL_ZOOM**turned)
        else:
            step = event.pixelDelta()
            if step.isNull():
                step = event.angleDelta() / 2
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and step.x() == 0:
                step = QPoint(step.y(), 0)
            self.camera.pan(step.x(), step.y())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.camera.zoom_at(event.position(), 1.0 + event.value())
            return True
        return super().viewportEvent(event)

    def _show_cursor(self, point: QPointF | None = None) -> None:
        at = point or QPointF(self.viewport().mapFromGlobal(self.cursor().pos()))
        self.viewport().setCursor(self.hands.cursor(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The middle of the view stays in the middle.
        old = event.oldSize()
        super().resizeEvent(event)
        if old.isValid():
            change = (event.size() - old) / 2
            self.camera.pan(change.width(), change.height())

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.scene().focusItem() is not None:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hands.hold_space(True)
            self._show_cursor()
        elif key in _NUDGES:
            dx, dy = _NUDGES[key]
            far = 10.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            self.verbs.nudge(dx * far, dy * far)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hands.hold_space(False)
            self._show_cursor()
        super().keyReleaseEvent(event)

    def _escape(self) -> None:
        if self.hands.cancel():
            self.viewport().update()
        elif self.hands.tool is not Tool.SELECT:
            self.hands.choose(Tool.SELECT)
        elif self.selection.group is not None:
            item = self.selection.items()
            self.selection.enter(None)
            if item:
                self.selection.set(self.selection.whole(item[0]))
        else:
            self.selection.clear()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab goes through the items in reading order, and then on to the next widget."""
        item = self.verbs.select_next(1 if following else -1)
        if item is None:
            self.selection.clear()
            return super().focusNextPrevChild(following)
        self.camera.reveal(self.layer.sheet.area(item.id))
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hands.hold_space(False)
        super().focusOutEvent(event)

    # --- menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = QPointF(event.pos())
        item = self.hands.item_at(at)
        if item is not None and item.id not in self.selection:
            self.selection.set(self.selection.whole(item))
        self.menu(item).popup(event.globalPos())

    def menu(self, item: Item | None) -> QMenu:
        """What can be done here, as a menu that is thrown away when it closes."""
        on_items = item is not None or len(self.selection) > 0
        return self.commands.menu(ON_ITEMS if on_items else ON_GROUND)
