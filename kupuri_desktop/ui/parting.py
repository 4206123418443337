"""Takes an open project out of the window, once what was done in it is on its way to the disk."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.project_room import ProjectRoom
from kupuri_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from kupuri_desktop.app import App


class Parting(QObject):
    """The window is free at once; the project is closed behind it."""

    def __init__(self, kupuri: App, window: MainWindow, tasks: Tasks) -> None:
        super().__init__(window)
        self._kupuri = kupuri
        self._window = window
        self._tasks = tasks
        self._closing: asyncio.Task[None] | None = None

    def leave(self, room: ProjectRoom) -> None:
        """Let go of a project's room and of its widgets."""
        key = room.workspace.project.id
        room.leave()
        self._window.remove_project()
        room.deleteLater()
        before = self._closing

        async def close() -> None:
            if before is not None:
                await asyncio.wait([before])
            # A stroke may still be encoded: only then is it one of the project's steps.
            await self._tasks.settled()
            await self._kupuri.close_project(key)

        self._closing = self._tasks.spawn(close(), self, name="close project")

    async def over(self) -> None:
        """Returns once no project is being closed: one that comes back shows all of itself."""
        while self._closing is not None and not self._closing.done():
            await asyncio.wait([self._closing])
