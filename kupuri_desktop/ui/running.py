"""Runs the window on its loop, from the first paint to the last thing stored."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType

from PySide6.QtWidgets import QApplication

from kupuri_desktop.app import App
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.ui.face import Face
from kupuri_desktop.ui.instance import Instance
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.notices import CrashDialog
from kupuri_desktop.ui.second_start import claim
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trace import mark
from kupuri_desktop.ui.trouble import TroublePage
from kupuri_desktop.ui.window_state import WindowState


def run_face(
    app: QApplication,
    look: Look,
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
    life = Life(loop, look, window, state, folder, files, environment, instance)
    try:
        with loop:
            loop.run_until_complete(life.live())
    finally:
        sys.excepthook = sys.__excepthook__
        if instance is not None:
            instance.release()
    return 0


class Life:
    """From the open data folder to the closed window; opens the folder again when asked to."""

    def __init__(
        self,
        loop: DesktopLoop,
        look: Look,
        window: MainWindow,
        state: WindowState,
        folder: DataFolder,
        files: Sequence[str],
        environment: Mapping[str, str],
        instance: Instance | None,
    ) -> None:
        self._loop = loop
        self._look = look
        self._window = window
        self._state = state
        self._folder = folder
        self._files = list(files)
        self._environment = environment
        self._instance = instance
        self._ended = asyncio.Event()
        self._face: Face | None = None
        self._crash: CrashDialog | None = None
        self._tasks = Tasks(loop, self._on_error, self._on_crash)

    async def live(self) -> None:
        """Everything between the first paint and the end."""
        self._listen()
        self._window.close_asked.connect(self._ended.set)
        try:
            while not self._ended.is_set():
                kupuri = await self._open()
                if kupuri is None:
                    continue
                async with kupuri:
                    await self._with(kupuri)
        finally:
            self._window.allow_close()

    async def _open(self) -> App | None:
        """The open data folder; None after the person has seen why not and chosen what to do."""
        try:
            return await App.open(self._folder, self._environment)
        except KupuriError as error:
            page = TroublePage(self._look, error.problem, str(self._folder.root))
            again = asyncio.Event()
            page.again_asked.connect(again.set)
            page.leave_asked.connect(self._ended.set)
            self._window.show_instead(page)
            waits = [asyncio.ensure_future(each.wait()) for each in (again, self._ended)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            self._window.show_house()
            page.deleteLater()
            return None

    async def _with(self, kupuri: App) -> None:
        face = self._face = Face(kupuri, self._window, self._look, self._tasks, self._state)
        face.leave_asked.connect(self._ended.set)
        mark("ready")
        face.begin(self._files)
        self._files = []
        await self._ended.wait()
        # What is stored at the end takes a moment; the window need not be looked at meanwhile.
        self._window.hide()
        face.state().write(self._folder.window_state)
        face.end()
        self._face = None
        await self._tasks.aclose()

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
            self._instance.listen()
            self._instance.raised.connect(self._window.come_to_front)
            self._instance.files_asked.connect(self._on_files)

    def _on_files(self, files: list[str]) -> None:
        if self._face is None:
            self._files += files
        else:
            self._face.open_files(files)

    def _on_error(self, error: KupuriError) -> None:
        if self._face is not None:
            self._face.notices.show_problem(error.problem)

    def _on_crash(self, error: BaseException) -> None:
        if self._crash is not None:
            return
        dialog = self._crash = CrashDialog(self._look, error, self._window, self._ended.set)
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
