"""Where a picture's own pixels lie on the canvas: crop, flips, size and turn as one map."""

import math
from dataclasses import dataclass, replace

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import centre
from kupuri_desktop.core.items import ImageItem


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a x + c y + e and y' = b x + d y + f: the order in which painters take the numbers."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def step(self, dx: float, dy: float) -> tuple[float, float]:
        """How a distance looks on the other side."""
        return self.a * dx + self.c * dy, self.b * dx + self.d * dy

    @property
    def inverse(self) -> "Affine":
        """Raises ZeroDivisionError for a map that leaves no area."""
        a, b, c, d, e, f = self.a, self.b, self.c, self.d, self.e, self.f
        area = a * d - b * c
        return Affine(
            d / area,
            -b / area,
            -c / area,
            a / area,
            (c * f - d * e) / area,
            (b * e - a * f) / area,
        )


def whole(item: ImageItem) -> Rect:
    """All of the picture, in its own pixels."""
    return Rect(0.0, 0.0, float(max(item.natural_width, 1)), float(max(item.natural_height, 1)))


def shown(item: ImageItem) -> Rect:
    """The part of the picture that the item shows, in the picture's own pixels."""
    crop = item.crop
    if crop is None or crop.width <= 0 or crop.height <= 0:
        return whole(item)
    return crop


def to_canvas(item: ImageItem) -> Affine:
    """From the picture's pixels to canvas units."""
    part = shown(item)
    sx, sy = item.width / part.width, item.height / part.height
    left = item.x - part.x * sx
    top = item.y - part.y * sy
    if item.flip_x:
        left, sx = item.x + item.width + part.x * sx, -sx
    if item.flip_y:
        top, sy = item.y + item.height + part.y * sy, -sy
    angle = math.radians(item.rotation)
    sin, cos = (math.sin(angle), math.cos(angle)) if item.rotation else (0.0, 1.0)
    mx, my = centre(item.rect)
    dx, dy = left - mx, top - my
    return Affine(
        sx * cos,
        sx * sin,
        -sy * sin,
        sy * cos,
        mx + dx * cos - dy * sin,
        my + dx * sin + dy * cos,
    )


def cropped(item: ImageItem, crop: Rect | None) -> ImageItem:
    """The item with another part of its picture shown; the picture stays where it lies."""
    part = whole(item) if crop is None else crop
    old = shown(item)
    width = part.width * item.width / old.width
    height = part.height * item.height / old.height
    x, y = to_canvas(item)(*centre(part))
    return replace(
        item,
        x=x - width / 2,
        y=y - height / 2,
        width=width,
        height=height,
        crop=None if part == whole(item) else part,
    )
