"""Images from outside onto the canvas: files, folders, pasted bytes."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kupuri_desktop.core.assets import Asset
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import HostileFile, KupuriError, NotFound, ReadOnly, UsageError
from kupuri_desktop.core.geometry import Rect, bounds, find_room, in_grid
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.workspace.canvas_writer import CanvasWriter

ENDINGS = frozenset(
    ".png .jpg .jpeg .webp .gif .bmp .tif .tiff .avif .jp2 .ico .tga .ppm .pgm .pbm".split()
)
MAX_FILES = 10_000
MAX_BYTES = 512 * 2**20
UNREADABLE_SIDE = 256.0
"""Canvas units of the placeholder for a picture that cannot be read."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes from outside; `name` is the file's name without folders, or empty."""

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What an import gave: the items, and why each of the others is missing."""

    items: tuple[ImageItem, ...]
    errors: tuple[KupuriError, ...] = ()


class Incoming:
    """Adds pictures to one canvas, in one step that can be undone."""

    def __init__(self, canvas: Canvas, assets: Assets, writer: CanvasWriter) -> None:
        self._canvas = canvas
        self._assets = assets
        self._writer = writer

    async def add_files(
        self, paths: Sequence[Path], at: tuple[float, float] | None = None
    ) -> Arrived:
        """Files, and the images in folders. `at`: the canvas point for the middle of them all.

        Raises UsageError where there is no image among them.
        """
        found = await asyncio.to_thread(images_below, paths)
        if not found:
            raise UsageError("There is no image among these files.", kept="Nothing was changed.")
        errors: list[KupuriError] = []
        known: list[tuple[Asset, str]] = []
        for path in found:
            try:
                data = await asyncio.to_thread(_read, path)
                known.append(((await self._assets.take(data)).asset, path.stem))
            except KupuriError as error:
                errors.append(error)
        if errors and not known:
            raise errors[0]
        return Arrived(await self._place(known, at), tuple(errors))

    async def add_pictures(
        self, pictures: Sequence[Picture], at: tuple[float, float] | None = None
    ) -> Arrived:
        """Bytes from the clipboard or another program."""
        taken = [await self._assets.take(picture.data) for picture in pictures]
        names = [Path(picture.name).stem for picture in pictures]
        known = [(one.asset, name) for one, name in zip(taken, names, strict=True)]
        return Arrived(await self._place(known, at))

    async def _place(
        self, known: Sequence[tuple[Asset, str]], at: tuple[float, float] | None
    ) -> tuple[ImageItem, ...]:
        sizes = [
            (asset.width or UNREADABLE_SIDE, asset.height or UNREADABLE_SIDE) for asset, _ in known
        ]
        places = in_grid(sizes)
        whole = bounds(places) or Rect(0, 0, 0, 0)
        if at is None:
            x, y = find_room(self._canvas.rects(), whole.width, whole.height)
        else:
            x, y = at[0] - whole.width / 2, at[1] - whole.height / 2
        top = self._canvas.top()
        items = tuple(
            ImageItem(
                id=new_id(),
                x=place.x + x,
                y=place.y + y,
                width=place.width,
                height=place.height,
                z=top + number,
                name=name,
                asset=asset.id,
                natural_width=asset.width or int(UNREADABLE_SIDE),
                natural_height=asset.height or int(UNREADABLE_SIDE),
            )
            for number, ((asset, name), place) in enumerate(zip(known, places, strict=True))
        )
        self._canvas.add("Add image" if len(items) == 1 else f"Add {len(items)} images", items)
        await self._writer.saved()
        return items


def images_below(paths: Iterable[Path]) -> list[Path]:
    """The files as named, and what looks like an image below the folders, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in ENDINGS)
            found.extend(p for p in inside if p.is_file() and not p.is_symlink())
        elif path.suffix.lower() in ENDINGS or path.is_file():
            found.append(path)
        if len(found) > MAX_FILES:
            raise UsageError(
                f"There are more than {MAX_FILES} images in there.",
                hint="Add them folder by folder.",
                kept="Nothing was changed.",
            )
    return found


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise HostileFile(
                f"“{path.name}” is larger than {MAX_BYTES // 2**20} MB.",
                kept="Nothing was changed.",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"“{path.name}” is not there.") from error
    except OSError as error:
        raise ReadOnly(
            f"“{path.name}” cannot be read.", hint="Check its permissions.", details=str(error)
        ) from error
