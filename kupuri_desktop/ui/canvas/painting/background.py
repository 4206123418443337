"""Draws the ground of the canvas: its colour and the grid of dots that fades with zoom."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform

from kupuri_desktop.ui.canvas.painting import fragments

STEP = 32.0
"""Canvas units between dots at 100 %."""

_CLOSEST = 14.0
_DOT = 2.0


class Ground:
    """Dots at every STEP times a power of two; finer ones come and go as they have room."""

    def __init__(self) -> None:
        self._dots: dict[tuple[int, float], QPixmap] = {}

    def paint(
        self, painter: QPainter, view: QTransform, area: QRectF, ground: QColor, dot: QColor
    ) -> None:
        """`view`: canvas to logical pixels; `area`: logical pixels to be painted."""
        device = painter.device()
        ratio = 1.0 if device is None else device.devicePixelRatioF()
        painter.save()
        painter.resetTransform()
        painter.fillRect(area, ground)
        k = view.m11()
        step = STEP
        while step * k < _CLOSEST:
            step *= 2
        while step * k >= _CLOSEST * 2:
            step /= 2
        shade = min(1.0, (step * k - _CLOSEST) / _CLOSEST)
        self._paint_dots(painter, view, area, step, dot, shade, ratio)
        self._paint_dots(painter, view, area, step * 2, dot, 1.0, ratio)
        painter.restore()

    def _paint_dots(
        self,
        painter: QPainter,
        view: QTransform,
        area: QRectF,
        step: float,
        colour: QColor,
        shade: float,
        ratio: float,
    ) -> None:
        if shade <= 0.02:
            return
        k = view.m11()
        grid = step * k
        columns = np.arange(
            math.floor((area.left() - view.dx()) / grid),
            math.ceil((area.right() - view.dx()) / grid) + 1,
        )
        rows = np.arange(
            math.floor((area.top() - view.dy()) / grid),
            math.ceil((area.bottom() - view.dy()) / grid) + 1,
        )
        side = max(1, round(_DOT * ratio))
        # On whole device pixels, for a dot that lies between them is a smear.
        xs = np.round((columns * grid + view.dx()) * ratio) + side / 2
        ys = np.round((rows * grid + view.dy()) * ratio) + side / 2
        block = fragments.new_block(len(xs) * len(ys))
        block[:, 0] = np.tile(xs, len(ys))
        block[:, 1] = np.repeat(ys, len(xs))
        block[:, 4:6] = side
        block[:, 9] = shade
        painter.save()
        painter.setWorldTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
        fragments.draw(painter, block, self._dot(colour, side))
        painter.restore()

    def _dot(self, colour: QColor, side: int) -> QPixmap:
        key = (colour.rgba(), float(side))
        found = self._dots.get(key)
        if found is None:
            found = QPixmap(side, side)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(0, 0, side, side))
            painter.end()
            self._dots[key] = found
        return found
