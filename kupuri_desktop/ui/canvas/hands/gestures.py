"""What a hand does between press and release: pan, rubber band, move. Release makes the edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from PySide6.QtCore import QPointF, Qt

from kupuri_desktop.core.arrange import copies, rehomed
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.connections import following
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.groups import taken as group_taken
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.items import FrameItem, Item, LineItem
from kupuri_desktop.core.snapping import Snap, snap, snap_to_grid
from kupuri_desktop.core.transforms import around, moved
from kupuri_desktop.ui.canvas.camera import Camera
from kupuri_desktop.ui.canvas.overlay import Overlay
from kupuri_desktop.ui.canvas.painting.layer import Layer
from kupuri_desktop.ui.canvas.selection import Selection

Keys: TypeAlias = Qt.KeyboardModifier
SNAP_PIXELS = 6.0
_SNAP_TO = 400
"""Others on the screen beyond this many are no help to lay something out."""


@dataclass(slots=True)
class Grid:
    """Whether things come to rest on the grid where nothing nearer holds them."""

    on: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """What gestures work on."""

    canvas: Canvas
    layer: Layer
    selection: Selection
    overlay: Overlay
    camera: Camera
    grid: Grid = field(default_factory=Grid)

    def lines(self) -> list[LineItem]:
        """Lines with an end that sticks to something."""
        return [
            item
            for item in self.canvas.items.values()
            if isinstance(item, LineItem) and (item.start_item or item.end_item)
        ]

    def with_lines(self, after: dict[str, Item | None]) -> dict[str, Item | None]:
        """The edit with the lines that it takes along."""
        return after | following(self.lines(), self.canvas.items, after)

    def neighbours(self, without: set[str]) -> list[Rect]:
        """What is seen and can be snapped to; nothing where that is too much."""
        shown = self.camera.shown()
        area = Rect(shown.x(), shown.y(), shown.width(), shown.height())
        seen = [
            item
            for item in self.layer.sheet.within(area)
            if item.id not in without and not isinstance(item, LineItem)
        ]
        return [upright(item) for item in seen] if len(seen) <= _SNAP_TO else []


class Gesture(Protocol):
    """One press, drag and release. Until `finish` nothing is changed that `cancel` cannot undo."""

    cursor: Qt.CursorShape

    def move(self, at: QPointF, keys: Keys) -> None:
        """`at`: canvas units."""
        ...

    def finish(self) -> None: ...

    def cancel(self) -> None: ...


class Pan:
    """Moves the view itself."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, board: Board, at: QPointF) -> None:
        self._camera = board.camera
        self._at = board.camera.to_view(at)

    def move(self, at: QPointF, keys: Keys) -> None:
        here = self._camera.to_view(at)
        step = here - self._at
        self._at = here
        self._camera.pan(step.x(), step.y())

    def finish(self) -> None:
        """The view is already there."""

    def cancel(self) -> None:
        """A pan is no edit: it stays."""


