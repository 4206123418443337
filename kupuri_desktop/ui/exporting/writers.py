"""What every format's writer promises, and which one writes which format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from kupuri_desktop.core.items import Making
from kupuri_desktop.ui.exporting.darkroom import Darkroom, Progress
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.wish import Format, Wish


@dataclass(frozen=True, slots=True)
class Story:
    """How the one image of a file was made, where that is known and may leave.

    workflow: ComfyUI's graphs by their keys.
    """

    making: Making | None = None
    workflow: Mapping[str, str] | None = None


class Writer(Protocol):
    """Writes one file of one format."""

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """Fills an empty file. One page for all formats but the paged ones.

        progress: told a fraction of 1. Raises KupuriError and OSError.
        """
        ...


def writer_for(wish: Wish, room: Darkroom, title: str) -> Writer:
    """The writer of a wish's format; its module is loaded only now.

    title: of the project, for formats that have one.
    """
    match wish.format:
        case Format.PNG:
            from kupuri_desktop.ui.exporting.formats.png import PngWriter

            return PngWriter(room, wish.ground)
        case Format.TIFF:
            from kupuri_desktop.ui.exporting.formats.tiff import TiffWriter

            return TiffWriter(room, wish.ground)
        case Format.JPEG | Format.WEBP | Format.AVIF:
            from kupuri_desktop.ui.exporting.formats.photo import PhotoWriter

            return PhotoWriter(room, wish.format, wish.ground, wish.quality)
        case Format.SVG:
            from kupuri_desktop.ui.exporting.formats.svg import SvgWriter

            return SvgWriter(room, wish.ground, keep=wish.keep)
        case Format.PDF:
            from kupuri_desktop.ui.exporting.formats.pdf import PdfWriter

            return PdfWriter(room, wish.ground, wish.quality, title if wish.keep else "")
        case Format.ORA:
            from kupuri_desktop.ui.exporting.formats.ora import OraWriter

            return OraWriter(room, wish.ground)
        case Format.PSD:
            from kupuri_desktop.ui.exporting.formats.psd import PsdWriter

            return PsdWriter(room, wish.ground)
