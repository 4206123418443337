"""TIFF files written strip by strip: deflate with horizontal differencing, 8 bits a channel.

Tags: https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, and Adobe's technical notes
for compression 8. One file holds up to 4 GB.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from kupuri_desktop import __version__
from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.engines import xmp
from kupuri_desktop.ui.exporting.darkroom import Darkroom, Print, Progress
from kupuri_desktop.ui.exporting.formats.pixels import rows
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.writers import Story

DPI_AT_ONE = 72
"""Pixels an inch of an export at its own size; twice the size is twice as dense."""

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL = 1, 2, 3, 4, 5
_LEVEL = 3
_ROWS = 256
_ROOM = 2**32 - 2**20


class TiffWriter:
    """Three channels on an opaque ground, four on none."""

    def __init__(self, room: Darkroom, ground: str | None) -> None:
        self._room = room
        self._ground = ground

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """See Writer."""
        (piece,) = pages
        size = piece.size(self._room.scale)
        packer = _Packer(file, size, 3 if self._ground else 4)
        packer.begin()
        async for strip in self._room.strips(piece, self._ground, progress):
            await in_thread(packer.add, strip)
        told = xmp.packet(story.making) if story.making is not None else b""
        packer.end(round(DPI_AT_ONE * self._room.scale), told)


class _Packer:
    def __init__(self, file: BinaryIO, size: tuple[int, int], channels: int) -> None:
        self._file = file
        self._size = size
        self._channels = channels
        self._places: list[int] = []
        self._lengths: list[int] = []
        self._left = np.zeros((0, size[0] * channels), np.uint8)

    def begin(self) -> None:
        self._file.write(struct.pack("<2sHI", b"II", 42, 0))

    def add(self, strip: Print) -> None:
        """All strips of the file but the last have the same height, whatever comes in."""
        data = np.concatenate([self._left, rows(strip.image, self._channels)])
        whole = len(data) // _ROWS * _ROWS
        for start in range(0, whole, _ROWS):
            self._pack(data[start : start + _ROWS])
        self._left = data[whole:]

    def end(self, dpi: int, told: bytes) -> None:
        if len(self._left):
            self._pack(self._left)
        width, height = self._size
        tags: list[tuple[int, int, bytes]] = [
            (256, _LONG, struct.pack("<I", width)),
            (257, _LONG, struct.pack("<I", height)),
            (258, _SHORT, struct.pack("<H", 8) * self._channels),
            (259, _SHORT, struct.pack("<H", 8)),
            (262, _SHORT, struct.pack("<H", 2)),
            (273, _LONG, struct.pack(f"<{len(self._places)}I", *self._places)),
            (277, _SHORT, struct.pack("<H", self._channels)),
            (278, _LONG, struct.pack("<I", _ROWS)),
            (279, _LONG, struct.pack(f"<{len(self._lengths)}I", *self._lengths)),
            (282, _RATIONAL, struct.pack("<II", dpi, 1)),
            (283, _RATIONAL, struct.pack("<II", dpi, 1)),
            (296, _SHORT, struct.pack("<H", 2)),
            (305, _ASCII, f"Kupuri {__version__}".encode() + b"\0"),
            (317, _SHORT, struct.pack("<H", 2)),
        ]
        if self._channels == 4:
            # Alpha that the colours are not multiplied by.
            tags.append((338, _SHORT, struct.pack("<H", 2)))
        if told:
            tags.append((700, _BYTE, told))
        self._directory(tags)

    def _pack(self, data: np.ndarray) -> None:
        step = self._channels
        told = data.copy()
        told[:, step:] -= data[:, :-step]
        packed = zlib.compress(told.tobytes(), _LEVEL)
        place = self._file.tell()
        if place + len(packed) > _ROOM:
            raise UsageError(
                "That would be more than the 4 GB that a TIFF file can hold.",
                hint="Choose a smaller size, or PNG.",
            )
        self._places.append(place)
        self._lengths.append(len(packed))
        self._file.write(packed)

    def _directory(self, tags: Sequence[tuple[int, int, bytes]]) -> None:
        widths = {_BYTE: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8}
        entries = []
        for tag, kind, value in tags:
            count = len(value) // widths[kind]
            if len(value) > 4:
                self._even()
                inline = struct.pack("<I", self._file.tell())
                self._file.write(value)
            else:
                inline = value.ljust(4, b"\0")
            entries.append(struct.pack("<HHI", tag, kind, count) + inline)
        self._even()
        at = self._file.tell()
        self._file.write(struct.pack("<H", len(entries)) + b"".join(entries) + b"\0\0\0\0")
        self._file.seek(4)
        self._file.write(struct.pack("<I", at))
        self._file.seek(0, 2)

    def _even(self) -> None:
        if self._file.tell() % 2:
            self._file.write(b"\0")
