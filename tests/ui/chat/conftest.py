"""A dock that shows a scripted conversation, in a window of its own size."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.chat import ImagePart, Message, Role, TextPart
from kupuri_desktop.ui.chat.dock import ChatDock
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.ui.chat.scripted import DrawnPictures, ScriptedConversation

W = TypeVar("W", bound=QObject)


def one(parent: QObject, kind: type[W], name: str = "") -> W:
    """The first child of a kind, which must be there."""
    found = parent.findChild(kind, name) if name else parent.findChild(kind)
    assert found is not None
    return found


@pytest.fixture
def pictures() -> DrawnPictures:
    return DrawnPictures()


@pytest.fixture
def conversation() -> ScriptedConversation:
    return ScriptedConversation()


class OpenDock(ChatDock):
    """The dock, and the addresses that it would have opened."""

    opened: list[QUrl]
    tasks: Tasks

    async def settle(self) -> None:
        """Until all that was asked for has been done and shown."""
        while self.tasks.running():
            await asyncio.sleep(0.001)
        self.transcript.flush()
        QApplication.processEvents()
        self.transcript.flush()


@pytest.fixture
async def dock(
    look: Look, tasks: Tasks, pictures: DrawnPictures, conversation: ScriptedConversation
) -> AsyncIterator[OpenDock]:
    opened: list[QUrl] = []
    dock = OpenDock(look, tasks, pictures, open_address=opened.append)
    dock.opened, dock.tasks = opened, tasks
    dock.resize(380, 800)
    dock.show_conversation(conversation)
    dock.show()
    yield dock
    dock.show_conversation(None)
    dock.close()
    dock.deleteLater()
    await tasks.aclose()


@pytest.fixture
def wish() -> Callable[..., Message]:
    def make(text: str, *images: ImagePart, **more: object) -> Message:
        return Message(session="", role=Role.USER, parts=(*images, TextPart(text)), **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def answer() -> Callable[..., Message]:
    def make(*parts: object, **more: object) -> Message:
        return Message(session="", role=Role.ASSISTANT, parts=parts, **more)  # type: ignore[arg-type]

    return make
