"""JPEG, WebP and AVIF by Pillow, whose packers want the whole picture at once."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from PIL import Image

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.engines import xmp
from kupuri_desktop.ui.exporting.darkroom import Darkroom, Print, Progress
from kupuri_desktop.ui.exporting.formats.pixels import pillow
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.wish import Format
from kupuri_desktop.ui.exporting.writers import Story

_PAINTED = 0.5
"""The share of painting in the whole; the rest is packing, which does not tell how far it is."""

_NAMES = {Format.JPEG: "JPEG", Format.WEBP: "WEBP", Format.AVIF: "AVIF"}


class PhotoWriter:
    """quality: 1 to 100; WebP at 100 keeps every pixel as it is."""

    def __init__(self, room: Darkroom, format_: Format, ground: str | None, quality: int) -> None:
        self._room = room
        self._format = format_
        self._ground = ground
        self._quality = quality

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """See Writer."""
        (piece,) = pages
        channels = 3 if self._ground else 4
        whole = Image.new("RGB" if self._ground else "RGBA", piece.size(self._room.scale))

        def put(strip: Print) -> None:
            whole.paste(pillow(strip.image, channels), (strip.left, strip.top))

        async for strip in self._room.strips(
            piece, self._ground, lambda part: progress(part * _PAINTED)
        ):
            await in_thread(put, strip)
        await in_thread(self._pack, whole, file, story)
        progress(1.0)

    def _pack(self, whole: Image.Image, file: BinaryIO, story: Story) -> None:
        options: dict[str, Any] = {"quality": self._quality}
        match self._format:
            case Format.JPEG:
                options |= {"subsampling": 0 if self._quality >= 90 else 2}
            case Format.WEBP if self._quality == 100:
                options |= {"lossless": True, "quality": 60}
            case Format.AVIF:
                options |= {"speed": 8}
        if story.making is not None:
            options |= {"xmp": xmp.packet(story.making), "exif": xmp.exif(story.making)}
        packed = io.BytesIO()
        try:
            whole.save(packed, _NAMES[self._format], **options)
        except (OSError, ValueError, RuntimeError) as error:
            raise KupuriError(
                f"The picture could not be packed as {self._format.words}.",
                hint="Choose another format or a smaller size.",
                details=str(error),
            ) from error
        file.write(packed.getbuffer())
