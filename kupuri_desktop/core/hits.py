"""Which items a point or an area of the canvas touches, and how far their paint reaches."""

import itertools
import math

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import (
    Item,
    LineItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
)
from kupuri_desktop.core.routes import way

ARROW_LENGTH = 4.0
"""The length of an arrow's head, in stroke widths."""


def turned(x: float, y: float, cx: float, cy: float, degrees: float) -> tuple[float, float]:
    """A point turned clockwise (y grows downwards) about (cx, cy)."""
    if degrees == 0:
        return x, y
    angle = math.radians(degrees)
    sin, cos = math.sin(angle), math.cos(angle)
    dx, dy = x - cx, y - cy
    return cx + dx * cos - dy * sin, cy + dx * sin + dy * cos


def centre(rect: Rect) -> tuple[float, float]:
    return rect.x + rect.width / 2, rect.y + rect.height / 2


def corners(item: Item) -> list[tuple[float, float]]:
    """Top left, top right, bottom right, bottom left, as they lie on the canvas."""
    rect = item.rect
    cx, cy = centre(rect)
    plain = (
        (rect.x, rect.y),
        (rect.right, rect.y),
        (rect.right, rect.bottom),
        (rect.x, rect.bottom),
    )
    return [turned(x, y, cx, cy, item.rotation) for x, y in plain]


def upright(item: Item) -> Rect:
    """The upright rectangle around an item, without the width of its outline."""
    if item.rotation == 0:
        return item.rect
    points = corners(item)
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    return Rect(left, top, right - left, bottom - top)


def extent(item: Item) -> Rect:
    """The upright rectangle around everything that is painted for an item."""
    around = upright(item)
    match item:
        case ShapeItem(stroke=str(), stroke_width=width):
            more = width / 2
        case LineItem(stroke_width=width):
            more = width * ARROW_LENGTH
        case StrokeItem(stroke_width=width):
            more = width
        case _:
            return around
    return Rect(around.x - more, around.y - more, around.width + 2 * more, around.height + 2 * more)


def touches(item: Item, x: float, y: float, reach: float = 0.0) -> bool:
    """Whether a point is on an item, or within `reach` of one that is only a line."""
    cx, cy = centre(item.rect)
    px, py = turned(x, y, cx, cy, -item.rotation)
    match item:
        case LineItem(stroke_width=width):
            return _on_path(way(item), px, py, width / 2 + reach)
        case StrokeItem(points=points_, stroke_width=width):
            path = [(item.x + u, item.y + v) for u, v, _ in points_]
            return _on_path(path, px, py, width / 2 + reach)
        case ShapeItem(form=ShapeForm.ELLIPSE):
            return _in_ellipse(item, px, py, reach)
        case ShapeItem(fill=None, stroke_width=width):
            rect = item.rect
            near = width / 2 + reach
            inner = Rect(
                rect.x + near, rect.y + near, rect.width - 2 * near, rect.height - 2 * near
            )
            return _in_rect(rect, px, py, near) and not _in_rect(inner, px, py, 0.0)
        case _:
            return _in_rect(item.rect, px, py, 0.0)


def _in_rect(rect: Rect, x: float, y: float, more: float) -> bool:
    return (
        rect.width + 2 * more > 0
        and rect.height + 2 * more > 0
        and rect.x - more <= x <= rect.right + more
        and rect.y - more <= y <= rect.bottom + more
    )


def _in_ellipse(item: ShapeItem, x: float, y: float, reach: float) -> bool:
    cx, cy = centre(item.rect)

    def inside(a: float, b: float) -> bool:
        return a > 0 and b > 0 and ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 <= 1

    near = item.stroke_width / 2 + reach
    a, b = item.width / 2, item.height / 2
    if not inside(a + near, b + near):
        return False
    return item.fill is not None or not inside(a - near, b - near)


def _on_path(points: list[tuple[float, float]], x: float, y: float, near: float) -> bool:
    if len(points) == 1:
        return math.dist(points[0], (x, y)) <= near
    return any(_distance(a, b, x, y) <= near for a, b in itertools.pairwise(points))


def _distance(a: tuple[float, float], b: tuple[float, float], x: float, y: float) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((x - a[0]) * dx + (y - a[1]) * dy) / length
    along = min(max(along, 0.0), 1.0)
    return math.hypot(x - a[0] - along * dx, y - a[1] - along * dy)
