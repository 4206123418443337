"""What a hand draws into a mask between press and release: a stroke, or a shape."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from kupuri_desktop.ui.canvas.modes.mask_bar import MaskTool
from kupuri_desktop.ui.canvas.modes.mask_raster import Grey, MaskRaster, Patch

Point = tuple[float, float]

_WORDS = {
    MaskTool.RECTANGLE: "rectangle",
    MaskTool.ELLIPSE: "ellipse",
    MaskTool.LASSO: "lasso",
}


class MaskHand(Protocol):
    """Points are in the raster's working pixels."""

    label: str

    def move(self, at: Point, *, square: bool) -> None: ...

    def finish(self) -> bool:
        """False where nothing was drawn."""
        ...

    def outline(self) -> QPainterPath | None:
        """What is to be seen of it before it is finished."""
        ...


class BrushHand:
    """Draws as it moves. pressure: asked for at each point, 0 to 1."""

    def __init__(
        self,
        raster: MaskRaster,
        at: Point,
        radius: float,
        hardness: float,
        *,
        subtract: bool,
        origin: Point | None = None,
        drawn: Callable[[Patch], None],
        pressure: Callable[[], float],
    ) -> None:
        self._raster = raster
        self._radius = radius
        self._hardness = hardness
        self._drawn = drawn
        self._pressure = pressure
        self.label = "Mask: erase" if subtract else "Mask: brush stroke"
        self.last = at
        raster.begin(subtract=subtract)
        self._line(origin or at, at)

    def move(self, at: Point, *, square: bool) -> None:
        self._line(self.last, at)
        self.last = at

    def finish(self) -> bool:
        return True

    def outline(self) -> QPainterPath | None:
        return None

    def _line(self, start: Point, end: Point) -> None:
        radius = max(0.5, self._radius * self._pressure())
        self._drawn(self._raster.line(start, end, radius, self._hardness))


class ShapeHand:
    """A rectangle, an ellipse or a lasso; laid down when the hand lets go."""

    def __init__(
        self,
        raster: MaskRaster,
        tool: MaskTool,
        at: Point,
        *,
        subtract: bool,
        drawn: Callable[[Patch], None],
    ) -> None:
        self._raster = raster
        self._tool = tool
        self._drawn = drawn
        self._points = [at]
        self._subtract = subtract
        words = _WORDS[tool]
        self.label = f"Mask: erase {words}" if subtract else f"Mask: {words}"

    def move(self, at: Point, *, square: bool) -> None:
        if self._tool is MaskTool.LASSO:
            self._points.append(at)
            return
        x, y = self._points[0]
        dx, dy = at[0] - x, at[1] - y
        if square:
            side = max(abs(dx), abs(dy))
            dx, dy = math.copysign(side, dx), math.copysign(side, dy)
        self._points[1:] = [(x + dx, y + dy)]

    def finish(self) -> bool:
        path = self.outline()
        if path is None or path.boundingRect().isEmpty():
            return False
        self._raster.begin(subtract=self._subtract)
        self._drawn(self._raster.cover(covered(path, self._raster.size)))
        return True

    def outline(self) -> QPainterPath | None:
        if len(self._points) < 2:
            return None
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        points = [QPointF(x, y) for x, y in self._points]
        match self._tool:
            case MaskTool.RECTANGLE:
                path.addRect(QRectF(points[0], points[1]).normalized())
            case MaskTool.ELLIPSE:
                path.addEllipse(QRectF(points[0], points[1]).normalized())
            case _:
                path.addPolygon(points)
                path.closeSubpath()
        return path


def covered(path: QPainterPath, size: tuple[int, int]) -> Grey:
    """How much of each pixel a path covers, 0 to 255; of the shape (height, width)."""
    image = QImage(*size, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, QColor("white"))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(size[1], image.bytesPerLine())
    return rows[:, : size[0]].copy()
