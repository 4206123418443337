"""Keeps what lies on the canvas as baked tiles, so that a pan costs a few copies."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from kupuri_desktop.ui.canvas.painting.picture_store import Wanted
from kupuri_desktop.ui.canvas.painting.sheet import Floats, Rows, Sheet
from kupuri_desktop.ui.canvas.painting.stack import Stack

SIDE = 256
"""Device pixels."""

BUDGET = 192 * 2**20
SLICE_SECONDS = 0.003

_IMPATIENCE = 0.25
"""Seconds after which a tile is baked anew though some of its pictures are still missing."""

Key = tuple[float, int, int]
"""Scale (device pixels a canvas unit), column, row."""


@dataclass(slots=True)
class Tile:
    """image: None where nothing lies. stale: shown until it is baked anew."""

    image: QImage | None
    stale: bool = False
    missing: set[Wanted] = field(default_factory=set)
    baked_at: float = 0.0


class Tiles:
    """Tiles of exact scales while still, of powers of two while zooming."""

    def __init__(self, sheet: Sheet, stack: Stack) -> None:
        self._sheet = sheet
        self._stack = stack
        self._tiles: OrderedDict[Key, Tile] = OrderedDict()
        self._waiting: dict[Wanted, set[Key]] = {}
        self._bytes = 0
        self._rested: float | None = None
        self.skipped: set[int] = set()
        """Rows that tiles leave out: something else paints them for now."""

    def clear(self) -> None:
        self._tiles.clear()
        self._waiting.clear()
        self._bytes = 0

    def spoil(self, areas: Floats) -> None:
        """What lies in areas of the canvas has changed. areas: rows of left, top, right, bottom."""
        if not len(areas) or not self._tiles:
            return
        left, top, right, bottom = areas.T
        first, last = areas[:, :2].min(axis=0).tolist(), areas[:, 2:].max(axis=0).tolist()
        for (scale, column, row), tile in self._tiles.items():
            unit = SIDE / scale
            # A pixel more on each side, for edges lie on whole pixels.
            slack = 2 / scale
            if (
                tile.stale
                or not first[0] - slack < (column + 1) * unit
                or not last[0] + slack > column * unit
                or not first[1] - slack < (row + 1) * unit
                or not last[1] + slack > row * unit
            ):
                continue
            meets = (
                (left - slack < (column + 1) * unit)
                & (right + slack > column * unit)
                & (top - slack < (row + 1) * unit)
                & (bottom + slack > row * unit)
            )
            tile.stale = bool(meets.any())

    def spoil_waiting(self, came: Wanted) -> bool:
        """A picture came that some tiles were baked without. True where one is baked anew.

        A tile of many pictures waits for the last, or a moment: each baking costs all of it.
        """
        now = perf_counter()
        ripe = False
        for key in self._waiting.pop(came, set()):
            tile = self._tiles.get(key)
            if tile is None:
                continue
            tile.missing.discard(came)
            if not tile.missing or now - tile.baked_at > _IMPATIENCE:
                tile.stale = ripe = True
        return ripe

    def paint(self, painter: QPainter, view: QTransform, exposed: QRectF, *, moving: bool) -> bool:
        """Paints the exposed device pixels. False where tiles are still to be baked.

        moving: the scale is changing, and what is painted now is gone at the next frame.
        """
        k = view.m11()
        scale = 2.0 ** math.ceil(math.log2(k) - 0.25) if moving else k
        if not moving:
            self._rested = scale
        z = k / scale
        ox, oy = math.floor(view.dx() + 0.5), math.floor(view.dy() + 0.5)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        end = perf_counter() + SLICE_SECONDS
        complete = True
        for column, row in self._covering(exposed, ox, oy, z):
            key = (scale, column, row)
            tile = self._tiles.get(key)
            if tile is None or tile.stale:
                # A changed tile that was shown is baked at once where it can be: no flicker.
                if perf_counter() < end:
                    tile = self._bake(key)
                else:
                    complete = False
            else:
                self._tiles.move_to_end(key)
                if tile.missing and perf_counter() - tile.baked_at > _IMPATIENCE:
                    # Wishes are forgotten when the view zooms; what is seen asks again.
                    tile.baked_at = perf_counter()
                    if self._stack.ask(tile.missing):
                        tile.stale, complete = True, False
            target = _span(column, row, z, ox, oy)
            if tile is None:
                self._paint_stand_in(painter, key, target, view)
            elif tile.image is not None:
                _draw(painter, tile.image, target, exact=z == 1)
        return complete

    def _covering(self, exposed: QRectF, ox: int, oy: int, z: float) -> Iterator[tuple[int, int]]:
        step = SIDE * z
        columns = range(
            math.floor((exposed.left() - ox) / step), math.ceil((exposed.right() - ox) / step)
        )
        rows = range(
            math.floor((exposed.top() - oy) / step), math.ceil((exposed.bottom() - oy) / step)
        )
        middle_column = (columns.start + columns.stop - 1) / 2
        middle_row = (rows.start + rows.stop - 1) / 2
        cells = [(column, row) for row in rows for column in columns]
        # The eye is in the middle: it gets its tiles first.
        cells.sort(key=lambda c: abs(c[0] - middle_column) + abs(c[1] - middle_row))
        return iter(cells)

    def _bake(self, key: Key) -> Tile:
        scale, column, row = key
        unit = SIDE / scale
        slack = 1 / scale
        rows = self._sheet.visible(
            column * unit - slack,
            row * unit - slack,
            (column + 1) * unit + slack,
            (row + 1) * unit + slack,
        )
        rows = self._without_skipped(rows)
        old = self._tiles.pop(key, None)
        if old is not None:
            self._bytes -= _size(old)
        tile = Tile(None, baked_at=perf_counter())
        if len(rows):
            image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
            painter = QPainter(image)
            view = QTransform(scale, 0, 0, scale, -column * SIDE, -row * SIDE)
            tile.missing = self._stack.paint(painter, view, rows).missing
            painter.end()
            tile.image = image
        for wanted in tile.missing:
            self._waiting.setdefault(wanted, set()).add(key)
        self._tiles[key] = tile
        self._bytes += _size(tile)
        while self._bytes > BUDGET and len(self._tiles) > 64:
            _, dropped = self._tiles.popitem(last=False)
            self._bytes -= _size(dropped)
        return tile

    def _without_skipped(self, rows: Rows) -> Rows:
        if not self.skipped:
            return rows
        return rows[~np.isin(rows, np.fromiter(self.skipped, np.intp, len(self.skipped)))]

    def _paint_stand_in(
        self, painter: QPainter, key: Key, target: QRectF, view: QTransform
    ) -> None:
        """What is shown until a tile is baked: what was seen last, a coarser one, or micros."""
        scale, column, row = key
        painter.save()
        painter.setClipRect(target)
        if not (
            self._paint_rested(painter, target, view) or self._paint_coarser(painter, key, target)
        ):
            unit = SIDE / scale
            rows = self._sheet.visible(
                column * unit, row * unit, (column + 1) * unit, (row + 1) * unit
            )
            self._stack.paint_micros(painter, view, self._without_skipped(rows))
        painter.restore()

    def _paint_rested(self, painter: QPainter, target: QRectF, view: QTransform) -> bool:
        """The tiles of the last scale that the view rested at, where they cover the target."""
        if self._rested is None:
            return False
        z = view.m11() / self._rested
        if not 0.2 < z < 5:
            return False
        ox, oy = view.dx(), view.dy()
        found: list[tuple[Tile, QRectF]] = []
        for column, row in self._covering(target, round(ox), round(oy), z):
            tile = self._tiles.get((self._rested, column, row))
            if tile is None:
                return False
            found.append((tile, _span(column, row, z, round(ox), round(oy))))
        for tile, place in found:
            if tile.image is not None:
                painter.drawImage(place, tile.image)
        return True

    def _paint_coarser(self, painter: QPainter, key: Key, target: QRectF) -> bool:
        scale, column, row = key
        for up in (1, 2, 3):
            parts = 2**up
            tile = self._tiles.get((scale / parts, column >> up, row >> up))
            if tile is not None:
                side = SIDE / parts
                source = QRectF(
                    (column & (parts - 1)) * side, (row & (parts - 1)) * side, side, side
                )
                if tile.image is not None:
                    painter.drawImage(target, tile.image, source)
                return True
        return False

    def keys(self) -> Iterable[Key]:
        return self._tiles.keys()


def _size(tile: Tile) -> int:
    return 0 if tile.image is None else SIDE * SIDE * 4


def _span(column: int, row: int, z: float, ox: int, oy: int) -> QRectF:
    """Where a tile lies, on whole device pixels so that neighbours meet."""
    left, top = round(ox + column * SIDE * z), round(oy + row * SIDE * z)
    right, bottom = round(ox + (column + 1) * SIDE * z), round(oy + (row + 1) * SIDE * z)
    return QRectF(left, top, right - left, bottom - top)


def _draw(painter: QPainter, image: QImage, target: QRectF, *, exact: bool) -> None:
    if exact:
        painter.drawImage(target.topLeft(), image)
    else:
        painter.drawImage(target, image)
