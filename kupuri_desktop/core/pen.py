"""The captured points of a pen stroke: the hand's tremble taken out, and then all that is idle."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

Sample = tuple[float, float, float]
"""x, y in canvas units; pressure from 0 to 1."""

_SHARP = math.radians(25)


@dataclass(slots=True)
class Smoother:
    """Follows a hand with less lag the faster it goes: a 1-euro filter over way, not time.

    After Casiez, Roussel, Vogel: "1€ Filter", CHI 2012, https://gery.casiez.net/1euro/. A step of
    the pointer stands for its speed, as pointer events come at an even rate.
    step: the length under which a step counts as slow, canvas units.
    """

    step: float
    _last: Sample | None = field(default=None)

    def follow(self, x: float, y: float, pressure: float) -> Sample:
        last = self._last
        if last is None:
            self._last = (x, y, pressure)
            return self._last
        far = math.dist(last[:2], (x, y))
        trust = min(1.0, 0.45 + 0.55 * far / (far + 4 * self.step)) if far else 1.0
        self._last = (
            last[0] + (x - last[0]) * trust,
            last[1] + (y - last[1]) * trust,
            last[2] + (pressure - last[2]) * 0.5,
        )
        return self._last


def simplified(path: Sequence[Sample], tolerance: float, pressure: float = 0.04) -> list[Sample]:
    """The path without the points that lie within `tolerance` of the way between the others.

    Ramer-Douglas-Peucker (Computer Graphics and Image Processing 1, 1972), pressure as a third
    axis: a change by `pressure` weighs as much as `tolerance`. The ends stay.
    """
    if len(path) < 3:
        return list(path)
    depth = tolerance / pressure
    points = [(x, y, p * depth) for x, y, p in path]
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, at = 0.0, 0
        for n in range(first + 1, last):
            here = _distance(points[n], points[first], points[last])
            if here > far:
                far, at = here, n
        if far > tolerance:
            kept.add(at)
            spans += [(first, at), (at, last)]
    return [path[n] for n in sorted(kept | _corners(path, sorted(kept)))]


def _corners(path: Sequence[Sample], kept: Sequence[int]) -> set[int]:
    """The neighbours of sharp corners: between far points the painter would round them wide."""
    found: set[int] = set()
    for before, at, after in zip(kept, kept[1:], kept[2:], strict=False):
        (ax, ay, _), (x, y, _), (bx, by, _) = path[before], path[at], path[after]
        turn = math.atan2(by - y, bx - x) - math.atan2(y - ay, x - ax)
        if abs(math.remainder(turn, math.tau)) > _SHARP:
            found |= {at - 1, at + 1}
    return found


def _distance(point: Sample, a: Sample, b: Sample) -> float:
    along = [v - u for u, v in zip(a, b, strict=True)]
    off = [v - u for u, v in zip(a, point, strict=True)]
    length = sum(v * v for v in along)
    t = sum(u * v for u, v in zip(along, off, strict=True)) / length if length else 0.0
    t = min(max(t, 0.0), 1.0)
    return math.sqrt(sum((v - t * u) ** 2 for u, v in zip(along, off, strict=True)))
