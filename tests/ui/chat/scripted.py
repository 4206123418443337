"""A conversation in memory that does what a test tells it, and pictures drawn on the spot."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.chat import (
    ImagePart,
    Message,
    MessageState,
    Role,
    Session,
    TextPart,
)
from kupuri_desktop.core.errors import KupuriError, NotFound
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.chat.protocol import Decision, Growth, ToolProgressed, TurnOptions


class ScriptedConversation:
    """Keeps what it is asked for; `say` and `stream` are the script's side."""

    def __init__(self, messages: list[Message] | None = None, name: str = "New chat") -> None:
        self.session = Session(project="project", name=name)
        self.sessions = [self.session]
        self.trashed: list[Session] = []
        self.messages = list(messages or [])
        self.running = False
        self.sent: list[tuple[str, tuple[ImagePart, ...], TurnOptions | None]] = []
        self.asked: list[tuple[str, ...]] = []
        self.refuses: KupuriError | None = None
        self._chats = {self.session.id: self.messages}
        self.added: Signal[Message] = Signal()
        self.changed: Signal[Message] = Signal()
        self.removed: Signal[str] = Signal()
        self.grew: Signal[Growth] = Signal()
        self.tool_progressed: Signal[ToolProgressed] = Signal()
        self.running_changed: Signal[bool] = Signal()
        self.switched: Signal[Session] = Signal()
        self.sessions_changed: Signal[None] = Signal()

    def signals(self) -> list[Signal]:
        return [value for value in vars(self).values() if isinstance(value, Signal)]

    # --- the script's side

    def say(self, message: Message) -> Message:
        message = replace(message, session=self.session.id)
        self.messages.append(message)
        self.added.emit(message)
        return message

    def put(self, message: Message) -> Message:
        index = next(n for n, m in enumerate(self.messages) if m.id == message.id)
        self.messages[index] = message
        self.changed.emit(message)
        return message

    def stream(self, message: Message, delta: str) -> Message:
        """Onto the last part, as text."""
        last = len(message.parts) - 1
        parts = (*message.parts[:last], TextPart(message.parts[last].text + delta))
        message = replace(message, parts=parts)
        index = next(n for n, m in enumerate(self.messages) if m.id == message.id)
        self.messages[index] = message
        self.grew.emit(Growth(message.id, last, delta))
        return message

    def run(self, running: bool) -> None:
        self.running = running
        self.running_changed.emit(running)

    # --- the dock's side

    async def send(
        self,
        text: str,
        attachments: tuple[ImagePart, ...] = (),
        options: TurnOptions | None = None,
    ) -> object:
        await asyncio.sleep(0)
        if self.refuses is not None:
            raise self.refuses
        self.sent.append((text, attachments, options))
        state = MessageState.QUEUED if self.running else MessageState.COMPLETE
        parts = (*attachments, TextPart(text))
        return self.say(Message(session="", role=Role.USER, parts=parts, state=state))

    def stop(self) -> None:
        self.asked.append(("stop",))
        self.run(False)

    def unqueue(self, message: str) -> str:
        for known in self.messages:
            if known.id == message:
                self.messages.remove(known)
                self.removed.emit(message)
                return known.text
        raise NotFound("This wish does not wait any more.")

    async def retry(self, message: str) -> object:
        self.asked.append(("retry", message))
        return None

    def answer(self, call: str, decision: Decision) -> None:
        self.asked.append(("answer", call, decision.value))

    async def new_session(self) -> object:
        session = Session(project="project")
        self.sessions.append(session)
        self._chats[session.id] = []
        await self.switch(session.id)
        return session

    async def switch(self, session: str) -> object:
        self.session = next(known for known in self.sessions if known.id == session)
        self.messages = self._chats[session]
        self.switched.emit(self.session)
        self.sessions_changed.emit(None)
        return None

    async def rename(self, session: str, name: str) -> object:
        self.sessions = [replace(s, name=name) if s.id == session else s for s in self.sessions]
        self.session = next(known for known in self.sessions if known.id == self.session.id)
        self.sessions_changed.emit(None)
        return None

    async def trash(self, session: str) -> object:
        self.asked.append(("trash", session))
        return None


class DrawnPictures:
    """Paints a little dusk for each asset; an item `item-7` shows the asset `asset-7`."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.asked: list[tuple[str, int]] = []

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        self.asked.append((asset, size))
        await asyncio.sleep(0)
        if asset.startswith("gone"):
            return None
        return drawn(sum(asset.encode()), size, size * 3 // 4)

    def asset_of(self, item: str) -> str | None:
        return None if item.startswith("gone") else item.replace("item", "asset")

    async def keep(self, data: bytes, name: str) -> ImagePart:
        self.kept.append(data)
        return ImagePart(asset_id(data))


def drawn(seed: int, width: int, height: int) -> bytes:
    """A PNG of a sky over hills; the seed turns the colours."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sky = QLinearGradient(QPointF(0, 0), QPointF(0, height))
    for at, offset, light in ((0.0, 210, 0.35), (0.55, 300, 0.5), (1.0, 20, 0.62)):
        sky.setColorAt(at, QColor.fromHslF(((seed * 37 + offset) % 360) / 360, 0.6, light))
    painter.fillRect(image.rect(), sky)
    painter.setBrush(QColor(255, 240, 220))
    painter.drawEllipse(QPointF(width * 0.6, height * 0.5), height * 0.1, height * 0.1)
    for depth in range(3):
        painter.setBrush(QColor.fromHslF(((seed * 37 + 240) % 360) / 360, 0.4, 0.3 - depth * 0.08))
        top = height * (0.62 + depth * 0.12)
        painter.drawEllipse(QPointF(width * (0.1 + 0.4 * depth), height + top * 0.25),
                            width * 0.6, height - top + top * 0.25)  # fmt: skip
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())
