"""The geometry of all items as arrays, so that ten thousand are found as quickly as ten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import extent, touches
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, TextItem
from kupuri_desktop.ui.canvas.painting.atlas import MicroAtlas
from kupuri_desktop.ui.canvas.painting.vectors import text_height

Rows = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

_FIRST = 256

X, Y, W, H, LEFT, TOP, RIGHT, BOTTOM, Z, LONG, NATURAL = range(11)
"""Columns: the rectangle; the upright rectangle around all that is painted; z; the longer edge
of an image's whole picture, in canvas units and in its own pixels."""

_NUMBERS = attrgetter("x", "y", "width", "height", "z", "natural_width", "natural_height")
_OF_PLAIN = attrgetter(
    "rotation", "opacity", "crop", "flip_x", "flip_y", "grayscale", "corner_radius", "frame",
    "hidden",
)  # fmt: skip
_PLAIN = (0.0, 1.0, None, False, False, False, 0.0, None, False)
"""What `_OF_PLAIN` finds in an upright image as it is, in no frame: no call for each of 50,000."""


class Sheet:
    """Items in rows that keep their number while the item lives.

    `plain` images need no more than a rectangle to be drawn. `skipped` rows are not painted by
    tiles: they are being moved, or edited in place.
    """

    def __init__(self, atlas: MicroAtlas) -> None:
        self._atlas = atlas
        self.columns: Floats = np.zeros((11, _FIRST))
        self.slot = np.zeros(_FIRST, np.intp)
        self.alive = np.zeros(_FIRST, bool)
        self.shown = np.zeros(_FIRST, bool)
        self.plain = np.zeros(_FIRST, bool)
        self.image = np.zeros(_FIRST, bool)
        self.items: list[Item | None] = [None] * _FIRST
        self.row: dict[str, int] = {}
        self._free: list[int] = list(range(_FIRST - 1, -1, -1))
        self._frames: set[str] = set()
        self._rank: Rows | None = None
        self._top = 0

    def __len__(self) -> int:
        return len(self.row)

    def load(self, items: Sequence[Item]) -> None:
        """Puts many in at once; those of a frame after their frame."""
        while len(self._free) < len(items):
            self._grow()
        plain: list[ImageItem] = []
        others: list[Item] = []
        for item in items:
            if isinstance(item, ImageItem) and _OF_PLAIN(item) == _PLAIN:
                plain.append(item)
            else:
                others.append(item)
        if plain:
            rows = [self._free.pop() for _ in plain]
            self._top = max(self._top, max(rows) + 1)
            self.row.update(zip(map(attrgetter("id"), plain), rows, strict=True))
            self._put_plain(plain, rows)
        for item in others:
            self.put(item)

    def put_all(self, items: Iterable[Item]) -> Floats:
        """Adds or replaces many; answers left, top, right, bottom of all that must be painted."""
        plain: list[ImageItem] = []
        rows: list[int] = []
        areas: list[QRectF] = []
        for item in items:
            row = self.row.get(item.id)
            if row is not None and isinstance(item, ImageItem) and _OF_PLAIN(item) == _PLAIN:
                plain.append(item)
                rows.append(row)
            else:
                areas.append(self.put(item))
        others = [(a.left(), a.top(), a.right(), a.bottom()) for a in areas if not a.isEmpty()]
        before = self.columns[LEFT : BOTTOM + 1, rows].T
        if plain:
            self._put_plain(plain, rows)
        after = self.columns[LEFT : BOTTOM + 1, rows].T
        return np.concatenate([before, after, np.array(others).reshape(-1, 4)])

    def _put_plain(self, images: Sequence[ImageItem], rows: Sequence[int]) -> None:
        """Upright images as they are, in no frame: nearly all of a large canvas."""
        places = np.array(rows, np.intp)
        x, y, w, h, z, nw, nh = np.array(list(map(_NUMBERS, images)), np.float64).T
        if not (self.alive[places].all() and (self.columns[Z, places] == z).all()):
            self._rank = None
        self.columns[:, places] = (
            x, y, w, h, x, y, x + w, y + h, z, np.maximum(w, h), np.maximum(np.maximum(nw, nh), 1),
        )  # fmt: skip
        self.slot[places] = self._atlas.slots(map(attrgetter("asset"), images))
        for item, row in zip(images, rows, strict=True):
            self.items[row] = item
        self.alive[places] = self.shown[places] = True
        self.plain[places] = self.image[places] = True

    def put(self, item: Item) -> QRectF:
        """Adds or replaces; answers the canvas area that must be painted anew."""
        before = self.area(item.id)
        frame = self.item(item.frame) if item.frame else None
        row = self._put(item, frame if isinstance(frame, FrameItem) else None)
        if isinstance(item, FrameItem):
            old = [other for other in self.items if other is not None and other.frame == item.id]
            for other in old:
                before = before.united(self.put(other))
        return before.united(self._area(row))

    def remove(self, key: str) -> QRectF:
        """Takes an item out; answers the area that it covered."""
        row = self.row.get(key)
        if row is None:
            return QRectF()
        area = self._area(row)
        del self.row[key]
        self._frames.discard(key)
        self.items[row] = None
        self.alive[row] = self.shown[row] = False
        self._free.append(row)
        self._rank = None
        return area

    def item(self, key: str) -> Item | None:
        row = self.row.get(key)
        return None if row is None else self.items[row]

    def frames(self) -> list[FrameItem]:
        """All frames, in no order."""
        found = (self.item(key) for key in self._frames)
        return [frame for frame in found if isinstance(frame, FrameItem)]

    def area(self, key: str) -> QRectF:
        row = self.row.get(key)
        return QRectF() if row is None else self._area(row)

    def areas_showing(self, assets: Iterable[str]) -> Floats:
        """Left, top, right and bottom of each image of these assets."""
        n = self._top
        shows = self.image[:n] & np.isin(self.slot[:n], self._atlas.slots(assets))
        areas: Floats = self.columns[LEFT : BOTTOM + 1, np.flatnonzero(shows)].T
        return areas

    def rows_of(self, ids: Iterable[str]) -> Rows:
        return np.array([self.row[key] for key in ids if key in self.row], np.intp)

    def shift(self, rows: Rows, dx: float, dy: float) -> None:
        """Moves rows without changing their items: what a drag shows before it is an edit."""
        for column in (X, LEFT, RIGHT):
            self.columns[column, rows] += dx
        for column in (Y, TOP, BOTTOM):
            self.columns[column, rows] += dy

    def visible(self, left: float, top: float, right: float, bottom: float) -> Rows:
        """Rows shown in an area, from the back to the front."""
        n, c = self._top, self.columns
        hit = (
            self.shown[:n]
            & (c[LEFT, :n] < right)
            & (c[RIGHT, :n] > left)
            & (c[TOP, :n] < bottom)
            & (c[BOTTOM, :n] > top)
        )
        return self.ordered(np.flatnonzero(hit))

    def ordered(self, rows: Rows) -> Rows:
        """The rows from the back to the front."""
        if len(rows) < 2:
            return rows
        return rows[np.argsort(self._ranks()[rows], kind="stable")]

    def at(self, x: float, y: float, reach: float) -> list[Item]:
        """Items under a point, the front one first. reach: how near counts, canvas units."""
        rows = self.visible(x - reach, y - reach, x + reach, y + reach)
        found = (self.items[row] for row in reversed(rows.tolist()))
        return [item for item in found if item is not None and touches(item, x, y, reach)]

    def within(self, area: Rect) -> list[Item]:
        """Items that an area meets, from the back to the front."""
        rows = self.visible(area.x, area.y, area.right, area.bottom)
        return [item for row in rows.tolist() if (item := self.items[row]) is not None]

    def whole(self) -> QRectF:
        """The area of all that is shown."""
        rows = np.flatnonzero(self.shown)
        if not len(rows):
            return QRectF()
        c = self.columns
        left, top = c[LEFT, rows].min(), c[TOP, rows].min()
        return QRectF(left, top, c[RIGHT, rows].max() - left, c[BOTTOM, rows].max() - top)

    def _area(self, row: int) -> QRectF:
        left, top, right, bottom = self.columns[LEFT : BOTTOM + 1, row].tolist()
        return QRectF(left, top, right - left, bottom - top)

    def _put(self, item: Item, frame: FrameItem | None) -> int:
        row = self.row.get(item.id)
        if row is None:
            if not self._free:
                self._grow()
            row = self.row[item.id] = self._free.pop()
            self._top = max(self._top, row + 1)
            self._rank = None
        elif self.columns[Z, row] != item.z:
            self._rank = None
        around = extent(item)
        if isinstance(item, TextItem):
            # Words may be taller than the box that the agent guessed for them.
            more = max(0.0, text_height(item) - item.height)
            around = Rect(around.x, around.y, around.width, around.height + more)
        long = natural = 0.0
        is_image = plain = False
        if isinstance(item, ImageItem):
            is_image = True
            natural = float(max(item.natural_width, item.natural_height, 1))
            long = whole_edge(item)
            plain = _looks_plain(item) and not (frame is not None and frame.clip)
            self.slot[row] = self._atlas.slot(item.asset)
        self.columns[:, row] = (
            item.x, item.y, item.width, item.height,
            around.x, around.y, around.right, around.bottom, item.z, long, natural,
        )  # fmt: skip
        if isinstance(item, FrameItem):
            self._frames.add(item.id)
        self.items[row] = item
        self.alive[row] = True
        self.shown[row] = not item.hidden and not (frame is not None and frame.hidden)
        self.plain[row] = plain
        self.image[row] = is_image
        return row

    def _ranks(self) -> Rows:
        if self._rank is None:
            rows = np.flatnonzero(self.alive[: self._top])
            z = self.columns[Z, rows]
            order = rows[np.argsort(z, kind="stable")]
            sorted_z = self.columns[Z, order]
            if len(order) > 1 and bool((sorted_z[1:] == sorted_z[:-1]).any()):
                keyed = [(self.columns[Z, r], self._id(r), r) for r in order.tolist()]
                order = np.array([r for _, _, r in sorted(keyed)], np.intp)
            self._rank = np.zeros(self._top, np.intp)
            self._rank[order] = np.arange(len(order))
        return self._rank

    def _id(self, row: int) -> str:
        item = self.items[row]
        return "" if item is None else item.id

    def _grow(self) -> None:
        old = len(self.items)
        self.columns = np.concatenate([self.columns, np.zeros((11, old))], axis=1)
        self.slot = np.concatenate([self.slot, np.zeros(old, np.intp)])
        for name in ("alive", "shown", "plain", "image"):
            setattr(self, name, np.concatenate([getattr(self, name), np.zeros(old, bool)]))
        self.items.extend([None] * old)
        self._free[:0] = range(old * 2 - 1, old - 1, -1)


def whole_edge(item: ImageItem) -> float:
    """The longer edge of the whole picture in canvas units, were nothing of it cropped away."""
    crop = item.crop
    width = item.width * (item.natural_width / crop.width if crop and crop.width else 1.0)
    height = item.height * (item.natural_height / crop.height if crop and crop.height else 1.0)
    return max(width, height)


def _looks_plain(item: ImageItem) -> bool:
    return (
        item.rotation == 0
        and item.opacity == 1
        and item.crop is None
        and not (item.flip_x or item.flip_y or item.grayscale or item.corner_radius)
    )
