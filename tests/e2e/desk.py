"""Kupuri as a person has it: the window over the open app, worked by keys and clicks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from kupuri_desktop.app import App
from kupuri_desktop.core.chat import ErrorPart, Message, ToolCallPart, ToolState
from kupuri_desktop.core.errors import KupuriError, Problem
from kupuri_desktop.core.items import ImageItem, Making
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.ui.face import Face
from kupuri_desktop.ui.furnishing import furnish
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.project_room import ProjectRoom
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.window_state import WindowState
from kupuri_desktop.workspace.workspace import Workspace

NOBODY = "http://127.0.0.1:9"
"""The discard port: nothing answers there."""


class Desk:
    """One life of the window on a data folder."""

    def __init__(self, app: App, window: MainWindow, face: Face) -> None:
        self.app = app
        self.window = window
        self.face = face
        self.errors: list[KupuriError] = []

    @property
    def room(self) -> ProjectRoom:
        assert self.face._project is not None
        return self.face._project

    @property
    def workspace(self) -> Workspace:
        return self.room.workspace

    @property
    def messages(self) -> list[Message]:
        return self.workspace.conversation.messages

    @property
    def answer(self) -> Message:
        return self.messages[-1]

    @property
    def problem(self) -> Problem:
        """The one error card under the newest answer."""
        [part] = [part for part in self.answer.parts if isinstance(part, ErrorPart)]
        return part.problem

    @property
    def failure(self) -> tuple[ToolCallPart, Problem]:
        """The one tool call of the newest answer, and why it failed."""
        [call] = self.answer.tool_calls
        assert call.state is ToolState.FAILED
        assert call.problem is not None
        return call, call.problem

    @property
    def makings(self) -> list[Making]:
        """How each image on the canvas was made."""
        return [item.making for item in self.images if item.making is not None]

    @property
    def images(self) -> list[ImageItem]:
        items = self.workspace.canvas.items.values()
        return [item for item in items if isinstance(item, ImageItem)]

    def find(self, kind: type[Any], name: str) -> Any:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    async def wish_from_home(self, words: str) -> None:
        """Types into the big box and presses Enter; returns once the project is open."""
        field = self.find(QPlainTextEdit, "prompt_field")
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Qt.Key.Key_Return)
        await until(lambda: self.face._project is not None)
        await until(lambda: len(self.messages) > 0)

    def wish(self, words: str) -> None:
        """Types into the composer and presses Enter."""
        field = self.room.chat.composer.text
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Qt.Key.Key_Return)

    async def answered(self, count: int = 1) -> None:
        """Waits for the end of the `count`th wish and for all that belongs to it on the disk."""
        await until(lambda: len(self.messages) >= 2 * count)
        await self.workspace.idle()
        await self.workspace.saved()

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    async def open_first_project(self) -> None:
        [project, *_] = await self.app.projects.list()
        self.window.home.opened.emit(project.id)
        await until(lambda: self.face._project is not None)


async def until(holds: Callable[[], Any]) -> None:
    """Gives Qt and asyncio their turns until something holds; the test's limit ends it."""
    while not holds():
        await asyncio.sleep(0.005)


@asynccontextmanager
async def desk(
    root: Path,
    ollama: str = NOBODY,
    comfyui: str = NOBODY,
    more: Mapping[str, str] | None = None,
    state: WindowState | None = None,
) -> AsyncIterator[Desk]:
    """Opens the window; leaves as closing the window does. state: of the life before."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    # The loop ends with the test, as in the app it ends with the last thing stored.
    application.setQuitOnLastWindowClosed(False)
    environment = {"KUPURI_OLLAMA_URL": ollama, "KUPURI_COMFYUI_URL": comfyui, **(more or {})}
    crashes: list[BaseException] = []
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(await App.open(DataFolder(root), environment))
        state = (state or WindowState())._replace(reduce_motion=True)
        window = MainWindow(state)
        look = furnish(application, window, state)
        stack.callback(application.styleHints().colorSchemeChanged.disconnect, look._follow_system)
        errors: list[KupuriError] = []
        tasks = Tasks(asyncio.get_running_loop(), errors.append, crashes.append)
        face = Face(app, window, look, tasks, state)
        studio = Desk(app, window, face)
        studio.errors = errors
        window.show()
        face.begin([])
        await app.models.ready()
        try:
            yield studio
        finally:
            face.end()
            await tasks.aclose()
            window.allow_close()
            face.deleteLater()
            window.deleteLater()
    assert crashes == []
