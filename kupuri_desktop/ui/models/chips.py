"""The engine chips: how the text and the image engine stand, why, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.errors import Action, Problem
from kupuri_desktop.core.models import (
    BUILTIN,
    ModelKind,
    ModelRef,
    ProviderStatus,
)
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.chip import Chip, Level
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.popover import Popover

_NO_AI = {ModelKind.TEXT: "Assistant (no AI)", ModelKind.IMAGE: "Painter (no AI)"}


@dataclass(frozen=True, slots=True)
class EngineState:
    """How the engine of one kind stands, in words."""

    kind: ModelKind
    level: Level
    words: str
    title: str
    reason: str
    problem: Problem | None = None
    action: Action | None = None


def engine_state(
    kind: ModelKind, ref: ModelRef | None, statuses: Sequence[ProviderStatus], asking: bool
) -> EngineState:
    """What the chip of a kind shows, for the model in use and what its provider said last.

    asking: the providers are being asked, and those that have not answered may yet.
    """
    if ref is None:
        words = "Looking for models" if asking else "No model"
        level = Level.STARTING if asking else Level.OFF
        return EngineState(kind, level, words, words, "Choose a model to begin.")
    status = next((each for each in statuses if each.provider == ref.provider), None)
    info = next((each for each in status.models if each.ref == ref), None) if status else None
    name = info.name if info else ref.model
    if ref.provider == BUILTIN:
        reason = "Built-in: works without any server. It is no AI and follows simple rules."
        return EngineState(kind, Level.READY, _NO_AI[kind], name, reason)
    if status is None:
        level = Level.STARTING if asking else Level.OFF
        reason = "Asking whether it is there." if asking else f"{ref.provider} is not set up."
        return EngineState(kind, level, name, name, reason)
    if not status.ok:
        problem = status.problem
        reason = f"{problem.message} {problem.hint}".strip() if problem else "It cannot be used."
        action = problem.action if problem else None
        return EngineState(kind, Level.OFF, name, status.name, reason, problem, action)
    if info is None:
        reason = f"{status.name} has no model called {ref.model} any more."
        return EngineState(kind, Level.TROUBLE, name, name, reason)
    if not info.usable:
        reason = info.problem or ""
        return EngineState(kind, Level.TROUBLE, name, name, reason, action=info.mend)
    where = f"{status.name} {status.version}".strip()
    reason = f"Ready. {where} at {status.address}." if status.address else f"Ready. {where}."
    return EngineState(kind, Level.READY, name, name, reason)


def models_words(states: Sequence[EngineState]) -> str:
    """The models of several engines in a few words: `qwen3:8b · SDXL`."""
    if all(state.words == _NO_AI[state.kind] for state in states):
        return "Built-in (no AI)"
    return " · ".join(dict.fromkeys(state.words for state in states))


_SPOKEN = {
    Level.READY: "ready",
    Level.STARTING: "starting",
    Level.TROUBLE: "in trouble",
    Level.OFF: "off",
}
_ICON = {ModelKind.TEXT: "message-square", ModelKind.IMAGE: "image"}
_KIND = {ModelKind.TEXT: "Text engine", ModelKind.IMAGE: "Image engine"}


class EngineChips(QWidget):
    """Two chips; a click on one says why it is as it is and offers what mends it."""

    choose_asked = Signal(object)
    """The ModelKind whose model is to be chosen."""

    mend_chosen = Signal(object, object)
    """The Action, and the Problem or None."""

    refresh_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._states: dict[ModelKind, EngineState] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._chips = {
            kind: Chip(look, f"{kind.value}_engine_chip", "Looking…", Level.STARTING, _ICON[kind])
            for kind in ModelKind
        }
        self.popover = _Why(look, self)
        self.popover.belong_to(self)
        self.popover.mend_asked.connect(self._mend)
        self.popover.choose_asked.connect(self._choose)
        self.popover.again_asked.connect(self.refresh_asked)
        for kind, chip in self._chips.items():
            chip.clicked.connect(lambda _=False, kind=kind: self._explain(kind))
            row.addWidget(chip)

    def show_state(self, state: EngineState) -> None:
        """Show how an engine stands."""
        self._states[state.kind] = state
        chip = self._chips[state.kind]
        chip.show_state(state.words, state.level, f"{_KIND[state.kind]} {_SPOKEN[state.level]}")
        chip.setToolTip(f"{_KIND[state.kind]}: {state.title}\n{state.reason}")
        if self.popover.isVisible() and self.popover.kind is state.kind:
            self.popover.explain(state)

    def be_small(self, small: bool) -> None:
        """Whether the chips do without their words, where there is little room."""
        for chip in self._chips.values():
            chip.be_small(small)

    def chip(self, kind: ModelKind) -> Chip:
        """The chip of a kind, for instance as an anchor."""
        return self._chips[kind]

    def _explain(self, kind: ModelKind) -> None:
        state = self._states.get(kind)
        if state is not None:
            self.popover.explain(state)
            self.popover.toggle_at(self._chips[kind])

    def _mend(self) -> None:
        state = self._states[self.popover.kind]
        self.popover.close_()
        self.mend_chosen.emit(state.action, state.problem)

    def _choose(self) -> None:
        self.popover.close_()
        self.choose_asked.emit(self.popover.kind)


class _Why(Popover):
    mend_asked = Signal()
    choose_asked = Signal()
    again_asked = Signal()

    def __init__(self, look: Look, owner: QWidget) -> None:
        super().__init__(look, "engine_popover", "Engine", owner, width=320)
        space = look.theme.space
        self.kind = ModelKind.TEXT
        self.body.setContentsMargins(space.l, space.l, space.l, space.m)
        self.body.setSpacing(space.s)
        self._what = label("", tone="third", size="label", weight="medium")
        self._title = label("", weight="strong", size="chat", name="engine_title")
        self._reason = label("", tone="second", wrap=True, name="engine_reason")
        for words in (self._what, self._title, self._reason):
            self.body.addWidget(words)
        self._mend = PillButton(look, "engine_mend", "", kind="primary")
        self._mend.clicked.connect(self.mend_asked)
        choose = PillButton(look, "engine_choose", "Choose another…")
        choose.clicked.connect(self.choose_asked)
        again = PillButton(look, "engine_again", "Check again", "refresh-cw", kind="quiet")
        again.clicked.connect(self.again_asked)
        column = QVBoxLayout()
        column.setContentsMargins(0, space.s, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(space.s)
        row.addWidget(choose)
        row.addWidget(again)
        row.addStretch()
        column.addWidget(self._mend)
        column.addLayout(row)
        self.body.addLayout(column)

    def explain(self, state: EngineState) -> None:
        self.kind = state.kind
        self._what.setText(_KIND[state.kind])
        self._title.setText(state.title)
        self._reason.setText(state.reason)
        self._mend.setVisible(state.action is not None)
        if state.action is not None:
            self._mend.setText(state.action.label)
            self._mend.setAccessibleName(state.action.label)
            self._mend.updateGeometry()
        self.setAccessibleDescription(f"{state.title}. {state.reason}")
        if self.isVisible():
            self._place()
