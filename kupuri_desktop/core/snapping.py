"""Where things that are moved or resized come to rest: on edges, middles and equal gaps."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kupuri_desktop.core.geometry import Rect


@dataclass(frozen=True, slots=True)
class Guide:
    """A line that shows why something came to rest; `distances` along it are written out.

    at: its x if upright, its y if not; from `start` to `end` on the other axis.
    """

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Distance:
    """A gap that is shown with its length, from (x, y) on; across or down."""

    x: float
    y: float
    length: float
    across: bool


@dataclass(frozen=True, slots=True)
class Snap:
    """How far to move on to come to rest, and what to show."""

    dx: float = 0.0
    dy: float = 0.0
    guides: tuple[Guide, ...] = ()
    distances: tuple[Distance, ...] = ()


NOWHERE = Snap()


def snap(
    rect: Rect, others: Iterable[Rect], reach: float, *, xs: bool = True, ys: bool = True
) -> Snap:
    """Where `rect` comes to rest among others. reach: canvas units. xs, ys: axes that may move."""
    known = list(others)
    dx, dy = None, None
    if xs:
        edge = _edge_snap(_lines_x(rect), [line for r in known for line in _lines_x(r)], reach)
        dx = _nearer(edge, _gap_snap(rect, known, reach, across=True))
    if ys:
        edge = _edge_snap(_lines_y(rect), [line for r in known for line in _lines_y(r)], reach)
        dy = _nearer(edge, _gap_snap(rect, known, reach, across=False))
    distances: list[Distance] = []
    there = rect.moved(dx or 0.0, dy or 0.0)
    guides: list[Guide] = []
    if dx is not None:
        guides += _guides(there, known, upright=True)
        distances += _equal_gaps(there, known, across=True)
    if dy is not None:
        guides += _guides(there, known, upright=False)
        distances += _equal_gaps(there, known, across=False)
    return Snap(dx or 0.0, dy or 0.0, tuple(guides), tuple(distances))


def snap_point(
    x: float, y: float, others: Iterable[Rect], reach: float, *, xs: bool, ys: bool
) -> Snap:
    """The same for the side or corner that is taken to resize something."""
    known = list(others)
    dx = _edge_snap((x,), [v for r in known for v in _lines_x(r)], reach) if xs else None
    dy = _edge_snap((y,), [v for r in known for v in _lines_y(r)], reach) if ys else None
    there = Rect(x + (dx or 0.0), y + (dy or 0.0), 0.0, 0.0)
    guides: list[Guide] = []
    if dx is not None:
        guides += _guides(there, known, upright=True)
    if dy is not None:
        guides += _guides(there, known, upright=False)
    return Snap(dx or 0.0, dy or 0.0, tuple(guides))


GRID = 8.0
"""Canvas units between the lines of the grid that things snap to; a dot is at every fourth."""


def snap_to_grid(x: float, y: float, rest: Snap = NOWHERE, step: float = GRID) -> Snap:
    """What `rest` says, and on to the grid along the axes in which it moves nothing."""
    across = rest.dx or any(guide.upright for guide in rest.guides)
    down = rest.dy or any(not guide.upright for guide in rest.guides)
    return replace(
        rest,
        dx=rest.dx if across else round(x / step) * step - x,
        dy=rest.dy if down else round(y / step) * step - y,
    )


def _lines_x(rect: Rect) -> tuple[float, float, float]:
    return rect.x, rect.x + rect.width / 2, rect.right


def _lines_y(rect: Rect) -> tuple[float, float, float]:
    return rect.y, rect.y + rect.height / 2, rect.bottom


def _edge_snap(mine: Sequence[float], theirs: Sequence[float], reach: float) -> float | None:
    best: float | None = None
    for line in mine:
        for other in theirs:
            step = other - line
            if abs(step) <= reach and (best is None or abs(step) < abs(best)):
                best = step
    return best


def _nearer(edge: float | None, gap: float | None) -> float | None:
    """The shorter step; an edge where both are as near."""
    if edge is None or (gap is not None and abs(gap) < abs(edge)):
        return gap
    return edge


def _guides(rect: Rect, others: Sequence[Rect], *, upright: bool) -> list[Guide]:
    """A line for each edge or middle that another shares, along everything that shares it."""
    lines = dict.fromkeys(_lines_x(rect) if upright else _lines_y(rect))
    found: list[Guide] = []
    for line in lines:
        sharing = [
            r
            for r in others
            if any(abs(v - line) < 0.01 for v in (_lines_x(r) if upright else _lines_y(r)))
        ]
        if sharing:
            ends = [rect, *sharing]
            if upright:
                start, end = min(r.y for r in ends), max(r.bottom for r in ends)
            else:
                start, end = min(r.x for r in ends), max(r.right for r in ends)
            found.append(Guide(upright, line, start, end))
    return found


def _span(rect: Rect, across: bool) -> tuple[float, float]:
    return (rect.x, rect.right) if across else (rect.y, rect.bottom)


def _beside(rect: Rect, others: Sequence[Rect], across: bool) -> list[Rect]:
    """Others in the same row (or column), in order."""
    low, high = _span(rect, not across)
    row = [r for r in others if _span(r, not across)[0] < high and _span(r, not across)[1] > low]
    return sorted(row, key=lambda r: _span(r, across)[0])


def _gap_snap(rect: Rect, others: Sequence[Rect], reach: float, *, across: bool) -> float | None:
    """The step that makes the gap to a neighbour one that is there already, or both the same."""
    row = _beside(rect, others, across)
    start, end = _span(rect, across)
    left = [r for r in row if _span(r, across)[1] <= start + reach]
    right = [r for r in row if _span(r, across)[0] >= end - reach]
    gaps = {g for g in _gaps(row, across) if g > 0}
    steps: list[float] = []
    if left:
        edge = max(_span(r, across)[1] for r in left)
        steps += [edge + gap - start for gap in gaps]
    if right:
        edge = min(_span(r, across)[0] for r in right)
        steps += [edge - gap - end for gap in gaps]
    if left and right:
        low = max(_span(r, across)[1] for r in left)
        high = min(_span(r, across)[0] for r in right)
        steps.append((low + high) / 2 - (start + end) / 2)
    near = [step for step in steps if abs(step) <= reach]
    return min(near, key=abs) if near else None


def _gaps(row: Sequence[Rect], across: bool) -> list[float]:
    return [_span(b, across)[0] - _span(a, across)[1] for a, b in itertools.pairwise(row)]


def _equal_gaps(rect: Rect, others: Sequence[Rect], *, across: bool) -> list[Distance]:
    """The gaps in the row that are as long as one beside the rectangle, where there are two."""
    row = sorted([*_beside(rect, others, across), rect], key=lambda r: _span(r, across)[0])
    at = row.index(rect)
    gaps = _gaps(row, across)
    mine = [gaps[i] for i in (at - 1, at) if 0 <= i < len(gaps) and gaps[i] > 0.01]
    found: list[Distance] = []
    for wanted in dict.fromkeys(round(gap, 2) for gap in mine):
        same = [i for i, gap in enumerate(gaps) if abs(gap - wanted) < 0.02]
        if len(same) > 1:
            for i in same:
                a, b = row[i], row[i + 1]
                low = max(_span(a, not across)[0], _span(b, not across)[0])
                high = min(_span(a, not across)[1], _span(b, not across)[1])
                side = (low + high) / 2
                edge = _span(a, across)[1]
                x, y = (edge, side) if across else (side, edge)
                distance = Distance(x, y, gaps[i], across)
                if distance not in found:
                    found.append(distance)
    return found
