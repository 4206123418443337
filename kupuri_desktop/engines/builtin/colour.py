"""Colour arithmetic in OKLab, so that every blend of the painter stays clean and even.

Colours are float32 triples of gamma-encoded sRGB in 0..1. The OKLab matrices are those of
Björn Ottosson's description (https://bottosson.github.io/posts/oklab/, 2020).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating]
Colour = NDArray[np.float32]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LMS = np.linalg.inv(_TO_LMS)
_FROM_LAB = np.linalg.inv(_TO_LAB)


def parse(text: str) -> Colour:
    """Return the colour written as `#rrggbb`; raises ValueError for anything else."""
    digits = text.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"not a colour: {text!r}")
    return np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)], dtype=np.float32)


def to_lab(rgb: NDArray[np.floating]) -> NDArray[np.float64]:
    """Turn sRGB of shape (..., 3) into OKLab of the same shape."""
    wide = np.asarray(rgb, dtype=np.float64)
    linear = np.where(wide <= 0.04045, wide / 12.92, ((wide + 0.055) / 1.055) ** 2.4)
    lms: NDArray[np.float64] = np.cbrt(linear @ _TO_LMS.T)
    lab: NDArray[np.float64] = lms @ _TO_LAB.T
    return lab


def from_lab(lab: NDArray[np.floating]) -> Colour:
    """Turn OKLab of shape (..., 3) into sRGB, clipped to 0..1."""
    lms = (np.asarray(lab, dtype=np.float64) @ _FROM_LAB.T) ** 3
    linear = np.clip(lms @ _FROM_LMS.T, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded.astype(np.float32)


def mix(first: Colour, second: Colour, amount: float) -> Colour:
    """Blend two colours; `amount` 0 gives the first, 1 the second."""
    return from_lab(to_lab(first) * (1 - amount) + to_lab(second) * amount)


def tuned(
    colour: Colour, *, lighter: float = 0.0, chroma: float = 1.0, turn: float = 0.0
) -> Colour:
    """Return the colour with lightness added, chroma multiplied and hue turned by degrees."""
    lightness, a, b = to_lab(colour)
    angle = math.radians(turn)
    rotated = (a * math.cos(angle) - b * math.sin(angle), a * math.sin(angle) + b * math.cos(angle))
    return from_lab(
        np.array([np.clip(lightness + lighter, 0.0, 1.0), rotated[0] * chroma, rotated[1] * chroma])
    )


def lightness(colour: Colour) -> float:
    """Return the perceived lightness, 0 for black and 1 for white."""
    return float(to_lab(colour)[0])


def polar(light: float, chroma: float, hue: float) -> Colour:
    """Build a colour from OKLCH: lightness 0..1, chroma 0..0.35, hue in degrees."""
    angle = math.radians(hue)
    return from_lab(np.array([light, chroma * math.cos(angle), chroma * math.sin(angle)]))


def ramp(stops: Sequence[Colour], size: int = 512, at: Sequence[float] | None = None) -> Colour:
    """Return a smooth gradient of shape (size, 3) through the stops, placed at 0..1 by `at`."""
    lab = to_lab(np.stack(stops))
    places = np.linspace(0, 1, len(stops)) if at is None else np.asarray(at, dtype=np.float64)
    where = np.linspace(0, 1, size)
    channels = [np.interp(where, places, lab[:, channel]) for channel in range(3)]
    smooth = np.stack(channels, axis=1)
    reach = max(1, size // (len(stops) * 5))
    window = np.hanning(2 * reach + 3)[1:-1]
    window /= window.sum()
    padded = np.pad(smooth, ((reach, reach), (0, 0)), mode="edge")
    for channel in range(3):
        smooth[:, channel] = np.convolve(padded[:, channel], window, mode="valid")
    return from_lab(smooth)


def look_up(gradient: Colour, where: Field) -> Field:
    """Read a gradient at positions 0..1 of any shape; the answer is planar: (3, *shape)."""
    last = len(gradient) - 1
    index = np.clip(where * last + 0.5, 0, last).astype(np.intp)
    return np.ascontiguousarray(gradient.T)[:, index]


def dark_to_light(colours: Sequence[Colour]) -> list[Colour]:
    """Return colours in the order of their lightness, with a deep and a bright end."""
    ordered = sorted(colours, key=lightness)
    deep = mix(ordered[0], np.zeros(3, dtype=np.float32), 0.55)
    bright = mix(ordered[-1], np.ones(3, dtype=np.float32), 0.6)
    return [deep, *ordered, bright]
