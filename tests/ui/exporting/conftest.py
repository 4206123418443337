"""A panel and what it hangs on, for the tests of exporting."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.items import Making
from kupuri_desktop.ui.exporting.room import Exporting
from kupuri_desktop.ui.exporting.wish import Wish
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, canvas_of
from tests.ui.exporting.boards import rich


class Told:
    """What is known of how images were made."""

    strips = False

    async def workflow(self, making: Making) -> Mapping[str, str]:
        return {"prompt": '{"1": {}}'}


class Desk:
    """A window with an exporting room on a rich board."""

    def __init__(self, look: Look, tasks: Tasks, folder: Path) -> None:
        self.pictures = MemoryPictures()
        self.canvas: Canvas = canvas_of(rich(self.pictures))
        self.told = Told()
        self.folder = folder
        self.said: list[str] = []
        self.window = QWidget()
        self.window.resize(900, 700)
        self.anchor = QWidget(self.window)
        self.room = Exporting(
            self.canvas, self.pictures, self.told, tasks, look, self.window,
            project=lambda: "Board", remembered=Wish(folder=str(folder)).to_text(),
        )  # fmt: skip
        self.room.said.connect(lambda words, *_: self.said.append(words))
        self.room.bar.setParent(self.window)

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    async def finished(self) -> None:
        task = self.room._running
        assert task is not None
        try:
            await task
        finally:
            self.room._running = None


@pytest.fixture
async def desk(look: Look, tasks: Tasks, tmp_path: Path) -> AsyncIterator[Desk]:
    folder = tmp_path / "out"
    folder.mkdir()
    made = Desk(look, tasks, folder)
    made.window.show()
    yield made
    made.room.panel.close_()
    await tasks.aclose()
    made.window.close()
    made.window.deleteLater()
