"""What reaches over all projects: the search, the trash, and the way to what they show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.trash import Discarded, Trashed
from kupuri_desktop.storage.search import Hit
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.home.rail import Room
from kupuri_desktop.ui.home.room import Say
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.project_room import ProjectRoom
from kupuri_desktop.ui.search.room import SearchRoom
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trash.room import TrashRoom

if TYPE_CHECKING:
    from kupuri_desktop.app import App


class _Front:
    """The project in front, for the trash."""

    def __init__(self, room: ProjectRoom) -> None:
        self._room = room

    @property
    def id(self) -> str:
        return self._room.workspace.project.id

    @property
    def middle(self) -> tuple[float, float]:
        """Canvas units, of what is seen."""
        centre = self._room.canvas.camera.shown().center()
        return centre.x(), centre.y()


class Overview(QObject):
    """open_project: brings a project (by id) to the front. room: the one in front, or None."""

    failed = Signal(object)
    """The KupuriError that kept something from being done."""

    def __init__(
        self,
        kupuri: App,
        look: Look,
        tasks: Tasks,
        window: MainWindow,
        say: Say,
        open_project: Callable[[str], Awaitable[None]],
        room: Callable[[], ProjectRoom | None],
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._say = say
        self._window = window
        self._open_project = open_project
        self._room = room
        self._unwatch: Callable[[], None] = lambda: None
        self.search = SearchRoom(look, kupuri.storage.search, kupuri.projects, tasks, window)
        self.trash = TrashRoom(look, kupuri.trash, tasks, window, say, self._front)
        self.search.taken.connect(self._go_to_hit)
        self.trash.shown_asked.connect(self._go_to_restored)
        self.trash.page_asked.connect(lambda: window.show_room(Room.TRASH))
        for part in (self.search, self.trash):
            part.failed.connect(self.failed)
        window.furnish(Room.TRASH, self._trash_page)
        window.room_shown.connect(self._on_room)

    def join(self, actions: Actions) -> None:
        """Take up the actions that are meant here, and the rail's field."""
        actions.on("search", self._search)
        actions.on("deleted_items", self.trash.open_panel)
        actions.on("open_trash", lambda: self._window.show_room(Room.TRASH))
        self._window.rail.search.follow(actions["search"])

    def serve(self, room: ProjectRoom) -> None:
        """Have the open project's deleted chats come back from its own menu."""
        project = room.workspace.project
        chats = room.workspace.conversation

        def restore(session: str) -> None:
            names = [each.name for each in chats.trashed if each.id == session]
            entry = Trashed(
                kind=Discarded.SESSION,
                id=session,
                name=names[0] if names else "",
                project=project.id,
                project_name=project.name,
                trashed=datetime.now(UTC),
            )
            self.trash.restore([entry])

        def tell(session: str, name: str) -> None:
            self._say(f"“{name}” is in the trash", "Undo", lambda: restore(session))

        self._unwatch()
        # What is undone or deleted while the panel is open is in it or is not.
        self._unwatch = room.workspace.canvas.changed.connect(lambda _: self.trash.refresh())
        room.chat.restore_requested.connect(restore)
        room.chat.trashed.connect(tell)

    def leave(self) -> None:
        """Let go of the window and what works behind it."""
        self._window.room_shown.disconnect(self._on_room)
        self._unwatch()
        self.trash.leave()
        for part in (self.search, self.trash):
            part.deleteLater()

    def _search(self) -> None:
        self.search.panel.open_over(self._window)

    def _trash_page(self) -> QWidget:
        return self.trash.page()

    def _on_room(self, room: Room) -> None:
        if room is Room.TRASH:
            self.trash.refresh()

    def _front(self) -> _Front | None:
        room = self._room()
        return None if room is None else _Front(room)

    def _go_to_hit(self, hit: Hit, project: bool) -> None:
        if project:
            self._go(hit.project)
        else:
            items = [hit.item] if hit.item else []
            self._go(hit.project, items, hit.session or "", hit.message or "")

    def _go_to_restored(self, entries: Sequence[Trashed]) -> None:
        items = [entry.id for entry in entries if entry.kind is Discarded.ITEM]
        chats = [entry.id for entry in entries if entry.kind is Discarded.SESSION]
        self._go(entries[0].project, items, chats[0] if chats else "")

    def _go(
        self, project: str, items: Sequence[str] = (), session: str = "", message: str = ""
    ) -> None:
        self._tasks.spawn(
            self._show(project, items, session, message),
            self,
            on_error=self.failed.emit,
            name="go to a place",
        )

    async def _show(self, project: str, items: Sequence[str], session: str, message: str) -> None:
        room = self._room()
        if room is None or room.workspace.project.id != project:
            await self._open_project(project)
            room = self._room()
        if room is None:
            return
        if items:
            room.canvas.reveal(items)
            if not self.trash.panel.isVisible():
                room.canvas.setFocus()
        if session:
            room.show_chat(session, message)
