"""Keeps a tiny picture of every image in one pixmap, so that no place is ever empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from kupuri_desktop.ui.canvas.ports import MICRO_BYTES, MICRO_SIDE

COLUMNS = 256
_FIRST_ROWS = 4
_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


class MicroAtlas:
    """One slot of 16 by 16 pixels an asset; slot 0 is the look of an image not yet known."""

    def __init__(self, unknown: QColor) -> None:
        self._slots: dict[str, int] = {}
        self._filled: set[str] = set()
        self._rows = _FIRST_ROWS
        self._unknown = QColor(unknown)
        self.pixmap = self._empty(self._rows)

    def recolour(self, unknown: QColor) -> None:
        """The colour of what is not known yet."""
        if unknown == self._unknown:
            return
        self._unknown = QColor(unknown)
        painter = QPainter(self.pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        for slot in (0, *(n for a, n in self._slots.items() if a not in self._filled)):
            x, y = self.place(slot)
            painter.fillRect(x, y, MICRO_SIDE, MICRO_SIDE, unknown)
        rest = QRect(0, 0, COLUMNS * MICRO_SIDE, self._rows * MICRO_SIDE)
        used = (len(self._slots) // COLUMNS + 1) * MICRO_SIDE
        painter.fillRect(rest.adjusted(0, used, 0, 0), unknown)
        painter.end()

    def slot(self, asset: str) -> int:
        """The asset's slot, made where there is none; it looks unknown until it is filled."""
        found = self._slots.get(asset)
        if found is None:
            found = self._slots[asset] = len(self._slots) + 1
            if found >= self._rows * COLUMNS:
                self._grow()
        return found

    def slots(self, assets: Iterable[str]) -> npt.NDArray[np.intp]:
        """The same for many."""
        known = self._slots.get
        return np.array([known(asset) or self.slot(asset) for asset in assets], np.intp)

    def reserve(self, count: int) -> None:
        """Room for that many assets in all, so that it grows once."""
        rows = count // COLUMNS + 1
        if rows > self._rows:
            self._grow(rows)

    @staticmethod
    def place(slot: int) -> tuple[int, int]:
        """The slot's left and top in the pixmap."""
        return (slot % COLUMNS) * MICRO_SIDE, (slot // COLUMNS) * MICRO_SIDE

    @staticmethod
    def place_many(slots: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.intp], ...]:
        """The same for many."""
        return (slots % COLUMNS) * MICRO_SIDE, (slots // COLUMNS) * MICRO_SIDE

    def known(self, asset: str) -> bool:
        return asset in self._filled

    def fill(self, micros: Mapping[str, bytes]) -> None:
        """Puts pictures into their slots; ones of another length are left out."""
        good = {a: b for a, b in micros.items() if len(b) == MICRO_BYTES}
        if not good:
            return
        slots = self.slots(good)
        painter = QPainter(self.pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        pictures = np.frombuffer(b"".join(good.values()), np.uint32)
        pictures = pictures.reshape(-1, MICRO_SIDE, MICRO_SIDE)
        # A run of slots side by side is one strip, and a strip is one call.
        breaks = np.flatnonzero((np.diff(slots) != 1) | (slots[1:] % COLUMNS == 0)) + 1
        start = 0
        for end in (*breaks.tolist(), len(slots)):
            strip: npt.NDArray[np.uint32] = np.ascontiguousarray(
                pictures[start:end].transpose(1, 0, 2).reshape(MICRO_SIDE, -1)
            )
            image = QImage(strip.data, strip.shape[1], MICRO_SIDE, strip.strides[0], _FORMAT)
            painter.drawImage(*self.place(int(slots[start])), image)
            start = end
        painter.end()
        self._filled.update(good)

    def _grow(self, rows: int | None = None) -> None:
        self._rows = rows or self._rows * 2
        larger = self._empty(self._rows)
        painter = QPainter(larger)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawPixmap(0, 0, self.pixmap)
        painter.end()
        self.pixmap = larger

    def _empty(self, rows: int) -> QPixmap:
        pixmap = QPixmap(COLUMNS * MICRO_SIDE, rows * MICRO_SIDE)
        # A pixmap filled with something opaque would have no alpha channel from then on.
        almost = QColor(self._unknown)
        almost.setAlpha(254)
        pixmap.fill(almost)
        return pixmap
