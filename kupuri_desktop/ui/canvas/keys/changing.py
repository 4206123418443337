"""Changes the selection by keys as hands do by its handles: size, turn, arrows, new items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from kupuri_desktop.core.connections import joined
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import centre, turned
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import Item, LineItem, TextItem
from kupuri_desktop.core.routes import routed
from kupuri_desktop.core.transforms import (
    Handle,
    around,
    dragged,
    keeps_aspect,
    resized,
    resized_together,
    rotated,
)
from kupuri_desktop.ui.canvas.hands.gestures import Board, count
from kupuri_desktop.ui.canvas.painting.vectors import text_height

_APART = 32.0
"""Canvas units between what is drawn one after the other in the same place."""


def sized(items: Sequence[Item], dx: float, dy: float) -> list[Item]:
    """Items with their right side `dx` or their lower side `dy` further out, in canvas units.

    One item in its own axes, several in the upright rectangle around them. Proportions stay where
    they stay for the mouse too; a text wraps anew in its width, and its letters grow in height.
    """
    whole = around(items)
    if whole is None:
        return []
    handle = Handle.RIGHT if dx else Handle.BOTTOM
    if len(items) > 1:
        x, y = whole.right + dx, whole.bottom + dy
        place = dragged(whole, handle, x, y, aspect=True, middle=False)
        return resized_together(items, whole, place)
    item = items[0]
    rect = item.rect
    cx, cy = centre(rect)
    words = isinstance(item, TextItem)
    if words and dy:
        handle = Handle.BOTTOM_RIGHT
        dx = rect.width * dy / rect.height if rect.height else dy
    x, y = turned(rect.right + dx, rect.bottom + dy, cx, cy, item.rotation)
    new = resized(item, handle, x, y, aspect=keeps_aspect(items) or bool(words and dy))
    return [replace(new, height=text_height(new)) if isinstance(new, TextItem) else new]


class KeyHands:
    """Edits of the selection in the steps that keys take."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def resize(self, dx: float, dy: float) -> None:
        items = self._board.selection.movable()
        self._put("Resize", sized(items, dx, dy))

    def turn(self, degrees: float) -> None:
        """Clockwise, about the middle of what is selected."""
        items = self._board.selection.movable()
        whole = around(items)
        if whole is not None:
            middle = centre(items[0].rect if len(items) == 1 else whole)
            self._put("Rotate", rotated(items, *middle, degrees))

    def connect(self, colour: QColor) -> None:
        """Arrows from each selected item to the next; a selected arrow gets its loose end stuck."""
        items = self._board.selection.items()
        lines = [item for item in items if isinstance(item, LineItem) and not item.locked]
        others = [item for item in items if not isinstance(item, LineItem)]
        if len(lines) == 1 and len(others) == 1:
            self._attach(lines[0], others[0])
        elif not lines and len(others) > 1:
            self._join(others, colour)

    def free_place(self, at: QPointF) -> QPointF:
        """The point, or one right below it where an item has its middle just there."""
        taken = {(round(x), round(y)) for x, y in map(_middle, self._board.canvas.items.values())}
        x, y = at.x(), at.y()
        while any(abs(x - tx) < 2 and abs(y - ty) < 2 for tx, ty in taken):
            x, y = x + _APART, y + _APART
        return QPointF(x, y)

    def _attach(self, line: LineItem, item: Item) -> None:
        if line.end_item is None or line.start_item is not None:
            stuck = replace(line, end_item=item.id, end_side=None)
        else:
            stuck = replace(line, start_item=item.id, start_side=None)
        stuck = joined(stuck, self._board.canvas.items)
        self._board.canvas.apply("Attach end of line", {line.id: stuck})

    def _join(self, items: Sequence[Item], colour: QColor) -> None:
        canvas = self._board.canvas
        made: list[Item] = []
        for first, last in pairwise(items):
            line = LineItem(
                id=new_id(), x=0.0, y=0.0, width=0.0, height=0.0, z=canvas.top() + len(made),
                start_item=first.id, end_item=last.id, stroke=colour.name(),
            )  # fmt: skip
            line = routed(line, centre(first.rect), centre(last.rect))
            made.append(joined(line, canvas.items))
        canvas.add(f"Connect {count(items)}", made)

    def _put(self, verb: str, items: Sequence[Item]) -> None:
        if items:
            after: dict[str, Item | None] = {item.id: item for item in items}
            self._board.canvas.apply(
                f"{verb} {count(items)}", self._board.with_lines(after), join=True
            )


def _middle(item: Item) -> tuple[float, float]:
    rect: Rect = item.rect
    return centre(rect)
