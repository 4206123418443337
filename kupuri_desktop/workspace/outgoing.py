"""Images from the canvas to other programs: real files, with or without how they were made."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kupuri_desktop.core.assets import EXTENSIONS
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import NotFound
from kupuri_desktop.core.file_names import slug
from kupuri_desktop.core.items import ImageItem, Making, describe
from kupuri_desktop.engines import metadata
from kupuri_desktop.engines.stripping import stripped
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.jobs import Jobs
from kupuri_desktop.workspace.unfinished import Unfinished, for_person

KEEP_FILES = 7 * 24 * 3600.0
"""Seconds that a file made for a drag is left where other programs may still read it."""


class Outgoing:
    """Writes the images of one canvas to files.

    A PNG that leaves carries prompt, seed, model and workflow in its text chunks, unless
    `strip` says that the person does not want it: then JPEG and WebP leave without what they
    tell, too. Otherwise other formats leave as they came.
    """

    def __init__(
        self,
        canvas: Canvas,
        assets: Assets,
        jobs: Jobs,
        folder: Path,
        strip: Callable[[], bool],
    ) -> None:
        self._canvas = canvas
        self._assets = assets
        self._jobs = jobs
        self._folder = folder
        self._strip = strip

    async def bytes_of(self, item: ImageItem) -> tuple[bytes, str]:
        """The file as it leaves, and its ending (`png`). Raises NotFound, AssetDamaged."""
        data = await self._assets.data(item.asset)
        known = (await self._assets.info([item.asset])).get(item.asset)
        mime = known.mime if known else "application/octet-stream"
        if mime == "image/png":
            data = await self.dressed(data, item)
        elif self._strip():
            bare = await asyncio.to_thread(stripped, data)
            data = data if bare is None else bare
        return data, EXTENSIONS.get(mime, "bin")

    @property
    def strips(self) -> bool:
        """Whether the person wants nothing told of how an image was made."""
        return self._strip()

    async def workflow(self, making: Making) -> Mapping[str, str]:
        """ComfyUI's graphs of an image by their keys; none where its job is not known."""
        job = await self._jobs.get(making.job) if making.job else None
        return job.workflow if job else {}

    async def dressed(self, png: bytes, item: ImageItem | None) -> bytes:
        """A PNG with the text chunks that belong to the item, or with none at all."""
        if self._strip():
            return await asyncio.to_thread(metadata.strip, png)
        if item is None or item.making is None:
            return png
        workflow = await self.workflow(item.making)
        return await asyncio.to_thread(metadata.write, png, item.making, workflow)

    async def files_for(self, ids: Iterable[str]) -> list[Path]:
        """A whole file for each image, in a folder of their own below the data folder.

        The bytes are on the disk when this returns: another program may read them at once.
        Raises NotFound, AssetDamaged, DiskFull, ReadOnly.
        """
        return await self.write(ids, None)

    async def write(self, ids: Iterable[str], folder: Path | None) -> list[Path]:
        """A file for each image in `folder`, none overwritten; the names come from the prompts."""
        items = [self._image(key) for key in ids]
        if folder is None:
            target = await asyncio.to_thread(_new_folder, self._folder)
        else:
            target = folder
        paths = []
        for item in items:
            data, ending = await self.bytes_of(item)
            stem = slug(describe(item))
            paths.append(await asyncio.to_thread(write_new, target, stem, ending, data))
        return paths

    def _image(self, key: str) -> ImageItem:
        item = self._canvas.items.get(key)
        if not isinstance(item, ImageItem):
            raise NotFound("This image is not on the canvas any more.")
        return item


def write_new(folder: Path, stem: str, ending: str, data: bytes) -> Path:
    """Writes a whole file under a name that is not taken: `stem.png`, `stem-2.png` and so on.

    The name appears once the bytes are on the disk. Raises DiskFull, ReadOnly.
    """
    beside = Unfinished(folder)
    try:
        beside.file.write(data)
        return beside.settle(stem, ending)
    except OSError as error:
        raise for_person(error, folder) from error
    finally:
        beside.discard()


def sweep(folder: Path, older_than: float = KEEP_FILES) -> None:
    """Removes the files of drags long past."""
    now = time.time()
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_dir() and now - entry.stat().st_mtime > older_than:
            shutil.rmtree(entry, ignore_errors=True)


def _new_folder(parent: Path) -> Path:
    try:
        parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="drag-", dir=parent))
    except OSError as error:
        raise for_person(error, parent) from error
