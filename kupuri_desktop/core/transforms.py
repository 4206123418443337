"""Moves, resizes and turns items as a hand does: pure rules, each giving new items."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from operator import add, attrgetter

from kupuri_desktop.core.geometry import Rect, bounds
from kupuri_desktop.core.hits import centre, turned, upright
from kupuri_desktop.core.items import ImageItem, Item, LineItem, NoteItem, StrokeItem, TextItem
from kupuri_desktop.core.routes import routed

SMALLEST = 4.0
"""Canvas units: no edge gets shorter by resizing."""

STEP = 15.0
"""Degrees of a turn with Shift."""

_EDGES = attrgetter("x", "y", "width", "height")


class Handle(Enum):
    """Where a selection is taken to resize it; (column, row) from -1 to 1."""

    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    RIGHT = (1, 0)
    BOTTOM_RIGHT = (1, 1)
    BOTTOM = (0, 1)
    BOTTOM_LEFT = (-1, 1)
    LEFT = (-1, 0)

    @property
    def corner(self) -> bool:
        return 0 not in self.value


def moved(item: Item, dx: float, dy: float) -> Item:
    return replace(item, x=item.x + dx, y=item.y + dy)


def around(items: Iterable[Item]) -> Rect | None:
    """The upright rectangle around items; None of none."""
    known = list(items)
    rects = [upright(item) for item in known if item.rotation != 0]
    straight = (
        list(map(_EDGES, known))
        if not rects
        else [_EDGES(item) for item in known if item.rotation == 0]
    )
    if straight:
        # Without an object for each: it is asked for at every frame of a drag.
        x, y, width, height = zip(*straight, strict=True)
        left, top = min(x), min(y)
        right, bottom = max(map(add, x, width)), max(map(add, y, height))
        rects.append(Rect(left, top, right - left, bottom - top))
    return bounds(rects)


def keeps_aspect(items: Sequence[Item]) -> bool:
    """Whether resizing keeps the proportions unless Shift is held."""
    return len(items) > 1 or isinstance(items[0], ImageItem)


def dragged(rect: Rect, handle: Handle, x: float, y: float, *, aspect: bool, middle: bool) -> Rect:
    """The rectangle with `handle` taken to (x, y), in the rectangle's own upright axes.

    aspect: proportions stay. middle: the centre stays instead of the opposite side.
    """
    hx, hy = handle.value
    cx, cy = centre(rect)
    anchor_x = cx if middle or hx == 0 else (rect.x if hx > 0 else rect.right)
    anchor_y = cy if middle or hy == 0 else (rect.y if hy > 0 else rect.bottom)
    spread = 2.0 if middle else 1.0
    width = max((x - anchor_x) * hx * spread, SMALLEST) if hx else rect.width
    height = max((y - anchor_y) * hy * spread, SMALLEST) if hy else rect.height
    if aspect and rect.width > 0 and rect.height > 0:
        by_width, by_height = width / rect.width, height / rect.height
        scale = max(by_width, by_height) if hx and hy else by_width if hx else by_height
        scale = max(scale, SMALLEST / max(rect.width, rect.height))
        width, height = rect.width * scale, rect.height * scale
    left = anchor_x - width / 2 if middle or hx == 0 else (anchor_x if hx > 0 else anchor_x - width)
    top = (
        anchor_y - height / 2 if middle or hy == 0 else (anchor_y if hy > 0 else anchor_y - height)
    )
    return Rect(left, top, width, height)


def resized(
    item: Item, handle: Handle, x: float, y: float, *, aspect: bool, middle: bool = False
) -> Item:
    """One item with a handle taken to (x, y) on the canvas; it keeps its turn.

    A text's letters grow with a corner where proportions stay; else it wraps in its new width.
    """
    cx, cy = centre(item.rect)
    px, py = turned(x, y, cx, cy, -item.rotation)
    new = dragged(item.rect, handle, px, py, aspect=aspect, middle=middle)
    nx, ny = centre(new)
    wx, wy = turned(nx, ny, cx, cy, item.rotation)
    place = Rect(wx - new.width / 2, wy - new.height / 2, new.width, new.height)
    return fitted(item, place, letters=handle.corner and aspect)


def resized_together(items: Sequence[Item], old: Rect, new: Rect) -> list[Item]:
    """Items laid out in `old` laid out the same way in `new`."""
    sx = new.width / old.width if old.width else 1.0
    sy = new.height / old.height if old.height else 1.0
    result = []
    for item in items:
        cx, cy = centre(item.rect)
        nx, ny = new.x + (cx - old.x) * sx, new.y + (cy - old.y) * sy
        angle = math.radians(item.rotation)
        sin, cos = math.sin(angle), math.cos(angle)
        width = item.width * math.hypot(sx * cos, sy * sin)
        height = item.height * math.hypot(sx * sin, sy * cos)
        place = Rect(nx - width / 2, ny - height / 2, width, height)
        result.append(fitted(item, place, letters=True))
    return result


def fitted(item: Item, place: Rect, *, letters: bool) -> Item:
    """The item in another rectangle, with what is inside it. letters: a text's size follows."""
    sx = place.width / item.width if item.width else 1.0
    sy = place.height / item.height if item.height else 1.0
    there = replace(item, x=place.x, y=place.y, width=place.width, height=place.height)
    match there:
        case LineItem(start=start, end=end):
            return replace(
                there,
                start=(start[0] * sx, start[1] * sy),
                end=(end[0] * sx, end[1] * sy),
                bends=tuple((u * sx, v * sy) for u, v in there.bends),
            )
        case StrokeItem(points=points):
            return replace(there, points=tuple((u * sx, v * sy, p) for u, v, p in points))
        case TextItem() if letters:
            return replace(there, font_size=max(there.font_size * sy, 1.0))
        case _:
            return there


