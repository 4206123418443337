"""The open project's palette, kept as it is changed, and the colours of its images."""

import asyncio

from kupuri_desktop.core.palette import Palette
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.palettes import Palettes
from kupuri_desktop.workspace.picture_colours import colours_of

_SIDE = 128


class ProjectColours:
    """`palette` is what was saved; `put` keeps another one, and `changed` hears of it."""

    def __init__(self, project: str, palette: Palette, palettes: Palettes, assets: Assets) -> None:
        self.palette = palette
        self.changed: Signal[Palette] = Signal()
        self._project = project
        self._palettes = palettes
        self._assets = assets

    def put(self, palette: Palette) -> None:
        """There at once; the disk follows in the order of the calls."""
        if palette != self.palette:
            self.palette = palette
            self._palettes.keep(self._project, palette)
            self.changed.emit(palette)

    async def drawn_from(self, asset: str) -> tuple[str, ...]:
        """The colours that an image is made of as #rrggbb, those of the most area first.

        Empty where it cannot be read. Raises KupuriError (NotFound, StorageError).
        """
        data = await self._assets.thumbnail(asset, _SIDE)
        return () if data is None else await asyncio.to_thread(colours_of, data)
