"""Rectangles on the canvas, and where there is room for a new one."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = 32.0
"""Canvas units between things that Kupuri lays out itself."""

VIEW_SHAPE = 1.5
"""Width to height of the canvas that most people look at, beside the chat."""

_TRIED = 24
"""Up to so many things every number of columns is tried."""


@dataclass(frozen=True, slots=True)
class Rect:
    """Canvas units (1 unit is one pixel at 100 %); y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def meets(self, other: "Rect", gap: float = 0.0) -> bool:
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )

    def moved(self, dx: float, dy: float) -> "Rect":
        return Rect(self.x + dx, self.y + dy, self.width, self.height)


def bounds(rects: Iterable[Rect]) -> Rect | None:
    """The smallest rectangle that holds all; None of nothing."""
    known = list(rects)
    if not known:
        return None
    x = min(r.x for r in known)
    y = min(r.y for r in known)
    return Rect(x, y, max(r.right for r in known) - x, max(r.bottom for r in known) - y)


def in_row(sizes: Sequence[tuple[float, float]], gap: float = GAP) -> list[Rect]:
    """Rectangles side by side from (0, 0), tops aligned."""
    row: list[Rect] = []
    x = 0.0
    for width, height in sizes:
        row.append(Rect(x, 0.0, width, height))
        x += width + gap
    return row


def in_grid(
    sizes: Sequence[tuple[float, float]], columns: int | None = None, gap: float = GAP
) -> list[Rect]:
    """Rows of at most `columns` from (0, 0); None: as many as show all of them the largest."""
    if columns is None:
        columns = _columns(sizes, gap)
    placed: list[Rect] = []
    y = 0.0
    for start in range(0, len(sizes), max(columns, 1)):
        row = [r.moved(0.0, y) for r in in_row(sizes[start : start + columns], gap)]
        placed.extend(row)
        y = max(r.bottom for r in row) + gap
    return placed


def _columns(sizes: Sequence[tuple[float, float]], gap: float) -> int:
    count = len(sizes)
    if count > _TRIED:
        width, height = (sum(size[axis] + gap for size in sizes) / count for axis in (0, 1))
        return min(max(round(math.sqrt(count * VIEW_SHAPE * height / width)), 1), count)
    fits: dict[int, float] = {}
    for columns in range(count, 0, -1):
        whole = bounds(in_grid(sizes, columns, gap))
        assert whole is not None
        fits[columns] = min(VIEW_SHAPE / max(whole.width, 1.0), 1.0 / max(whole.height, 1.0))
    # Of what shows them nearly as large, the one with the fewest holes, and the longest rows.
    enough = 0.85 * max(fits.values(), default=0.0)
    good = [columns for columns, fit in fits.items() if fit >= enough]
    return min(good, key=lambda columns: (-count % columns, -columns), default=0)


def find_room(
    taken: Iterable[Rect], width: float, height: float, gap: float = GAP
) -> tuple[float, float]:
    """The top left corner of a free place of that size, near what is already there.

    An empty canvas gives a place centred on the origin. Else the candidates are right of and
    below each thing; the free one wins whose far corner stays closest to the top left of all.
    """
    obstacles = list(taken)
    whole = bounds(obstacles)
    if whole is None:
        return -width / 2, -height / 2
    best = (whole.x, whole.bottom + gap)
    best_reach = _reach(whole, Rect(*best, width, height))
    if len(obstacles) <= 2000:
        for corner in _corners(obstacles, whole, gap):
            candidate = Rect(*corner, width, height)
            reach = _reach(whole, candidate)
            if reach < best_reach and not any(
                candidate.meets(other, gap * 0.99) for other in obstacles
            ):
                best, best_reach = corner, reach
    return best


def find_room_beside(
    taken: Iterable[Rect], beside: Rect, width: float, height: float, gap: float = GAP
) -> tuple[float, float]:
    """The top left corner of a free place right of a rectangle, else below, left or above it;

    where all are taken the first free place farther to the right in its row.
    """
    obstacles = list(taken)
    x, y = beside.right + gap, beside.y
    for left, top in (
        (x, y),
        (beside.x, beside.bottom + gap),
        (beside.x - gap - width, y),
        (beside.x, y - gap - height),
    ):
        place = Rect(left, top, width, height)
        if not any(place.meets(other, gap * 0.99) for other in obstacles):
            return left, top
    while blocking := [o for o in obstacles if Rect(x, y, width, height).meets(o, gap * 0.99)]:
        x = max(other.right for other in blocking) + gap
    return x, y


def _corners(obstacles: list[Rect], whole: Rect, gap: float) -> Iterable[tuple[float, float]]:
    for rect in obstacles:
        yield rect.right + gap, rect.y
        yield rect.x, rect.bottom + gap
    yield whole.right + gap, whole.y


def _reach(whole: Rect, candidate: Rect) -> float:
    width = max(candidate.right, whole.right) - whole.x
    height = max(candidate.bottom, whole.bottom) - whole.y
    return max(width, height * 1.6) + 0.01 * (candidate.x - whole.x + candidate.y - whole.y)
