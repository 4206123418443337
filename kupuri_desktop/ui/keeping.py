"""Keeps what is not saved in sight, and lets nobody leave it behind unasked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from kupuri_desktop.core import signals
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.storage.database import SaveState
from kupuri_desktop.ui.saving import SavedSign, SavingBar, UnsavedDialog
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look


class Saves(Protocol):
    """What writes to the disk and tells how it goes."""

    state: SaveState
    saving: signals.Signal[SaveState]

    def retry(self) -> None: ...
    async def drained(self) -> None: ...
    async def copy_to(self, path: Path) -> None: ...


class Keeping(QObject):
    """Joins the state of the database to the bar, the sign, and the question at the end."""

    leave_allowed = Signal(bool)
    """The window may be closed. True: what could not be saved is given up."""

    stayed = Signal()
    """The person does not want to leave yet."""

    failed = Signal(object)
    """The KupuriError that kept a copy from being saved."""

    said = Signal(str)

    def __init__(self, saves: Saves, look: Look, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._saves = saves
        self._look = look
        self._tasks = tasks
        self._window = window
        self._sign: SavedSign | None = None
        self._working: Callable[[], bool] = lambda: False
        self._asking: asyncio.Task[Any] | None = None
        self._dialog: UnsavedDialog | None = None
        self.bar = SavingBar(look)
        self.bar.again_asked.connect(saves.retry)
        self.bar.copy_asked.connect(self.save_copy)
        self._unlink = saves.saving.connect(lambda _: self.show())
        self.show()

    def watch(self, sign: SavedSign, working: Callable[[], bool]) -> None:
        """Keep the sign of the open project true, too."""
        self._sign, self._working = sign, working
        sign.destroyed.connect(self._forget_sign)
        self.show()

    def unwatch(self) -> None:
        """The project is closed."""
        self._sign = None

    def show(self) -> None:
        """Show how it stands now."""
        state = self._saves.state
        self.bar.show_state(state)
        if self._sign is not None:
            self._sign.show_state(state, self._working())

    def ask_to_leave(self) -> None:
        """Tries to save what waits; emits `leave_allowed` at once, or once the person says so."""
        if self._dialog is not None:
            self._dialog.raise_()
        elif self._asking is None or self._asking.done():
            self._asking = self._tasks.spawn(self._drain(), self, name="save before leaving")

    def save_copy(self) -> None:
        """Ask where to, and save a copy with all that waits in it."""
        self._ask_where()

    def end(self) -> None:
        """Let go of the database."""
        self._unlink()
        self._sign = None
        if self._dialog is not None:
            self._dialog.close()
        self.bar.deleteLater()

    async def _drain(self) -> None:
        try:
            await self._saves.drained()
        except KupuriError as error:
            state = self._saves.state
            self.ask(SaveState(state.pending, state.problem or error.problem))
        else:
            self.leave_allowed.emit(False)

    def ask(self, state: SaveState, *, at_the_end: bool = False) -> None:
        """Ask what is to become of the work that cannot be saved.

        at_the_end: there is nothing left to stay in; to stay is to try once more.
        """
        dialog = self._dialog = UnsavedDialog(
            self._look, state, self._window, stay="Try again" if at_the_end else "Stay"
        )
        dialog.close_asked.connect(lambda: self.leave_allowed.emit(True))
        dialog.copy_asked.connect(lambda: self._ask_where(leaving=True))
        dialog.rejected.connect(self.stayed)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _ask_where(self, *, leaving: bool = False) -> None:
        dialog = QFileDialog(self._window, "Save a copy elsewhere")
        dialog.setObjectName("copy_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Kupuri database (*.db)")
        dialog.setDefaultSuffix("db")
        # A file that is there is refused by whoever copies: a copy never replaces another.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(f"kupuri-copy-{datetime.now(UTC):%Y-%m-%d}.db")
        dialog.fileSelected.connect(lambda name: self.copy_to(Path(name), leaving=leaving))
        if leaving:
            dialog.rejected.connect(self.stayed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy_to(self, path: Path, *, leaving: bool = False) -> None:
        """Save a copy with all that waits in it, and leave then, if that is wanted."""

        async def copy() -> None:
            self.said.emit("Saving a copy…")
            await self._saves.copy_to(path)
            self.said.emit(f"A copy of everything is at {path}")
            if leaving:
                self.leave_allowed.emit(True)

        def refuse(error: KupuriError) -> None:
            self.failed.emit(error)
            if leaving:
                self.stayed.emit()

        self._tasks.spawn(copy(), self, on_error=refuse, name="save a copy")

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _forget_sign(self) -> None:
        self._sign = None
