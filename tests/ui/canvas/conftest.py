"""Views of canvases for the tests, closed and deleted with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, canvas_of

Button: TypeAlias = Qt.MouseButton
Keys: TypeAlias = Qt.KeyboardModifier


class Mouse:
    """Presses and drags in canvas units, as Qt delivers them."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view

    def press(self, x: float, y: float, keys: Keys = Keys.NoModifier) -> None:
        self._send(QEvent.Type.MouseButtonPress, x, y, Button.LeftButton, keys)

    def move(self, x: float, y: float, keys: Keys = Keys.NoModifier) -> None:
        self._send(QEvent.Type.MouseMove, x, y, Button.NoButton, keys)

    def release(self, x: float, y: float, keys: Keys = Keys.NoModifier) -> None:
        self._send(QEvent.Type.MouseButtonRelease, x, y, Button.LeftButton, keys)

    def click(self, x: float, y: float, keys: Keys = Keys.NoModifier) -> None:
        self.press(x, y, keys)
        self.release(x, y, keys)

    def double_click(self, x: float, y: float) -> None:
        self.click(x, y)
        self.press_again(x, y)

    def press_again(self, x: float, y: float) -> None:
        """What Qt makes of a press soon after another."""
        self._send(QEvent.Type.MouseButtonDblClick, x, y, Button.LeftButton, Keys.NoModifier)

    def drag(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        keys: Keys = Keys.NoModifier,
    ) -> None:
        self.press(*start, keys)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        for point in (middle, end):
            self.move(*point, keys)
        self.release(*end, keys)

    def _send(self, kind: QEvent.Type, x: float, y: float, button: Button, keys: Keys) -> None:
        at = self._view.camera.to_view(QPointF(x, y))
        target = self._view.viewport()
        buttons = Button.NoButton if kind == QEvent.Type.MouseButtonRelease else Button.LeftButton
        event = QMouseEvent(kind, at, target.mapToGlobal(at), button, buttons, keys)
        QApplication.sendEvent(target, event)


class Setting:
    """A view with what it hangs on."""

    def __init__(self, view: CanvasView, pictures: MemoryPictures) -> None:
        self.view = view
        self.canvas = view.canvas
        self.pictures = pictures
        self.mouse = Mouse(view)

    async def settle(self) -> None:
        """Until every picture that is wanted is there and every tile is baked."""
        async with asyncio.timeout(30):
            while True:
                self.view.viewport().repaint()
                await asyncio.sleep(0)
                view = self.view
                busy = view.store.waiting or view.tasks.running() or view.camera.zooming
                if not busy and not view.frame_pending:
                    return
                await asyncio.sleep(0.002)


MakeSetting = Callable[..., Awaitable[Setting]]


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(qapp)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    def fail(error: BaseException) -> None:
        raise error

    made = Tasks(asyncio.get_running_loop(), fail, fail)
    yield made
    await made.aclose()


@pytest.fixture
async def make(tasks: Tasks, look: Look) -> AsyncIterator[MakeSetting]:
    made: list[CanvasView] = []

    async def build(
        items: Iterable[Item] = (),
        pictures: MemoryPictures | None = None,
        size: tuple[int, int] = (800, 600),
        **ports: Any,
    ) -> Setting:
        pictures = pictures or MemoryPictures()
        view = CanvasView(canvas_of(items), pictures, tasks, look, **ports)
        made.append(view)
        view.resize(*size)
        view.show()
        setting = Setting(view, pictures)
        await setting.settle()
        return setting

    yield build
    for view in made:
        if not view.closed:
            view.close_canvas()
        view.close()
        view.deleteLater()
