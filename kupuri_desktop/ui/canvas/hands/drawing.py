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
from kupuri_desktop.core.connections import ends, joined
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import (
    FrameItem,
    Item,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.transforms import line_between, stroke_through
from kupuri_desktop.ui.canvas.hands.gestures import Board, Keys, count, on_whole_pixels
from kupuri_desktop.ui.canvas.painting.vectors import text_height

_STEP = math.radians(15)
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
    ARROW = "arrow"
    PEN = "pen"


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
        case Tool.ARROW:
            return LineItem(**place, stroke=accent.name())
        case Tool.PEN:
            return StrokeItem(**place, stroke=accent.name(), points=((0.0, 0.0, 1.0),))
        case Tool.SELECT | Tool.HAND:
            raise ValueError(f"{tool.value} draws nothing")


class _Draw:
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
            loose = [i for i in self._board.canvas.items.values() if i.frame is None]
            for held in rehomed(loose, [item]):
                if held.frame == item.id and held.id != item.id:
                    after[held.id] = held
        if not isinstance(item, TextItem):
            self._board.canvas.apply(f"Draw {count([item])}", after)
            self._board.selection.set([item.id])
        self._drawn(item)

    def cancel(self) -> None:
        self._board.layer.drop()
        self._board.layer.remove([self._item.id])
        self._board.overlay.clear()


class DrawBox(_Draw):
    """From corner to corner; Shift makes it square, Alt grows it from the middle."""

    def __init__(self, board: Board, item: Item, drawn: Drawn) -> None:
        super().__init__(board, item, drawn)
        self._start = QPointF(item.x, item.y)
        self._dragged = False

    def move(self, at: QPointF, keys: Keys) -> None:
        self._dragged = True
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


class DrawLine(_Draw):
    """From here to there; its ends stick to items they are let go over."""

    def __init__(self, board: Board, item: LineItem, drawn: Drawn) -> None:
        start = sticky_at(board, QPointF(item.x, item.y), item)
        super().__init__(board, replace(item, start_item=start.id if start else None), drawn)

    def move(self, at: QPointF, keys: Keys) -> None:
        if isinstance(self._item, LineItem):
            self._show(end_at(self._board, self._item, at, keys, first=False))

    def finish(self) -> None:
        if self._item.width < 2 and self._item.height < 2:
            self.cancel()
            return
        super().finish()


def sticky_at(board: Board, at: QPointF, line: LineItem) -> Item | None:
    """What an end let go there would stick to."""
    for item in board.layer.sheet.at(at.x(), at.y(), 2 / board.camera.zoom):
        if item.id != line.id and not isinstance(item, (LineItem, StrokeItem, FrameItem)):
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
    board.overlay.hints.target = target
    key = target.id if target else None
    if first:
        line = replace(line_between(line, (x, y), b), start_item=key)
    else:
        line = replace(line_between(line, a, (x, y)), end_item=key)
    return joined(line, board.canvas.items)


class DrawStroke(_Draw):
    """A free line; the tablet's pressure where there is one."""

    def __init__(self, board: Board, item: StrokeItem, drawn: Drawn) -> None:
        super().__init__(board, item, drawn)
        self._path: list[tuple[float, float, float]] = [(item.x, item.y, 1.0)]
        self.pressure = 1.0

    def move(self, at: QPointF, keys: Keys) -> None:
        last = self._path[-1]
        # Closer points only show the hand's tremble.
        if math.dist(last[:2], (at.x(), at.y())) < 1.5 / self._board.camera.zoom:
            return
        self._path.append((at.x(), at.y(), self.pressure))
        if isinstance(self._item, StrokeItem):
            self._show(stroke_through(self._item, self._path))


def draw(
    board: Board, tool: Tool, at: QPointF, ink: QColor, accent: QColor, drawn: Drawn
) -> DrawBox | DrawLine | DrawStroke:
    """The gesture that a press with a drawing tool begins."""
    item = new_item(tool, at, ink, accent)
    if isinstance(item, LineItem):
        return DrawLine(board, item, drawn)
    if isinstance(item, StrokeItem):
        return DrawStroke(board, item, drawn)
    return DrawBox(board, item, drawn)
