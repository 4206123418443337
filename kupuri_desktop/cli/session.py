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
    from kupuri_desktop.workspace.workspace import Workspace


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


async def write_images(
    workspace: "Workspace", ids: Sequence[str], folder: Path
) -> list[dict[str, Any]]:
    """Writes images of a canvas into a folder; one entry each, as `--json` shows it.

    Raises NotFound, AssetDamaged, DiskFull, ReadOnly.
    """
    from kupuri_desktop.core.items import ImageItem

    paths = await workspace.outgoing.write(ids, folder)
    entries = []
    for key, path in zip(ids, paths, strict=True):
        item = workspace.canvas.items[key]
        making = item.making if isinstance(item, ImageItem) else None
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
