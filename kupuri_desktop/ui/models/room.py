"""Joins the picker and the chips to the providers: how they stand, and which model is in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core import signals
from kupuri_desktop.core.models import ModelKind, ModelRef, ProviderStatus
from kupuri_desktop.ui.models.chips import EngineChips, engine_state, models_words
from kupuri_desktop.ui.models.page import ModelsPage
from kupuri_desktop.ui.models.picker import ModelPicker
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.chip import Level


class Providers(Protocol):
    """What is known of all models."""

    changed: signals.Signal[ProviderStatus]
    refreshing: signals.Signal[bool]

    @property
    def text(self) -> Sequence[ProviderStatus]: ...
    @property
    def image(self) -> Sequence[ProviderStatus]: ...
    async def refresh(self) -> None: ...


class ModelRoom(QObject):
    """One picker for the whole window; the chips of the open project, and the models' page."""

    chosen = Signal(object, object)
    """The ModelKind, and the ModelRef."""

    mend_chosen = Signal(object, object)
    """The Action, and the Problem or None."""

    def __init__(self, look: Look, providers: Providers, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._providers = providers
        self._tasks = tasks
        self._busy = False
        self._chips: EngineChips | None = None
        self._page: ModelsPage | None = None
        self._in_use: Callable[[ModelKind], ModelRef | None] = lambda _: None
        self._tell: Callable[[str, str], object] = lambda *_: None
        self.picker = ModelPicker(look, window)
        self.picker.belong_to(self)
        self.picker.chosen.connect(self.chosen)
        self.picker.mend_chosen.connect(self.mend_chosen)
        self.picker.refresh_asked.connect(self.refresh)
        self._links = [
            providers.changed.connect(lambda _: self.show()),
            providers.refreshing.connect(self._on_refreshing),
        ]

    def refresh(self) -> None:
        """Ask every provider again."""
        self._tasks.spawn(self._providers.refresh(), self, name="ask providers")

    def serve(
        self,
        chips: EngineChips,
        in_use: Callable[[ModelKind], ModelRef | None],
        tell: Callable[[str, str], object],
    ) -> None:
        """Keep the chips of a project true; `in_use` tells its models.

        tell: hears both models in words, and why one cannot be used or nothing.
        """
        self._chips, self._in_use, self._tell = chips, in_use, tell
        chips.choose_asked.connect(lambda kind: self.choose(kind, chips.chip(kind)))
        chips.mend_chosen.connect(self.mend_chosen)
        chips.refresh_asked.connect(self.refresh)
        self.show()

    def dismiss(self) -> None:
        """The project is closed: its chips are gone."""
        self._chips, self._in_use, self._tell = None, lambda _: None, lambda *_: None
        self.picker.close_()

    def choose(self, kind: ModelKind, anchor: QWidget) -> None:
        """Open the picker."""
        self.show()
        self.picker.open_for(kind, anchor)

    def page(self) -> ModelsPage:
        """The page that lists everything."""
        if self._page is None:
            self._page = ModelsPage(self._look)
            self._page.refresh_asked.connect(self.refresh)
            self._page.mend_chosen.connect(self.mend_chosen)
            self.show()
        return self._page

    def show(self) -> None:
        """Show what is known now, and which models are in use."""
        text, image = self._providers.text, self._providers.image
        self.picker.show_statuses(text, image)
        states = []
        for kind, statuses in ((ModelKind.TEXT, text), (ModelKind.IMAGE, image)):
            ref = self._in_use(kind)
            self.picker.show_chosen(kind, ref)
            state = engine_state(kind, ref, statuses, self._busy)
            if self._chips is not None:
                self._chips.show_state(state)
            states.append(state)
        troubles = [each for each in states if each.level in (Level.OFF, Level.TROUBLE)]
        self._tell(models_words(states), troubles[0].reason if troubles else "")
        if self._page is not None:
            self._page.show_statuses(text, image)

    def leave(self) -> None:
        """Let go of the providers."""
        for unlink in self._links:
            unlink()
        self.picker.close_()
        self.picker.deleteLater()

    def _on_refreshing(self, busy: bool) -> None:
        self._busy = busy
        self.picker.show_refreshing(busy)
        if self._page is not None:
            self._page.show_refreshing(busy)
        self.show()
