"""Draws lines and takes them by their ends; an end let go over an item sticks to it."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt

from kupuri_desktop.core.connections import joined, side_near
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import touches
from kupuri_desktop.core.items import FrameItem, Item, LineItem, ShapeItem, StrokeItem
from kupuri_desktop.core.routes import ends, routed
from kupuri_desktop.ui.canvas.hands.drawing import Draw, Drawn
from kupuri_desktop.ui.canvas.hands.gestures import Board, Keys

_STEP = math.radians(15)
_MAGNET = 12.0
"""Logical pixels: so near to the middle of a side an end sticks to that side."""


class DrawLine(Draw):
    """From here to there; its ends stick to items they are let go over."""

    def __init__(self, board: Board, item: LineItem, drawn: Drawn) -> None:
        at = QPointF(item.x, item.y)
        start = sticky_at(board, at, item)
        item = replace(item, start_item=start.id if start else None)
        if start is not None:
            item = replace(item, start_side=side_near(start, *at.toTuple(), _near(board)))
        super().__init__(board, item, drawn)

    def move(self, at: QPointF, keys: Keys) -> None:
        if isinstance(self._item, LineItem):
            self._show(end_at(self._board, self._item, at, keys, first=False))

    def finish(self) -> None:
        if self._item.width < 2 and self._item.height < 2:
            self.cancel()
            return
        super().finish()


class MoveEnd:
    """Takes one end of a line; over an item it sticks to it."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, board: Board, line: LineItem, *, first: bool) -> None:
        self._board = board
        self._line = self._now = line
        self._first = first
        board.layer.lift([line.id])
        board.overlay.hints.handles = False

    def shown(self) -> list[Item]:
        return [self._now]

    def move(self, at: QPointF, keys: Keys) -> None:
        self._now = end_at(self._board, self._line, at, keys, first=self._first)
        self._board.layer.preview([self._now])

    def finish(self) -> None:
        now = self._now
        self.cancel()
        self._board.canvas.apply("Move end of line", {now.id: now})

    def cancel(self) -> None:
        self._board.layer.drop()
        self._board.layer.put([self._line])
        self._board.overlay.clear()


def sticky_at(board: Board, at: QPointF, line: LineItem) -> Item | None:
    """What an end let go there would stick to."""
    x, y, near = at.x(), at.y(), 2 / board.camera.zoom
    found = board.layer.sheet.within(Rect(x - near, y - near, 2 * near, 2 * near))
    for item in reversed(found):
        if item.id == line.id or isinstance(item, (LineItem, StrokeItem, FrameItem)):
            continue
        # A line sticks to the whole of a shape, also where nothing of it is painted.
        whole = replace(item, fill="#000000") if isinstance(item, ShapeItem) else item
        if touches(whole, x, y, near):
            return item
    return None


def end_at(board: Board, line: LineItem, at: QPointF, keys: Keys, *, first: bool) -> LineItem:
    """The line with one end at a point. Shift: steps of 15 degrees. Ctrl: it does not stick."""
    a, b = ends(line)
    other = b if first else a
    x, y = at.x(), at.y()
    if keys & Keys.ShiftModifier:
        length = math.dist(other, (x, y))
        angle = round(math.atan2(y - other[1], x - other[0]) / _STEP) * _STEP
        x, y = other[0] + length * math.cos(angle), other[1] + length * math.sin(angle)
    target = None if keys & Keys.ControlModifier else sticky_at(board, at, line)
    if target is not None and target.id == (line.end_item if first else line.start_item):
        target = None
    side = side_near(target, at.x(), at.y(), _near(board)) if target is not None else None
    board.overlay.hints.target = target
    board.overlay.hints.side = side
    key = target.id if target else None
    if first:
        line = replace(routed(line, (x, y), b), start_item=key, start_side=side)
    else:
        line = replace(routed(line, a, (x, y)), end_item=key, end_side=side)
    return joined(line, board.canvas.items)


def _near(board: Board) -> float:
    return _MAGNET / board.camera.zoom
