"""A canvas with its colours, for the tests of choosing them."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.colour.room import ColourRoom
from tests.ui.canvas.conftest import MakeSetting, Setting, make, tasks

__all__ = ["make", "tasks"]


class Studio:
    """A view, its colours, and a button to open the picker at."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.view = setting.view
        self.canvas = setting.canvas
        self.room = ColourRoom(setting.view)
        self.picker = self.room.picker
        self.anchor = QWidget(setting.view)
        self.anchor.setGeometry(700, 40, 30, 30)
        self.anchor.show()


MakeStudio: TypeAlias = Callable[..., Awaitable[Studio]]


@pytest.fixture
def studio(make: MakeSetting) -> Iterator[MakeStudio]:
    made: list[Studio] = []

    async def build(*items: Item, **more: Any) -> Studio:
        made.append(Studio(await make(items, **more)))
        view = made[-1].view
        view.activateWindow()
        return made[-1]

    yield build
    for each in made:
        each.room.close_canvas()
