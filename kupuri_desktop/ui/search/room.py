"""Joins the search panel to the search: as it is typed, and never an old answer over a newer."""

from __future__ import annotations

import asyncio
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.storage.search import Hit
from kupuri_desktop.ui.search.panel import SearchPanel
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.thumbnails import Source

PAUSE_MS = 90
"""A fast writer's letters come closer together than this: they are asked for together."""

MOST = 120


class Finder(Protocol):
    """What the panel needs of the storage."""

    async def find(self, text: str, limit: int = ...) -> list[Hit]: ...


class SearchRoom(QObject):
    """Asks once the letters pause; a question that is under way is given up for the next."""

    taken = Signal(object, bool)
    """The Hit that was chosen, and whether its project as such is meant."""

    failed = Signal(object)
    """The KupuriError that kept a search from its answer."""

    def __init__(
        self, look: Look, finder: Finder, source: Source, tasks: Tasks, window: QWidget
    ) -> None:
        super().__init__(window)
        self._finder = finder
        self._tasks = tasks
        self._asking: asyncio.Task[None] | None = None
        self.panel = SearchPanel(look, tasks, source, window)
        self.panel.belong_to(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.panel.typed.connect(lambda _: self._wait())
        self.panel.opened.connect(self._ask)
        self.panel.taken.connect(self.taken)

    def _wait(self) -> None:
        self._drop()
        if self.panel.field.text().strip():
            self._pause.start()
        else:
            self.panel.show_hits("", [])

    def _ask(self) -> None:
        self._drop()
        text = self.panel.field.text()
        if text.strip():
            self._asking = self._tasks.spawn(
                self._find(text), self, on_error=self._fail, name="search"
            )

    def _drop(self) -> None:
        self._pause.stop()
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    async def _find(self, text: str) -> None:
        hits = await self._finder.find(text, MOST)
        self.panel.show_hits(text, hits)

    def _fail(self, error: KupuriError) -> None:
        self.failed.emit(error)
