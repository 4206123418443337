"""Joins the home page to the projects: what is listed, and what a click on a card does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.decoding import opened
from kupuri_desktop.ui.home.page import HomePage
from kupuri_desktop.ui.tasks import Tasks

_COVER = 512
"""Pixels of a cover's longer side: a card on a screen of double density."""


class Shelf(Protocol):
    """What the home page needs of the projects."""

    changed: Signal[None]

    async def list(self, *, trashed: bool = False) -> list[Project]: ...
    async def create(self, name: str = ...) -> Project: ...
    async def rename(self, project: str, name: str) -> Project: ...
    async def duplicate(self, project: str) -> Project: ...
    async def star(self, project: str, starred: bool) -> Project: ...
    async def trash(self, project: str) -> None: ...
    async def restore(self, project: str) -> None: ...
    async def thumbnail(self, asset: str, size: int) -> bytes | None: ...


Say = Callable[[str, str, Callable[[], object]], object]
"""Shows a short message with one button: the words, the button's word, its effect."""


class HomeRoom(QObject):
    """Keeps the page true to the shelf. A change while a listing is under way lists again."""

    def __init__(self, page: HomePage, shelf: Shelf, tasks: Tasks, say: Say) -> None:
        super().__init__(page)
        self._page = page
        self._shelf = shelf
        self._tasks = tasks
        self._say = say
        self._listing: asyncio.Task[None] | None = None
        self._stale = False
        self._names: dict[str, str] = {}
        self._unlink = shelf.changed.connect(lambda _: self.refresh())
        page.renamed.connect(lambda key, name: self._do(shelf.rename(key, name)))
        page.duplicated.connect(lambda key: self._do(self._duplicate(key)))
        page.starred.connect(lambda key, starred: self._do(shelf.star(key, starred)))
        page.trashed.connect(lambda key: self._do(self._trash(key)))

    def refresh(self) -> None:
        """List the projects anew."""
        if self._listing is not None and not self._listing.done():
            self._stale = True
            return
        self._listing = self._tasks.spawn(self._list(), self, name="list projects")

    def leave(self) -> None:
        """Let go of the shelf."""
        self._unlink()

    async def _list(self) -> None:
        while True:
            self._stale = False
            here = await self._shelf.list()
            self._names = {project.id: project.name for project in here}
            self._page.show_projects(here)
            await self._bring_covers()
            if not self._stale:
                return

    async def _bring_covers(self) -> None:
        for project in self._page.waiting_for_covers():
            assert project.cover is not None
            data = await self._shelf.thumbnail(project.cover, _COVER)
            if data is None:
                continue
            image = await asyncio.to_thread(_decode, data)
            if not image.isNull():
                self._page.set_cover(project.id, image)

    def _do(self, work: Coroutine[Any, Any, object]) -> None:
        self._tasks.spawn(work, self, kept=True)

    async def _duplicate(self, project: str) -> None:
        made = await self._shelf.duplicate(project)
        self._say(f"Made “{made.name}”", "Undo", lambda: self._do(self._shelf.trash(made.id)))

    async def _trash(self, project: str) -> None:
        name = self._names.get(project, "The project")
        await self._shelf.trash(project)
        self._say(
            f"“{name}” is in the trash", "Undo", lambda: self._do(self._shelf.restore(project))
        )


def _decode(data: bytes) -> QImage:
    """Through a reader on a buffer: `QImage.fromData` would hold the interpreter's lock."""
    reader, _buffer = opened(data)
    return QImage() if reader is None else reader.read()
