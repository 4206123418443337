"""What the canvas and the chat ask of the open project, each in their own words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.errors import HostileFile
from kupuri_desktop.core.generation import Placeholder
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import ImageItem, Item, Making
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.workspace.generations import Generations
from kupuri_desktop.workspace.incoming import Arrived, Incoming, Picture
from kupuri_desktop.workspace.outgoing import Outgoing, write_new


class ProjectPictures:
    """The chat's pictures: the images of one canvas, and those that are pasted into its chat."""

    def __init__(self, canvas: Canvas, assets: Assets) -> None:
        self._canvas = canvas
        self._assets = assets

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """A smaller picture, its longer side `size` pixels or somewhat more."""
        return await self._assets.thumbnail(asset, size)

    def asset_of(self, item: str) -> str | None:
        """The asset of an image on the canvas; None where it is gone or no image."""
        found = self._canvas.items.get(item)
        return found.asset if isinstance(found, ImageItem) else None

    async def keep(self, data: bytes, name: str) -> ImagePart:
        """Takes a picture in; it is stored before the message that shows it.

        Raises HostileFile for bytes that are none.
        """
        asset = (await self._assets.take(data)).asset
        if asset.problem:
            raise HostileFile(f"“{name}” is not a picture that can be read.", hint=asset.problem)
        return ImagePart(asset=asset.id, mime=asset.mime)


class ProjectMasks:
    """Keeps the masks that are painted on one canvas."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    async def keep(self, png: bytes) -> str:
        """A mask is on its way to the disk before the image that it is for; its id."""
        return (await self._assets.take(png, made=True)).asset.id


class ProjectComing:
    """The images in the making, for the canvas. `run` starts what takes its time."""

    def __init__(
        self, generations: Generations, run: Callable[[Coroutine[Any, Any, object]], object]
    ) -> None:
        self._generations = generations
        self._run = run
        self.changed: Signal[Placeholder] = generations.changed
        self.removed: Signal[str] = generations.removed

    def current(self) -> Sequence[Placeholder]:
        """Those that are there now, failed ones included."""
        return self._generations.placeholders

    def stop(self, job: str) -> None:
        """Stops one image."""
        self._generations.stop(job)

    def retry(self, job: str) -> None:
        """Makes a failed one again."""
        self._run(self._generations.retry(job))

    def dismiss(self, job: str) -> None:
        """Takes a failed one off the canvas."""
        self._generations.dismiss(job)


class ProjectIntake:
    """Takes in what is dropped on the canvas or pasted."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming

    async def take_files(self, paths: Sequence[Path], at: tuple[float, float]) -> Sequence[str]:
        """Files and folders; the ids of the new items. Raises the first error if none was taken."""
        return _ids(await self._incoming.add_files(paths, at))

    async def take_image(self, data: bytes, name: str, at: tuple[float, float]) -> Sequence[str]:
        """One picture; the ids of the new items."""
        return _ids(await self._incoming.add_pictures([Picture(data, name)], at))


class ProjectOutgoing:
    """Gives files to other programs; `folder` is where those lie that are dragged out."""

    def __init__(self, outgoing: Outgoing, folder: Path) -> None:
        self._outgoing = outgoing
        self._folder = folder

    async def files_for(self, ids: Sequence[str]) -> Sequence[Path]:
        """Files for these images, whole on the disk."""
        return await self._outgoing.files_for(ids)

    async def file_of(self, data: bytes, name: str) -> Path:
        """A file with these bytes in a folder of its own, so that it keeps its name."""
        stem, _, ending = name.rpartition(".")
        folder = self._folder / new_id()
        return await asyncio.to_thread(write_new, folder, stem, ending, data)

    async def with_making(self, png: bytes, items: Sequence[Item]) -> bytes:
        """The PNG of one image carries how it was made; that of several does not."""
        only = items[0] if len(items) == 1 else None
        return await self._outgoing.dressed(png, only if isinstance(only, ImageItem) else None)

    @property
    def strips(self) -> bool:
        """Whether nothing of how images were made is to leave, as the settings have it."""
        return self._outgoing.strips

    async def workflow(self, making: Making) -> Mapping[str, str]:
        """The graphs that an image was made by."""
        return await self._outgoing.workflow(making)


def _ids(arrived: Arrived) -> list[str]:
    return [item.id for item in arrived.items]
