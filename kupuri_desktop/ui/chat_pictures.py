"""Gives the chat its pictures from the open project."""

from __future__ import annotations

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.errors import HostileFile
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.storage.assets import Assets


class ProjectPictures:
    """The images of one canvas, and those that are pasted into its chat."""

    def __init__(self, canvas: Canvas, assets: Assets) -> None:
        self._canvas = canvas
        self._assets = assets

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """A stored smaller picture, or the image itself while that is not made."""
        level = await self._assets.thumbnail(asset, size)
        return level if level is not None else await self._assets.data(asset)

    def asset_of(self, item: str) -> str | None:
        """The asset of an image on the canvas; None where it is gone or no image."""
        found = self._canvas.items.get(item)
        return found.asset if isinstance(found, ImageItem) else None

    async def keep(self, data: bytes, name: str) -> ImagePart:
        """Stores a picture. Raises HostileFile for bytes that are none."""
        asset = await self._assets.add(data)
        if asset.problem:
            raise HostileFile(f"“{name}” is not a picture that can be read.", hint=asset.problem)
        return ImagePart(asset=asset.id, mime=asset.mime)
