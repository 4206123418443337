"""Lines whose ends stick to items: where they touch, and how they follow."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import centre, turned
from kupuri_desktop.core.items import Item, LineItem, ShapeForm, ShapeItem
from kupuri_desktop.core.transforms import line_between

GAP = 6.0
"""Canvas units between an item and the end of a line that sticks to it."""


def ends(line: LineItem) -> tuple[tuple[float, float], tuple[float, float]]:
    """Both ends on the canvas."""
    return (
        (line.x + line.start[0], line.y + line.start[1]),
        (line.x + line.end[0], line.y + line.end[1]),
    )


def joined(line: LineItem, items: Mapping[str, Item]) -> LineItem:
    """The line with its stuck ends where their items are now. Items that are gone let go."""
    a, b = ends(line)
    first = items.get(line.start_item or "")
    last = items.get(line.end_item or "")
    line = replace(
        line,
        start_item=line.start_item if first else None,
        end_item=line.end_item if last else None,
    )
    toward_a = centre(last.rect) if last else b
    toward_b = centre(first.rect) if first else a
    if first is not None:
        a = border(first, toward_a)
    if last is not None:
        b = border(last, toward_b)
    return line_between(line, a, b)


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
    """The lines that an edit takes along: those stuck to what it changes, in their new places."""
    now: dict[str, Item] = dict(items.items())
    for key, item in after.items():
        if item is None:
            now.pop(key, None)
        else:
            now[key] = item
    result: dict[str, Item | None] = {}
    for line in lines:
        mine = now.get(line.id)
        if isinstance(mine, LineItem) and (mine.start_item in after or mine.end_item in after):
            result[line.id] = joined(mine, now)
    return result
