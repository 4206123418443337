"""What the commands that work on projects share: the open app, and files for its images."""

import argparse
import hashlib
import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kupuri_desktop.core.errors import ReadOnly
from kupuri_desktop.core.paths import DataFolder

if TYPE_CHECKING:
    from kupuri_desktop.app import App
    from kupuri_desktop.core.items import ImageItem
    from kupuri_desktop.workspace.outgoing import Outgoing


@asynccontextmanager
async def opened(options: argparse.Namespace) -> AsyncIterator["App"]:
    """The app on the chosen data folder; closed in every case. Raises StorageError."""
    from kupuri_desktop.app import App, log_to

    folder = DataFolder.choose(options.data, os.environ)
    logger = logging.getLogger("kupuri_desktop")
    before = tuple(logger.handlers)
    try:
        async with await App.open(folder, os.environ) as app:
            log_to(folder.logs)
            yield app
    finally:
        for handler in set(logger.handlers) - set(before):
            logger.removeHandler(handler)
            handler.close()


@asynccontextmanager
async def reading(options: argparse.Namespace) -> AsyncIterator["App"]:
    """The app, for what only looks: beside another Kupuri where that has the folder open.

    `app.storage.database.read_only` tells which it is. Raises StorageError.
    """
    from kupuri_desktop.storage.lock import is_held

    folder = DataFolder.choose(options.data, os.environ)
    if is_held(folder.root):
        from kupuri_desktop.app import App
        from kupuri_desktop.storage.store import Storage

        storage = await Storage.beside(folder)
        try:
            settings = await storage.settings.load()
        except BaseException:
            await storage.aclose()
            raise
        # Not `App.open`, which clears away what the other one has made for its drags.
        async with App(folder, os.environ, storage, settings) as app:
            yield app
        return
    async with opened(options) as app:
        yield app


async def write_images(
    outgoing: "Outgoing", items: Sequence["ImageItem"], folder: Path
) -> list[dict[str, Any]]:
    """Writes images of a canvas into a folder; one entry each, as `--json` shows it.

    Raises NotFound, AssetDamaged, DiskFull, ReadOnly.
    """
    paths = await outgoing.write([item.id for item in items], folder)
    entries = []
    for item, path in zip(items, paths, strict=True):
        making = item.making
        width, height = (making.width, making.height) if making else _size(item)
        entries.append(
            {
                "path": str(path),
                "width": width,
                "height": height,
                "seed": making.seed if making else None,
                "model": making.model if making else None,
                "sha256": hashlib.sha256(_bytes(path)).hexdigest(),
            }
        )
    return entries


def folder_for(text: str | None) -> Path:
    """The folder that results go to; the current one where none is named."""
    try:
        return Path(text).expanduser().absolute() if text else Path.cwd()
    except (OSError, RuntimeError) as error:
        raise ReadOnly(f"The folder {text} cannot be used.", details=str(error)) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadOnly(f"{path} was written but cannot be read.", details=str(error)) from error


def _size(item: Any) -> tuple[int, int]:
    return round(item.width), round(item.height)
