"""Carries out the one click that mends an error."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import QObject, QProcess, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from kupuri_desktop.core import errors
from kupuri_desktop.core.errors import Action, Mend, Problem
from kupuri_desktop.core.models import BUILTIN, ModelKind
from kupuri_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from kupuri_desktop.app import App
    from kupuri_desktop.workspace.workspace import Workspace


class _Step(Protocol):
    @property
    def fraction(self) -> float | None: ...


@runtime_checkable
class _Downloads(Protocol):
    """A provider that can fetch a model."""

    def pull(self, model: str) -> AsyncGenerator[_Step, None]: ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a mending button stands under.

    kind: the kind of model that failed, where the place of the button tells it. again: does once
    more what failed; called after the mending, if there is something to do again.
    """

    problem: Problem | None = None
    kind: ModelKind | None = None
    again: Callable[[], object] | None = None

    @property
    def model_kind(self) -> ModelKind:
        """The kind of model that is meant, by the place or by the kind of problem."""
        if self.kind is not None:
            return self.kind
        error = getattr(errors, self.problem.kind, None) if self.problem is not None else None
        makes_images = isinstance(error, type) and issubclass(error, errors.GenerationError)
        return ModelKind.IMAGE if makes_images else ModelKind.TEXT


NOTHING_KNOWN = Trouble()


class Mending(QObject):
    """Does what a mending button says, and then again what had failed.

    What needs another page is asked for by a signal.
    """

    choose_asked = Signal(object)
    """The ModelKind whose model is to be chosen."""

    settings_asked = Signal(str)
    """The setting to show; empty for the page as a whole."""

    reload_asked = Signal()
    leave_asked = Signal()
    copy_asked = Signal()
    restore_asked = Signal(object)
    """A backup is to be chosen; the Problem that asks for it, or None."""

    said = Signal(str)
    """A short message on how it goes."""

    downloading = Signal(str, object)
    """Words on a download that is under way, and its fraction or None; empty words: it ended."""

    def __init__(
        self,
        kupuri: App,
        tasks: Tasks,
        window: QWidget,
        project: Callable[[], Workspace | None] = lambda: None,
    ) -> None:
        super().__init__(window)
        self._kupuri = kupuri
        self._tasks = tasks
        self._window = window
        self._project = project
        self._download: asyncio.Task[Any] | None = None

    def mend(self, action: Action, trouble: Trouble = NOTHING_KNOWN) -> None:
        """Carry out an action."""
        spawn = self._tasks.spawn
        match action.mend:
            case Mend.RETRY:
                self._again(trouble)
            case Mend.CHOOSE_MODEL:
                self.choose_asked.emit(trouble.model_kind)
            case Mend.PULL_MODEL:
                if self._download is None or self._download.done():
                    work = self._pull(action.argument, trouble)
                    self._download = spawn(work, self, name="download model")
                else:
                    self.said.emit("Another model is being downloaded. Wait for it, or cancel it.")
            case Mend.START_SERVER:
                spawn(self._start(action, trouble), self, name="start server")
            case Mend.OPEN_SETTINGS:
                self.settings_asked.emit(action.argument)
            case Mend.OPEN_LINK:
                _open_page(action.argument)
            case Mend.USE_BUILTIN:
                spawn(self._use_builtin(trouble), self, name="use what is built in")
            case Mend.RELOAD:
                self.reload_asked.emit()
            case Mend.CHOOSE_DATA_FOLDER:
                choose_folder(self._window, self.leave_asked.emit)
            case Mend.SAVE_COPY:
                self.copy_asked.emit()
            case Mend.RESTORE_BACKUP:
                self.restore_asked.emit(trouble.problem)
            case Mend.OPEN_FOLDER:
                open_folder(action.argument or str(self._kupuri.folder.root))

    def cancel_download(self) -> None:
        """End the download that is under way; Ollama keeps what has come and goes on from there."""
        if self._download is not None:
            self._download.cancel()

    def _again(self, trouble: Trouble) -> None:
        if trouble.again is not None:
            trouble.again()
        else:
            # Nothing that could be done again: what waits for the disk is tried, servers are asked.
            self._kupuri.storage.database.retry()
            self._tasks.spawn(self._kupuri.models.refresh(), self, name="ask providers")

    def _go_on(self, trouble: Trouble) -> None:
        if trouble.again is not None:
            trouble.again()

    async def _pull(self, model: str, trouble: Trouble) -> None:
        words = f"Downloading {model}"
        self.downloading.emit(words, None)
        try:
            ollama = self._kupuri.models.llm("ollama")
            assert isinstance(ollama, _Downloads)
            async with aclosing(ollama.pull(model)) as steps:
                async for step in steps:
                    self.downloading.emit(words, step.fraction)
        except asyncio.CancelledError:
            self.said.emit(f"The download of {model} was cancelled.")
            raise
        finally:
            self.downloading.emit("", None)
        self.said.emit(f"{model} is here.")
        await self._kupuri.models.refresh()
        self._go_on(trouble)

    async def _start(self, action: Action, trouble: Trouble) -> None:
        provider = self._kupuri.server_of(action.argument)
        self.said.emit(f"{action.label}…")
        status = await self._kupuri.servers.start(provider)
        self.said.emit(f"{status.name} answers.")
        self._go_on(trouble)

    async def _use_builtin(self, trouble: Trouble) -> None:
        """For the kind of model that failed; for both where nobody knows."""
        project = self._project()
        if project is None:
            self.choose_asked.emit(trouble.model_kind)
            return
        models = self._kupuri.models
        known = trouble.kind is not None or trouble.problem is not None
        for kind, statuses in ((ModelKind.TEXT, models.text), (ModelKind.IMAGE, models.image)):
            if known and kind is not trouble.model_kind:
                continue
            for status in statuses:
                if status.provider == BUILTIN and status.models:
                    await project.choose(kind, status.models[0].ref)
        self._go_on(trouble)


def choose_folder(window: QWidget, leave: Callable[[], object]) -> None:
    """Ask for another data folder, start Kupuri on it, and `leave` this one."""
    dialog = QFileDialog(window, "Choose a data folder")
    dialog.setObjectName("folder_dialog")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda folder: start_again(folder) and leave())
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def open_folder(folder: str) -> None:
    """Show a folder in the system's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(folder))


def start_again(folder: str) -> bool:
    """Start another Kupuri on a data folder; whether it has started."""
    frozen = bool(getattr(sys, "frozen", False))
    arguments = ["--data", folder] if frozen else ["-m", "kupuri_desktop", "--data", folder]
    started = QProcess.startDetached(sys.executable, arguments)
    return bool(started[0] if isinstance(started, tuple) else started)


def _open_page(address: str) -> None:
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if url.scheme() in ("https", "http"):
        QDesktopServices.openUrl(url)
