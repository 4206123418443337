"""Resizes and turns the selection by its handles."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt

from kupuri_desktop.core.connections import following
from kupuri_desktop.core.hits import centre
from kupuri_desktop.core.items import Item, TextItem
from kupuri_desktop.core.snapping import Snap, snap_point, snap_to_grid
from kupuri_desktop.core.transforms import (
    STEP,
    Handle,
    around,
    dragged,
    fitted,
    keeps_aspect,
    resized,
    resized_together,
    rotated,
    upright_degrees,
)
from kupuri_desktop.ui.canvas.hands.gestures import SNAP_PIXELS, Board, Keys, count, on_whole_pixels
from kupuri_desktop.ui.canvas.painting.vectors import text_height


class _Reshape:
    """What resizing and turning share: lifted items, a preview, one edit at the end."""

    verb = ""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._items = board.selection.movable()
        self._now: list[Item] = list(self._items)
        ids = {item.id for item in self._items}
        self._lines = [
            line
            for line in board.lines()
            if line.id not in ids and (line.start_item in ids or line.end_item in ids)
        ]
        board.layer.lift([*ids, *(line.id for line in self._lines)])
        board.overlay.hints.handles = False

    def shown(self) -> list[Item]:
        return self._now

    def _show(self, items: list[Item]) -> None:
        self._now = items
        after: dict[str, Item | None] = {item.id: item for item in items}
        lines = following(self._lines, self._board.canvas.items, after)
        self._board.layer.preview([*items, *(line for line in lines.values() if line)])

    def finish(self) -> None:
        now = self._now
        self.cancel()
        after: dict[str, Item | None] = {item.id: item for item in now}
        self._board.canvas.apply(f"{self.verb} {count(now)}", self._board.with_lines(after))

    def cancel(self) -> None:
        self._board.layer.drop()
        self._board.layer.put([*self._items, *self._lines])
        self._board.overlay.clear()


class Resize(_Reshape):
    """One item in its own axes, several in the upright rectangle around them."""

    verb = "Resize"
    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, board: Board, handle: Handle, at: QPointF) -> None:
        super().__init__(board)
        self._handle = handle
        self._whole = around(self._items)
        self._others = board.neighbours({item.id for item in self._items})
        self._start = at

    def move(self, at: QPointF, keys: Keys) -> None:
        if not self._items or self._whole is None:
            return
        # A text's corner scales its letters; its sides, and a corner with Shift, wrap it anew.
        words = len(self._items) == 1 and isinstance(self._items[0], TextItem)
        free = bool(keys & Keys.ShiftModifier)
        aspect = keeps_aspect(self._items) != free
        if words:
            aspect = self._handle.corner and not free
        middle = bool(keys & Keys.AltModifier)
        x, y = at.x(), at.y()
        hints = self._board.overlay.hints
        single = self._items[0] if len(self._items) == 1 else None
        rest = Snap()
        if not keys & Keys.ControlModifier and (single is None or single.rotation == 0):
            hx, hy = self._handle.value
            rest = snap_point(
                x, y, self._others, SNAP_PIXELS / self._board.camera.zoom,
                xs=hx != 0, ys=hy != 0 and not (aspect and hx != 0),
            )  # fmt: skip
            if self._board.grid.on:
                rest = snap_to_grid(x, y, rest)
        hints.guides = rest.guides
        x, y = x + rest.dx, y + rest.dy
        if single is not None:
            new = resized(single, self._handle, x, y, aspect=aspect, middle=middle)
            if new.rotation == 0 and not rest.guides:
                new = fitted(new, on_whole_pixels(new.rect), letters=False)
            if isinstance(new, TextItem):
                tall = fitted(new, new.rect, letters=False)
                box = new.rect
                height = text_height(new)
                new = fitted(tall, type(box)(box.x, box.y, box.width, height), letters=False)
            self._show([new])
        else:
            whole = dragged(self._whole, self._handle, x, y, aspect=aspect, middle=middle)
            self._show(resized_together(self._items, self._whole, whole))


class Turn(_Reshape):
    """Turns the selection about its middle."""

    verb = "Rotate"
    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, board: Board, at: QPointF) -> None:
        super().__init__(board)
        whole = around(self._items)
        single = len(self._items) == 1
        self._centre = centre(self._items[0].rect if single or whole is None else whole)
        self._from = self._angle(at)

    def move(self, at: QPointF, keys: Keys) -> None:
        degrees = self._angle(at) - self._from
        base = self._items[0].rotation if len(self._items) == 1 else 0.0
        if keys & Keys.ShiftModifier:
            degrees = round((base + degrees) / STEP) * STEP - base
        else:
            degrees = round(base + degrees) - base
        self._board.overlay.hints.words = f"{upright_degrees(base + degrees):.0f}°"
        self._show(rotated(self._items, *self._centre, degrees))

    def _angle(self, at: QPointF) -> float:
        return math.degrees(math.atan2(at.y() - self._centre[1], at.x() - self._centre[0]))
