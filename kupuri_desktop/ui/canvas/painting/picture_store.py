"""Keeps decoded pictures within a budget of bytes, and fetches those that are missed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, NamedTuple

from PySide6.QtGui import QColor, QImage

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.canvas.painting.atlas import MicroAtlas
from kupuri_desktop.ui.canvas.ports import LEVELS, Pictures
from kupuri_desktop.ui.decoding import decode, grey

BUDGET = 512 * 2**20
"""Bytes of decoded pictures that are kept."""

_WORKERS = 2
_WANTED = 4096
_MICROS_AT_ONCE = 2000
_TOGETHER, _SMALL = 16, 128
WHOLE = 1 << 30
"""The level of the picture in its own size."""

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class Wanted(NamedTuple):
    """A picture of an asset; `level` is one of LEVELS, a greater power of two, or WHOLE."""

    asset: str
    level: int
    grey: bool = False


def level_for(pixels: float, natural: float) -> int:
    """The level that serves a longer edge of `pixels` on the screen. `natural`: the image's own.

    0 means the micro. Up to a tenth of enlarging is not seen and saves the next level.
    """
    if pixels <= 18:
        return 0
    if pixels >= natural * 0.75:
        return WHOLE
    size = LEVELS[0]
    while size < pixels * 0.9:
        size *= 2
    return size if size < natural else WHOLE


class PictureStore:
    """Pictures for painting. `get` answers at once and remembers what it could not give.

    spawn: starts the fetching, which ends when nothing is wanted. `came`: one that was wanted
    is there. `failed`: an asset cannot be shown; `problems` says why.
    """

    def __init__(
        self, pictures: Pictures, spawn: Spawn, unknown: QColor, budget: int = BUDGET
    ) -> None:
        self.atlas = MicroAtlas(unknown)
        self.came: Signal[Wanted] = Signal()
        self.micros_came: Signal[frozenset[str]] = Signal()
        self.failed: Signal[str] = Signal()
        self.problems: dict[str, str] = {}
        self._pictures = pictures
        self._spawn = spawn
        self._budget = budget
        self._kept: OrderedDict[Wanted, QImage] = OrderedDict()
        self._bytes = 0
        self._wanted: OrderedDict[Wanted, None] = OrderedDict()
        self._fetching: set[Wanted] = set()
        self._workers = 0
        self._disconnect = pictures.levels_made.connect(self._look_again)

    def close(self) -> None:
        self._disconnect()
        self._wanted.clear()

    @property
    def waiting(self) -> int:
        """How many pictures are wanted or on their way."""
        return len(self._wanted) + len(self._fetching)

    def get(self, key: Wanted) -> QImage | None:
        image = self._kept.get(key)
        if image is not None:
            self._kept.move_to_end(key)
        elif key.asset not in self.problems and key not in self._fetching:
            self._want(key)
        return image

    def nearest(self, key: Wanted) -> QImage | None:
        """Another size of the same, while it is on its way: larger ones first."""
        levels = (*LEVELS, 1024, 2048, 4096, WHOLE)
        larger = [size for size in levels if size > key.level]
        smaller = [size for size in reversed(levels) if size < key.level]
        for size in (*larger, *smaller):
            image = self._kept.get(Wanted(key.asset, size, key.grey))
            if image is not None:
                return image
        return None

    def forget_wishes(self) -> None:
        """Drops what was wanted for a view that is no longer shown."""
        self._wanted.clear()

    async def load_micros(self, assets: Iterable[str]) -> None:
        """Fetches the tiny pictures that are not there yet."""
        missing = [a for a in dict.fromkeys(assets) if not self.atlas.known(a)]
        for start in range(0, len(missing), _MICROS_AT_ONCE):
            part = missing[start : start + _MICROS_AT_ONCE]
            found = await self._pictures.micros(part)
            self.atlas.fill(found)
            self.micros_came.emit(frozenset(found))

    def _want(self, key: Wanted) -> None:
        self._wanted[key] = None
        self._wanted.move_to_end(key)
        if len(self._wanted) > _WANTED:
            self._wanted.popitem(last=False)
        if self._workers < _WORKERS:
            self._workers += 1
            task = self._spawn(self._work())
            task.add_done_callback(self._worker_ended)

    def _worker_ended(self, _task: asyncio.Task[None]) -> None:
        self._workers -= 1

    async def _work(self) -> None:
        while self._wanted:
            # The newest wishes are what is on the screen now. Small ones go together, for each
            # way to a thread and back costs more than reading one of them.
            keys = [self._wanted.popitem(last=True)[0]]
            while self._wanted and len(keys) < _TOGETHER and keys[-1].level <= _SMALL:
                keys.append(self._wanted.popitem(last=True)[0])
            self._fetching.update(keys)
            try:
                found = await self._fetch(keys)
            finally:
                self._fetching.difference_update(keys)
            for key, (image, problem) in found.items():
                if image is None:
                    self.problems[key.asset] = problem
                    self.failed.emit(key.asset)
                else:
                    self._keep(key, image)
                    self.came.emit(key)

    async def _fetch(self, keys: list[Wanted]) -> dict[Wanted, tuple[QImage | None, str]]:
        found: dict[Wanted, tuple[QImage | None, str]] = {}
        stored: dict[Wanted, bytes] = {}
        for key in keys:
            try:
                data = None
                if key.level in LEVELS:
                    data = await self._pictures.level(key.asset, key.level)
                stored[key] = data if data is not None else await self._pictures.data(key.asset)
            except KupuriError as error:
                found[key] = (None, error.message)
        return found | await asyncio.to_thread(_read, stored)

    def _keep(self, key: Wanted, image: QImage) -> None:
        self._kept[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._budget and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= old.sizeInBytes()

    def _look_again(self, asset: str) -> None:
        self.problems.pop(asset, None)
        if not self.atlas.known(asset):
            self._spawn(self.load_micros([asset]))


def _read(stored: dict[Wanted, bytes]) -> dict[Wanted, tuple[QImage | None, str]]:
    found = {}
    for key, data in stored.items():
        image, problem = decode(data, 0 if key.level == WHOLE else key.level)
        found[key] = (grey(image) if image is not None and key.grey else image, problem)
    return found
