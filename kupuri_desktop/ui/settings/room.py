"""Joins the settings page to the settings that are stored and to what follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.models import ModelKind
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.ui.settings.backup_room import BackupRoom
from kupuri_desktop.ui.settings.page import SettingsPage
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look

if TYPE_CHECKING:
    from kupuri_desktop.app import App


class SettingsRoom(QObject):
    """The look follows the settings from the first moment; the page is made when it is wanted."""

    said = Signal(str)
    restore_asked = Signal(str)
    """The id of the backup to go back to."""

    def __init__(self, kupuri: App, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self._kupuri = kupuri
        self._look = look
        self._tasks = tasks
        self._page: SettingsPage | None = None
        self._backups: BackupRoom | None = None
        self._unlinks = [
            kupuri.settings_changed.connect(self._take_up),
            kupuri.models.changed.connect(lambda _: self._offer_models()),
        ]
        self._take_up(kupuri.settings)

    def page(self) -> QWidget:
        """A new page, made to measure for the settings of now."""
        root = str(self._kupuri.folder.root)
        page = SettingsPage(self._look, self._kupuri.settings, root)
        page.changed.connect(self.change)
        page.folder_asked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(root)))
        storage = self._kupuri.storage
        backups = BackupRoom(self._look, storage.backups, storage.caretaker, self._tasks)
        backups.said.connect(self.said)
        backups.restore_asked.connect(self.restore_asked)
        page.add_section("Backups", backups.section)
        self._page, self._backups = page, backups
        self._offer_models()
        return page

    def change(self, name: str, value: Any) -> None:
        """Store a setting; what is refused is said below it."""

        def refuse(error: KupuriError) -> None:
            if self._page is not None:
                self._page.show_problem(name, error.message)

        self._tasks.spawn(
            self._kupuri.change_settings(**{name: value}), self,
            on_error=refuse, name="settings", kept=True,
        )  # fmt: skip

    def point_at(self, name: str) -> None:
        """Bring one setting of the page into sight."""
        if self._page is not None and name:
            self._page.point_at(name)

    def leave(self) -> None:
        """Let go of what the page listened to."""
        for unlink in self._unlinks:
            unlink()
        if self._backups is not None:
            self._backups.leave()

    def _offer_models(self) -> None:
        if self._page is None:
            return
        models = self._kupuri.models
        for kind, statuses in ((ModelKind.TEXT, models.text), (ModelKind.IMAGE, models.image)):
            usable = [m for status in statuses for m in status.models if m.usable]
            self._page.offer_models(kind, usable)

    def _take_up(self, settings: Settings) -> None:
        self._look.choose(settings.theme)
        self._look.set_reduce_motion(settings.reduce_motion)
        if self._page is not None:
            self._page.show_settings(settings)
