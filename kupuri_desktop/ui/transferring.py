"""Takes projects in from files and gives them out, with the file dialogs for both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from kupuri_desktop.core.errors import Problem
from kupuri_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from kupuri_desktop.core.projects import Project
    from kupuri_desktop.workspace.projects import Projects

_IN = (
    "Projects (*.kupuri *.bee *.excalidraw *.db *.sqlite);;Kupuri (*.kupuri);;BeeRef (*.bee);;"
    "Excalidraw (*.excalidraw);;Jaaz (*.db *.sqlite)"
)
_OUT = "Kupuri project (*.kupuri)"


class Transferring(QObject):
    """Projects as files. What could not be taken in is said, never left out silently."""

    arrived = Signal(str)
    """The id of the project that was taken in last."""

    said = Signal(str)
    refused = Signal(object)
    """The Problem of a file that could not be taken in."""

    def __init__(self, projects: Projects, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._projects = projects
        self._tasks = tasks
        self._window = window

    @staticmethod
    def sort(files: Sequence[str]) -> tuple[list[Path], list[str]]:
        """Files that hold projects, and those that are images or folders of them."""
        from kupuri_desktop.workspace.transfer.kinds import ENDINGS

        projects = [Path(file) for file in files if Path(file).suffix.lower() in ENDINGS]
        return projects, [file for file in files if Path(file) not in projects]

    def ask_for_files(self) -> None:
        """Let the person choose files of projects."""
        dialog = QFileDialog(self._window, "Import projects", "", _IN)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda files: self.take_in([Path(file) for file in files]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_where_to(self, project: Project) -> None:
        """Let the person choose the file that the whole project is written to."""
        dialog = QFileDialog(self._window, "Save a copy of the project", project.name, _OUT)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("kupuri")
        dialog.fileSelected.connect(lambda file: self.give_out(project, Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_in(self, files: Sequence[Path]) -> None:
        """Take projects in; the last one is told by `arrived`."""
        self._tasks.spawn(self._take_in(files), self, name="import projects")

    def give_out(self, project: Project, file: Path) -> None:
        """Write the whole project to a file."""
        self._tasks.spawn(self._give_out(project, file), self, name="export project")

    async def _take_in(self, files: Sequence[Path]) -> None:
        self.said.emit("Importing…")
        last = ""
        for imported in await self._projects.import_files(files):
            if imported.problem is not None:
                self.refused.emit(imported.problem.problem)
            for taken in imported.projects:
                last = taken.id
                self.said.emit(f"“{taken.name}” is here: {taken.items} items")
            if imported.untaken:
                self.refused.emit(_left_out(imported.path.name, imported.untaken))
        if last:
            self.arrived.emit(last)

    async def _give_out(self, project: Project, file: Path) -> None:
        self.said.emit(f"Writing {file.name}…")
        done = await self._projects.export_bundle(project.id, file)
        self.said.emit(f"{file.name} holds {done.items} items")
        if done.missing:
            self.refused.emit(_left_out(file.name, done.missing))


def _left_out(name: str, sentences: Sequence[str]) -> Problem:
    """What a file does not hold, each thing in the details that can be copied."""
    return Problem(
        "LeftOut",
        f"Not all of “{name}” could be taken along: {sentences[0]}",
        hint=f"The details name all {len(sentences)}." if len(sentences) > 1 else "",
        kept="Everything else is there.",
        details="\n".join(sentences),
    )
