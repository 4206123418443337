"""Turns the catalogue into Qt actions: one object for the menu, the button and the shortcut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from kupuri_desktop.ui.actions.catalogue import ActionSpec, Scope
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.naming import tooltip


class Actions(QObject):
    """All actions of one window, by id.

    shortcuts: the user's own, by id; they replace the catalogue's.
    """

    changed = Signal()
    """An action came, or its shortcut changed."""

    def __init__(
        self, look: Look, window: QWidget, shortcuts: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(window)
        self._look = look
        self._window = window
        self._own = dict(shortcuts or {})
        self._specs: dict[str, ActionSpec] = {}
        self._actions: dict[str, QAction] = {}
        self._doing: dict[str, Callable[[], object]] = {}
        self._project_open = False
        look.changed.connect(self._paint)

    def add(self, specs: Iterable[ActionSpec], room: QWidget | None = None) -> None:
        """Take in a list of actions; `room` is the widget for those of scope ROOM.

        Raises ValueError for an id that is taken.
        """
        for spec in specs:
            if spec.id in self._specs:
                raise ValueError(f"There are two actions named {spec.id}.")
            home = room if spec.scope is Scope.ROOM and room is not None else self._window
            action = QAction(spec.words, home)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            action.setShortcutContext(
                Qt.ShortcutContext.WidgetWithChildrenShortcut
                if spec.scope is Scope.ROOM
                else Qt.ShortcutContext.WindowShortcut
            )
            if spec.scope is Scope.PROJECT:
                action.setEnabled(self._project_open)
            home.addAction(action)
            self._specs[spec.id] = spec
            self._actions[spec.id] = action
            self._bind(spec)
        self.changed.emit()

    def leave(self) -> None:
        """Take the window's own actions off it: others may come in their place."""
        for id_, spec in self._specs.items():
            if spec.scope is not Scope.ROOM:
                self._window.removeAction(self._actions[id_])
                self._actions[id_].deleteLater()

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    @property
    def project_open(self) -> bool:
        """Whether a project is in front: what needs one can be done."""
        return self._project_open

    def on(self, id_: str, do: Callable[[], object]) -> None:
        """Have `do` called whenever the action is triggered, in place of what was called before."""
        if id_ not in self._doing:
            self._actions[id_].triggered.connect(lambda: self._doing[id_]())
        self._doing[id_] = do

    def everywhere(self, id_: str) -> None:
        """Let an action's keys count in the whole window, not only in the room that has it."""
        self._window.addAction(self._actions[id_])
        self._actions[id_].setShortcutContext(Qt.ShortcutContext.WindowShortcut)

    def specs(self) -> list[ActionSpec]:
        """All of them, in the order in which they came."""
        return list(self._specs.values())

    def words(self, id_: str) -> str:
        """What an action is called in lists."""
        return self._specs[id_].words.rstrip("…")

    def shortcut(self, id_: str) -> str:
        """The shortcut as this system writes it; empty if there is none."""
        return self._actions[id_].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def rebind(self, id_: str, shortcut: str) -> str | None:
        """Give an action another shortcut; returns the id of the action that has it already.

        In that case nothing changes. An empty text takes the shortcut away.
        """
        wanted = QKeySequence(shortcut)
        for other, action in self._actions.items():
            if other != id_ and not wanted.isEmpty() and wanted in action.shortcuts():
                return other
        self._own[id_] = shortcut
        self._bind(self._specs[id_])
        self.changed.emit()
        return None

    @property
    def own_shortcuts(self) -> dict[str, str]:
        """What the user has bound anew, by id, in Qt's portable text; empty for no keys."""
        return dict(self._own)

    def take_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        """Bind these anew, and give all others the keys of the catalogue again."""
        touched = {*self._own, *shortcuts}
        self._own = dict(shortcuts)
        for id_ in touched & self._specs.keys():
            self._bind(self._specs[id_])
        self.changed.emit()

    def set_project_open(self, is_open: bool) -> None:
        """Enable what needs an open project, or disable it."""
        self._project_open = is_open
        for spec in self._specs.values():
            if spec.scope is Scope.PROJECT:
                self._actions[spec.id].setEnabled(is_open)

    def fill(self, menu: QMenu, ids: Iterable[str]) -> QMenu:
        """Add actions to a menu by id, with their icons; an empty id is a line between groups."""
        for id_ in ids:
            if id_:
                # Drawing a hundred icons is a twentieth of a second: each waits for its menu.
                self._actions[id_].setIcon(self._look.icon(self._specs[id_].icon))
                menu.addAction(self._actions[id_])
            else:
                menu.addSeparator()
        return menu

    def _bind(self, spec: ActionSpec) -> None:
        own = self._own.get(spec.id)
        texts = spec.shortcuts if own is None else ((own,) if own else ())
        action = self._actions[spec.id]
        action.setShortcuts([QKeySequence(text) for text in texts])
        action.setToolTip(tooltip(spec.words.rstrip("…"), self.shortcut(spec.id)))

    def _paint(self) -> None:
        for id_, action in self._actions.items():
            if not action.icon().isNull():
                action.setIcon(self._look.icon(self._specs[id_].icon))
