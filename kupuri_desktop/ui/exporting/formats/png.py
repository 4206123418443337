"""PNG files written strip by strip, of any height in little memory.

Chunks and filters: https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from kupuri_desktop.engines import metadata
from kupuri_desktop.ui.exporting.darkroom import Darkroom, Print, Progress
from kupuri_desktop.ui.exporting.formats.pixels import Bytes2D, rows
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.writers import Story

_LEVEL = 4
_BLOCK = 256
"""Rows that share a filter, which is how many are compared at a time."""

_NONE, _SUB, _UP, _PAETH = 0, 1, 2, 4


class PngWriter:
    """Three channels on an opaque ground, four on none."""

    def __init__(self, room: Darkroom, ground: str | None) -> None:
        self._room = room
        self._ground = ground
        self._channels = 3 if ground else 4

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """See Writer."""
        (piece,) = pages
        width, height = piece.size(self._room.scale)
        packer = Packer(file, width, height, self._channels)
        texts = b""
        if story.making is not None:
            texts = metadata.chunks(story.making, story.workflow or {})
        await in_thread(packer.begin, texts)
        async for strip in self._room.strips(piece, self._ground, progress):
            await in_thread(packer.add, strip)
        await in_thread(packer.end)


class Packer:
    """Packs rows as they come into one PNG. level: of zlib, 1 quick to 9 small."""

    def __init__(
        self, file: BinaryIO, width: int, height: int, channels: int, level: int = _LEVEL
    ) -> None:
        self._file = file
        self._size = (width, height)
        self._channels = channels
        self._stream = zlib.compressobj(level)
        self._above: Bytes2D | None = None

    def begin(self, texts: bytes = b"") -> None:
        """texts: whole chunks for before the pixels."""
        self._file.write(metadata.SIGNATURE)
        colour = {3: 2, 4: 6}[self._channels]
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", *self._size, 8, colour, 0, 0, 0))
        self._chunk(b"sRGB", b"\0")
        self._file.write(texts)

    def add(self, strip: Print) -> None:
        """The rows below the last ones."""
        data = rows(strip.image, self._channels)
        for start in range(0, len(data), _BLOCK):
            block = data[start : start + _BLOCK]
            packed = self._stream.compress(self._filtered(block))
            self._above = block[-1]
            if packed:
                self._chunk(b"IDAT", packed)

    def end(self) -> None:
        self._chunk(b"IDAT", self._stream.flush())
        self._chunk(b"IEND", b"")

    def _filtered(self, block: Bytes2D) -> bytes:
        step = self._channels
        above = np.empty_like(block)
        above[0] = 0 if self._above is None else self._above
        above[1:] = block[:-1]
        left = np.zeros_like(block)
        left[:, step:] = block[:, :-step]
        # The usual guess: the smaller the differences, the better they pack. A few rows tell.
        told = slice(None, None, max(1, len(block) // 16))
        tried = {
            _NONE: block[told],
            _SUB: block[told] - left[told],
            _UP: block[told] - above[told],
            _PAETH: block[told] - _paeth(left[told], above[told], step),
        }
        best = min(tried, key=lambda key: int(np.abs(tried[key].view(np.int8).astype(int)).sum()))
        out = np.empty((len(block), block.shape[1] + 1), np.uint8)
        out[:, 0] = best
        match best:
            case 0:
                out[:, 1:] = block
            case 1:
                np.subtract(block, left, out=out[:, 1:])
            case 2:
                np.subtract(block, above, out=out[:, 1:])
            case _:
                np.subtract(block, _paeth(left, above, step), out=out[:, 1:])
        return out.tobytes()

    def _chunk(self, kind: bytes, body: bytes) -> None:
        check = zlib.crc32(body, zlib.crc32(kind))
        self._file.write(struct.pack(">I", len(body)) + kind)
        self._file.write(body)
        self._file.write(struct.pack(">I", check))


def _paeth(left: Bytes2D, above: Bytes2D, step: int) -> Bytes2D:
    corner = np.zeros_like(above)
    corner[:, step:] = above[:, :-step]
    a, b, c = left.astype(np.int16), above.astype(np.int16), corner.astype(np.int16)
    from_left, from_above = np.abs(b - c), np.abs(a - c)
    from_corner = np.abs(a + b - 2 * c)
    near_left = (from_left <= from_above) & (from_left <= from_corner)
    return np.where(near_left, left, np.where(from_above <= from_corner, above, corner))
