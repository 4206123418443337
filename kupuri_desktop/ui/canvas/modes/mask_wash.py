"""The look of a mask: the accent over what may change, and a line of two tones around it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from kupuri_desktop.ui.canvas.modes.mask_raster import Grey, Patch

STRENGTH = 0.45
"""How much of the accent covers what is fully white in the mask."""

_EDGE = 128
_LIGHT, _DARK = 0xE6E6E6E6, 0x78000000
"""The line around the mask, white inside and dark outside: the accent alone is lost on coral."""

_LINE_SHARE = 500
"""The line is a pixel wide for so many pixels of the longer side."""


class Wash:
    """ARGB32 premultiplied over grey pixels; only what was changed is coloured anew."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._pixels = np.zeros((size[1], size[0]), np.uint32)
        self._table: npt.NDArray[np.uint32] = np.zeros(256, np.uint32)
        self._key: tuple[int, bool] | None = None
        self.line = max(1, round(max(size) / _LINE_SHARE))
        height, width = self._pixels.shape
        # Shares the memory: what is coloured below is what is painted.
        self.image = QImage(
            self._pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied
        )

    def dress(self, accent: QColor, *, invert: bool) -> bool:
        """Takes a colour. True where it is another than before: all must be coloured anew."""
        key = int(accent.rgb()), invert
        if key == self._key:
            return False
        self._key = key
        grey = np.arange(256, dtype=np.float64)
        alpha = np.round((255 - grey if invert else grey) * STRENGTH)

        def share(level: int) -> npt.NDArray[np.uint32]:
            return np.round(level * alpha / 255).astype(np.uint32)

        opaque = np.round(alpha).astype(np.uint32)
        table = opaque * 2**24 + share(accent.red()) * 2**16 + share(accent.green()) * 2**8
        self._table = (table + share(accent.blue())).astype(np.uint32)
        return True

    def colour(self, grey: Grey, patch: Patch) -> None:
        """Colours a patch as the mask is there, and what lies around it as wide as the line."""
        high, wide = grey.shape
        line = self.line

        def span(start: int, end: int, most: int, reach: int) -> tuple[int, int]:
            return max(start - reach, 0), min(end + reach, most)

        top, bottom = span(patch.top, patch.bottom, high, line)
        left, right = span(patch.left, patch.right, wide, line)
        over, under = span(top, bottom, high, line)
        before, after = span(left, right, wide, line)
        near = grey[over:under, before:after] >= _EDGE
        # Beyond the picture it goes on as at its edge: there is no line along it.
        wrapped = np.pad(near, line, mode="edge")
        rows, columns = near.shape
        across = [wrapped[line : line + rows, d : d + columns] for d in (0, 2 * line)]
        down = [wrapped[d : d + rows, line : line + columns] for d in (0, 2 * line)]
        some = near | across[0] | across[1] | down[0] | down[1]
        every = near & across[0] & across[1] & down[0] & down[1]
        shown = self._table[grey[over:under, before:after]]
        shown[near & ~every] = _LIGHT
        shown[some & ~near] = _DARK
        here = np.s_[top - over : bottom - over, left - before : right - before]
        self._pixels[top:bottom, left:right] = shown[here]
