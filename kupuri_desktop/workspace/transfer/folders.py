"""Reads a folder of images as one project, in rows."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.geometry import in_grid
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.storage.images import look
from kupuri_desktop.workspace.incoming import UNREADABLE_SIDE, images_below
from kupuri_desktop.workspace.transfer.archive import MOST_ASSET
from kupuri_desktop.workspace.transfer.bounds import NOTHING_CHANGED, Untaken, cleaned, told
from kupuri_desktop.workspace.transfer.parcel import Contents, Load, Parcel


@contextmanager
def open_folder(path: Path) -> Iterator[Contents]:
    """Images in the folder and in those below it; links are not followed.

    Raises UsageError where there is none, or too many.
    """
    assets: dict[str, Load] = {}
    untaken: list[str] = []
    sizes: list[tuple[float, float]] = []
    names: list[str] = []
    for number, file in enumerate(images_below([path])):
        name = cleaned(str(file.relative_to(path)))
        load = partial(read_picture, file, name)
        try:
            looked = look(load())
        except Untaken as error:
            untaken.append(str(error))
            continue
        assets[f"file {number}"] = load
        names.append(cleaned(file.stem))
        sizes.append((looked.width or UNREADABLE_SIDE, looked.height or UNREADABLE_SIDE))
    if not assets:
        raise UsageError(
            f"There is no image in “{cleaned(path.name)}”.",
            hint="; ".join(untaken[:3]),
            kept=NOTHING_CHANGED,
        )
    items = tuple(
        ImageItem(
            id=key,
            x=place.x,
            y=place.y,
            width=place.width,
            height=place.height,
            z=float(number),
            name=name,
            asset=key,
            natural_width=0,
            natural_height=0,
        )
        for number, (key, name, place) in enumerate(zip(assets, names, in_grid(sizes), strict=True))
    )
    name = cleaned(path.resolve().name)
    yield Contents((Parcel(name=name, items=items, assets=assets),), told(untaken))


def read_picture(path: Path, name: str) -> bytes:
    """All of a plain file that is no link. Raises Untaken for anything else."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Without waiting: a pipe of that name has nobody who writes to it.
        handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            known = os.fstat(handle)
            if not stat.S_ISREG(known.st_mode):
                raise Untaken(f"{name}: it is no file.")
            if known.st_size > MOST_ASSET:
                raise Untaken(f"{name}: it is too large.")
            data = file.read(MOST_ASSET + 1)
    except (OSError, ValueError) as error:
        raise Untaken(f"{name}: it cannot be read.") from error
    if not data or len(data) > MOST_ASSET:
        raise Untaken(f"{name}: it is empty or too large.")
    return data
