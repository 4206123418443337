"""OpenRaster files, as Krita, GIMP and MyPaint open them: a zip of PNGs and the order of layers.

https://www.openraster.org/baseline/file-layout-spec.html and .../layer-stack-spec.html
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import BinaryIO
from xml.etree.ElementTree import Element, SubElement, tostring

from PySide6.QtGui import QImage

from kupuri_desktop.ui.exporting.darkroom import Darkroom, Print, Progress
from kupuri_desktop.ui.exporting.formats.layers import Folder, Layer, Part, layered, layers_in
from kupuri_desktop.ui.exporting.formats.png import Packer
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.writers import Story

_THUMBNAIL = 256
_LEVEL = 1
"""What zlib does for layers: they are opened, changed and packed anew by others."""


class OraWriter:
    """A layer for each item, a folder for each frame and group."""

    def __init__(self, room: Darkroom, ground: str | None) -> None:
        self._room = room
        self._ground = ground

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """See Writer."""
        (piece,) = pages
        parts = layered(piece)
        width, height = piece.size(self._room.scale)
        steps = sum(1 for _ in layers_in(parts)) + 1
        with zipfile.ZipFile(file, "w") as archive:
            # First and not packed, so that the kind of file can be told from its first bytes.
            archive.writestr(_info("mimetype"), b"image/openraster")
            image = Element("image", {"version": "0.0.3", "w": str(width), "h": str(height)})
            stack = SubElement(image, "stack")
            sources: dict[int, tuple[str, Print]] = {}
            for done, layer in enumerate(layers_in(parts)):
                found = await self._room.layer(layer.item, piece)
                if found is not None:
                    name = f"data/layer{done + 1:03}.png"
                    await in_thread(_put, archive, name, found.image)
                    sources[id(layer)] = (name, Print(QImage(), found.left, found.top))
                progress(done / steps)
            _tell(stack, parts, sources)
            if self._ground:
                sheet = QImage(width, height, QImage.Format.Format_RGB32)
                sheet.fill(self._ground)
                await in_thread(_put, archive, "data/ground.png", sheet)
                ground = {"name": "Background", "src": "data/ground.png", "x": "0", "y": "0"}
                SubElement(stack, "layer", ground)
            text = tostring(image, "utf-8", xml_declaration=True)
            archive.writestr(_info("stack.xml", packed=True), text)
            await self._merged(archive, piece, steps, progress)
            small = await self._room.small(piece, _THUMBNAIL, self._ground)
            await in_thread(_put, archive, "Thumbnails/thumbnail.png", small)

    async def _merged(
        self, archive: zipfile.ZipFile, piece: Piece, steps: int, progress: Progress
    ) -> None:
        with archive.open(_info("mergedimage.png"), "w", force_zip64=True) as entry:
            # The readers of this entry want four channels.
            packer = Packer(entry, *piece.size(self._room.scale), 4)  # type: ignore[arg-type]
            packer.begin()

            def told(part: float) -> None:
                progress((steps - 1 + part) / steps)

            async for strip in self._room.strips(piece, self._ground, told):
                await in_thread(packer.add, strip)
            packer.end()


def _tell(stack: Element, parts: Sequence[Part], sources: dict[int, tuple[str, Print]]) -> None:
    """The topmost comes first."""
    for part in reversed(parts):
        match part:
            case Folder(name=name, parts=inside):
                _tell(SubElement(stack, "stack", {"name": name}), inside, sources)
            case Layer() if id(part) in sources:
                source, place = sources[id(part)]
                SubElement(
                    stack,
                    "layer",
                    {
                        "name": part.name,
                        "src": source,
                        "x": str(place.left),
                        "y": str(place.top),
                        "opacity": f"{part.opacity:.4f}",
                        "visibility": "visible" if part.shown else "hidden",
                        "composite-op": "svg:src-over",
                    },
                )


def _info(name: str, *, packed: bool = False) -> zipfile.ZipInfo:
    # The earliest time that a zip can say: an export is the same file whenever it is made.
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def _put(archive: zipfile.ZipFile, name: str, image: QImage) -> None:
    packed = io.BytesIO()
    packer = Packer(packed, image.width(), image.height(), 4, _LEVEL)
    packer.begin()
    packer.add(Print(image, 0, 0))
    packer.end()
    archive.writestr(_info(name), packed.getbuffer())
