"""The graphics view below the hands: ground, items, overlay, and the camera's wheel."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from operator import add, attrgetter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import (
    QImage,
    QNativeGestureEvent,
    QPainter,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import FrameItem, ImageItem, Item
from kupuri_desktop.ui.canvas.camera import Camera
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.canvas.overlay import Overlay
from kupuri_desktop.ui.canvas.painting.background import Ground
from kupuri_desktop.ui.canvas.painting.layer import REACH, Layer
from kupuri_desktop.ui.canvas.painting.picture_store import PictureStore
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.canvas.selection import Selection
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look

_WHEEL_ZOOM = 1.0015
"""The factor for a unit of wheel angle; a notch is 120."""

_AT_ONCE = 1000
"""Items that are taken in before the window has its turn."""

_FRAME_MS = 4
"""Between frames while tiles are being baked."""


class BoardView(QGraphicsView):
    """Shows a canvas and follows its changes; knows nothing of pressing and dragging."""

    def __init__(
        self, canvas: Canvas, pictures: Pictures, tasks: Tasks, look: Look, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.tasks = tasks
        self.look = look
        self.pictures = pictures
        self.closed = False
        self._set_up()
        colours = look.theme.colours
        self.store = PictureStore(pictures, lambda work: tasks.spawn(work, self), colours.raised)
        self.layer = Layer(self.store, colours.text_second)
        self.scene().addItem(self.layer)
        self.camera = Camera(self)
        self.selection = Selection(canvas)
        self.overlay = Overlay()
        self.board = Board(canvas, self.layer, self.selection, self.overlay, self.camera)
        self._ground = Ground()
        self._next_frame = QTimer(self)
        self._next_frame.setSingleShot(True)
        self._next_frame.setInterval(_FRAME_MS)
        self._next_frame.timeout.connect(self.viewport().update)
        self._links = [
            canvas.changed.connect(self._canvas_changed),
            self.layer.unfinished.connect(lambda _: self._next_frame.start()),
            self.camera.zoomed.connect(lambda _: self._zoomed()),
            self.camera.rested.connect(lambda _: self._rested()),
            self.camera.moved.connect(lambda _: self._let_go_of_whole()),
        ]
        look.changed.connect(self._dress)
        self._keeps_whole = False
        self._bare = False
        self._unloaded: list[str] = []
        self._load(list(canvas.items.values()))

    def _set_up(self) -> None:
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
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def close_canvas(self) -> None:
        """Lets go of the canvas; to be called once, before the view is thrown away."""
        self.closed = True
        for disconnect in self._links:
            disconnect()
        self._links = []
        self.look.changed.disconnect(self._dress)
        self.selection.close()
        self.layer.close()
        self.store.close()
        self._next_frame.stop()

    def _load(self, items: list[Item]) -> None:
        self.store.atlas.reserve(min(len(items), _AT_ONCE))
        self.layer.load(items[:_AT_ONCE])
        self._unloaded = [item.id for item in items[_AT_ONCE:]]
        if items:
            self.tasks.spawn(self._load_rest(len(items)), self)

    async def _load_rest(self, count: int) -> None:
        """A large canvas comes in parts, and the window has its turn between them."""
        await asyncio.sleep(0)
        self.store.atlas.reserve(count)
        await self.store.load_micros(self.layer.assets())
        while self._unloaded:
            # The tiny pictures first: what is put in without them would be painted twice.
            await self.store.load_micros(
                item.asset for item in self._next_part() if isinstance(item, ImageItem)
            )
            part = self._next_part()
            self._unloaded = self._unloaded[_AT_ONCE:]
            self.layer.load(part)
            await asyncio.sleep(0)

    def _next_part(self) -> list[Item]:
        known, there = self.canvas.items, self.layer.sheet.row
        return [known[k] for k in self._unloaded[:_AT_ONCE] if k in known and k not in there]

    @property
    def frame_pending(self) -> bool:
        """Whether the last frame had something coarse in it and another follows."""
        return self._next_frame.isActive()

    def fit_all(self) -> None:
        area = self.layer.sheet.whole()
        if self._unloaded:
            area = _whole(self.canvas.items.values())
        self.camera.fit(area)

    def begin_whole(self) -> None:
        """Fits everything, in whatever size the view gets, until somebody looks elsewhere."""
        if self.canvas.items:
            self.fit_all()
            self._keeps_whole = True

    def fit_selection(self) -> None:
        area = self._area(self.selection.ids)
        if not area.isEmpty():
            self.camera.fit(area, closest=4.0)

    def reveal(self, ids: Sequence[str], *, select: bool = True) -> None:
        """Shows items, as after a click on a thumbnail elsewhere."""
        area = self._area(ids)
        if not area.isEmpty():
            self.camera.reveal(area)
            if select:
                self.selection.set(ids)

    def _area(self, ids: Sequence[str]) -> QRectF:
        area = QRectF()
        for key in ids:
            area = area.united(self.layer.sheet.area(key))
        return area

    # --- what changed

    def _canvas_changed(self, change: Change) -> None:
        after = change.edit.after
        self.layer.remove(key for key, item in after.items() if item is None)
        self.layer.put(item for item in after.values() if item is not None)
        new = [item.asset for item in after.values() if isinstance(item, ImageItem)]
        if not all(self.store.atlas.known(asset) for asset in new):
            self.tasks.spawn(self.store.load_micros(new), self)
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
        self.layer.stack.unreadable = colours.text_second
        self.store.atlas.recolour(colours.raised)
        self.layer.tiles.clear()
        self.viewport().update()

    # --- painting

    def _outlined(self) -> tuple[Sequence[Item], tuple[float, float]]:
        """What the overlay draws its frame around, and how far from there it is shown."""
        return self.selection.items(), (0.0, 0.0)

    def _frames_seen(self) -> list[FrameItem]:
        return [frame for frame in self.layer.sheet.frames() if not frame.hidden]

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        colours = self.look.theme.colours
        view = self.viewportTransform()
        area = view.mapRect(QRectF(rect)).adjusted(-1, -1, 1, 1)
        self._ground.paint(painter, view, area, colours.canvas, colours.canvas_dot)

    def picture(self) -> QImage:
        """What is seen now, device pixel for device pixel, without outlines and handles."""
        viewport, ratio = self.viewport(), self.devicePixelRatioF()
        image = QImage(
            (QSizeF(viewport.size()) * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(ratio)
        image.fill(self.look.theme.colours.canvas)
        self._bare = True
        viewport.render(image, QPoint(), QRegion(), QWidget.RenderFlag(0))
        self._bare = False
        return image

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self._bare:
            return
        painter.save()
        painter.resetTransform()
        view = self.viewportTransform()
        items, off = self._outlined()
        self.overlay.paint(painter, view, self.look.theme, items, self._frames_seen(), off)
        painter.restore()

    # --- looking around

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._keeps_whole:
            self.begin_whole()
        else:
            area = self._area(self.selection.ids)
            # Nothing has scrolled yet: the area lies where it lay in the size of before.
            before = QRectF(QPointF(0, 0), QSizeF(event.oldSize()))
            seen = not area.isEmpty() and before.contains(self.camera.transform.mapRect(area))
            self.camera.hold(area if seen else None)

    def _let_go_of_whole(self) -> None:
        self._keeps_whole = False


def _whole(items: Collection[Item]) -> QRectF:
    """The area of many items. Without an object for each: 50,000 take 15 ms and not 80."""
    x, y, width, height = (map(attrgetter(name), items) for name in ("x", "y", "width", "height"))
    xs, ys = list(x), list(y)
    left, top = min(xs), min(ys)
    right, bottom = max(map(add, xs, width)), max(map(add, ys, height))
    return QRectF(left, top, right - left, bottom - top)
