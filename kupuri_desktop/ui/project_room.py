"""Joins one open project to what shows it: top bar, canvas and chat."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from kupuri_desktop.core.chat import ErrorPart, Message, ToolCallPart
from kupuri_desktop.core.errors import Action, KupuriError, NotFound, Problem, other_way
from kupuri_desktop.core.generation import JobState, Placeholder
from kupuri_desktop.core.models import ModelKind, ModelRef
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.core.projects import Project
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.chat.dock import ChatDock
from kupuri_desktop.ui.colour.room import ColourRoom
from kupuri_desktop.ui.colour.style_bar import StyleBar
from kupuri_desktop.ui.exporting.room import Exporting
from kupuri_desktop.ui.handing import Handing
from kupuri_desktop.ui.looking.room import LookingRoom
from kupuri_desktop.ui.mending import Trouble
from kupuri_desktop.ui.panels.room import PanelRoom
from kupuri_desktop.ui.project_ports import (
    ProjectComing,
    ProjectIntake,
    ProjectMasks,
    ProjectOutgoing,
    ProjectPictures,
)
from kupuri_desktop.ui.project_view import ProjectView
from kupuri_desktop.ui.putting_down import put_down
from kupuri_desktop.ui.queue_chip import QueueLine
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.top_bar import TopBar
from kupuri_desktop.ui.window_state import WindowState
from kupuri_desktop.workspace.workspace import Workspace

_IMAGES = "Images (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.avif)"


class ProjectRoom(QObject):
    """The face of one workspace; `view` goes into the window. `leave` before it is thrown away."""

    models_asked = Signal(QWidget)
    """The picker is to open at this widget."""

    models_changed = Signal()
    mend_chosen = Signal(object, object)
    """The Action, and the Trouble that it is to mend."""

    working_changed = Signal()
    """An answer has begun to be written, or has ended."""

    dock_resized = Signal(int)

    said = Signal(str, str, object)
    """Words, the word of a button, and what the button does."""

    def __init__(
        self,
        workspace: Workspace,
        look: Look,
        tasks: Tasks,
        actions: Actions,
        state: WindowState,
        exports: Path,
        styles: Styles,
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self._tasks = tasks
        self._actions = actions
        self.bar = TopBar(look, actions)
        outgoing = ProjectOutgoing(workspace.outgoing, exports)
        coming = ProjectComing(
            workspace.generations, lambda work: tasks.spawn(work, self, name="make again")
        )
        self.canvas = CanvasView(
            workspace.canvas,
            workspace.assets,
            tasks,
            look,
            coming=coming,
            intake=ProjectIntake(workspace.incoming),
            outgoing=outgoing,
            actions=actions,
        )
        self.canvas.modes.keep_masks_in(ProjectMasks(workspace.assets))
        pictures = ProjectPictures(workspace.canvas, workspace.assets)
        self.chat = ChatDock(look, tasks, pictures)
        self.colours = ColourRoom(self.canvas, workspace.colours, styles)
        self._style_bar = StyleBar(self.canvas, self.colours)
        self.panels = PanelRoom(self.canvas, workspace.assets, actions, self.colours)
        self.handing = Handing(self.canvas, self.chat, pictures, self.chat)
        edit, send = self.handing.verbs()
        self.canvas.add_verbs([edit], bar=True)
        self.canvas.add_verbs([send])
        self.canvas.bars.pop.offer_icons([send.name])
        self.view = ProjectView(
            self.bar, self.canvas, self.chat, state.dock, state.chat_shown,
            panels=self.panels.column,
        )  # fmt: skip
        self.looking = LookingRoom(self.canvas, workspace.assets, coming, actions, self.view)
        self.exporting = Exporting(
            workspace.canvas, workspace.assets, outgoing, tasks, look, self.view,
            project=lambda: workspace.project.name, remembered=state.export,
            colours=self.colours,
        )  # fmt: skip
        self.view.add_bar(self.exporting.bar)
        self.exporting.said.connect(self.said)
        self.colours.picked.connect(
            lambda colour: self.said.emit(f"Copied {colour.upper()}, also to draw with", "", None)
        )
        self.canvas.add_verbs(self.exporting.verbs(lambda: self.canvas.selection.ids))
        self._seen = {each.job for each in workspace.generations.placeholders}
        self._links: list[Callable[[], None]] = []
        self._join()
        self.chat.show_conversation(workspace.conversation)
        self.bar.name.show_name(workspace.project.name)
        self._show_queue()
        self.canvas.begin_whole()

    def model(self, kind: ModelKind) -> ModelRef | None:
        """The model in use."""
        try:
            if kind is ModelKind.TEXT:
                return self.workspace.text_model()
            return self.workspace.image_model()
        except KupuriError:
            # No provider has answered yet, not even the built-in one.
            return None

    def choose(self, kind: ModelKind, ref: ModelRef) -> None:
        """Use another model from now on."""
        self._tasks.spawn(self.workspace.choose(kind, ref), self, name="choose model", kept=True)

    def send(self, words: str) -> None:
        """Send a wish, as from the composer."""
        self._tasks.spawn(
            self.workspace.conversation.send(words),
            self.view,
            on_error=self.chat.show_problem,
            name="send",
        )

    def place_files(self, files: Sequence[str]) -> None:
        """Put image files onto the canvas, in the middle of what is seen."""
        self._tasks.spawn(self._place([Path(file) for file in files]), self.view, name="place")

    def put_down(self) -> None:
        """Take what is in hand as it is seen: words, masks, crops, colours, what is drawn."""
        self.colours.put_down()
        put_down(self.view)
        self.canvas.put_down()

    def leave(self) -> None:
        """Let go of the workspace's signals."""
        self.put_down()
        for unlink in self._links:
            unlink()
        self._links.clear()
        self.chat.show_conversation(None)
        self.looking.leave()
        self.panels.leave()
        self._style_bar.close_canvas()
        self.colours.close_canvas()
        self.canvas.close_canvas()

    def _join(self) -> None:
        workspace, actions = self.workspace, self._actions
        generations = workspace.generations
        self._links += [
            workspace.project_changed.connect(self._show_project),
            workspace.conversation.running_changed.connect(lambda _: self.working_changed.emit()),
            generations.changed.connect(self._follow),
            generations.removed.connect(lambda _: self._show_queue()),
            self.canvas.selection.changed.connect(lambda _: self._tell_selection()),
        ]
        # The canvas keeps its keys to itself; these count wherever the keyboard is.
        for shared in ("undo", "redo"):
            actions.everywhere(shared)
        self.canvas.commands.borrow("deleted_items")
        actions.on("rename_project", self.bar.name.edit)
        actions.on("toggle_chat", self.view.toggle_chat)
        actions.on("focus_chat", self._write)
        actions.on("previous_message", lambda: self.chat.transcript.reading.step(False))
        actions.on("next_message", lambda: self.chat.transcript.reading.step(True))
        actions.on("import_files", self._ask_for_files)
        actions.on("export", lambda: self._export(self.canvas.selection.ids))
        self.canvas.import_asked.connect(self._ask_for_files)
        self.canvas.export_asked.connect(self._export)
        self.canvas.mending.connect(self._mend_on_canvas)
        self.bar.renamed.connect(
            lambda name: self._tasks.spawn(
                workspace.rename(name), self, name="rename project", kept=True
            )
        )
        self.bar.queue.stop_asked.connect(generations.stop)
        self.view.dock_resized.connect(self.dock_resized)
        self.chat.item_activated.connect(lambda item: self.canvas.reveal([item]))
        self.chat.models_requested.connect(self.models_asked)
        self.panels.resized.connect(self.view.lay_out)
        self.looking.details_asked.connect(self.panels.show_details)
        self.panels.message_asked.connect(self._go_to_message)
        self.chat.mend_requested.connect(self._mend_in_chat)
        self.chat.trouble_mend_requested.connect(
            lambda action, problem, again: self.mend_chosen.emit(
                action, Trouble(problem, again=self._while_open(again) if again else None)
            )
        )

    def _mend_in_chat(self, action: Action, message: str) -> None:
        def again() -> None:
            conversation = self.workspace.conversation
            # Another chat may be in front by now, or somebody has tried again by hand.
            if any(m.id == message for m in conversation.messages) and not conversation.running:
                self._tasks.spawn(
                    conversation.retry(message),
                    self.view,
                    on_error=self.chat.show_problem,
                    name="try again",
                )

        found = trouble_in(self.workspace.conversation.messages, message, action)
        self.mend_chosen.emit(action, replace(found, again=self._while_open(again)))

    def _mend_on_canvas(self, action: Action, job: str) -> None:
        generations = self.workspace.generations
        failed = next((each for each in generations.placeholders if each.job == job), None)

        def again() -> None:
            if any(each.job == job and not each.state.open for each in generations.placeholders):
                self._tasks.spawn(generations.retry(job), self.view, name="make again")

        problem = failed.problem if failed is not None else None
        trouble = Trouble(problem, ModelKind.IMAGE, self._while_open(again))
        self.mend_chosen.emit(action, trouble)

    def _while_open(self, again: Callable[[], object]) -> Callable[[], None]:
        """Mending may take minutes; a project that was left meanwhile does nothing again."""

        def carefully() -> None:
            if self._links:
                again()

        return carefully

    def _show_project(self, project: Project) -> None:
        self.bar.name.show_name(project.name)
        self.models_changed.emit()

    def show_models(self, words: str, problem: str) -> None:
        """Tell the composer which models are in use, and why one of them cannot be used."""
        self.chat.composer.show_models(words, problem=problem)

    def _follow(self, placeholder: Placeholder) -> None:
        self._show_queue()
        if placeholder.job not in self._seen:
            # A new image must not come where nobody looks.
            self._seen.add(placeholder.job)
            self.canvas.camera.reveal(self._being_made())

    def _being_made(self) -> QRectF:
        area = QRectF()
        for each in self.workspace.generations.placeholders:
            if each.state.open:
                place = each.place
                area = area.united(QRectF(place.x, place.y, place.width, place.height))
        return area

    def _export(self, ids: Sequence[str]) -> None:
        self.exporting.open_at(self.bar.export, ids)

    def _show_queue(self) -> None:
        open_ones = [each for each in self.workspace.generations.placeholders if each.state.open]
        self.bar.queue.show_lines([_line(each) for each in open_ones])

    def _tell_selection(self) -> None:
        self.workspace.selection = frozenset(self.canvas.selection.ids)

    def _go_to_message(self, session: str, run: str) -> None:
        self._in_chat(self._show_run(session, run))

    def show_chat(self, session: str, message: str = "") -> None:
        """Bring a chat to the front, and one of its messages into sight."""
        self._in_chat(self._show_message(session, message))

    def _in_chat(self, work: Coroutine[Any, Any, object]) -> None:
        if self.chat.isHidden():
            self.view.toggle_chat()
        self._tasks.spawn(work, self.view, on_error=self.chat.show_problem, name="go to message")

    async def _switch(self, session: str) -> None:
        conversation = self.workspace.conversation
        if session and session != conversation.session.id:
            await conversation.switch(session)

    async def _show_run(self, session: str, run: str) -> None:
        await self._switch(session)
        if not self.chat.show_run(run):
            raise NotFound("The message that made this image is gone.")

    async def _show_message(self, session: str, message: str) -> None:
        await self._switch(session)
        if message and not self.chat.transcript.reveal(message):
            raise NotFound("This message is gone.")

    def _write(self) -> None:
        if self.chat.isHidden():
            self.view.toggle_chat()
        self.chat.focus_composer()

    def _ask_for_files(self) -> None:
        dialog = QFileDialog(self.view, "Place images", "", _IMAGES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.place_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _place(self, paths: list[Path]) -> None:
        arrived = await self.workspace.incoming.add_files(paths)
        self.canvas.reveal([item.id for item in arrived.items])


def trouble_in(messages: Sequence[Message], message: str, action: Action) -> Trouble:
    """The problem of a message that an action is to mend, and the kind of model it is about."""
    for part in next((known.parts for known in messages if known.id == message), ()):
        match part:
            case ToolCallPart(problem=Problem() as problem) if _offers(problem, action):
                return Trouble(problem, ModelKind.IMAGE)
            case ErrorPart(problem=problem) if _offers(problem, action):
                return Trouble(problem)
    return Trouble()


def _offers(problem: Problem, action: Action) -> bool:
    return action in (problem.action, other_way(problem))


def _line(placeholder: Placeholder) -> QueueLine:
    waiting = placeholder.state is not JobState.RUNNING
    progress = placeholder.progress
    return QueueLine(placeholder.job, placeholder.prompt, progress.fraction, waiting)
