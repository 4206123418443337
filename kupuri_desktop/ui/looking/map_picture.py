"""Paints a whole canvas as small as a stamp, in slices that never make the window late."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from kupuri_desktop.ui.canvas.painting.picture_store import Wanted
from kupuri_desktop.ui.canvas.painting.sheet import BOTTOM, LEFT, RIGHT, TOP, H, Rows, Sheet, W
from kupuri_desktop.ui.canvas.painting.stack import Stack

SLICE_MS = 3.0
"""What a slice may take; the next one is made larger or smaller by it."""

_FIRST_SLICE, _LARGEST_SLICE = 128, 4096
_SPECK = 1.5
"""Logical pixels: of images smaller than this, only the front one of each pixel is painted."""

_SMALLEST_WORDS = 2.0
"""Logical pixels: lower words, notes and lines are not seen and take long."""


class MapPicture:
    """`begin`, then `step` until it says that it is done: from then on `pixmap` is the new one."""

    def __init__(self, sheet: Sheet, stack: Stack) -> None:
        self._sheet = sheet
        self._stack = stack
        self.pixmap: QPixmap | None = None
        self.area = QRectF()
        self.missing: set[Wanted] = set()
        self._coming: QPixmap | None = None
        self._view = QTransform()
        self._rows: Rows = np.zeros(0, np.intp)
        self._at = 0
        self._slice = _FIRST_SLICE
        self._next_area = QRectF()

    @property
    def busy(self) -> bool:
        """Whether one has been begun and not finished."""
        return self._coming is not None

    def begin(self, area: QRectF, size: QSize, ratio: float) -> None:
        """Begins a picture of an area of the canvas. size: device pixels, of the area's shape."""
        self._next_area = area
        self._coming = QPixmap(size)
        self._coming.setDevicePixelRatio(ratio)
        self._coming.fill(Qt.GlobalColor.transparent)
        k = size.width() / area.width()
        self._view = QTransform(k, 0, 0, k, -area.left() * k, -area.top() * k)
        self._rows = self._chosen(area, k / ratio)
        self._at = 0
        self._slice = _FIRST_SLICE
        self.missing = set()

    def step(self, outline: QColor) -> bool:
        """Paints the next slice. outline: the edge of frames. True: the picture is done."""
        picture = self._coming
        if picture is None:
            return True
        began = perf_counter()
        rows = self._rows[self._at : self._at + self._slice]
        painter = self._painter(picture)
        self.missing |= self._stack.paint(painter, self._view, rows, smooth=True).missing
        painter.end()
        self._at += len(rows)
        taken = (perf_counter() - began) * 1000
        if taken > SLICE_MS:
            self._slice = max(self._slice // 2, 16)
        elif taken < SLICE_MS / 2:
            self._slice = min(self._slice * 2, _LARGEST_SLICE)
        if self._at < len(self._rows):
            return False
        self._outline(picture, outline)
        self.pixmap, self.area, self._coming = picture, self._next_area, None
        return True

    def _painter(self, picture: QPixmap) -> QPainter:
        painter = QPainter(picture)
        ratio = picture.devicePixelRatio()
        painter.setWorldTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
        return painter

    def _chosen(self, area: QRectF, scale: float) -> Rows:
        rows = self._sheet.visible(area.left(), area.top(), area.right(), area.bottom())
        if not len(rows):
            return rows
        c = self._sheet.columns
        image = self._sheet.image[rows]
        low = np.minimum(c[RIGHT, rows] - c[LEFT, rows], c[BOTTOM, rows] - c[TOP, rows]) * scale
        rows = rows[image | (low >= _SMALLEST_WORDS)]
        speck = self._sheet.plain[rows] & (np.maximum(c[W, rows], c[H, rows]) * scale <= _SPECK)
        if not speck.any():
            return rows
        across = np.floor((c[LEFT, rows] - area.left()) * scale).astype(np.intp)
        down = np.floor((c[TOP, rows] - area.top()) * scale).astype(np.intp)
        wide = int(across.max()) + 1
        cell = (down * wide + across)[speck]
        # Of several values given to one place, the last stays: rows come back to front.
        front = np.full(int(cell.max()) + 1, -1, np.intp)
        front[cell] = np.flatnonzero(speck)
        keep = ~speck
        keep[front[front >= 0]] = True
        return rows[keep]

    def _outline(self, picture: QPixmap, ink: QColor) -> None:
        painter = self._painter(picture)
        painter.setPen(QPen(ink, picture.devicePixelRatio()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for frame in self._sheet.frames():
            if not frame.hidden:
                rect = QRectF(frame.x, frame.y, frame.width, frame.height)
                painter.drawRect(self._view.mapRect(rect))
        painter.end()
