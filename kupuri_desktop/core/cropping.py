"""The rules of cropping, in a picture's own pixels: pure, each giving a new rectangle."""

import math
from dataclasses import dataclass

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import centre
from kupuri_desktop.core.transforms import Handle

SMALLEST = 8.0
"""Pixels: no crop gets narrower, but where the picture itself is."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A shape to crop to. `ratio`: width by height as seen; None is free, 0 the picture's own."""

    words: str
    ratio: float | None


PRESETS = (
    Preset("Free", None),
    Preset("Original", 0.0),
    Preset("1:1", 1.0),
    Preset("4:3", 4 / 3),
    Preset("3:2", 3 / 2),
    Preset("16:9", 16 / 9),
    Preset("9:16", 9 / 16),
)


def pulled(
    crop: Rect,
    handle: Handle,
    u: float,
    v: float,
    picture: Rect,
    *,
    ratio: float | None = None,
    reach: tuple[float, float] = (0.0, 0.0),
) -> Rect:
    """The crop with a handle taken to (u, v); it stays inside the picture.

    ratio: width by height in pixels, None is free. reach: so near to the picture's edge an edge
    comes to rest on it, across and down.
    """
    hx, hy = handle.value
    u = _settled(u, picture.x, picture.right, reach[0])
    v = _settled(v, picture.y, picture.bottom, reach[1])
    if ratio is None:
        left, right = _ends(crop.x, crop.right, hx, u, picture.width)
        top, bottom = _ends(crop.y, crop.bottom, hy, v, picture.height)
        return Rect(left, top, right - left, bottom - top)
    cx, cy = centre(crop)
    ax = cx if hx == 0 else crop.x if hx > 0 else crop.right
    ay = cy if hy == 0 else crop.y if hy > 0 else crop.bottom
    by_width = abs(u - ax) if hx else 0.0
    by_height = abs(v - ay) * ratio if hy else 0.0
    width = max(by_width, by_height, min(SMALLEST, picture.width))
    width = min(width, _room(ax, hx, picture.x, picture.right))
    width = min(width, _room(ay, hy, picture.y, picture.bottom) * ratio)
    height = width / ratio
    left = ax - width / 2 if hx == 0 else ax if hx > 0 else ax - width
    top = ay - height / 2 if hy == 0 else ay if hy > 0 else ay - height
    return Rect(left, top, width, height)


def slid(
    crop: Rect, du: float, dv: float, picture: Rect, reach: tuple[float, float] = (0.0, 0.0)
) -> Rect:
    """The crop moved over the picture, as far as the picture goes."""
    left = _settled(crop.x + du, picture.x, picture.right - crop.width, reach[0])
    top = _settled(crop.y + dv, picture.y, picture.bottom - crop.height, reach[1])
    return Rect(left, top, crop.width, crop.height)


def shaped(crop: Rect, ratio: float, picture: Rect) -> Rect:
    """A crop of that shape around the same middle, about as large, inside the picture."""
    width = math.sqrt(crop.width * crop.height * ratio)
    width = min(width, picture.width, picture.height * ratio)
    height = width / ratio
    cx, cy = centre(crop)
    return slid(Rect(cx - width / 2, cy - height / 2, width, height), 0.0, 0.0, picture)


def on_pixels(crop: Rect, picture: Rect) -> Rect:
    """The crop on whole pixels, at least one of them, inside the picture."""
    left, top = math.floor(crop.x + 0.5), math.floor(crop.y + 0.5)
    right, bottom = math.floor(crop.right + 0.5), math.floor(crop.bottom + 0.5)
    left = int(min(max(left, picture.x), picture.right - 1))
    top = int(min(max(top, picture.y), picture.bottom - 1))
    right = int(min(max(right, left + 1), picture.right))
    bottom = int(min(max(bottom, top + 1), picture.bottom))
    return Rect(float(left), float(top), float(right - left), float(bottom - top))


def _settled(value: float, low: float, high: float, reach: float) -> float:
    high = max(low, high)
    if value <= low + reach and value - low <= high - value:
        return low
    return high if value >= high - reach else value


def _ends(low: float, high: float, hand: int, to: float, extent: float) -> tuple[float, float]:
    least = min(SMALLEST, extent)
    if hand < 0:
        return min(to, high - least), high
    return (low, max(to, low + least)) if hand > 0 else (low, high)


def _room(anchor: float, hand: int, low: float, high: float) -> float:
    if hand == 0:
        return 2 * min(anchor - low, high - anchor)
    return high - anchor if hand > 0 else anchor - low
