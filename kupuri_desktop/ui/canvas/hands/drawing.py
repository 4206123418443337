"""Draws new items by hand: frames, shapes, notes, words, arrows, pen strokes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import TypedDict

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from kupuri_desktop.core.arrange import rehomed
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import (
    FrameItem,
    Item,
    LineForm,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.snapping import snap_to_grid
from kupuri_desktop.ui.canvas.hands.gestures import Board, Keys, count, on_whole_pixels
from kupuri_desktop.ui.canvas.painting.vectors import text_height

_FONT = 32.0
_CLICKED = {"note": (240.0, 240.0), "text": (320.0, 40.0), "frame": (1080.0, 1080.0)}
_CLICKED_SHAPE = (200.0, 200.0)


class Tool(Enum):
    """What a press on the canvas begins."""

    SELECT = "select"
    HAND = "hand"
    FRAME = "frame"
    TEXT = "text"
    NOTE = "note"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    LINE = "line"
    ARROW = "arrow"
    CONNECTOR = "connector"
    PEN = "pen"
    MASK = "mask"


class _Place(TypedDict):
    id: str
    x: float
    y: float
    width: float
    height: float


Drawn = Callable[[Item], None]


def new_item(tool: Tool, at: QPointF, ink: QColor, accent: QColor) -> Item:
    """An item of no size where the hand was pressed."""
    place: _Place = {"id": new_id(), "x": at.x(), "y": at.y(), "width": 0.0, "height": 0.0}
    match tool:
        case Tool.FRAME:
            return FrameItem(**place, name="Frame")
        case Tool.TEXT:
            return TextItem(**place, text="", font_size=_FONT, colour=ink.name())
        case Tool.NOTE:
            return NoteItem(**place)
        case Tool.RECTANGLE:
            return ShapeItem(**place, stroke=accent.name())
        case Tool.ELLIPSE:
            return ShapeItem(**place, form=ShapeForm.ELLIPSE, stroke=accent.name())
        case Tool.LINE:
            return LineItem(**place, stroke=accent.name(), arrow_end=False)
        case Tool.ARROW:
            return LineItem(**place, stroke=accent.name())
        case Tool.CONNECTOR:
            return LineItem(**place, stroke=accent.name(), form=LineForm.ELBOW)
        case Tool.PEN:
            return StrokeItem(**place, stroke=accent.name(), points=((0.0, 0.0, 1.0),))
        case Tool.SELECT | Tool.HAND | Tool.MASK:
            raise ValueError(f"{tool.value} draws nothing")


class Draw:
    """What all drawing shares: a new item shown while it grows, one edit at the end."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, board: Board, item: Item, drawn: Drawn) -> None:
        self._board = board
        # Frames lie behind what they will hold; all else in front.
        behind = min((i.z for i in board.canvas.items.values()), default=1.0) - 1.0
        self._item = replace(item, z=behind if isinstance(item, FrameItem) else board.canvas.top())
        self._drawn = drawn
        board.selection.clear()
        board.layer.put([self._item])
        board.layer.lift([self._item.id])

    def shown(self) -> list[Item]:
        return [self._item]

    def _show(self, item: Item) -> None:
        self._item = item
        self._board.layer.preview([item])

    def finish(self) -> None:
        item = self._item
        self.cancel()
        frames = [i for i in self._board.canvas.items.values() if isinstance(i, FrameItem)]
        (item,) = rehomed([item], frames)
        after: dict[str, Item | None] = {item.id: item}
        if isinstance(item, FrameItem):
            after = with_adopted(self._board.canvas, item)
        if not isinstance(item, TextItem):
            self._board.canvas.apply(f"Draw {count([item])}", after)
            self._board.selection.set([item.id])
        self._drawn(item)

    def cancel(self) -> None:
        self._board.layer.drop()
        self._board.layer.remove([self._item.id])
        self._board.overlay.clear()


def with_adopted(canvas: Canvas, frame: FrameItem) -> dict[str, Item | None]:
    """A new frame, and what lies on it and is in no other: from now on it is in this one."""
    after: dict[str, Item | None] = {frame.id: frame}
    loose = [item for item in canvas.items.values() if item.frame is None]
    for held in rehomed(loose, [frame]):
        if held.frame == frame.id and held.id != frame.id:
            after[held.id] = held
    return after


class DrawBox(Draw):
    """From corner to corner; Shift makes it square, Alt grows it from the middle."""

    def __init__(self, board: Board, item: Item, drawn: Drawn) -> None:
        super().__init__(board, item, drawn)
        self._start = QPointF(item.x, item.y)
        if board.grid.on:
            rest = snap_to_grid(item.x, item.y)
            self._start += QPointF(rest.dx, rest.dy)
        self._dragged = False

    def move(self, at: QPointF, keys: Keys) -> None:
        self._dragged = True
        if self._board.grid.on and not keys & Keys.ControlModifier:
            rest = snap_to_grid(at.x(), at.y())
            at = at + QPointF(rest.dx, rest.dy)
        dx, dy = at.x() - self._start.x(), at.y() - self._start.y()
        if keys & Keys.ShiftModifier:
            side = max(abs(dx), abs(dy))
            dx, dy = math.copysign(side, dx), math.copysign(side, dy)
        x, y = self._start.x(), self._start.y()
        if keys & Keys.AltModifier:
            x, y, dx, dy = x - dx, y - dy, 2 * dx, 2 * dy
        box = on_whole_pixels(Rect(min(x, x + dx), min(y, y + dy), abs(dx), abs(dy)))
        self._show(replace(self._item, x=box.x, y=box.y, width=box.width, height=box.height))

    def finish(self) -> None:
        item = self._item
        if not self._dragged or (item.width < 4 and item.height < 4):
            kind = str(getattr(item, "kind", ""))
            width, height = _CLICKED.get(kind, _CLICKED_SHAPE)
            x, y = self._start.x(), self._start.y()
            if not isinstance(item, TextItem):
                x, y = x - width / 2, y - height / 2
            self._item = replace(
                item, x=float(round(x)), y=float(round(y)), width=width, height=height
            )
        if isinstance(self._item, TextItem):
            self._item = replace(self._item, height=text_height(self._item))
        super().finish()
