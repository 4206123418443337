"""The chats of the open project, with one of them in front."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from kupuri_desktop.core.chat import Decision, ImagePart, Message, Role, Session
from kupuri_desktop.core.errors import NotFound
from kupuri_desktop.core.generation import Job, Placeholder
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.chats import Chats
from kupuri_desktop.workspace.chat import Chat
from kupuri_desktop.workspace.run import Run, TurnOptions
from kupuri_desktop.workspace.transcript import Answer, Growth, ToolProgressed
from kupuri_desktop.workspace.wishes import shortened

T = TypeVar("T")

UNNAMED = "New chat"

NewRun = Callable[[Message, Answer, tuple[Message, ...], TurnOptions], Run]


class Conversation:
    """Says of the chat in front what `Chat` says of each, and switches between them.

    A run goes on when another chat comes to the front. `sessions_changed` hears of names, new
    and trashed chats; `named` of the name that a chat took from its first wish.
    """

    def __init__(
        self,
        project: str,
        chats: Chats,
        new_run: NewRun,
        *,
        answer: Callable[[str, Decision], None],
    ) -> None:
        self._project = project
        self._chats = chats
        self._new_run = new_run
        self._answer = answer
        self._open: dict[str, Chat] = {}
        self._sessions: list[Session] = []
        self._trashed: list[Session] = []
        self._front: Chat | None = None
        self._fractions: dict[str, dict[str, float]] = {}
        self.added: Signal[Message] = Signal()
        self.changed: Signal[Message] = Signal()
        self.removed: Signal[str] = Signal()
        self.grew: Signal[Growth] = Signal()
        self.tool_progressed: Signal[ToolProgressed] = Signal()
        self.running_changed: Signal[bool] = Signal()
        self.switched: Signal[Session] = Signal()
        self.sessions_changed: Signal[None] = Signal()
        self.named: Signal[str] = Signal()

    async def open(self) -> None:
        """Brings the chat that was used last to the front, or a new one."""
        self._sessions = await self._chats.sessions(self._project)
        self._trashed = await self._chats.sessions(self._project, trashed=True)
        if self._sessions:
            latest = max(self._sessions, key=lambda session: session.changed)
            await self.switch(latest.id)
        else:
            await self.new_session()

    @property
    def chat(self) -> Chat:
        """The chat in front. Raises NotFound before `open`."""
        if self._front is None:
            raise NotFound("No chat is open.")
        return self._front

    @property
    def session(self) -> Session:
        return self.chat.session

    @property
    def sessions(self) -> list[Session]:
        return list(self._sessions)

    @property
    def trashed(self) -> list[Session]:
        """The chats that were deleted and can be had back."""
        return list(self._trashed)

    @property
    def messages(self) -> list[Message]:
        return self.chat.messages

    @property
    def running(self) -> bool:
        return self.chat.running

    @property
    def busy(self) -> bool:
        """True while any chat of the project works."""
        return any(chat.running for chat in self._open.values())

    @property
    def queue(self) -> tuple[Message, ...]:
        return self.chat.queue

    async def send(
        self,
        text: str,
        attachments: tuple[ImagePart, ...] = (),
        options: TurnOptions | None = None,
    ) -> Message:
        """Takes a wish. The run has been started, or the wish waits, when this returns."""
        chat = self.chat
        first = not any(message.role is Role.USER for message in chat.messages)
        message = chat.send(text, attachments, options)
        if first and chat.session.name == UNNAMED and message.text:
            name = shortened(message.text, 48)
            await self.rename(chat.session.id, name)
            self.named.emit(name)
        return message

    def stop(self) -> None:
        self.chat.stop()

    def unqueue(self, message: str) -> str:
        return self.chat.unqueue(message)

    async def retry(self, message: str) -> None:
        self.chat.retry(message)

    def answer(self, call: str, decision: Decision) -> None:
        """Answers the question before a tool runs."""
        self._answer(call, decision)

    def tool_of_call(self, call: str) -> str | None:
        """The name of the tool that a call in any open chat uses."""
        for chat in self._open.values():
            for message in chat.messages:
                for part in message.tool_calls:
                    if part.id == call:
                        return part.name
        return None

    async def new_session(self) -> Session:
        session = Session(project=self._project, name=UNNAMED)
        await self._chats.create_session(session)
        self._sessions.append(session)
        self._bring(self._adopt(session, []))
        self.sessions_changed.emit(None)
        return session

    async def switch(self, session: str) -> None:
        """Raises NotFound."""
        chat = self._open.get(session)
        if chat is None:
            known = self._known(session)
            chat = self._adopt(known, await self._chats.messages(session))
        self._bring(chat)

    async def rename(self, session: str, name: str) -> None:
        name = " ".join(name.split()) or UNNAMED
        await self._chats.change_session(session, name=name)
        self._replace(replace(self._known(session), name=name, changed=datetime.now(UTC)))

    async def trash(self, session: str) -> None:
        """Puts a chat into the trash; the front goes to another, or to a new one."""
        known = self._known(session)
        if chat := self._open.pop(session, None):
            await chat.aclose()
        await self._chats.trash_session(session)
        self._sessions.remove(known)
        self._trashed.insert(0, replace(known, trashed=datetime.now(UTC)))
        if self._front is chat:
            if self._sessions:
                await self.switch(self._sessions[-1].id)
            else:
                await self.new_session()
        self.sessions_changed.emit(None)

    async def restore(self, session: str) -> None:
        """Brings a chat back from the trash; the one in front stays. Raises NotFound."""
        await self._chats.restore_session(session)
        if all(known.id != session for known in self._sessions):
            present = await self._chats.sessions(self._project)
            self._sessions += [each for each in present if each.id == session]
        self._trashed = [each for each in self._trashed if each.id != session]
        self.sessions_changed.emit(None)

    def forget(self, session: str) -> None:
        """A chat of the trash is gone for good."""
        self._trashed = [each for each in self._trashed if each.id != session]
        self.sessions_changed.emit(None)

    def progressed(self, placeholder: Placeholder) -> None:
        """An image in the making has come further: its tool call's card shows it."""
        call = placeholder.tool_call
        message = self.chat.message_of_call(call) if call and self._front else None
        if call is None or message is None:
            return
        parts = self._fractions.setdefault(call, {})
        parts[placeholder.job] = placeholder.progress.fraction
        self.tool_progressed.emit(
            ToolProgressed(
                message=message,
                call=call,
                fraction=sum(parts.values()) / len(parts),
                preview=placeholder.progress.preview,
                note=placeholder.progress.note,
                remaining=placeholder.progress.remaining,
            )
        )

    def collected(self, job: Job) -> None:
        """An image of an earlier life has come; its card may be in any open chat."""
        self._fractions.get(job.tool_call or "", {})[job.id] = 1.0
        for chat in self._open.values():
            chat.collected(job)

    async def idle(self) -> None:
        for chat in tuple(self._open.values()):
            await chat.idle()

    async def aclose(self) -> None:
        for chat in self._open.values():
            await chat.aclose()

    def _known(self, session: str) -> Session:
        for known in self._sessions:
            if known.id == session:
                return known
        raise NotFound("This chat is gone.")

    def _adopt(self, session: Session, messages: list[Message]) -> Chat:
        chat = Chat(session, messages, chats=self._chats, new_run=self._new_run)
        self._open[session.id] = chat
        self._relay(chat, chat.added, self.added)
        self._relay(chat, chat.changed, self.changed)
        self._relay(chat, chat.removed, self.removed)
        self._relay(chat, chat.grew, self.grew)
        self._relay(chat, chat.running_changed, self.running_changed)
        return chat

    def _relay(self, chat: Chat, theirs: Signal[T], own: Signal[T]) -> None:
        """What the chat in front says, the conversation says."""
        theirs.connect(lambda value: own.emit(value) if chat is self._front else None)

    def _bring(self, chat: Chat) -> None:
        if chat is not self._front:
            self._front = chat
            self.switched.emit(chat.session)

    def _replace(self, session: Session) -> None:
        self._sessions = [session if s.id == session.id else s for s in self._sessions]
        if session.id in self._open:
            self._open[session.id].session = session
        self.sessions_changed.emit(None)
