"""Joins the canvas's verbs to the window's actions, for as long as a view lives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import Shiboken

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import ActionSpec, Scope, Section


class Needs(Enum):
    """How many items must be selected for a verb to make sense."""

    NOTHING = 0
    ONE = 1
    TWO = 2
    THREE = 3


@dataclass(frozen=True, slots=True)
class Verb:
    """A named action with its keys, an icon, and what it does.

    fits: whether what is selected is of the right kind; None: it always is.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    icon: str
    needs: Needs
    run: Callable[[], object]
    section: Section = Section.CANVAS
    fits: Callable[[], bool] | None = None
    checkable: bool = False

    @property
    def spec(self) -> ActionSpec:
        return ActionSpec(
            self.name, self.title, self.icon, self.section, self.keys, Scope.ROOM, self.checkable
        )


class Commands:
    """A view's verbs as actions. Several views, one after the other, share the same actions."""

    def __init__(self, actions: Actions, view: QWidget) -> None:
        self._actions = actions
        self._view = view
        self._verbs: dict[str, Verb] = {}
        self._borrowed: set[str] = set()
        self._slots: list[tuple[QAction, Callable[[], object]]] = []

    def add(self, verbs: Iterable[Verb]) -> None:
        known = list(verbs)
        self._make([verb for verb in known if not self._has(verb)])
        for verb in known:
            action = self._actions[verb.name]
            self._view.addAction(action)
            slot = self._caller(verb)
            action.triggered.connect(slot)
            self._slots.append((action, slot))
            self._verbs[verb.name] = verb

    def borrow(self, name: str) -> None:
        """Lets menus offer an action of the window's own."""
        self._borrowed.add(name)

    def __contains__(self, name: object) -> bool:
        return name in self._verbs

    def __getitem__(self, name: str) -> QAction:
        """Raises KeyError for a verb that this view does not have."""
        self._verbs[name]
        return self._actions[name]

    def find(self, name: str) -> QAction | None:
        """The action of a verb that may have come from outside."""
        return self._actions[name] if name in self._verbs else None

    def verb(self, name: str) -> Verb:
        return self._verbs[name]

    def enable(self, selected: int) -> None:
        """Enables what makes sense with so many items selected."""
        for name, verb in self._verbs.items():
            fits = selected >= verb.needs.value and (verb.fits is None or verb.fits())
            self._actions[name].setEnabled(fits)

    def name_step(self, name: str, label: str | None) -> None:
        """`Undo` becomes `Undo Move 3 items`; off where there is no step to take."""
        action = self[name]
        title = self._verbs[name].title
        action.setEnabled(label is not None)
        action.setText(f"{title} {label}" if label else title)

    def menu(self, names: Iterable[str | None]) -> QMenu:
        """A menu that is thrown away when it closes; None is a line, unknown names are left out."""
        menu = QMenu(self._view)
        menu.aboutToHide.connect(menu.deleteLater)
        offered = self._verbs.keys() | self._borrowed
        known = (name for name in names if name is None or name in offered)
        return self._actions.fill(menu, (name or "" for name in known))

    def close(self) -> None:
        for action, slot in self._slots:
            # The window may have gone first, and its actions with it.
            if Shiboken.isValid(action):
                action.triggered.disconnect(slot)
                action.setEnabled(False)
                self._view.removeAction(action)
        self._slots.clear()
        self._verbs.clear()

    def _has(self, verb: Verb) -> bool:
        try:
            self._actions[verb.name]
        except KeyError:
            return False
        return True

    def _make(self, verbs: Sequence[Verb]) -> None:
        self._actions.add(verb.spec for verb in verbs)
        for verb in verbs:
            # The action outlives the view, but its keys count only where the canvas is.
            action = self._actions[verb.name]
            for place in action.associatedObjects():
                if isinstance(place, QWidget):
                    place.removeAction(action)

    @staticmethod
    def _caller(verb: Verb) -> Callable[[], object]:
        return lambda: verb.run()
