"""The face of one open data folder: joins the window's rooms to what works behind them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from kupuri_desktop.core.errors import Action, KupuriError, Mend, Problem, ServerError
from kupuri_desktop.core.models import ModelKind, ModelRef
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.core.projects import Project
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import WINDOW_ACTIONS
from kupuri_desktop.ui.actions.palette import CommandPalette
from kupuri_desktop.ui.actions.sheet import ShortcutSheet
from kupuri_desktop.ui.canvas.traffic.carrying import leave_plain
from kupuri_desktop.ui.download_bar import DownloadBar
from kupuri_desktop.ui.home.rail import Room
from kupuri_desktop.ui.home.room import HomeRoom
from kupuri_desktop.ui.keeping import Keeping
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.mending import Mending, Trouble
from kupuri_desktop.ui.models.room import ModelRoom
from kupuri_desktop.ui.notices import NoticeBar
from kupuri_desktop.ui.overview import Overview
from kupuri_desktop.ui.parting import Parting
from kupuri_desktop.ui.project_room import ProjectRoom
from kupuri_desktop.ui.putting_down import put_down
from kupuri_desktop.ui.regions import step_region
from kupuri_desktop.ui.settings.room import SettingsRoom
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trace import mark
from kupuri_desktop.ui.transferring import Transferring
from kupuri_desktop.ui.widgets.toast import Toast
from kupuri_desktop.ui.window_state import WindowState

if TYPE_CHECKING:
    from kupuri_desktop.app import App
    from kupuri_desktop.workspace.workspace import Workspace

_REMEMBERED = ("layers", "inspector", "minimap")
"""What is open beside or over the canvas stays so at the next start."""


class Face(QObject):
    """Lives from the open database to the closed window."""

    leave_asked = Signal(bool)
    """The window is to close. True: what could not be saved is given up."""

    restore_asked = Signal(object)
    """The data folder is to be closed and its backups offered: the Problem, or None."""

    restore_chosen = Signal(str)
    """The data folder is to be closed and this backup put in its place."""

    def __init__(
        self, kupuri: App, window: MainWindow, look: Look, tasks: Tasks, state: WindowState
    ) -> None:
        super().__init__()
        self._kupuri = kupuri
        self._window = window
        self._look = look
        self._tasks = tasks
        self._state = state
        self._project: ProjectRoom | None = None
        self._styles = Styles()
        self._parting = Parting(kupuri, window, tasks)
        self._agent_loaded = False
        self.notices = NoticeBar(look)
        window.add_bar(self.notices)
        self._toast = Toast(look, window)
        self.actions = Actions(look, window, kupuri.settings.shortcuts)
        self.actions.add(WINDOW_ACTIONS)
        self._palette = CommandPalette(look, self.actions, window)
        self._sheet = ShortcutSheet(look, self.actions, window)
        for popover in (self._palette, self._sheet):
            popover.belong_to(self)
        self._transferring = Transferring(kupuri.projects, tasks, window)
        self._home = HomeRoom(window.home, kupuri.projects, tasks, self._toast.say)
        self._settings = SettingsRoom(kupuri, look, tasks)
        self._models = ModelRoom(look, kupuri.models, tasks, window)
        self._mending = Mending(kupuri, tasks, window, self._workspace)
        self._downloads = DownloadBar(look)
        window.add_bar(self._downloads)
        database = kupuri.storage.database
        self.keeping = Keeping(database, look, tasks, window)
        window.add_bar(self.keeping.bar)
        self._repeats: dict[Problem, Callable[[], object]] = {}
        self._overview = Overview(
            kupuri, look, tasks, window, self._toast.say, self._open_by_id, lambda: self._project
        )
        self._unlinks = [
            database.damage_found.connect(self.notices.show_problem),
            kupuri.storage.caretaker.failed.connect(self.show_error),
            kupuri.settings_changed.connect(lambda new: self._take_shortcuts(new.shortcuts)),
        ]
        self._join_window()
        self._join_actions()

    def begin(self, files: Sequence[str]) -> None:
        """Fill the window, ask the servers, and load the agent behind it all."""
        self._home.refresh()
        self._models.refresh()
        self._tasks.spawn(self._load_agent(), self, name="load agent")
        if files:
            self.open_files(files)

    def open_files(self, files: Sequence[str]) -> None:
        """Put files onto the canvas of the open project, or of a new one."""

        projects, pictures = self._transferring.sort(files)
        if projects:
            self._transferring.take_in(projects)
        if not pictures:
            return

        async def place() -> None:
            if self._project is None:
                await self._open(await self._kupuri.projects.create())
            assert self._project is not None
            self._project.place_files(pictures)

        self._do(place, "open files")

    def leave(self) -> None:
        """Close the window, once all is saved or the person gives up what cannot be."""
        self.put_down()
        self.keeping.ask_to_leave()

    def put_down(self) -> None:
        """Take what is in hand, as what is typed in a field, for it is left now."""
        put_down(self._window)
        if self._project is not None:
            self._project.put_down()

    def show_error(self, error: KupuriError, again: Callable[[], object] | None = None) -> None:
        """Put an error on the notice bar. again: what "Try again" does.

        Where nothing can be done again, and no server can be asked again, there is no such button.
        """
        problem = error.problem
        if again is not None:
            self._repeats[problem] = again
        elif _only_retries(problem) and not isinstance(error, ServerError):
            problem = replace(problem, action=None)
        self.notices.show_problem(problem)

    def _do(self, make: Callable[[], Coroutine[Any, Any, object]], name: str) -> None:
        """Start what can be started again by the button of the problem that ends it."""
        self._tasks.spawn(
            make(),
            self,
            on_error=lambda error: self.show_error(error, lambda: self._do(make, name)),
            name=name,
        )

    def state(self) -> WindowState:
        """How the window stands, for the next start."""
        room = self._project
        state = self._state._replace(
            geometry=self._window.geometry_text(),
            theme=self._look.choice,
            reduce_motion=self._kupuri.settings.reduce_motion,
            layers_shown=self.actions["toggle_layers"].isChecked(),
            inspector_shown=self.actions["toggle_inspector"].isChecked(),
            minimap_shown=self.actions["toggle_minimap"].isChecked(),
            grid_snaps=self.actions["snap_to_grid"].isChecked(),
        )
        if room is not None:
            state = state._replace(
                dock=room.view.dock,
                chat_shown=not room.chat.isHidden(),
                export=room.exporting.wish_text,
            )
        self._state = state
        return state

    def end(self) -> None:
        """Let go of everything behind the window."""
        leave_plain(QGuiApplication.clipboard())
        self._leave_project()
        for unlink in self._unlinks:
            unlink()
        self._home.leave()
        self._models.leave()
        self.keeping.end()
        self._settings.leave()
        self._overview.leave()
        self._window.strip(lambda room: room is not Room.HOME)
        self._window.room_shown.disconnect(self._on_room)
        self.actions.leave()
        for gone in (self.notices, self._downloads, self._toast, self._palette, self._sheet):
            gone.deleteLater()
        for joint in (
            self.keeping,
            self._mending,
            self._settings,
            self._models,
            self._transferring,
            self._overview,
            self._parting,
            self.actions,
        ):
            joint.deleteLater()

    def _join_window(self) -> None:
        window = self._window
        window.home.wished.connect(lambda words: self._do(partial(self._wish, words), "wish"))
        window.home.created.connect(lambda: self.actions["new_project"].trigger())
        window.home.brought.connect(self.open_files)
        window.home.opened.connect(
            lambda key: self._do(partial(self._open_by_id, key), "open project")
        )
        window.rail.theme_asked.connect(lambda: self.actions["toggle_theme"].trigger())
        window.room_shown.connect(self._on_room)
        window.furnish(Room.MODELS, self._models.page)
        window.furnish(Room.SETTINGS, self._settings.page)
        self._overview.join(self.actions)
        self._overview.failed.connect(self.show_error)
        self._settings.said.connect(self._toast.say)
        self._sheet.rebound.connect(
            lambda: self._settings.change("shortcuts", self.actions.own_shortcuts)
        )
        self._settings.restore_asked.connect(self.restore_chosen)
        self._models.chosen.connect(self._choose)
        self._models.mend_chosen.connect(self._mend_problem)
        self.notices.mend_chosen.connect(self._mend_problem)
        mending, keeping = self._mending, self.keeping
        mending.choose_asked.connect(self._ask_for_model)
        mending.settings_asked.connect(self._show_setting)
        mending.reload_asked.connect(self._reload)
        mending.leave_asked.connect(self.leave)
        mending.copy_asked.connect(keeping.save_copy)
        mending.restore_asked.connect(self.restore_asked)
        mending.said.connect(self._toast.say)
        transferring = self._transferring
        transferring.said.connect(self._toast.say)
        transferring.refused.connect(self.notices.show_problem)
        transferring.arrived.connect(window.home.opened)
        mending.downloading.connect(self._downloads.show_progress)
        self._downloads.cancel_asked.connect(mending.cancel_download)
        keeping.said.connect(self._toast.say)
        keeping.failed.connect(self.show_error)
        keeping.leave_allowed.connect(self.leave_asked)
        keeping.bar.mend_chosen.connect(self._mend_problem)

    def _join_actions(self) -> None:
        on, window = self.actions.on, self._window
        for shown in _REMEMBERED:
            self.actions[f"toggle_{shown}"].setChecked(getattr(self._state, f"{shown}_shown"))
        self.actions["snap_to_grid"].setChecked(self._state.grid_snaps)
        on("new_project", lambda: self._do(self._new, "new project"))
        on("import_projects", self._transferring.ask_for_files)
        on("save_project_copy", self._save_project_copy)
        on("go_home", lambda: window.show_room(Room.HOME))
        on("open_settings", lambda: window.show_room(Room.SETTINGS))
        on("quit", self.leave)
        on("toggle_theme", self._toggle_theme)
        on("full_screen", window.toggle_full_screen)
        on("next_region", lambda: step_region(window, True))
        on("previous_region", lambda: step_region(window, False))
        on("palette", lambda: self._palette.open_over(window))
        on("shortcuts", lambda: self._sheet.open_over(window))
        on("focus_chat", lambda: window.home.prompt.field.setFocus())
        for kind in ModelKind:
            on(f"choose_{kind.value}_model", partial(self._ask_for_model, kind))

    # --- projects

    def _save_project_copy(self) -> None:
        if self._project is not None:
            self._transferring.ask_where_to(self._project.workspace.project)

    async def _new(self) -> None:
        await self._open(await self._kupuri.projects.create())

    async def _wish(self, words: str) -> None:
        await self._new()
        assert self._project is not None
        self._project.send(words)

    async def _open_by_id(self, key: str) -> None:
        await self._open(await self._kupuri.projects.find(key))

    async def _open(self, project: Project) -> None:
        await self._parting.over()
        workspace = await self._kupuri.open_project(project)
        self.state()
        self._leave_project()
        # Before the canvas says what it has to undo: that is nothing yet.
        self.actions.set_project_open(True)
        room = ProjectRoom(
            workspace,
            self._look,
            self._tasks,
            self.actions,
            self._state,
            self._kupuri.folder.exports,
            self._styles,
        )
        self._project = room
        room.mend_chosen.connect(self._mend)
        room.models_asked.connect(lambda at: self._models.choose(ModelKind.TEXT, at))
        room.models_changed.connect(self._on_models_changed)
        room.working_changed.connect(self.keeping.show)
        self._overview.serve(room)
        room.said.connect(self._toast.say)
        self._models.serve(room.bar.engines, room.model, room.show_models)
        self.keeping.watch(room.bar.saved, lambda: workspace.conversation.busy)
        self._window.show_project(room.view, workspace.project.name)
        room.chat.focus_composer()
        self._prepare_agent()

    def _leave_project(self) -> None:
        room, self._project = self._project, None
        if room is None:
            return
        self.actions.set_project_open(False)
        self._models.dismiss()
        self.keeping.unwatch()
        self._parting.leave(room)

    def _reload(self) -> None:
        if self._project is not None:
            project = self._project.workspace.project
            self._leave_project()
            self._do(partial(self._open, project), "reload project")

    def _on_room(self, room: Room) -> None:
        self.state()
        self._leave_project()
        if room is Room.HOME:
            self._home.refresh()

    def _on_models_changed(self) -> None:
        self._models.show()
        self._prepare_agent()
        if self._project is not None:
            self._window.setWindowTitle(f"{self._project.workspace.project.name} – Kupuri")

    # --- models

    def _choose(self, kind: ModelKind, ref: ModelRef) -> None:
        if self._project is not None:
            self._project.choose(kind, ref)

    def _ask_for_model(self, kind: ModelKind) -> None:
        if self._project is not None:
            self._models.choose(kind, self._project.bar.engines.chip(kind))
        else:
            self._window.show_room(Room.MODELS)

    def _workspace(self) -> Workspace | None:
        return self._project.workspace if self._project is not None else None

    def _mend(self, action: Action, trouble: Trouble) -> None:
        self._mending.mend(action, trouble)

    def _mend_problem(self, action: Action, problem: Problem | None) -> None:
        again = self._repeats.pop(problem, None) if problem is not None else None
        self._mend(action, Trouble(problem, again=again))

    async def _load_agent(self) -> None:
        await self._kupuri.preload()
        mark("agent")
        self._agent_loaded = True
        self._prepare_agent()

    def _prepare_agent(self) -> None:
        """Build what the open project's model needs, so that its first answer does not wait."""
        room = self._project
        if room is not None and self._agent_loaded:
            self._tasks.spawn(self._kupuri.prepare(room.workspace), room, name="prepare agent")

    def _show_setting(self, name: str) -> None:
        self._window.show_room(Room.SETTINGS)
        self._settings.point_at(name)

    def _take_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        if shortcuts != self.actions.own_shortcuts:
            self.actions.take_shortcuts(shortcuts)

    def _toggle_theme(self) -> None:
        self._settings.change("theme", self._look.toggle())


def _only_retries(problem: Problem) -> bool:
    return problem.action is not None and problem.action.mend is Mend.RETRY
