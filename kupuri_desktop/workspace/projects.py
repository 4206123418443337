"""All projects: what the home page lists and does."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from kupuri_desktop.core.errors import KupuriError, NotFound, UsageError
from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.canvases import Canvases

if TYPE_CHECKING:
    from kupuri_desktop.workspace.transfer.transfer import Exported, Imported, Reached, Transfer

UNNAMED = "Untitled"


class Projects:
    """The list of projects; `changed` hears of each change to it.

    transfer: builds what exports and imports; it is called in a thread, for it loads modules.
    """

    def __init__(
        self, canvases: Canvases, assets: Assets, transfer: "Callable[[], Transfer]"
    ) -> None:
        self._canvases = canvases
        self._assets = assets
        self._transfer = transfer
        self.changed: Signal[None] = Signal()

    async def list(self, *, trashed: bool = False) -> list[Project]:
        """The newest change first."""
        return await self._canvases.list(trashed=trashed)

    async def find(self, name_or_id: str) -> Project:
        """By id, else by name (the newest of several), whatever its case. Raises NotFound."""
        wanted = name_or_id.casefold()
        known = await self.list()
        for project in known:
            if project.id == name_or_id:
                return project
        for project in known:
            if project.name.casefold() == wanted:
                return project
        raise NotFound(f"There is no project “{name_or_id}”.", hint="`kupuri projects` lists them.")

    async def create(self, name: str = UNNAMED) -> Project:
        project = await self._canvases.create(Project(name=_cleaned(name)))
        self.changed.emit(None)
        return project

    async def rename(self, project: str, name: str) -> Project:
        """Raises UsageError for an empty name."""
        if not name.strip():
            raise UsageError("A project needs a name.")
        return await self._told(self._canvases.change(project, name=_cleaned(name)))

    async def star(self, project: str, starred: bool) -> Project:
        return await self._told(self._canvases.change(project, starred=starred))

    async def duplicate(self, project: str) -> Project:
        """A second project like the one of an id, as it is saved now, named `… copy`.

        Raises NotFound, StorageError; there is no copy then.
        """
        known = await self._canvases.get(project)
        names = {each.name for each in await self.list()}
        transfer = await asyncio.to_thread(self._transfer)
        made = await transfer.duplicate(known, _copied(known.name, names))
        return await self._told(self._canvases.get(made))

    async def trash(self, project: str) -> None:
        await self._canvases.trash(project)
        self.changed.emit(None)

    async def restore(self, project: str) -> None:
        await self._canvases.restore(project)
        self.changed.emit(None)

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """A small picture of an asset, its longest side `size` pixels or somewhat more."""
        return await self._assets.thumbnail(asset, size)

    async def export_bundle(
        self, project: str, path: Path, reached: "Reached" = lambda fraction: None
    ) -> "Exported":
        """Writes a project (by id), as it is saved now, as one `.kupuri` file.

        A file of that name is replaced at the end, in one step. Raises NotFound, DiskFull,
        ReadOnly, StorageError; UsageError where it is too large for one file.
        """
        known = await self._canvases.get(project)
        transfer = await asyncio.to_thread(self._transfer)
        return await transfer.export(known, path, reached)

    async def import_files(
        self, paths: Sequence[Path], reached: "Reached" = lambda fraction: None
    ) -> "tuple[Imported, ...]":
        """Takes in projects from files and folders, each whole or not at all.

        One that cannot be taken has its reason in `problem`; the others are not kept from it.
        """
        outcomes: tuple[Imported, ...] = ()
        for path in paths:

            def reached_here(fraction: float, before: int = len(outcomes)) -> None:
                reached((before + fraction) / len(paths))

            outcomes += (await self._take_in(path, reached_here),)
        return outcomes

    async def _take_in(self, path: Path, reached: "Reached") -> "Imported":
        transfer = await asyncio.to_thread(self._transfer)
        from kupuri_desktop.workspace.transfer.transfer import Imported

        try:
            imported = await transfer.take_in(path, reached)
        except KupuriError as error:
            return Imported(path, problem=error)
        self.changed.emit(None)
        return imported

    async def _told(self, change: Awaitable[Project]) -> Project:
        project = await change
        self.changed.emit(None)
        return project


def _copied(name: str, taken: Collection[str]) -> str:
    """`Harbour copy`, or `Harbour copy 2` where there is one."""
    copy = f"{name[:190]} copy"
    counted = (f"{copy} {number}" for number in count(2))
    return copy if copy not in taken else next(each for each in counted if each not in taken)


def _cleaned(name: str) -> str:
    return " ".join(name.split())[:200] or UNNAMED
