"""The look of a mask: the accent laid over what may change, as a picture that is kept current."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from kupuri_desktop.ui.canvas.modes.mask_raster import Grey, Patch

STRENGTH = 0.45
"""How much of the accent covers what is fully white in the mask."""


class Wash:
    """ARGB32 premultiplied over grey pixels; only what was changed is coloured anew."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._pixels = np.zeros((size[1], size[0]), np.uint32)
        self._table: npt.NDArray[np.uint32] = np.zeros(256, np.uint32)
        self._key: tuple[int, bool] | None = None
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
        """Colours a patch as the mask is there."""
        part = np.s_[patch.top : patch.bottom, patch.left : patch.right]
        self._pixels[part] = self._table[grey[part]]
