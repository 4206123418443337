"""Carries out the one click that mends an error."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, QProcess, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from kupuri_desktop.core.errors import Action, Mend, Problem
from kupuri_desktop.core.models import ModelKind
from kupuri_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from kupuri_desktop.app import App


class _Step(Protocol):
    @property
    def fraction(self) -> float | None: ...


@runtime_checkable
class _Downloads(Protocol):
    """A provider that can fetch a model."""

    def pull(self, model: str) -> AsyncGenerator[_Step, None]: ...


class Mending(QObject):
    """Does what a mending button says. What needs another page is asked for by a signal."""

    choose_asked = Signal(object)
    """The ModelKind whose model is to be chosen."""

    builtin_asked = Signal()
    settings_asked = Signal(str)
    """The setting to show; empty for the page as a whole."""

    reload_asked = Signal()
    leave_asked = Signal()
    said = Signal(str)
    """A short message on how it goes."""

    def __init__(self, kupuri: App, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._kupuri = kupuri
        self._tasks = tasks
        self._window = window

    def mend(self, action: Action, problem: Problem | None = None) -> None:
        """Carry out an action. The problem helps to tell which kind of model is meant."""
        match action.mend:
            case Mend.RETRY:
                self._tasks.spawn(self._kupuri.models.refresh(), self, name="ask providers")
            case Mend.CHOOSE_MODEL:
                self.choose_asked.emit(_kind_of(problem))
            case Mend.PULL_MODEL:
                self._tasks.spawn(self._pull(action.argument), self, name="download model")
            case Mend.START_SERVER:
                self._tasks.spawn(self._start(action), self, name="start server")
            case Mend.OPEN_SETTINGS:
                self.settings_asked.emit(action.argument)
            case Mend.OPEN_LINK:
                _open_page(action.argument)
            case Mend.USE_BUILTIN:
                self.builtin_asked.emit()
            case Mend.RELOAD:
                self.reload_asked.emit()
            case Mend.CHOOSE_DATA_FOLDER:
                self._choose_folder()
            case Mend.OPEN_FOLDER | Mend.SAVE_COPY | Mend.RESTORE_BACKUP:
                # The copies that can be saved or restored lie in the data folder.
                folder = action.argument or str(self._kupuri.folder.root)
                QDesktopServices.openUrl(QUrl.fromLocalFile(folder))

    async def _pull(self, model: str) -> None:
        self.said.emit(f"Downloading {model}…")
        told = -1
        ollama = self._kupuri.models.llm("ollama")
        assert isinstance(ollama, _Downloads)
        async with aclosing(ollama.pull(model)) as steps:
            async for step in steps:
                percent = int((step.fraction or 0.0) * 100)
                if percent >= told + 5:
                    told = percent
                    self.said.emit(f"Downloading {model}: {percent} %")
        self.said.emit(f"{model} is here")
        await self._kupuri.models.refresh()

    async def _start(self, action: Action) -> None:
        provider = _provider_of(action)
        self.said.emit(f"{action.label}…")
        status = await self._kupuri.servers.start(provider)
        self.said.emit(f"{status.name} answers")

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self._window, "Choose a data folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._restart_on)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _restart_on(self, folder: str) -> None:
        if start_again(folder):
            self.leave_asked.emit()


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


def _kind_of(problem: Problem | None) -> ModelKind:
    kinds = ("GenerationError", "GraphRejected", "PartMissing", "OutOfMemory", "JobLost")
    return ModelKind.IMAGE if problem is not None and problem.kind in kinds else ModelKind.TEXT


def _provider_of(action: Action) -> str:
    """The provider that a start button names, by its id or by the words on the button."""
    words = f"{action.argument} {action.label}".casefold()
    return "comfyui" if "comfyui" in words else "ollama"
