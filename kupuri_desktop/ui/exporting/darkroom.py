"""Paints pieces of a canvas strip by strip, with no more in memory than it was allowed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtGui import QColor, QImage, QPainter

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import FrameItem, ImageItem, Item
from kupuri_desktop.ui.canvas.painting.stack import turn
from kupuri_desktop.ui.canvas.painting.vectors import paint_vector
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.canvas.traffic.export import clip_to_frame, longest_for, paint_picture
from kupuri_desktop.ui.decoding import decode
from kupuri_desktop.ui.exporting.pieces import Piece, common, painted
from kupuri_desktop.ui.exporting.threads import in_thread

STRIP_PIXELS = 1 << 24
"""Of one strip: 64 MB."""

PICTURE_BYTES = 256 * 1024 * 1024
"""Of decoded images that are kept for the next strip, and of those painted in one go."""

_DECODING = 2

Progress = Callable[[float], object]
Hint = QPainter.RenderHint


@dataclass(frozen=True, slots=True)
class Seen:
    """A decoded image, or None and why it cannot be shown."""

    picture: QImage | None
    problem: str = ""

    @property
    def size(self) -> int:
        return self.picture.sizeInBytes() if self.picture is not None else 0


@dataclass(frozen=True, slots=True)
class Print:
    """Painted pixels, ARGB32 premultiplied, and where they lie in their piece, in pixels."""

    image: QImage
    left: int
    top: int


class Darkroom:
    """Makes pixels for writers. scale: pixels a canvas unit.

    `problems`: the assets that could not be read, and why; their places are painted with that.
    """

    def __init__(
        self,
        pictures: Pictures,
        scale: float,
        *,
        strip_pixels: int = STRIP_PIXELS,
        picture_bytes: int = PICTURE_BYTES,
    ) -> None:
        self.scale = scale
        self.problems: dict[str, str] = {}
        self._pictures = pictures
        self._strip_pixels = strip_pixels
        self._budget = picture_bytes
        self._kept: OrderedDict[tuple[str, int], Seen] = OrderedDict()
        self._kept_bytes = 0
        self._hands = asyncio.Semaphore(_DECODING)

    async def strips(
        self, piece: Piece, ground: str | None, progress: Progress
    ) -> AsyncIterator[Print]:
        """The piece from top to bottom; `ground` under it, None is transparent."""
        width, height = piece.size(self.scale)
        tall = max(1, min(height, self._strip_pixels // width))
        for top in range(0, height, tall):
            image = _sheet(width, min(tall, height - top), ground)
            await self._paint(image, piece.shown, piece, 0, top)
            yield Print(image, 0, top)
            progress(min(1.0, (top + tall) / height))

    async def small(self, piece: Piece, longest: int, ground: str | None) -> QImage:
        """The whole piece with a longer edge of at most `longest` pixels."""
        scale = min(self.scale, longest / max(piece.area.width, piece.area.height))
        room = Darkroom(self._pictures, scale, picture_bytes=self._budget)
        async for strip in room.strips(piece, ground, lambda _: None):
            return strip.image
        raise AssertionError("A piece has one strip at least.")

    async def layer(self, item: Item, piece: Piece) -> Print | None:
        """One item alone, opaque and shown; None where nothing of it lies in the piece."""
        around = painted(item, piece.frames)
        around = common(around, piece.area) if around is not None else None
        if around is None:
            return None
        k, area = self.scale, piece.area
        width, height = piece.size(k)
        left = max(0, int((around.x - area.x) * k) - 1)
        top = max(0, int((around.y - area.y) * k) - 1)
        right = min(width, int((around.right - area.x) * k) + 2)
        bottom = min(height, int((around.bottom - area.y) * k) + 2)
        image = _sheet(max(1, right - left), max(1, bottom - top), None)
        await self._paint(image, [replace(item, opacity=1.0, hidden=False)], piece, left, top)
        return Print(image, left, top)

    async def data(self, asset: str) -> bytes:
        """An image's bytes; none, and a line in `problems`, where they are not to be had."""
        try:
            return await self._pictures.data(asset)
        except KupuriError as error:
            self.problems[asset] = error.message
            return b""

    async def picture(self, item: ImageItem) -> Seen:
        """The image of an item as large as it is wanted at this scale."""
        key = (item.asset, longest_for(item, self.scale))
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        async with self._hands:
            data = await self.data(item.asset)
            if not data:
                return Seen(None, self.problems[item.asset])
            seen = Seen(*await in_thread(decode, data, key[1]))
        if seen.picture is None:
            self.problems[item.asset] = seen.problem
        self._keep(key, seen)
        return seen

    async def _paint(
        self, image: QImage, items: Sequence[Item], piece: Piece, left: int, top: int
    ) -> None:
        k, area = self.scale, piece.area
        x, y = area.x + left / k, area.y + top / k
        here = Rect(x - 1 / k, y - 1 / k, (image.width() + 2) / k, (image.height() + 2) / k)
        met = [item for item in items if _meets(item, piece.frames, here)]
        for batch in self._batches(met):
            wanted = [item for item in batch if isinstance(item, ImageItem)]
            keys = {(item.asset, longest_for(item, k)): item for item in wanted}
            seen = dict(
                zip(keys, await asyncio.gather(*map(self.picture, keys.values())), strict=True)
            )
            await in_thread(_paint_all, image, batch, seen, piece.frames, k, x, y)

    def _batches(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        """As many at a time as their pictures have room in memory."""
        batch: list[Item] = []
        room = 0
        for item in items:
            if isinstance(item, ImageItem):
                longest = longest_for(item, self.scale)
                natural = max(item.natural_width, item.natural_height, 1)
                shrunk = (longest or natural) / natural
                room += round(item.natural_width * item.natural_height * shrunk * shrunk * 4)
            batch.append(item)
            if room > self._budget:
                yield batch
                batch, room = [], 0
        if batch:
            yield batch

    def _keep(self, key: tuple[str, int], seen: Seen) -> None:
        if key in self._kept or seen.size > self._budget:
            return
        self._kept[key] = seen
        self._kept_bytes += seen.size
        while self._kept_bytes > self._budget:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= gone.size


def _sheet(width: int, height: int, ground: str | None) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(ground) if ground else QColor(0, 0, 0, 0))
    return image


def _meets(item: Item, frames: Mapping[str, FrameItem], area: Rect) -> bool:
    around = painted(item, frames)
    return around is not None and common(around, area) is not None


def _paint_all(
    image: QImage,
    items: Sequence[Item],
    seen: Mapping[tuple[str, int], Seen],
    frames: Mapping[str, FrameItem],
    scale: float,
    x: float,
    y: float,
) -> None:
    painter = QPainter(image)
    painter.setRenderHints(Hint.Antialiasing | Hint.SmoothPixmapTransform)
    painter.scale(scale, scale)
    painter.translate(-x, -y)
    for item in items:
        painter.save()
        clip_to_frame(painter, item, frames)
        painter.setOpacity(item.opacity)
        turn(painter, item)
        if isinstance(item, ImageItem):
            found = seen[item.asset, longest_for(item, scale)]
            paint_picture(painter, item, found.picture, found.problem)
        else:
            paint_vector(painter, item)
        painter.restore()
    painter.end()
