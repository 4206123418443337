"""Joins the backups' section of the settings to the backups on the disk."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from kupuri_desktop.storage.backups import Backups
from kupuri_desktop.storage.caretaker import Caretaker
from kupuri_desktop.ui.settings.backups import BackupSection
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look


class BackupRoom(QObject):
    """Lists, makes and verifies; going back is asked for by a signal: the database must close."""

    restore_asked = Signal(str)
    """The id of the backup to go back to."""

    said = Signal(str)

    def __init__(self, look: Look, backups: Backups, caretaker: Caretaker, tasks: Tasks) -> None:
        self.section = BackupSection(look)
        super().__init__(self.section)
        self._backups = backups
        self._tasks = tasks
        self.section.make_asked.connect(lambda: tasks.spawn(self._make(), self, name="back up"))
        self.section.list.verify_asked.connect(
            lambda key: tasks.spawn(self._verify(key), self, name="verify a backup")
        )
        self.section.list.restore_asked.connect(self.restore_asked)
        self._unlinks = [
            caretaker.backed_up.connect(lambda _: self.refresh()),
            caretaker.backing_up.connect(self._show_fraction),
        ]
        self.refresh()

    def refresh(self) -> None:
        self._tasks.spawn(self._list(), self, name="list backups")

    def leave(self) -> None:
        """Let go of the caretaker's signals."""
        for unlink in self._unlinks:
            unlink()

    def _show_fraction(self, fraction: float) -> None:
        self.section.show_making(fraction if fraction < 1 else None)

    async def _list(self) -> None:
        self.section.list.show_backups(await self._backups.list())

    async def _make(self) -> None:
        self.section.show_making(0.0)
        try:
            await self._backups.make()
        finally:
            self.section.show_making(None)
        self.said.emit("A verified backup has been made.")
        await self._list()

    async def _verify(self, key: str) -> None:
        self.said.emit("Looking at every byte of the backup…")
        self.section.list.show_report(await self._backups.verify(key))
