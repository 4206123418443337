"""Smooth random fields: the raw material of clouds, ridges, ripples, paper and grain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kupuri_desktop.engines.builtin.colour import Field

Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Chance:
    """A source of named random streams: the same words, seed and name give the same numbers."""

    key: str

    def stream(self, name: str) -> Random:
        """Return a fresh generator that depends on the key and the name alone."""
        digest = hashlib.sha256(f"{self.key}\x1f{name}".encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def smoothstep(low: float, high: float, value: Field) -> Field:
    """Return 0 below `low`, 1 above `high` and a smooth step between; `low` may exceed `high`."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return (t * t * (3 - 2 * t)).astype(np.float32, copy=False)


def _spline(size: int, cells: int, offset: float = 0.0) -> Field:
    """Weights of shape (size, cells) of a cubic B-spline over a lattice that wraps around."""
    place = (np.arange(size) + 0.5) / size * cells + offset
    base = np.floor(place).astype(int)
    t = place - base
    weights = np.zeros((size, cells), dtype=np.float32)
    rows = np.arange(size)
    kernel = (
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    )
    for step, weight in enumerate(kernel):
        np.add.at(weights, (rows, (base + step - 1) % cells), weight.astype(np.float32))
    return weights


def texture(
    random: Random, size: int = 512, cells: int = 6, octaves: int = 6, gain: float = 0.52
) -> Field:
    """Return a tileable fractal field of shape (size, size) with mean 0 and deviation 1."""
    total = np.zeros((size, size), dtype=np.float32)
    strength = 1.0
    for octave in range(octaves):
        count = min(cells * 2**octave, size // 2)
        lattice = random.standard_normal((count, count)).astype(np.float32)
        weights = _spline(size, count)
        total += strength * (weights @ lattice @ weights.T)
        strength *= gain
    total -= total.mean()
    return total / total.std()


def sample(field: Field, x: NDArray[np.floating], y: NDArray[np.floating]) -> Field:
    """Read a tileable square field bilinearly at unit coordinates that wrap; x and y broadcast."""
    size = field.shape[0]
    across, down = np.broadcast_arrays(
        np.asarray(x, dtype=np.float32) * size, np.asarray(y, dtype=np.float32) * size
    )
    left, top = np.floor(across), np.floor(down)
    fx, fy = across - left, down - top
    x0, y0 = left.astype(np.int32) % size, top.astype(np.int32) % size
    x1 = (x0 + 1) % size
    flat = field.ravel()
    row0, row1 = y0 * size, ((y0 + 1) % size) * size
    upper = flat[row0 + x0]
    upper += (flat[row0 + x1] - upper) * fx
    lower = flat[row1 + x0]
    lower += (flat[row1 + x1] - lower) * fx
    upper += (lower - upper) * fy
    return upper


def wave(
    random: Random, where: NDArray[np.floating], period: float, octaves: int = 5, gain: float = 0.5
) -> Field:
    """Return 1-D fractal noise (about -1..1) at the places given, `period` units a wave."""
    total = np.zeros(np.shape(where), dtype=np.float32)
    strength, reach = 1.0, 0.0
    for octave in range(octaves):
        lattice = random.uniform(-1, 1, 256)
        place = np.asarray(where, dtype=np.float64) / period * 2**octave + 64
        base = np.floor(place).astype(int)
        t = place - base
        t = t * t * t * (t * (6 * t - 15) + 10)
        total += strength * (lattice[base % 256] * (1 - t) + lattice[(base + 1) % 256] * t)
        reach += strength
        strength *= gain
    return total / np.float32(reach * 0.6)


def resized(field: Field, width: int, height: int) -> Field:
    """Return a 2-D field brought smoothly to another size."""
    if field.shape == (height, width):
        return field
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def blurred(field: Field, radius: float) -> Field:
    """Blur a 2-D field softly by going through a smaller one; `radius` in pixels."""
    height, width = field.shape
    factor = max(1.0, radius)
    small = (max(1, round(width / factor)), max(1, round(height / factor)))
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    reduced = picture.resize(small, Image.Resampling.BOX)
    return np.asarray(reduced.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)
