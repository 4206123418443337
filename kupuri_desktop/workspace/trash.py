"""The trash of all projects: what is in it, back from it, and out of it for good."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import Conflict
from kupuri_desktop.core.items import Item, describe
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.core.trash import Discarded, Trashed, put_back
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.canvas_writer import CanvasWriter
from kupuri_desktop.workspace.conversation import Conversation
from kupuri_desktop.workspace.projects import Projects

NAMED = 32
"""Letters of an item's words in the undo list."""


class OpenProject(Protocol):
    """What the trash needs of a project that is open."""

    canvas: Canvas
    conversation: Conversation

    @property
    def busy(self) -> bool: ...

    async def saved(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. Things that had gone meanwhile are not in it."""

    entries: tuple[Trashed, ...]

    def of(self, kind: Discarded) -> tuple[Trashed, ...]:
        return tuple(entry for entry in self.entries if entry.kind is kind)


class Trash:
    """`changed` hears of everything that came back or went for good through here.

    opened: the open project of an id, or None.
    """

    def __init__(
        self,
        storage: Storage,
        projects: Projects,
        opened: Callable[[str], OpenProject | None],
    ) -> None:
        self._storage = storage
        self._projects = projects
        self._opened = opened
        self.changed: Signal[None] = Signal()

    async def list(self, project: str | None = None) -> list[Trashed]:
        """All that is in the trash, the latest first; or the chats and items of one project."""
        await self._storage.database.saved()
        return await self._storage.trash.list(project)

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """A small picture, its longest side `size` pixels or somewhat more."""
        return await self._storage.assets.thumbnail(asset, size)

    async def restore(
        self, entries: Iterable[Trashed], middle: tuple[float, float] | None = None
    ) -> Restored:
        """Brings things back where they were; items as one step of their canvas's undo list.

        middle: where items go whose place is taken by now (see `put_back`). Raises StorageError.
        """
        back: list_of_entries = []
        items: dict[str, list_of_entries] = {}
        for entry in entries:
            match entry.kind:
                case Discarded.PROJECT:
                    await self._projects.restore(entry.id)
                    back.append(entry)
                case Discarded.SESSION:
                    await self._restore_session(entry)
                    back.append(entry)
                case Discarded.ITEM:
                    items.setdefault(entry.project, []).append(entry)
        for project, wanted in items.items():
            back += await self._restore_items(project, wanted, middle)
        self._tell()
        return Restored(tuple(back))

    async def delete(self, entries: Sequence[Trashed]) -> int:
        """Ends things for good; returns how many. Raises Conflict for a project at work."""
        for entry in entries:
            project = self._opened(entry.id) if entry.kind is Discarded.PROJECT else None
            if project is not None and project.busy:
                raise Conflict(
                    f"“{entry.name}” is still being worked on.",
                    hint="Restore it and stop the work, or wait for its end.",
                    kept="Nothing was deleted.",
                )
        count = await self._storage.trash.delete(entries)
        for entry in entries:
            if entry.kind is Discarded.SESSION and (known := self._opened(entry.project)):
                known.conversation.forget(entry.id)
        self._tell()
        return count

    async def _restore_session(self, entry: Trashed) -> None:
        project = self._opened(entry.project)
        if project is None:
            await self._storage.chats.restore_session(entry.id)
        else:
            await project.conversation.restore(entry.id)

    async def _restore_items(
        self,
        project: str,
        entries: "list_of_entries",
        middle: tuple[float, float] | None,
    ) -> "list_of_entries":
        items = await self._storage.trash.items(project, [entry.id for entry in entries])
        known = {item.id for item in items}
        opened = self._opened(project)
        if opened is not None:
            put(opened.canvas, items, middle)
            await opened.saved()
        else:
            writer = CanvasWriter(project, self._storage.canvases, self._storage.database)
            canvas = Canvas(await self._storage.canvases.load(project), writer.record)
            put(canvas, items, middle)
            await writer.saved()
        return [entry for entry in entries if entry.id in known]

    def _tell(self) -> None:
        self.changed.emit(None)
        self._projects.changed.emit(None)


list_of_entries = list[Trashed]


def put(canvas: Canvas, items: Sequence[Item], middle: tuple[float, float] | None) -> None:
    """Puts deleted items back onto a canvas as one edit, which undo takes back."""
    missing = [item for item in items if item.id not in canvas.items]
    words = f"{len(missing)} items"
    if len(missing) == 1:
        name = " ".join(describe(missing[0]).split())
        words = name if len(name) <= NAMED else name[: NAMED - 1].rstrip() + "…"
    canvas.add(f"Restore {words}", put_back(missing, canvas.items.values(), middle))
