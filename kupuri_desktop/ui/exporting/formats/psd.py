"""Photoshop files with layers, by psd-tools."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image
from psd_tools import PSDImage
from psd_tools.api.layers import GroupMixin

from kupuri_desktop.ui.exporting.darkroom import Darkroom, Print, Progress
from kupuri_desktop.ui.exporting.formats.layers import Folder, Layer, Part, layered, layers_in
from kupuri_desktop.ui.exporting.formats.pixels import pillow
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.writers import Story


class _Document(PSDImage):
    """Its merged picture is ours: psd-tools would blend the layers anew when it saves."""

    def is_updated(self) -> bool:
        return False


class PsdWriter:
    """A layer for each item, a folder for each frame and group."""

    def __init__(self, room: Darkroom, ground: str | None) -> None:
        self._room = room
        self._ground = ground

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """See Writer."""
        (piece,) = pages
        size = piece.size(self._room.scale)
        parts = layered(piece)
        steps = sum(1 for _ in layers_in(parts)) + 1
        whole = Image.new("RGBA", size)
        async for strip in self._room.strips(piece, self._ground, lambda _: None):
            await in_thread(lambda part: whole.paste(pillow(part.image), (0, part.top)), strip)
        document = await in_thread(_begun, whole)
        if self._ground:
            _name(document.create_pixel_layer(Image.new("RGBA", size, self._ground)), "Background")
        done = 0

        async def add(holder: GroupMixin, parts: Sequence[Part]) -> None:
            nonlocal done
            for part in parts:
                match part:
                    case Folder(name=name, parts=inside):
                        folder = holder.create_group()
                        _name(folder, name)
                        await add(folder, inside)
                    case Layer():
                        found = await self._room.layer(part.item, piece)
                        if found is not None:
                            await in_thread(_add, holder, part, found)
                        done += 1
                        progress(done / steps)

        await add(document, parts)
        packed = io.BytesIO()
        await in_thread(document.save, packed)
        await in_thread(file.write, packed.getbuffer())


def _begun(merged: Image.Image) -> _Document:
    """A document without layers. Photoshop stores the merged colours as they look on white."""
    white = Image.new("RGBA", merged.size, "#ffffff")
    white.alpha_composite(merged)
    white.putalpha(merged.getchannel("A"))
    document = _Document.frompil(white)
    # The fourth channel is the picture's transparency, and no mask that somebody kept.
    document._merged_alpha = True
    return document


def _add(holder: GroupMixin, layer: Layer, found: Print) -> None:
    made = holder.create_pixel_layer(
        pillow(found.image), top=found.top, left=found.left, opacity=round(layer.opacity * 255)
    )
    _name(made, layer.name)
    made.visible = layer.shown


def _name(part: object, words: str) -> None:
    # The setter takes any script; the names given at creation must be Mac Roman.
    part.name = words  # type: ignore[attr-defined]