class Band:
    """Selects what a rectangle meets; frames only where they lie wholly inside it."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, board: Board, at: QPointF, *, add: bool) -> None:
        self._board = board
        self._start = at
        self._before = board.selection.ids
        self._kept = self._before if add else []
        if not add:
            board.selection.clear()

    def move(self, at: QPointF, keys: Keys) -> None:
        a, b = self._start, at
        area = Rect(min(a.x(), b.x()), min(a.y(), b.y()), abs(a.x() - b.x()), abs(a.y() - b.y()))
        self._board.overlay.hints.band = area
        taken: dict[str, None] = dict.fromkeys(self._kept)
        groups: set[str] = set()
        entered = self._board.selection.group
        for item in self._board.layer.sheet.within(area):
            if item.locked or (isinstance(item, FrameItem) and not _inside(item.rect, area)):
                continue
            group = group_taken(item.group, entered)
            if group is None:
                taken[item.id] = None
            elif group not in groups:
                groups.add(group)
                taken.update(dict.fromkeys(self._board.selection.whole(item)))
        self._board.selection.set(taken)

    def finish(self) -> None:
        self._board.overlay.clear()

    def cancel(self) -> None:
        self._board.overlay.clear()
        self._board.selection.set(self._before)


def _inside(inner: Rect, outer: Rect) -> bool:
    return (
        inner.x >= outer.x
        and inner.y >= outer.y
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


class Move:
    """Moves items, or copies of them. Frames take along what they hold."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, board: Board, at: QPointF, *, copy: bool = False) -> None:
        self._board = board
        self.start = at
        self._off = (0.0, 0.0)
        self._copy = copy
        taken = with_held(board.canvas, board.selection.movable())
        self._items: list[Item] = list(taken)
        self.whole = around(self._items)
        if copy:
            self._items = copies(taken, 0.0, 0.0, board.canvas.top(), board.selection.group)
            board.layer.put(self._items)
        ids = {item.id for item in self._items}
        self._lines = [
            line
            for line in board.lines()
            if line.id not in ids and (line.start_item in ids or line.end_item in ids)
        ]
        self._others = board.neighbours(ids)
        board.layer.lift([*ids, *(line.id for line in self._lines)])
        self._rows = board.layer.sheet.rows_of(ids)
        board.overlay.hints.handles = False

    @property
    def ids(self) -> list[str]:
        return [item.id for item in self._items]

    def move(self, at: QPointF, keys: Keys) -> None:
        dx, dy = at.x() - self.start.x(), at.y() - self.start.y()
        if keys & Keys.ShiftModifier:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        hints = self._board.overlay.hints
        rest = Snap()
        if self.whole is not None and not keys & Keys.ControlModifier:
            rest = snap(
                self.whole.moved(dx, dy),
                self._others,
                SNAP_PIXELS / self._board.camera.zoom,
                xs=not (keys & Keys.ShiftModifier and dx == 0),
                ys=not (keys & Keys.ShiftModifier and dy == 0),
            )
            if self._board.grid.on:
                rest = snap_to_grid(self.whole.x + dx, self.whole.y + dy, rest)
        hints.guides, hints.distances = rest.guides, rest.distances
        self._put(dx + rest.dx, dy + rest.dy)

    def _put(self, dx: float, dy: float) -> None:
        # Whole canvas units keep images sharp at 100 %; far out or close up it makes no odds.
        if self.whole is not None and not self._board.overlay.hints.guides:
            dx = round(self.whole.x + dx) - self.whole.x
            dy = round(self.whole.y + dy) - self.whole.y
        layer = self._board.layer
        layer.sheet.shift(self._rows, dx - self._off[0], dy - self._off[1])
        self._off = (dx, dy)
        if self._lines:
            after: dict[str, Item | None] = {i.id: i for i in self.shown()}
            lines = following(self._lines, self._board.canvas.items, after)
            layer.preview(line for line in lines.values() if line is not None)
        layer.update()

    @property
    def held(self) -> Sequence[Item]:
        """The items where they were."""
        return self._items

    @property
    def off(self) -> tuple[float, float]:
        """How far the hand has taken them, canvas units."""
        return self._off

    def shown(self) -> list[Item]:
        """The items where the hand has them now."""
        return [moved(item, *self._off) for item in self._items]

    def finish(self) -> None:
        there = self.shown()
        off = self._off
        self.put_back()
        if off == (0.0, 0.0) and not self._copy:
            return
        self._board.layer.remove(item.id for item in self._items if self._copy)
        frames = [i for i in self._board.canvas.items.values() if isinstance(i, FrameItem)]
        held = {item.id for item in there if isinstance(item, FrameItem)}
        homed = [
            item if item.frame in held else home
            for item, home in zip(there, rehomed(there, frames), strict=True)
        ]
        verb = "Duplicate" if self._copy else "Move"
        after: dict[str, Item | None] = {item.id: item for item in homed}
        self._board.canvas.apply(f"{verb} {count(homed)}", self._board.with_lines(after))
        if self._copy:
            self._board.selection.set(item.id for item in homed)

    def put_back(self) -> None:
        """Everything where it was, in the layer as well."""
        layer = self._board.layer
        layer.drop()
        for item in [*self._items, *self._lines]:
            layer.put([item])
        self._off = (0.0, 0.0)
        self._board.overlay.clear()

    def cancel(self) -> None:
        self.put_back()
        if self._copy:
            self._board.layer.remove(item.id for item in self._items)


def with_held(canvas: Canvas, items: Sequence[Item]) -> list[Item]:
    """Items with what their frames hold, locked or not: it lies on the frame."""
    frames = {item.id for item in items if isinstance(item, FrameItem)}
    if not frames:
        return list(items)
    known = {item.id for item in items}
    held = [i for i in canvas.items.values() if i.frame in frames and i.id not in known]
    return [*items, *held]


def count(items: Sequence[Item]) -> str:
    """`3 items`, or what the one is: words for an undo label."""
    if len(items) != 1:
        return f"{len(items)} items"
    kind = str(getattr(items[0], "kind", "item"))
    return kind


def on_whole_pixels(rect: Rect) -> Rect:
    return Rect(round(rect.x), round(rect.y), max(round(rect.width), 1), max(round(rect.height), 1))
