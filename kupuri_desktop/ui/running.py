"""Runs the window on its loop, from the first paint to the last thing stored."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING

import PySide6
from PySide6 import QtWidgets

from kupuri_desktop.core.errors import Action, KupuriError, Mend, Problem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.opened import Opened
from kupuri_desktop.ui.instance import Instance
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.second_start import claim
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.trace import mark
from kupuri_desktop.ui.turns import take_short_turns
from kupuri_desktop.ui.window_state import WindowState

if TYPE_CHECKING:
    from kupuri_desktop.app import App
    from kupuri_desktop.ui.face import Face
    from kupuri_desktop.ui.notices import CrashDialog
    from kupuri_desktop.ui.theme import Look

log = logging.getLogger(__name__)

RESTORE = Problem(
    "NotFound",
    "Choose the backup to go back to.",
    hint="The present state is backed up first.",
    action=Action(Mend.RESTORE_BACKUP, "Restore a backup"),
)
"""Stands on the page of backups where nothing is wrong."""


def run_window(
    app: QtWidgets.QApplication,
    window: MainWindow,
    state: WindowState,
    folder: DataFolder,
    files: Sequence[str],
    environment: Mapping[str, str],
) -> int:
    """Give the window its life, until it is closed; the exit code."""
    instance: Instance | None = None
    with suppress(OSError):
        # A folder that cannot be written has its own page in the window.
        claimed = claim(folder.root, files)
        if isinstance(claimed, int):
            return claimed
        instance = claimed
    app.setQuitOnLastWindowClosed(False)
    loop = DesktopLoop(app)
    asyncio.set_event_loop(loop)
    life = Life(app, loop, window, state, folder, files, environment, instance)
    try:
        with loop:
            loop.run_until_complete(life.live())
    finally:
        sys.excepthook = sys.__excepthook__
        if instance is not None:
            instance.release()
    return 0


class Life:
    """From the first paint to the closed window; opens the folder again when asked to.

    The order is that of the eye: the database, then home, then what stands behind it.
    """

    def __init__(
        self,
        app: QtWidgets.QApplication,
        loop: DesktopLoop,
        window: MainWindow,
        state: WindowState,
        folder: DataFolder,
        files: Sequence[str],
        environment: Mapping[str, str],
        instance: Instance | None,
    ) -> None:
        self._app = app
        self._loop = loop
        self._window = window
        self._state = state
        self._folder = folder
        self._files = list(files)
        self._environment = environment
        self._instance = instance
        self._look: Look | None = None
        self._logging = False
        self._ended = asyncio.Event()
        self._abandon = False
        self._wanted: Problem | None = None
        self._backup = ""
        self._unsettled = asyncio.Event()
        self._face: Face | None = None
        self._crash: CrashDialog | None = None
        self._tasks = Tasks(loop, self._on_error, self._on_crash)

    async def live(self) -> None:
        """Everything between the first paint and the end."""
        self._listen()
        self._window.close_asked.connect(self._on_close)
        try:
            while not self._ended.is_set():
                try:
                    opened = await Opened.open(self._folder)
                    mark("ready")
                    look = self._furnished()
                    kupuri = await self._put_together(opened)
                except KupuriError as error:
                    await self._explain(self._furnished(), error.problem)
                    continue
                async with kupuri:
                    await self._with(kupuri, look)
                if self._wanted is not None and not self._ended.is_set():
                    await self._explain(look, self._wanted)
        finally:
            self._window.allow_close()

    def _furnished(self) -> Look:
        """The look of the window, after home has taken the place of its sketch.

        From then on later starts are heard; they wait until they are.
        """
        if self._look is None:
            from kupuri_desktop.ui.furnishing import furnish

            self._look = furnish(self._app, self._window, self._state)
            mark("home")
            gc.enable()
            take_short_turns()
            if self._instance is not None:
                self._instance.listen()
        return self._look

    async def _put_together(self, opened: Opened) -> App:
        # In a thread: home is in sight and can be used meanwhile.
        await asyncio.to_thread(import_module, "kupuri_desktop.ui.face")
        from kupuri_desktop.app import App, log_to
        from kupuri_desktop.storage.store import Storage

        if not self._logging:
            self._logging = True
            await asyncio.to_thread(log_to, self._folder.logs)
            log.info("window opened, PySide6 %s, Python %s", PySide6.__version__, sys.version)
        storage = await Storage.around(opened)
        return await App.open(self._folder, self._environment, storage)

    async def _explain(self, look: Look, problem: Problem) -> None:
        """Show why the folder is not open, until the person has chosen what to do."""
        from kupuri_desktop.ui.trouble import TroubleRoom

        room = TroubleRoom(look, problem, self._folder, self._tasks, self._backup)
        self._wanted, self._backup = None, ""
        again = asyncio.Event()
        room.again_asked.connect(again.set)
        room.leave_asked.connect(self._ended.set)
        self._window.show_instead(room.page)
        waits = [asyncio.ensure_future(each.wait()) for each in (again, self._ended)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await room.aclose()
        self._window.show_house()
        room.page.deleteLater()

    async def _with(self, kupuri: App, look: Look) -> None:
        from kupuri_desktop.ui.face import Face

        face = self._face = Face(kupuri, self._window, look, self._tasks, self._state)
        face.leave_asked.connect(self._on_leave)
        face.restore_asked.connect(self._on_restore)
        face.restore_chosen.connect(self._on_backup)
        face.begin(self._files)
        self._files = []
        self._unsettled.clear()
        # What a person gave up in a folder that was opened before says nothing about this time.
        self._abandon = False
        waits = [asyncio.ensure_future(each.wait()) for each in (self._ended, self._unsettled)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        face.put_down()
        self._state = face.state()
        self._state.write(self._folder.window_state)
        if self._ended.is_set():
            # What is stored at the end takes a moment; the window need not be looked at meanwhile.
            self._window.hide()
        if not self._abandon:
            await self._tasks.settled()
        face.end()
        self._face = None
        if not self._abandon:
            await self._tasks.settled()
        await self._tasks.aclose()
        await self._close(kupuri)
        if not self._ended.is_set():
            from kupuri_desktop.ui.furnishing import refurnish

            refurnish(self._window, look)

    async def _close(self, kupuri: App) -> None:
        """Nothing that could still be saved is lost unasked: what is in the way is shown."""
        refused: list[KupuriError] = []
        while kupuri.storage.database.open:
            try:
                await kupuri.aclose(abandon=self._abandon)
            except KupuriError as error:
                reason = refused.pop() if refused else error
                self._abandon = await self._gives_up(kupuri, reason.problem, refused)

    async def _gives_up(self, kupuri: App, problem: Problem, refused: list[KupuriError]) -> bool:
        """Whether the person closes all the same; False tries to save once more.

        refused: gets the error that kept a copy from being saved elsewhere.
        """
        from kupuri_desktop.storage.database import SaveState
        from kupuri_desktop.ui.keeping import Keeping

        answer: asyncio.Future[bool] = self._loop.create_future()
        database = kupuri.storage.database
        keeping = Keeping(database, self._furnished(), self._tasks, self._window)

        def settle(abandon: bool) -> None:
            if not answer.done():
                answer.set_result(abandon)

        keeping.leave_allowed.connect(settle)

        def on_saving(state: SaveState) -> None:
            if state.problem is None:
                settle(False)

        keeping.stayed.connect(lambda: settle(False))
        keeping.failed.connect(refused.append)
        unlink = database.saving.connect(on_saving)
        self._window.show()
        keeping.ask(SaveState(database.state.pending, problem), at_the_end=True)
        try:
            return await answer
        finally:
            unlink()
            keeping.end()

    def _on_close(self) -> None:
        if self._face is not None:
            self._face.leave()
        else:
            self._ended.set()

    def _on_leave(self, abandon: bool) -> None:
        self._abandon = abandon
        self._ended.set()

    def _on_backup(self, backup: str) -> None:
        self._backup = backup
        self._on_restore(None)

    def _on_restore(self, problem: Problem | None) -> None:
        self._wanted = problem or RESTORE
        self._unsettled.set()

    def _listen(self) -> None:
        sys.excepthook = self._on_exception
        self._loop.set_exception_handler(self._on_loop_error)
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                self._loop.add_signal_handler(number, self._ended.set)
            except (NotImplementedError, RuntimeError):
                # Windows' loop takes none; Ctrl+C ends the process there as it always did.
                break
        if self._instance is not None:
            self._instance.raised.connect(self._window.come_to_front)
            self._instance.files_asked.connect(self._on_files)

    def _on_files(self, files: list[str]) -> None:
        if self._face is None:
            self._files += files
        else:
            self._face.open_files(files)

    def _on_error(self, error: KupuriError) -> None:
        if self._face is not None:
            self._face.show_error(error)

    def _on_crash(self, error: BaseException) -> None:
        if self._crash is not None or self._ended.is_set():
            return
        from kupuri_desktop.ui.notices import CrashDialog

        dialog = CrashDialog(self._furnished(), error, self._window, self._on_close)
        self._crash = dialog
        dialog.finished.connect(self._forget_crash)
        dialog.open()

    def _forget_crash(self) -> None:
        self._crash = None

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        sys.__excepthook__(kind, error, trace)
        self._on_crash(error)

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        loop.default_exception_handler(context)
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._on_crash(error)
