"""All projects: what the home page lists and does."""

from collections.abc import Awaitable

from kupuri_desktop.core.errors import NotFound, UsageError
from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.canvases import Canvases

UNNAMED = "Untitled"


class Projects:
    """The list of projects; `changed` hears of each change to it."""

    def __init__(self, canvases: Canvases, assets: Assets) -> None:
        self._canvases = canvases
        self._assets = assets
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

    async def trash(self, project: str) -> None:
        await self._canvases.trash(project)
        self.changed.emit(None)

    async def restore(self, project: str) -> None:
        await self._canvases.restore(project)
        self.changed.emit(None)

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """A small picture of an asset, its longest side `size` pixels or somewhat more."""
        return await self._assets.thumbnail(asset, size)

    async def _told(self, change: Awaitable[Project]) -> Project:
        project = await change
        self.changed.emit(None)
        return project


def _cleaned(name: str) -> str:
    return " ".join(name.split())[:200] or UNNAMED
