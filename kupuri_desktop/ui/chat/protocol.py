"""What the chat dock needs of others, each as narrow as its use."""

from collections.abc import Sequence
from typing import Protocol

from kupuri_desktop.core.chat import Decision, ImagePart, Message, Session
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.workspace.run import TurnOptions
from kupuri_desktop.workspace.transcript import Growth, ToolProgressed


class Conversation(Protocol):
    """The chats of the open project, one of them at hand."""

    added: Signal[Message]
    changed: Signal[Message]
    removed: Signal[str]
    grew: Signal[Growth]
    tool_progressed: Signal[ToolProgressed]
    running_changed: Signal[bool]
    switched: Signal[Session]
    sessions_changed: Signal[None]

    @property
    def session(self) -> Session: ...
    @property
    def sessions(self) -> Sequence[Session]: ...
    @property
    def trashed(self) -> Sequence[Session]: ...
    @property
    def messages(self) -> Sequence[Message]: ...
    @property
    def running(self) -> bool: ...

    async def send(
        self,
        text: str,
        attachments: tuple[ImagePart, ...] = (),
        options: TurnOptions | None = None,
    ) -> object: ...
    def stop(self) -> None: ...
    def unqueue(self, message: str) -> str: ...
    async def retry(self, message: str) -> object: ...
    def answer(self, call: str, decision: Decision) -> None: ...
    async def new_session(self) -> object: ...
    async def switch(self, session: str) -> object: ...
    async def rename(self, session: str, name: str) -> object: ...
    async def trash(self, session: str) -> object: ...


class Pictures(Protocol):
    """Where the chat gets its pictures from, and brings new ones to."""

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """An encoded image whose longer side is about `size` pixels; None where there is none."""
        ...

    def asset_of(self, item: str) -> str | None:
        """The asset of an item on the canvas; None where it is gone or no image."""
        ...

    async def keep(self, data: bytes, name: str) -> ImagePart:
        """Stores an image that was pasted or dropped. Raises KupuriError for what is none."""
        ...


__all__ = ["Conversation", "Decision", "Growth", "Pictures", "ToolProgressed", "TurnOptions"]