def rotated(items: Iterable[Item], cx: float, cy: float, degrees: float) -> list[Item]:
    """Items turned together about a point."""
    result: list[Item] = []
    for item in items:
        x, y = centre(item.rect)
        nx, ny = turned(x, y, cx, cy, degrees)
        there = replace(item, x=nx - item.width / 2, y=ny - item.height / 2)
        if isinstance(item, (LineItem, StrokeItem)):
            result.append(_turned_path(there, degrees))
        else:
            result.append(replace(there, rotation=upright_degrees(item.rotation + degrees)))
    return result


def upright_degrees(degrees: float) -> float:
    """The same turn from -180 (not included) to 180, without the dust of floating point."""
    turn = math.remainder(degrees, 360.0)
    return 0.0 if abs(turn) < 1e-9 else round(180.0 if turn == -180 else turn, 6)


def _turned_path(item: Item, degrees: float) -> Item:
    # A line's box has no sides to turn: its points turn and the box is drawn around them anew.
    cx, cy = centre(item.rect)
    match item:
        case LineItem(start=start, end=end):
            a = turned(item.x + start[0], item.y + start[1], cx, cy, degrees)
            b = turned(item.x + end[0], item.y + end[1], cx, cy, degrees)
            return routed(item, a, b)
        case StrokeItem(points=points):
            path = [
                (*turned(item.x + u, item.y + v, cx, cy, degrees), pressure)
                for u, v, pressure in points
            ]
            return stroke_through(item, path)
        case _:
            return item


def stroke_through(item: StrokeItem, path: Sequence[tuple[float, float, float]]) -> StrokeItem:
    """The stroke through (x, y, pressure) on the canvas, its box around them."""
    x, y = min(p[0] for p in path), min(p[1] for p in path)
    return replace(
        item,
        x=x,
        y=y,
        width=max(p[0] for p in path) - x,
        height=max(p[1] for p in path) - y,
        rotation=0.0,
        points=tuple((u - x, v - y, p) for u, v, p in path),
    )


def writes(item: Item) -> bool:
    """Whether the item holds words that can be edited in place."""
    return isinstance(item, (TextItem, NoteItem))
