"""The one graphics item that shows what lies on the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.canvas.painting.picture_store import PictureStore, Wanted
from kupuri_desktop.ui.canvas.painting.sheet import BOTTOM, LEFT, RIGHT, TOP, Rows, Sheet, Z
from kupuri_desktop.ui.canvas.painting.stack import Stack
from kupuri_desktop.ui.canvas.painting.tiles import Tiles

REACH = 1_000_000.0
"""Canvas units from the origin to the edge of the canvas."""

_STACKED_LIVE = 200
"""Up to so many items above what is dragged, it is shown under them; with more, above all."""


class Layer(QGraphicsItem):
    """Items as tiles; those that a hand moves are painted anew at each frame.

    smooth: what is lifted is painted smoothly, because it rests.
    unfinished: a frame was painted with something coarse in it, and another is wanted.
    loaded: many items have come at once.
    """

    def __init__(self, store: PictureStore, unreadable: QColor) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.store = store
        self.sheet = Sheet(store.atlas)
        self.stack = Stack(self.sheet, store, unreadable)
        self.tiles = Tiles(self.sheet, self.stack)
        self.moving = False
        self.smooth = False
        self.unfinished: Signal[None] = Signal()
        self.loaded: Signal[list[Item]] = Signal()
        self._live: Rows = np.zeros(0, np.intp)
        self._hidden: set[int] = set()
        self._disconnect = (
            store.came.connect(self._picture_came),
            store.micros_came.connect(self._micros_came),
            store.failed.connect(self._picture_failed),
        )

    def close(self) -> None:
        for disconnect in self._disconnect:
            disconnect()

    def boundingRect(self) -> QRectF:
        return QRectF(-REACH, -REACH, 2 * REACH, 2 * REACH)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        device = painter.device()
        ratio = 1.0 if device is None else device.devicePixelRatioF()
        view = painter.worldTransform() * QTransform.fromScale(ratio, ratio)
        exposed = view.mapRect(option.exposedRect)
        painter.save()
        # From here on one unit is one device pixel, and tiles are copied as they are.
        painter.setWorldTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
        if not self.tiles.paint(painter, view, exposed, moving=self.moving):
            self.unfinished.emit(None)
        if len(self._live):
            self._paint_live(painter, view)
        painter.restore()

    def paint_plainly(self, painter: QPainter, view: QTransform, area: QRectF) -> bool:
        """Paints an area of the canvas without tiles. False where pictures are still missing."""
        rows = self.sheet.visible(area.left(), area.top(), area.right(), area.bottom())
        return not self.stack.paint(painter, view, rows).missing

    # --- items

    def load(self, items: list[Item]) -> None:
        self.sheet.load(items)
        rows = self.sheet.rows_of(map(attrgetter("id"), items))
        self.tiles.spoil(self.sheet.columns[LEFT : BOTTOM + 1, rows].T)
        self.update()
        self.loaded.emit(items)

    def put(self, items: Iterable[Item]) -> None:
        areas = self.sheet.put_all(items)
        if len(areas):
            self.tiles.spoil(areas)
            self.update()

    def remove(self, ids: Iterable[str]) -> None:
        areas = []
        for key in ids:
            row = self.sheet.row.get(key)
            if row is not None:
                self._hidden.discard(row)
            areas.append(self.sheet.remove(key))
        self._spoil_all(areas)

    def assets(self) -> list[str]:
        return [item.asset for item in self.sheet.items if isinstance(item, ImageItem)]

    # --- what a hand holds

    def lift(self, ids: Iterable[str]) -> None:
        """Takes items out of the tiles: from now on they are painted at each frame."""
        self._live = self.sheet.ordered(self.sheet.rows_of(ids))
        self._set_skipped()

    def drop(self) -> None:
        """Puts them back into the tiles, wherever they are now."""
        live, self._live = self._live, np.zeros(0, np.intp)
        if len(live):
            self._set_skipped(extra=live)

    def shift(self, dx: float, dy: float) -> None:
        """Moves what is lifted."""
        self.sheet.shift(self._live, dx, dy)
        self.update()

    def preview(self, items: Iterable[Item]) -> None:
        """Shows lifted items as they would become."""
        self.sheet.put_all(items)
        self.update()

    def leave_out(self, ids: Iterable[str]) -> None:
        """Leaves items unpainted: they are edited in place."""
        self._hidden = set(self.sheet.rows_of(ids).tolist())
        self._set_skipped(extra=self.sheet.rows_of(ids))

    def take_in(self) -> None:
        hidden, self._hidden = self._hidden, set()
        self._set_skipped(extra=np.array(sorted(hidden), np.intp))

    def _set_skipped(self, extra: Rows | None = None) -> None:
        self.tiles.skipped = self._hidden | set(self._live.tolist())
        rows = self._live if extra is None else extra
        if len(rows):
            self.tiles.spoil(self.sheet.columns[LEFT : BOTTOM + 1, rows].T)
            self.update()

    def _paint_live(self, painter: QPainter, view: QTransform) -> None:
        c, live = self.sheet.columns, self._live
        left, top = float(c[LEFT, live].min()), float(c[TOP, live].min())
        right, bottom = float(c[RIGHT, live].max()), float(c[BOTTOM, live].max())
        device = painter.device()
        shown, _ = view.inverted()
        ratio = 1.0 if device is None else device.devicePixelRatioF()
        if device is not None:
            window = shown.mapRect(QRectF(0, 0, device.width() * ratio, device.height() * ratio))
            left, right = max(left, window.left()), min(right, window.right())
            top, bottom = max(top, window.top()), min(bottom, window.bottom())
        rows = self.sheet.visible(left, top, right, bottom)
        mine = np.isin(rows, live)
        lowest = c[Z, live].min()
        above = (c[Z, rows] > lowest) & ~mine
        if 0 < int(above.sum()) <= _STACKED_LIVE:
            first = int(np.argmax(mine)) if mine.any() else 0
            self.stack.paint(painter, view, rows[first:], smooth=self.smooth)
        else:
            self.stack.paint(painter, view, rows[mine], smooth=self.smooth)

    # --- pictures

    def _spoil_all(self, areas: list[QRectF]) -> None:
        edges = [(a.left(), a.top(), a.right(), a.bottom()) for a in areas if not a.isEmpty()]
        if edges:
            self.tiles.spoil(np.array(edges))
            self.update()

    def _picture_came(self, came: Wanted) -> None:
        if self.tiles.spoil_waiting(came):
            self.update()

    def _micros_came(self, assets: frozenset[str]) -> None:
        areas = self.sheet.areas_showing(assets)
        if len(areas):
            self.tiles.spoil(areas)
            self.update()

    def _picture_failed(self, asset: str) -> None:
        self._spoil_all(
            [
                self.sheet.area(item.id)
                for item in self.sheet.items
                if isinstance(item, ImageItem) and item.asset == asset
            ]
        )
