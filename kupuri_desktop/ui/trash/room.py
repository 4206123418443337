"""Joins the trash to the window: the page of all, the panel of the open project, and the toasts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.signals import Signal as Told
from kupuri_desktop.core.trash import Discarded, Trashed
from kupuri_desktop.ui.home.room import Say
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trash.page import TrashPage
from kupuri_desktop.ui.trash.panel import TrashPanel
from kupuri_desktop.ui.trash.rows import named
from kupuri_desktop.ui.widgets.question import Question
from kupuri_desktop.workspace.trash import Restored


class Trash(Protocol):
    """What the window needs of the trash."""

    changed: Told[None]

    async def list(self, project: str | None = None) -> list[Trashed]: ...
    async def restore(
        self, entries: Iterable[Trashed], middle: tuple[float, float] | None = None
    ) -> Restored: ...
    async def delete(self, entries: Sequence[Trashed]) -> int: ...
    async def thumbnail(self, asset: str, size: int) -> bytes | None: ...


class OpenProject(Protocol):
    """The project in front, as far as the trash is concerned."""

    @property
    def id(self) -> str: ...

    @property
    def middle(self) -> tuple[float, float]: ...


class TrashRoom(QObject):
    """The page is made when it is first visited."""

    shown_asked = Signal(object)
    """The Trashed that came back and that the person wants to see, of one project."""

    page_asked = Signal()
    failed = Signal(object)
    """The KupuriError that kept something from being done."""

    def __init__(
        self,
        look: Look,
        trash: Trash,
        tasks: Tasks,
        window: QWidget,
        say: Say,
        front: Callable[[], OpenProject | None],
    ) -> None:
        super().__init__(window)
        self._look = look
        self._trash = trash
        self._tasks = tasks
        self._window = window
        self._say = say
        self._front = front
        self._page: TrashPage | None = None
        self._listing: asyncio.Task[Any] | None = None
        self.panel = TrashPanel(look, tasks, trash, window)
        self.panel.belong_to(self)
        self.panel.restore_asked.connect(self.restore)
        self.panel.delete_asked.connect(self._ask_to_delete)
        self.panel.page_asked.connect(self.page_asked)
        self._unlink = trash.changed.connect(lambda _: self.refresh())

    def page(self) -> QWidget:
        """The page beside the rail."""
        page = self._page = TrashPage(self._look, self._tasks, self._trash)
        page.restore_asked.connect(self.restore)
        page.delete_asked.connect(self._ask_to_delete)
        page.empty_asked.connect(lambda: self._do(self._ask_to_empty()))
        page.destroyed.connect(self._forget_page)
        return page

    def open_panel(self) -> None:
        """Show what was deleted from the project in front."""
        self.panel.show_entries([])
        self.panel.open_over(self._window)
        self.refresh()

    def refresh(self) -> None:
        """List anew what is in sight."""
        if self.panel.isHidden() and (self._page is None or not self._page.isVisible()):
            return
        if self._listing is not None:
            self._listing.cancel()
        self._listing = self._do(self._list())

    def restore(self, entries: Sequence[Trashed]) -> None:
        """Bring things back, and offer to go to them."""
        self._do(self._restore(list(entries)))

    def leave(self) -> None:
        """Let go of the trash."""
        self._unlink()

    def _forget_page(self) -> None:
        self._page = None

    def _do(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self._tasks.spawn(work, self, on_error=self._fail, name="trash")

    def _fail(self, error: KupuriError) -> None:
        self.failed.emit(error)

    async def _list(self) -> None:
        front = self._front()
        if front is not None and self.panel.isVisible():
            self.panel.show_entries(await self._trash.list(front.id))
        if self._page is not None and self._page.isVisible():
            entries = await self._trash.list()
            if self._page is not None:
                self._page.show_entries(entries)

    async def _restore(self, entries: list[Trashed]) -> None:
        front = self._front()
        restored = (await self._trash.restore(entries, front.middle if front else None)).entries
        if not restored:
            return
        came = "is back" if len(restored) == 1 else "are back"
        # A way to go there is for one place; of several projects none is meant.
        places = {entry.project for entry in restored}
        there = front is not None and places == {front.id}
        whole = all(entry.kind is Discarded.PROJECT for entry in restored)
        if len(places) == 1:
            words = "Open" if whole else "Show"
            self._say(f"{named(restored)} {came}", words, lambda: self.shown_asked.emit(restored))
        else:
            self._say(f"{named(restored)} {came}", "", lambda: None)
        if there:
            self.shown_asked.emit(restored)

    def _ask_to_delete(self, entries: Sequence[Trashed]) -> None:
        self._ask(list(entries), f"Delete {named(entries)} forever?", "Delete forever")

    async def _ask_to_empty(self) -> None:
        entries = await self._trash.list()
        if entries:
            self._ask(entries, "Empty the trash?", "Empty trash")

    def _ask(self, entries: list[Trashed], words: str, yes: str) -> None:
        question = Question(
            self._look, "trash_question", words, _consequence(entries), yes, self._window
        )
        question.accepted.connect(lambda: self._do(self._delete(entries)))
        question.open()

    async def _delete(self, entries: list[Trashed]) -> None:
        count = await self._trash.delete(entries)
        words = named(entries) if len(entries) == 1 else f"{count} things"
        gone = "is" if len(entries) == 1 else "are"
        self._say(f"{words} {gone} gone for good", "", lambda: None)


def _consequence(entries: Sequence[Trashed]) -> str:
    projects = [entry for entry in entries if entry.kind is Discarded.PROJECT]
    parts = ["This cannot be undone."]
    if projects:
        what = "A project takes" if len(projects) == 1 else f"{len(projects)} projects take"
        parts.append(f"{what} all of its images and chats along.")
    parts.append("Backups made before still hold it.")
    return " ".join(parts)
