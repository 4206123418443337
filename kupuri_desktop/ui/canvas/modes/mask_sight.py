"""How a mask is seen while it is painted: the wash, its feather, the ring of the brush."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from kupuri_desktop.core.hits import corners
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.picture_space import to_canvas
from kupuri_desktop.ui.canvas.modes.mask_raster import MaskRaster, Patch
from kupuri_desktop.ui.canvas.modes.mask_wash import Wash
from kupuri_desktop.ui.theme import Theme
from kupuri_desktop.workspace.masks import softened

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView


class MaskSight:
    """Follows a raster and the image it belongs to. The feather is made in a thread and shown

    when it is there; a stroke is seen as it is.
    """

    def __init__(self, view: CanvasView, raster: MaskRaster, item: ImageItem) -> None:
        self._view = view
        self._raster = raster
        self._image = item
        self._wash = Wash(raster.size)
        self._soft = False
        self._looks = 0

    def take(self, item: ImageItem) -> None:
        """The image has changed: its place, its feather, or which way round its mask is."""
        self._image = item
        self._view.viewport().update()

    def close(self) -> None:
        """What is being made in a thread is not shown any more."""
        self._looks += 1

    # --- from the view to the raster and back

    def in_raster(self, at: QPointF) -> tuple[float, float]:
        there = self._view.camera.to_canvas(at)
        u, v = to_canvas(self._image).inverse(there.x(), there.y())
        return u * self._raster.scale, v * self._raster.scale

    def from_raster(self, view: QTransform) -> QTransform:
        m, k = to_canvas(self._image), 1 / self._raster.scale
        there = QTransform(m.a, m.b, m.c, m.d, m.e, m.f)
        return QTransform.fromScale(k, k) * there * view

    # --- what is to be seen

    def drawn(self, patch: Patch) -> None:
        """A part of the raster has changed."""
        if patch.empty:
            return
        self._wash.colour(self._raster.pixels, patch)
        rect = QRectF(patch.left, patch.top, patch.right - patch.left, patch.bottom - patch.top)
        line = self._wash.line
        rect.adjust(-line, -line, line, line)
        self._update(self.from_raster(self._view.camera.transform).mapRect(rect))

    def colour_anew(self) -> None:
        """Shows the raster as it is."""
        self._looks += 1
        self._soft = False
        self._dress()
        self._wash.colour(self._raster.pixels, self._raster.all)
        self._view.viewport().update()

    def sharpen(self) -> None:
        """Shows the raster itself where the feather was shown."""
        if self._soft:
            self.colour_anew()
        self._looks += 1

    def soften(self) -> None:
        """Shows the feather as soon as it is made."""
        if self._image.mask_feather > 0:
            self._looks += 1
            self._view.tasks.spawn(self._soften(self._looks), self._view, name="feather")
        else:
            self.sharpen()

    async def _soften(self, look: int) -> None:
        raster = self._raster
        feather = self._image.mask_feather * raster.scale
        soft = await asyncio.to_thread(softened, raster.pixels.tobytes(), raster.size, feather)
        if look == self._looks:
            self._soft = True
            grey = np.frombuffer(soft, np.uint8).reshape(raster.pixels.shape)
            self._wash.colour(grey, raster.all)
            self._view.viewport().update()

    def touch_ring(self, before: QPointF, now: QPointF, radius: float) -> None:
        """The ring has moved: only where it was and is is painted anew."""
        view = self._view.camera.transform
        area = self._ring(view, before, radius).boundingRect()
        self._update(area.united(self._ring(view, now, radius).boundingRect()))

    # --- painting

    def paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None:
        if self._dress():
            self.colour_anew()
            self.soften()
        outline = QPolygonF([view.map(QPointF(x, y)) for x, y in corners(self._image)])
        painter.setPen(QPen(theme.colours.accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(outline)
        inside = QPainterPath()
        inside.addPolygon(outline)
        painter.save()
        painter.setClipPath(inside, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(self.from_raster(view), True)
        painter.drawImage(QPointF(0, 0), self._wash.image)
        painter.restore()

    def paint_shape(self, painter: QPainter, view: QTransform, drawn: QPainterPath) -> None:
        """A shape that is not laid down yet; in working pixels."""
        _two_tones(painter, self.from_raster(view).map(drawn), dashed=True)

    def paint_ring(self, painter: QPainter, view: QTransform, at: QPointF, radius: float) -> None:
        """The brush at a point of the view, as wide as what it covers."""
        _two_tones(painter, self._ring(view, at, radius))

    def _ring(self, view: QTransform, at: QPointF, radius: float) -> QPainterPath:
        ring = QPainterPath()
        ring.addEllipse(QPointF(*self.in_raster(at)), radius, radius)
        return self.from_raster(view).map(ring)

    def _dress(self) -> bool:
        accent: QColor = self._view.look.theme.colours.accent
        return self._wash.dress(accent, invert=self._image.mask_invert)

    def _update(self, area: QRectF) -> None:
        self._view.viewport().update(area.toAlignedRect().adjusted(-3, -3, 3, 3))


def _two_tones(painter: QPainter, path: QPainterPath, *, dashed: bool = False) -> None:
    """A line that is seen on dark and on light."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 150), 2.5))
    painter.drawPath(path)
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor("white"), 1.2, style))
    painter.drawPath(path)
