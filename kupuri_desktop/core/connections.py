"""Lines whose ends stick to items: where they touch, and how they follow."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import centre, turned, upright
from kupuri_desktop.core.items import Item, LineForm, LineItem, ShapeForm, ShapeItem, Side
from kupuri_desktop.core.routes import Point, ends, routed

GAP = 6.0
"""Canvas units between an item and the end of a line that sticks to it."""

_OUT = {
    Side.LEFT: (-1.0, 0.0),
    Side.TOP: (0.0, -1.0),
    Side.RIGHT: (1.0, 0.0),
    Side.BOTTOM: (0.0, 1.0),
}


def joined(line: LineItem, items: Mapping[str, Item]) -> LineItem:
    """The line with its stuck ends where their items are now. Items that are gone let go."""
    a, b = ends(line)
    first = items.get(line.start_item or "")
    last = items.get(line.end_item or "")
    line = replace(
        line,
        start_item=first.id if first else None,
        end_item=last.id if last else None,
        start_side=line.start_side if first else None,
        end_side=line.end_side if last else None,
    )
    if line.form is LineForm.STRAIGHT:
        return _joined_straight(line, a, b, first, last)
    here = upright(first) if first else Rect(*a, 0.0, 0.0)
    there = upright(last) if last else Rect(*b, 0.0, 0.0)
    out_a = out_b = None
    if first is not None:
        a, out_a = magnet(first, line.start_side or _facing(first, here, there))
    if last is not None:
        b, out_b = magnet(last, line.end_side or _facing(last, there, here))
    if line.form is LineForm.ELBOW:
        out_a, out_b = _square(out_a), _square(out_b)
    around = [rect for rect, item in ((here, first), (there, last)) if item is not None]
    return routed(line, a, b, out_a, out_b, around)


def _joined_straight(
    line: LineItem, a: Point, b: Point, first: Item | None, last: Item | None
) -> LineItem:
    if first is not None:
        a = magnet(first, line.start_side)[0] if line.start_side else centre(first.rect)
    if last is not None:
        b = magnet(last, line.end_side)[0] if line.end_side else centre(last.rect)
    start = border(first, b) if first is not None and line.start_side is None else a
    end = border(last, a) if last is not None and line.end_side is None else b
    return routed(line, start, end)


def magnet(item: Item, side: Side) -> tuple[Point, Point]:
    """The middle of a side, a little further out, and the unit step away from the item there."""
    cx, cy = centre(item.rect)
    dx, dy = _OUT[side]
    x = cx + dx * (item.width / 2 + GAP)
    y = cy + dy * (item.height / 2 + GAP)
    return turned(x, y, cx, cy, item.rotation), turned(dx, dy, 0.0, 0.0, item.rotation)


def side_near(item: Item, x: float, y: float, reach: float) -> Side | None:
    """The side whose middle a point is at; None: at none of them."""
    far = {side: math.dist(magnet(item, side)[0], (x, y)) for side in Side}
    nearest = min(far, key=lambda side: far[side])
    return nearest if far[nearest] <= reach + GAP else None


def _facing(item: Item, here: Rect, there: Rect) -> Side:
    """The side that looks toward the other end, across the wider gap between the two."""
    across = max(there.x - here.right, here.x - there.right)
    down = max(there.y - here.bottom, here.y - there.bottom)
    (x, y), (u, v) = centre(here), centre(there)
    wanted = (math.copysign(1.0, u - x), 0.0)
    if down > across:
        wanted = (0.0, math.copysign(1.0, v - y))

    def agreement(side: Side) -> float:
        dx, dy = turned(*_OUT[side], 0.0, 0.0, item.rotation)
        return dx * wanted[0] + dy * wanted[1]

    return max(Side, key=agreement)


def _square(out: Point | None) -> Point | None:
    """The step along the axis that it is closest to."""
    if out is None:
        return None
    x, y = out
    return (math.copysign(1.0, x), 0.0) if abs(x) >= abs(y) else (0.0, math.copysign(1.0, y))


def border(item: Item, toward: tuple[float, float]) -> tuple[float, float]:
    """Where a line from the item's centre toward a point leaves it, a little further out."""
    cx, cy = centre(item.rect)
    x, y = turned(*toward, cx, cy, -item.rotation)
    dx, dy = x - cx, y - cy
    if dx == 0 and dy == 0:
        return cx, cy
    half = Rect(0, 0, item.width / 2 + GAP, item.height / 2 + GAP)
    if isinstance(item, ShapeItem) and item.form is ShapeForm.ELLIPSE:
        t = ((dx / half.width) ** 2 + (dy / half.height) ** 2) ** -0.5
    else:
        t = min(
            half.width / abs(dx) if dx else float("inf"),
            half.height / abs(dy) if dy else float("inf"),
        )
    return turned(cx + dx * t, cy + dy * t, cx, cy, item.rotation)


def following(
    lines: Iterable[LineItem], items: Mapping[str, Item], after: Mapping[str, Item | None]
) -> dict[str, Item | None]:
    """The lines that an edit takes along, in their new places: those stuck to what it changes.

    A line that is changed itself keeps its stuck ends where they stick.
    """
    now: dict[str, Item] = dict(items.items())
    for key, item in after.items():
        if item is None:
            now.pop(key, None)
        else:
            now[key] = item
    result: dict[str, Item | None] = {}
    for line in lines:
        mine = now.get(line.id)
        if isinstance(mine, LineItem) and (
            line.id in after or mine.start_item in after or mine.end_item in after
        ):
            result[line.id] = joined(mine, now)
    return result
