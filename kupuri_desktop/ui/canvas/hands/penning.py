"""Draws with the pen, and takes strokes away with its other end."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt

from kupuri_desktop.core.items import Item, StrokeItem
from kupuri_desktop.core.pen import Sample, Smoother, simplified
from kupuri_desktop.core.transforms import stroke_through
from kupuri_desktop.ui.canvas.hands.drawing import Draw, Drawn
from kupuri_desktop.ui.canvas.hands.gestures import Board, Keys, count

_CLOSEST = 1.5
"""Logical pixels: closer points only show the hand's tremble."""

_TOLERANCE = 0.4
"""Logical pixels by which a stroke may differ from what was drawn: not to be seen."""

_ERASER = 6.0
"""Logical pixels that the eraser reaches."""


class DrawStroke(Draw):
    """A free line, smoothed; as wide as the tablet's pressure where there is one."""

    def __init__(self, board: Board, item: StrokeItem, drawn: Drawn, pressure: float) -> None:
        item = replace(item, points=((0.0, 0.0, pressure),))
        super().__init__(board, item, drawn)
        self.pressure = pressure
        self._zoom = board.camera.zoom
        self._smooth = Smoother(_CLOSEST / self._zoom)
        self._path: list[Sample] = [self._smooth.follow(item.x, item.y, pressure)]
        self._hand = QPointF(item.x, item.y)

    def move(self, at: QPointF, keys: Keys) -> None:
        last = self._path[-1]
        if math.dist(self._hand.toTuple(), at.toTuple()) < _CLOSEST / self._zoom:
            return
        self._hand = at
        if keys & Keys.ShiftModifier:
            # A straight line from where it began.
            self._path = [self._path[0], (at.x(), at.y(), last[2])]
        else:
            self._path.append(self._smooth.follow(at.x(), at.y(), self.pressure))
        if isinstance(self._item, StrokeItem):
            self._show(stroke_through(self._item, [*self._path, self._tip()]))

    def finish(self) -> None:
        if isinstance(self._item, StrokeItem) and len(self._path) > 1:
            path = simplified([*self._path, self._tip()], _TOLERANCE / self._zoom)
            self._item = stroke_through(self._item, path)
        super().finish()

    def _tip(self) -> Sample:
        # The smoothed path lags; it ends where the hand is.
        return self._hand.x(), self._hand.y(), self._path[-1][2]


class Erase:
    """Takes away the pen strokes that it passes; one edit for all."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, board: Board, at: QPointF) -> None:
        self._board = board
        self._gone: dict[str, Item] = {}
        self.move(at, Keys.NoModifier)

    def move(self, at: QPointF, keys: Keys) -> None:
        board = self._board
        for item in board.layer.sheet.at(at.x(), at.y(), _ERASER / board.camera.zoom):
            if isinstance(item, StrokeItem) and not item.locked and item.id not in self._gone:
                self._gone[item.id] = item
        board.layer.leave_out(self._gone)

    def finish(self) -> None:
        self.cancel()
        if self._gone:
            words = f"Erase {count(list(self._gone.values()))}"
            self._board.canvas.apply(words, dict.fromkeys(self._gone))

    def cancel(self) -> None:
        self._board.layer.take_in()
