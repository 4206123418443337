"""A mask while it is painted: grey pixels, and strokes that touch only what they cover."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

WORKING = 2048
"""Pixels of the longer side at most: a stroke on a larger picture is scaled up when it ends."""

_POINT = 1e-6
"""Square pixels: a line that is shorter has no direction that single precision can hold."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Rows and columns that were changed, from (left, top) up to (right, bottom)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def empty(self) -> bool:
        return self.right <= self.left or self.bottom <= self.top


class MaskRaster:
    """`pixels` has the shape (height, width), 0 to 255; `scale`: working pixels a picture pixel.

    Places and radii are given in working pixels.
    """

    def __init__(self, natural: tuple[int, int]) -> None:
        self.natural = max(natural[0], 1), max(natural[1], 1)
        self.scale = min(1.0, WORKING / max(self.natural))
        width, height = (max(1, round(side * self.scale)) for side in self.natural)
        self.pixels: Grey = np.zeros((height, width), np.uint8)
        self._before: Grey = self.pixels
        self._stroke: Grey = self.pixels
        self._subtract = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in working pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def before(self) -> Grey:
        """The mask without the newest stroke."""
        return self._before

    @property
    def all(self) -> Patch:
        return Patch(0, 0, *self.size)

    def put(self, pixels: bytes) -> None:
        """Takes in a mask of this size, a byte each."""
        self.pixels = np.frombuffer(pixels, np.uint8).reshape(self.pixels.shape).copy()

    def fill(self, grey: int) -> None:
        self.pixels = np.full_like(self.pixels, grey)

    def begin(self, *, subtract: bool) -> None:
        """A stroke begins: however often it crosses itself, it covers once."""
        # What was there may be on its way to the disk: it is left as it is.
        self._before = self.pixels
        self.pixels = self.pixels.copy()
        self._stroke = np.zeros_like(self.pixels)
        self._subtract = subtract

    def line(
        self, start: tuple[float, float], end: tuple[float, float], radius: float, hardness: float
    ) -> Patch:
        """Draws from one point to another. hardness: the part of the radius that covers fully."""
        patch = self._around(start, end, radius + 1)
        if patch.empty:
            return patch
        x = np.arange(patch.left, patch.right, dtype=np.float32)[None, :] + np.float32(0.5)
        y = np.arange(patch.top, patch.bottom, dtype=np.float32)[:, None] + np.float32(0.5)
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = dx * dx + dy * dy
        ux, uy = x - np.float32(start[0]), y - np.float32(start[1])
        if length > _POINT:
            along = (ux * np.float32(dx / length)) + (uy * np.float32(dy / length))
            np.clip(along, 0, 1, out=along)
            ux = ux - along * np.float32(dx)
            uy = uy - along * np.float32(dy)
        far = np.sqrt(ux * ux + uy * uy)
        soft = max(1.0, radius * (1 - hardness))
        cover = np.clip((np.float32(radius + 0.5) - far) * np.float32(255 / soft), 0, 255)
        self._cover(cover.astype(np.uint8), patch)
        return patch

    def cover(self, cover: Grey) -> Patch:
        """Lays a whole shape down; `cover` has the mask's shape."""
        self._cover(cover, self.all)
        return self.all

    def take_back(self) -> None:
        """The stroke under way has not been."""
        self.pixels = self._before

    def _cover(self, cover: Grey, patch: Patch) -> None:
        part = np.s_[patch.top : patch.bottom, patch.left : patch.right]
        stroke = self._stroke[part]
        np.maximum(stroke, cover, out=stroke)
        if self._subtract:
            # Nothing is left where both are full: what remains is the smaller of the two.
            self.pixels[part] = np.minimum(self._before[part], 255 - stroke)
        else:
            self.pixels[part] = np.maximum(self._before[part], stroke)

    def _around(self, a: tuple[float, float], b: tuple[float, float], far: float) -> Patch:
        width, height = self.size
        return Patch(
            max(0, math.floor(min(a[0], b[0]) - far)),
            max(0, math.floor(min(a[1], b[1]) - far)),
            min(width, math.ceil(max(a[0], b[0]) + far)),
            min(height, math.ceil(max(a[1], b[1]) + far)),
        )
