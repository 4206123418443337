"""The sheet that a picture is painted on: planar floats, soft masks, and the way to bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from kupuri_desktop.engines.builtin.colour import Colour, Field
from kupuri_desktop.engines.builtin.noise import resized

Point = tuple[float, float]
_BOLD_FIELD = 384


class Sheet:
    """A picture in the making.

    `rgb` has the shape (3, height, width), sRGB in 0..1. Coordinates are in units of the
    shorter side, from the top left corner. A preview is given the `frame` (right, bottom) of
    the final picture: then every count and place comes out the same.
    """

    def __init__(self, width: int, height: int, frame: tuple[float, float] | None = None) -> None:
        self.width, self.height = width, height
        shorter = min(width, height)
        self.right, self.bottom = frame or (width / shorter, height / shorter)
        self.unit = min(width / self.right, height / self.bottom)
        across = (np.arange(width) + 0.5) * (self.right / width)
        down = (np.arange(height) + 0.5) * (self.bottom / height)
        self.x: Field = across.astype(np.float32)[None, :]
        self.y: Field = down.astype(np.float32)[:, None]
        self.rgb: Field = np.zeros((3, height, width), dtype=np.float32)

    @property
    def pixel(self) -> float:
        """The size of one pixel in units."""
        return 1 / self.unit

    def row(self, y: float) -> int:
        """Return the pixel row of a height in units, held inside of the sheet."""
        return int(np.clip(round(y * self.unit), 0, self.height))

    def soft(self, make: Callable[[Field, Field], Field], finest: int = _BOLD_FIELD) -> Field:
        """Make a smooth field of (height, width) from coordinates, cheaply at a smaller size."""
        scale = min(1.0, finest / self.unit)
        width, height = max(2, round(self.width * scale)), max(2, round(self.height * scale))
        x = (np.arange(width, dtype=np.float32) + 0.5)[None, :] * np.float32(self.right / width)
        y = (np.arange(height, dtype=np.float32) + 0.5)[:, None] * np.float32(self.bottom / height)
        field = np.broadcast_to(np.asarray(make(x, y), dtype=np.float32), (height, width))
        return resized(field, self.width, self.height)

    def fill(self, colour: Colour) -> None:
        """Cover the sheet with one colour."""
        self.rgb[:] = colour[:, None, None]

    def over(self, alpha: Field, colour: Colour, top: int = 0) -> None:
        """Lay a colour over the rows from `top` on, as strong as `alpha` (rows, width)."""
        band = self.rgb[:, top : top + alpha.shape[0]]
        for channel in range(3):
            band[channel] += alpha * (colour[channel] - band[channel])

    def blend(self, alpha: Field, colours: Field, top: int = 0) -> None:
        """Lay planar colours (3, rows, width or 1) over the rows from `top` on."""
        band = self.rgb[:, top : top + alpha.shape[0]]
        for channel in range(3):
            band[channel] += alpha * (colours[channel] - band[channel])

    def glow(self, light: Field, colour: Colour, top: int = 0) -> None:
        """Add light without burning out (screen); `light` is (rows, width), 0..1."""
        band = self.rgb[:, top : top + light.shape[0]]
        for channel in range(3):
            band[channel] += (1 - band[channel]) * np.clip(light * colour[channel], 0, 1)

    def shade(self, factor: Field) -> None:
        """Multiply the picture by a field that broadcasts to (height, width)."""
        self.rgb *= factor

    def disc(self, centre: Point, radius: float, softness: float = 0.0) -> Field:
        """Return an anti-aliased disc as a mask of (height, width)."""
        distance = np.hypot(self.x - centre[0], self.y - centre[1])
        edge = max(softness, self.pixel)
        return np.clip((radius - distance) / edge + 0.5, 0, 1)

    def stencil(
        self, draw: Callable[[ImageDraw.ImageDraw, float], None], sharpness: int = 2
    ) -> Field:
        """Draw with Pillow at `sharpness` times the size; `draw` gets the pixels per unit."""
        scale = sharpness
        while scale > 1 and self.width * self.height * scale * scale > 20_000_000:
            scale -= 1
        picture = Image.new("L", (self.width * scale, self.height * scale), 0)
        draw(ImageDraw.Draw(picture), float(self.unit * scale))
        if scale > 1:
            picture = picture.reduce(scale)
        return np.asarray(picture, dtype=np.float32) / np.float32(255)

    def image(self) -> Image.Image:
        """Return the picture as an RGB image of 8 bits a channel."""
        levels = np.clip(self.rgb * 255 + 0.5, 0, 255).astype(np.uint8)
        return Image.fromarray(np.ascontiguousarray(levels.transpose(1, 2, 0)))

    @classmethod
    def of(cls, picture: Image.Image) -> Sheet:
        """Return a sheet that shows the picture."""
        sheet = cls(*picture.size)
        pixels = np.asarray(picture.convert("RGB"), dtype=np.float32) / np.float32(255)
        sheet.rgb = np.ascontiguousarray(pixels.transpose(2, 0, 1))
        return sheet


def scaled(points: Sequence[Point], scale: float) -> list[Point]:
    """Return points in pixels for Pillow from points in units."""
    return [(x * scale, y * scale) for x, y in points]
