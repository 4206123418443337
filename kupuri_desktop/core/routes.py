"""The way of a line between its ends: straight, by right angles, or in one curve."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import LineForm, LineItem

Point = tuple[float, float]

STUB = 24.0
"""Canvas units that an elbow goes straight out of an item before its first corner."""

_FLATNESS = 24
"""Pieces of a curve: a corner between two is then not seen."""

_CORNER_COST, _THROUGH_COST, _BACK_COST = 12.0, 4000.0, 1000.0
"""In canvas units of way: a corner; going through an item at an end; turning back on itself."""


def ends(line: LineItem) -> tuple[Point, Point]:
    """Both ends on the canvas."""
    return (
        (line.x + line.start[0], line.y + line.start[1]),
        (line.x + line.end[0], line.y + line.end[1]),
    )


def way(line: LineItem) -> list[Point]:
    """The points of a line on the canvas, from its start; a curve is cut into short pieces."""
    a, b = ends(line)
    bends = [(line.x + u, line.y + v) for u, v in line.bends]
    if line.form is LineForm.CURVE and len(bends) == 2:
        c, d = bends
        return [_on_curve(a, c, d, b, n / _FLATNESS) for n in range(_FLATNESS + 1)]
    return [a, *(bends if line.form is LineForm.ELBOW else ()), b]


def routed(
    line: LineItem,
    a: Point,
    b: Point,
    out_a: Point | None = None,
    out_b: Point | None = None,
    around: Sequence[Rect] = (),
) -> LineItem:
    """The line from `a` to `b` on the canvas in its form, its box around all of it.

    out_a, out_b: unit steps away from what the ends stick to; None where an end is free.
    around: what an elbow keeps out of.
    """
    match line.form:
        case LineForm.STRAIGHT:
            bends: list[Point] = []
        case LineForm.ELBOW:
            bends = elbow(a, b, out_a, out_b, around)
        case LineForm.CURVE:
            bends = _controls(a, b, out_a, out_b)
    there = replace(line, x=0.0, y=0.0, rotation=0.0, start=a, end=b, bends=tuple(bends))
    points = way(there)
    x, y = min(p[0] for p in points), min(p[1] for p in points)
    return replace(
        there,
        x=x,
        y=y,
        width=max(p[0] for p in points) - x,
        height=max(p[1] for p in points) - y,
        start=(a[0] - x, a[1] - y),
        end=(b[0] - x, b[1] - y),
        bends=tuple((u - x, v - y) for u, v in bends),
    )


def elbow(
    a: Point,
    b: Point,
    out_a: Point | None = None,
    out_b: Point | None = None,
    around: Sequence[Rect] = (),
) -> list[Point]:
    """The corners of a way by right angles: the shortest with few corners and nothing crossed."""
    first = _stepped(a, out_a)
    last = _stepped(b, out_b)
    best, least = [], math.inf
    for middle in _ways(first, last, around):
        points = _plain([a, first, *middle, last, b])
        cost = _cost(points, out_a, out_b, around)
        if cost < least:
            best, least = points, cost
    return best[1:-1]


def _ways(a: Point, b: Point, around: Sequence[Rect]) -> Iterable[list[Point]]:
    yield [(b[0], a[1])]
    yield [(a[0], b[1])]
    xs = {(a[0] + b[0]) / 2, *(r.x - STUB for r in around), *(r.right + STUB for r in around)}
    ys = {(a[1] + b[1]) / 2, *(r.y - STUB for r in around), *(r.bottom + STUB for r in around)}
    for x in sorted(xs):
        yield [(x, a[1]), (x, b[1])]
    for y in sorted(ys):
        yield [(a[0], y), (b[0], y)]


def _cost(
    points: list[Point], out_a: Point | None, out_b: Point | None, around: Sequence[Rect]
) -> float:
    cost = _CORNER_COST * len(points)
    for p, q in itertools.pairwise(points):
        cost += math.dist(p, q)
        cost += _THROUGH_COST * sum(_crosses(p, q, rect) for rect in around)
    steps = [(q[0] - p[0], q[1] - p[1]) for p, q in itertools.pairwise(points)]
    for one, other in itertools.pairwise(steps):
        if one[0] * other[0] + one[1] * other[1] < 0:
            cost += _BACK_COST
    if steps:
        # A free end that goes along the longer way looks calmer.
        dx, dy = abs(points[-1][0] - points[0][0]), abs(points[-1][1] - points[0][1])
        for free, step in ((out_a is None, steps[0]), (out_b is None, steps[-1])):
            if free and (abs(step[0]) > abs(step[1])) != (dx >= dy):
                cost += _CORNER_COST
    return cost


def _crosses(p: Point, q: Point, rect: Rect) -> bool:
    return (
        min(p[0], q[0]) < rect.right - 1
        and max(p[0], q[0]) > rect.x + 1
        and min(p[1], q[1]) < rect.bottom - 1
        and max(p[1], q[1]) > rect.y + 1
    )


def _plain(points: list[Point]) -> list[Point]:
    """Without points that are met twice, and corners that turn nowhere."""
    kept: list[Point] = []
    for point in points:
        if kept and math.dist(kept[-1], point) < 0.01:
            continue
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept if len(kept) > 1 else [points[0], points[-1]]


def _in_line(p: Point, q: Point, r: Point) -> bool:
    one, other = (q[0] - p[0], q[1] - p[1]), (r[0] - q[0], r[1] - q[1])
    cross = one[0] * other[1] - one[1] * other[0]
    return abs(cross) < 0.01 and one[0] * other[0] + one[1] * other[1] > 0


def _stepped(at: Point, out: Point | None) -> Point:
    return at if out is None else (at[0] + out[0] * STUB, at[1] + out[1] * STUB)


def _controls(a: Point, b: Point, out_a: Point | None, out_b: Point | None) -> list[Point]:
    dx, dy = b[0] - a[0], b[1] - a[1]
    far = math.hypot(dx, dy) / 2
    along = (math.copysign(1.0, dx), 0.0) if abs(dx) >= abs(dy) else (0.0, math.copysign(1.0, dy))
    u, v = out_a or along
    r, s = out_b or (-along[0], -along[1])
    return [(a[0] + u * far, a[1] + v * far), (b[0] + r * far, b[1] + s * far)]


def _on_curve(a: Point, c: Point, d: Point, b: Point, t: float) -> Point:
    s = 1.0 - t
    k, m, n, o = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return (
        k * a[0] + m * c[0] + n * d[0] + o * b[0],
        k * a[1] + m * c[1] + n * d[1] + o * b[1],
    )


def trimmed(points: Sequence[Point], first: float, last: float) -> list[Point]:
    """The way without its first and last so many units; at least its middle is left."""
    whole = sum(math.dist(p, q) for p, q in itertools.pairwise(points))
    share = min(1.0, 0.98 * whole / (first + last)) if first + last > 0 else 1.0
    cut = _without_start(list(points), first * share)
    return _without_start(cut[::-1], last * share)[::-1]


def _without_start(points: list[Point], length: float) -> list[Point]:
    while length > 0 and len(points) > 1:
        step = math.dist(points[0], points[1])
        if step > length:
            (x, y), (u, v) = points[0], points[1]
            return [(x + (u - x) * length / step, y + (v - y) * length / step), *points[1:]]
        length -= step
        points = points[1:]
    return points
