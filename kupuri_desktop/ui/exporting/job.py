"""Carries an export out: one file after the other, each whole or not there."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kupuri_desktop.core.items import Making
from kupuri_desktop.engines import metadata
from kupuri_desktop.engines.stripping import stripped
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.canvas.traffic.export import is_as_stored
from kupuri_desktop.ui.exporting.darkroom import Darkroom
from kupuri_desktop.ui.exporting.naming import stems
from kupuri_desktop.ui.exporting.pieces import Piece, painted
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.wish import Format, Wish, check_size
from kupuri_desktop.ui.exporting.writers import Story, writer_for
from kupuri_desktop.workspace.unfinished import Unfinished, for_person

_MARKS = {
    Format.PNG: lambda data: data.startswith(metadata.SIGNATURE),
    Format.JPEG: lambda data: data.startswith(b"\xff\xd8\xff"),
    Format.WEBP: lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
}
_GOOD = 90
"""From this quality on, a lossy original is better than anything made of it."""

Tell = Callable[[str, float], object]


class Stories(Protocol):
    """Knows how images were made."""

    async def workflow(self, making: Making) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Done:
    """The files that are there now, and the assets that could not be read, with why."""

    paths: tuple[Path, ...]
    problems: Mapping[str, str]


class Job:
    """Exports pieces of one project."""

    def __init__(self, pictures: Pictures, stories: Stories, project: str) -> None:
        self._pictures = pictures
        self._stories = stories
        self._project = project

    async def run(
        self, pieces: Sequence[Piece], wish: Wish, folder: Path, now: datetime, tell: Tell
    ) -> Done:
        """Writes all files. tell: hears the name of the file and the fraction of all that is done.

        When it is cancelled or fails, the files that were whole stay and of the one begun
        nothing is left. Raises UsageError before anything is written, DiskFull, ReadOnly.
        """
        for piece in pieces:
            check_size(*piece.size(wish.scale), wish.format)
        parts = [list(pieces)] if wish.format.paged else [[piece] for piece in pieces]
        names = stems(pieces, wish, self._project, now)
        room = Darkroom(self._pictures, wish.scale)
        paths: list[Path] = []
        for number, (pages, stem) in enumerate(zip(parts, names, strict=True)):

            def told(part: float, number: int = number, stem: str = stem) -> None:
                tell(f"{stem}.{wish.format.value}", (number + part) / len(parts))

            told(0.0)
            beside = await in_thread(Unfinished, folder)
            try:
                await self._fill(pages, wish, room, beside, told)
                paths.append(await in_thread(beside.settle, stem, wish.format.value))
            except OSError as error:
                raise for_person(error, folder) from error
            finally:
                await in_thread(beside.discard)
        return Done(tuple(paths), room.problems)

    async def bytes_of(self, piece: Piece, wish: Wish) -> bytes:
        """One piece as a file in memory, for the clipboard."""
        check_size(*piece.size(wish.scale), wish.format)
        room = Darkroom(self._pictures, wish.scale)
        out = io.BytesIO()
        writer = writer_for(wish, room, self._project)
        await writer.write([piece], out, await self._story(piece, wish), lambda _: None)
        return out.getvalue()

    async def _fill(
        self,
        pages: Sequence[Piece],
        wish: Wish,
        room: Darkroom,
        beside: Unfinished,
        told: Callable[[float], object],
    ) -> None:
        story = await self._story(pages[0], wish) if len(pages) == 1 else Story()
        whole = await self._original(pages[0], wish, story)
        if whole is not None:
            await in_thread(beside.file.write, whole)
            return
        await writer_for(wish, room, self._project).write(pages, beside.file, story, told)

    async def _story(self, piece: Piece, wish: Wish) -> Story:
        only = piece.only
        if not wish.keep or only is None or only.making is None:
            return Story()
        return Story(only.making, await self._stories.workflow(only.making))

    async def _original(self, piece: Piece, wish: Wish, story: Story) -> bytes | None:
        """The stored file itself, where the export would show the very same pixels."""
        only = piece.only
        if (
            only is None
            or wish.format not in _MARKS
            or wish.background is not None
            or (wish.format is not Format.PNG and wish.quality < _GOOD)
            or len(piece.shown) != 1
            or not is_as_stored(only)
            or piece.area != only.rect
            or painted(only, piece.frames) != only.rect
            or piece.size(wish.scale) != (only.natural_width, only.natural_height)
        ):
            return None
        data = await self._pictures.data(only.asset)
        if not _MARKS[wish.format](data):
            return None
        if not wish.keep:
            return await in_thread(stripped, data)
        if wish.format is Format.PNG and story.making is not None:
            return await in_thread(metadata.write, data, story.making, story.workflow or {})
        return data
