"""Puts a drawing that was made on white paper onto paper again, where dark ink needs it."""

from collections.abc import Sequence
from dataclasses import replace

from kupuri_desktop.core.geometry import Rect, bounds
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    ShapeItem,
    StrokeItem,
    TextItem,
)

MARGIN = 48.0
"""Canvas units of paper around the drawing."""

DARKEST_GROUND = (23, 23, 26)
"""The canvas of the dark theme."""

READABLE = 3.0
"""The contrast that large signs need: https://www.w3.org/TR/WCAG21/#non-text-contrast"""


def on_page(items: Sequence[Item], paper: str | None) -> tuple[Item, ...]:
    """The items, with a frame of the paper's colour below them if one would not be seen without.

    paper: `#rrggbb`; None for a drawing that has no ground of its own.
    """
    if paper is None or not any(_lost(item, items) for item in items):
        return tuple(items)
    whole = bounds(upright(item) for item in items)
    if whole is None:
        return tuple(items)
    taken = {item.id for item in items}
    key = next(name for name in map("page {}".format, range(len(taken) + 1)) if name not in taken)
    page = FrameItem(
        id=key,
        x=whole.x - MARGIN,
        y=whole.y - MARGIN,
        width=whole.width + 2 * MARGIN,
        height=whole.height + 2 * MARGIN,
        z=min(item.z for item in items) - 1.0,
        name="Page",
        background=paper,
    )
    held = (
        item if item.frame or isinstance(item, FrameItem) else replace(item, frame=key)
        for item in items
    )
    return (page, *held)


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """From 1 to 21, by https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio; parts are 0 to 255."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _lost(item: Item, items: Sequence[Item]) -> bool:
    """Whether it is drawn in ink alone, too dark for a dark ground, and on no other ground."""
    match item:
        case TextItem(colour=ink) | LineItem(stroke=ink) | StrokeItem(stroke=ink):
            pass
        case ShapeItem(fill=None, stroke=str(ink)):
            pass
        case _:
            return False
    parts = [int(ink[at : at + 2], 16) for at in (1, 3, 5)]
    if item.frame is not None or contrast(parts, DARKEST_GROUND) >= READABLE:
        return False
    return not any(
        other.z < item.z
        and (isinstance(other, ImageItem) or (isinstance(other, ShapeItem) and other.fill))
        and _within(item.rect, other.rect)
        for other in items
    )


def _within(one: Rect, other: Rect) -> bool:
    x, y = one.x + one.width / 2, one.y + one.height / 2
    return other.x <= x <= other.right and other.y <= y <= other.bottom


def _luminance(parts: Sequence[float]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in parts)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
