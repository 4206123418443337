"""Crops an image in place: its whole picture lies dimmed under a frame with handles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from kupuri_desktop.core.cropping import PRESETS, Preset, on_pixels, pulled, shaped, slid
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import corners
from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.core.picture_space import cropped, shown, to_canvas, whole
from kupuri_desktop.core.transforms import Handle
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.hands.gestures import SNAP_PIXELS, Keys
from kupuri_desktop.ui.canvas.hands.hands import resize_cursor
from kupuri_desktop.ui.canvas.modes.crop_bar import CropBar
from kupuri_desktop.ui.canvas.overlay import handle_places, paint_label
from kupuri_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_REACH = 10.0
_ARM, _THICK = 18.0, 4.0
_NUDGES = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class Leave(Protocol):
    """Ends the mode."""

    def __call__(self, *, apply: bool) -> None: ...


class CropMode:
    """A drag on a handle crops, a drag on the picture moves it under the frame.

    `now` is the image as it would become. Nothing is changed before `apply`.
    """

    tool = Tool.SELECT

    def __init__(self, view: CanvasView, item: ImageItem, leave: Leave) -> None:
        self._view = view
        self._before = item
        self.item = item.id
        self.now = item
        self.preset: Preset = PRESETS[0]
        self._drag: Callable[[QPointF, Keys], None] | None = None
        self._held: Handle | None = None
        self.bar = CropBar(view.look, view, lambda apply: leave(apply=apply))
        self.bar.shape_chosen.connect(self.choose)
        self.bar.reset_asked.connect(self.reset)
        view.layer.lift([item.id])
        self._show(item)

    @property
    def crop(self) -> Rect:
        """What would be shown, in the picture's pixels."""
        return shown(self.now)

    def choose(self, preset: Preset) -> None:
        """Takes a shape, at once and for the handles."""
        self.preset = preset
        self.bar.show_shape(preset)
        ratio = self._ratio()
        if ratio is not None:
            self._show(cropped(self.now, shaped(self.crop, ratio, whole(self.now))))

    def reset(self) -> None:
        """The whole picture again."""
        self.preset = PRESETS[0]
        self.bar.show_shape(self.preset)
        self._show(cropped(self.now, None))

    # --- pointer and keys

    def press(self, at: QPointF, button: Qt.MouseButton, keys: Keys) -> bool:
        if button != Qt.MouseButton.LeftButton:
            return True
        handle = self._handle_at(at)
        if handle is not None:
            self._held = handle
            self._drag = self._puller(handle)
        elif self._over_picture(at):
            self._drag = self._slider(self._in_picture(at))
        return self._drag is not None

    def move(self, at: QPointF, keys: Keys) -> None:
        if self._drag is not None:
            self._drag(at, keys)

    def release(self, at: QPointF, keys: Keys) -> None:
        self._drag = self._held = None
        self._show(cropped(self.now, on_pixels(self.crop, whole(self.now))))

    def press_harder(self, pressure: float) -> None:
        """A crop has no pressure."""

    def wants(self, key: Qt.Key, keys: Keys) -> bool:
        return key in _NUDGES and not keys & Keys.ControlModifier

    def key(self, key: Qt.Key, keys: Keys) -> None:
        """The arrows move the frame over the picture, with Alt its lower right corner."""
        far = 10.0 if keys & Keys.ShiftModifier else 1.0
        dx, dy = (far * step for step in _NUDGES[key])
        picture = whole(self.now)
        if keys & Keys.AltModifier:
            u, v = self.crop.right + dx, self.crop.bottom + dy
            crop = pulled(self.crop, Handle.BOTTOM_RIGHT, u, v, picture, ratio=self._ratio())
        else:
            crop = slid(self.crop, dx, dy, picture)
        self._show(cropped(self.now, on_pixels(crop, picture)))

    def cursor(self, at: QPointF) -> QCursor:
        handle = self._held or self._handle_at(at)
        if handle is not None:
            hx, hy = handle.value
            sx, sy = -1 if self.now.flip_x else 1, -1 if self.now.flip_y else 1
            return QCursor(resize_cursor(Handle((hx * sx, hy * sy)), self.now.rotation))
        if self._drag is not None:
            return QCursor(Qt.CursorShape.ClosedHandCursor)
        over = self._over_picture(at)
        return QCursor(Qt.CursorShape.OpenHandCursor if over else Qt.CursorShape.ArrowCursor)

    # --- what becomes of it

    def item_changed(self, item: Item | None) -> bool:
        return item == self._before

    def take_back(self) -> bool:
        """One step back from here is how the image was when cropping began."""
        if self.now == self._before:
            return False
        self.preset = PRESETS[0]
        self.bar.show_shape(self.preset)
        self._show(self._before)
        return True

    def apply(self) -> None:
        before, now = self._before, self.now
        if now != before and before.id in self._view.canvas.items:
            # From here on the change is its own.
            self._before = now
            self._view.canvas.apply("Crop image", self._view.board.with_lines({now.id: now}))

    def close(self) -> None:
        layer = self._view.layer
        layer.smooth = False
        layer.drop()
        item = self._view.canvas.items.get(self.item)
        if item is not None:
            layer.put([item])

    # --- painting

    def paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None:
        picture = _polygon(cropped(self.now, None), view)
        frame = _polygon(self.now, view)
        outside = QPainterPath()
        outside.addPolygon(picture)
        outside.closeSubpath()
        inside = QPainterPath()
        inside.addPolygon(frame)
        inside.closeSubpath()
        shade = QColor(theme.colours.canvas)
        shade.setAlphaF(0.68)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPath(outside.subtracted(inside))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._drag is not None:
            self._paint_thirds(painter, view)
        painter.setPen(QPen(QColor(0, 0, 0, 90), 3))
        painter.drawPolygon(frame)
        painter.setPen(QPen(QColor("white"), 1.5))
        painter.drawPolygon(frame)
        self._paint_handles(painter, view)
        crop = on_pixels(self.crop, whole(self.now))
        bottom = frame.boundingRect()
        place = QPointF(bottom.center().x(), bottom.bottom() + 12)
        paint_label(painter, theme, f"{crop.width:.0f} × {crop.height:.0f}", place, below=True)

    def _paint_thirds(self, painter: QPainter, view: QTransform) -> None:
        crop, there = self.crop, self._to_view(view)
        painter.setPen(QPen(QColor(255, 255, 255, 120), 1))
        for third in (1 / 3, 2 / 3):
            x, y = crop.x + crop.width * third, crop.y + crop.height * third
            painter.drawLine(there(x, crop.y), there(x, crop.bottom))
            painter.drawLine(there(crop.x, y), there(crop.right, y))

    def _paint_handles(self, painter: QPainter, view: QTransform) -> None:
        for handle, at in self._places(view).items():
            painter.save()
            painter.translate(at)
            painter.rotate(self.now.rotation)
            if self.now.flip_x:
                painter.scale(-1, 1)
            if self.now.flip_y:
                painter.scale(1, -1)
            hx, hy = handle.value
            bars = QPainterPath()
            bars.setFillRule(Qt.FillRule.WindingFill)
            if hx == 0 or hy == 0:
                across = _ARM if hx == 0 else _THICK
                down = _ARM if hy == 0 else _THICK
                bars.addRoundedRect(QRectF(-across / 2, -down / 2, across, down), 2, 2)
            else:
                half = _THICK / 2
                left = -half if hx < 0 else half - _ARM
                top = -half if hy < 0 else half - _ARM
                bars.addRoundedRect(QRectF(left, -half, _ARM, _THICK), 2, 2)
                bars.addRoundedRect(QRectF(-half, top, _THICK, _ARM), 2, 2)
            painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
            painter.setBrush(QColor("white"))
            painter.drawPath(bars.simplified())
            painter.restore()

    # --- inside

    def _show(self, now: ImageItem) -> None:
        self.now = now
        seen = replace(cropped(now, None), frame=None, corner_radius=0.0)
        self._view.layer.smooth = self._drag is None
        self._view.layer.preview([seen])
        self.bar.reset.setEnabled(now.crop is not None)
        self._view.viewport().update()

    def _ratio(self) -> float | None:
        """The shape in the picture's pixels: an image may be stretched on the canvas."""
        ratio = self.preset.ratio
        if ratio is None:
            return None
        picture = whole(self.now)
        if ratio == 0:
            return picture.width / picture.height
        part = self.crop
        stretch = (self.now.width / part.width) / (self.now.height / part.height)
        return ratio / stretch

    def _puller(self, handle: Handle) -> Callable[[QPointF, Keys], None]:
        begun, start = self.now, self.crop

        def pull(at: QPointF, keys: Keys) -> None:
            u, v = self._in_picture(at, begun)
            ratio = self._ratio()
            if ratio is None and keys & Keys.ShiftModifier:
                ratio = start.width / start.height
            reach = self._reach(keys)
            crop = pulled(start, handle, u, v, whole(begun), ratio=ratio, reach=reach)
            self._show(cropped(begun, crop))

        return pull

    def _slider(self, grabbed: tuple[float, float]) -> Callable[[QPointF, Keys], None]:
        begun, start = self.now, self.crop

        def slide(at: QPointF, keys: Keys) -> None:
            u, v = self._in_picture(at, begun)
            crop = slid(start, grabbed[0] - u, grabbed[1] - v, whole(begun), self._reach(keys))
            # The frame stays where it is; the picture goes with the hand.
            self._show(replace(begun, crop=None if crop == whole(begun) else crop))

        return slide

    def _reach(self, keys: Keys) -> tuple[float, float]:
        if keys & Keys.ControlModifier:
            return 0.0, 0.0
        part, zoom = self.crop, self._view.camera.zoom
        across = part.width / (self.now.width * zoom)
        down = part.height / (self.now.height * zoom)
        return SNAP_PIXELS * across, SNAP_PIXELS * down

    def _in_picture(self, at: QPointF, item: ImageItem | None = None) -> tuple[float, float]:
        there = self._view.camera.to_canvas(at)
        return to_canvas(item or self.now).inverse(there.x(), there.y())

    def _over_picture(self, at: QPointF) -> bool:
        u, v = self._in_picture(at)
        picture = whole(self.now)
        return 0 <= u <= picture.width and 0 <= v <= picture.height

    def _to_view(self, view: QTransform) -> Callable[[float, float], QPointF]:
        there = to_canvas(self.now)
        return lambda u, v: view.map(QPointF(*there(u, v)))

    def _places(self, view: QTransform) -> dict[Handle, QPointF]:
        crop, there = self.crop, self._to_view(view)
        points = (
            (crop.x, crop.y),
            (crop.right, crop.y),
            (crop.right, crop.bottom),
            (crop.x, crop.bottom),
        )
        return {handle: there(*at) for handle, at in handle_places(points).items()}

    def _handle_at(self, at: QPointF) -> Handle | None:
        best: tuple[float, Handle] | None = None
        for handle, there in self._places(self._view.camera.transform).items():
            far = max(abs(there.x() - at.x()), abs(there.y() - at.y()))
            # A corner is taken rather than the side's middle close to it.
            weighed = far if handle.corner else far + _REACH / 2
            if far <= _REACH and (best is None or weighed < best[0]):
                best = weighed, handle
        return best[1] if best else None


def _polygon(item: Item, view: QTransform) -> QPolygonF:
    return QPolygonF([view.map(QPointF(x, y)) for x, y in corners(item)])
