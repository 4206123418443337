"""Small pictures of assets: fetched and decoded away from the window's thread, and kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from kupuri_desktop.ui.decoding import opened
from kupuri_desktop.ui.tasks import Tasks

_KEPT = 200
_MOST_PIXELS = 64_000_000

Receiver = Callable[[QPixmap | None], None]


class Source(Protocol):
    """Where small pictures come from."""

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """An encoded image whose longer side is about `size` pixels; None where there is none."""
        ...


class Thumbnails:
    """Hands out pictures by asset and edge (device pixels), decoding each one once."""

    def __init__(self, tasks: Tasks, pictures: Source) -> None:
        self._tasks = tasks
        self._pictures = pictures
        self._kept: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()

    def want(self, asset: str, edge: int, owner: QObject, receive: Receiver) -> None:
        """Calls `receive` with the picture, at once if it is there, or with None if it never is.

        Forgotten when `owner` is destroyed.
        """
        kept = self._kept.get((asset, edge))
        if kept is not None:
            self._kept.move_to_end((asset, edge))
            receive(kept)
            return
        self._tasks.spawn(
            self._fetch(asset, edge, receive),
            owner,
            on_error=lambda _: receive(None),
            name="thumbnail",
        )

    def decode(self, data: bytes, edge: int, owner: QObject, receive: Receiver) -> None:
        """The same for bytes that are here already: a preview."""
        self._tasks.spawn(self._decode(data, edge, receive), owner, name="preview")

    async def _fetch(self, asset: str, edge: int, receive: Receiver) -> None:
        data = await self._pictures.thumbnail(asset, edge)
        image = None if data is None else await asyncio.to_thread(decoded, data, edge)
        if image is None:
            receive(None)
            return
        pixmap = QPixmap.fromImage(image)
        self._kept[asset, edge] = pixmap
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        receive(pixmap)

    async def _decode(self, data: bytes, edge: int, receive: Receiver) -> None:
        image = await asyncio.to_thread(decoded, data, edge)
        receive(None if image is None else QPixmap.fromImage(image))


def decoded(data: bytes, edge: int) -> QImage | None:
    """The picture, its longer side at most `edge` pixels, turned upright; None for no picture.

    For threads. A picture of more than 64 megapixels counts as none.
    """
    reader, _buffer = opened(data)
    if reader is None:
        return None
    size = reader.size()
    if size.isValid():
        if size.width() * size.height() > _MOST_PIXELS:
            return None
        if max(size.width(), size.height()) > edge:
            reader.setScaledSize(size.scaled(QSize(edge, edge), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image
