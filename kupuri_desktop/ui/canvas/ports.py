"""What the canvas asks of the rooms below: pictures, coming images, and ways in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from kupuri_desktop.core.generation import Placeholder
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.signals import Signal

MICRO_SIDE = 16
"""Pixels: the edge of the picture of every image that is always in memory."""

MICRO_BYTES = MICRO_SIDE * MICRO_SIDE * 4

LEVELS = (32, 64, 128, 256, 512)
"""Pixels of the longer edge of the smaller pictures that are kept with each image."""


class Pictures(Protocol):
    """An image's bytes in the sizes that there are. Nothing here decodes."""

    levels_made: Signal[str]
    """An asset whose smaller pictures are there from now on."""

    async def micros(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """16 by 16 pixels ARGB32 premultiplied, the image squeezed to a square; none: left out."""
        ...

    async def level(self, asset: str, size: int) -> bytes | None:
        """A file whose picture's longer edge is `size` pixels; None while it is not made."""
        ...

    async def data(self, asset: str) -> bytes:
        """The image byte for byte. Raises KupuriError (NotFound, AssetDamaged)."""
        ...


class Coming(Protocol):
    """The images that are being made, and what a person can do about each."""

    changed: Signal[Placeholder]
    """A new one, or news of one that is known."""

    removed: Signal[str]
    """The job of one that is gone: its image is on the canvas, or it was dismissed."""

    def current(self) -> Sequence[Placeholder]: ...

    def stop(self, job: str) -> None: ...

    def retry(self, job: str) -> None: ...

    def dismiss(self, job: str) -> None: ...


class Intake(Protocol):
    """Takes in what is dropped or pasted: keeps the bytes and puts image items on the canvas.

    at: canvas units, the centre of the first. Each answers the ids of the new items and raises
    KupuriError.
    """

    async def take_files(self, paths: Sequence[Path], at: tuple[float, float]) -> Sequence[str]: ...

    async def take_image(
        self, data: bytes, name: str, at: tuple[float, float]
    ) -> Sequence[str]: ...


class Outgoing(Protocol):
    """Gives images to other programs."""

    async def files_for(self, ids: Sequence[str]) -> Sequence[Path]:
        """Files for these items, in their order, whole on the disk; named by what they show."""
        ...

    async def file_of(self, data: bytes, name: str) -> Path:
        """A file with these bytes, whole on the disk. `name` has an extension, no folder."""
        ...

    async def with_making(self, png: bytes, items: Sequence[Item]) -> bytes:
        """The PNG with how its items were made in its text chunks, where that may leave."""
        ...


class Masks(Protocol):
    """Where painted masks are kept."""

    async def keep(self, png: bytes) -> str:
        """Stores a mask once, however often it comes; its asset. Raises KupuriError."""
        ...
