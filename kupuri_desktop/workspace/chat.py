"""One chat: its messages, the run that is on, and the wishes that wait."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    Role,
    Session,
    TextPart,
    ToolState,
)
from kupuri_desktop.core.errors import NotFound, UsageError
from kupuri_desktop.core.generation import Job
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.chats import Chats
from kupuri_desktop.workspace.run import Run, TurnOptions
from kupuri_desktop.workspace.transcript import Answer, Growth


@dataclass(slots=True)
class _Waiting:
    message: Message
    options: TurnOptions


class Chat:
    """A session with its messages in memory, oldest first.

    `added` hears of a new message, `changed` of one with other parts or state, `removed` of one
    taken back, `grew` of streamed text, `running_changed` of the start and end of work.
    A wish sent while a run is on waits; a run that fails holds the others back until the next
    send or retry, a run that is stopped does not.
    """

    def __init__(
        self,
        session: Session,
        messages: list[Message],
        *,
        chats: Chats,
        new_run: Callable[[Message, Answer, tuple[Message, ...], TurnOptions], Run],
    ) -> None:
        self.session = session
        self._messages = {message.id: message for message in messages}
        self._chats = chats
        self._new_run = new_run
        self._waiting: list[_Waiting] = []
        self._options: dict[str, TurnOptions] = {}
        self._run: Run | None = None
        self._answer: Answer | None = None
        self._task: asyncio.Task[None] | None = None
        self.added: Signal[Message] = Signal()
        self.changed: Signal[Message] = Signal()
        self.removed: Signal[str] = Signal()
        self.grew: Signal[Growth] = Signal()
        self.running_changed: Signal[bool] = Signal()

    @property
    def messages(self) -> list[Message]:
        if self._answer is not None:
            now = self._answer.message
            self._messages[now.id] = now
        return list(self._messages.values())

    @property
    def running(self) -> bool:
        return self._task is not None

    @property
    def queue(self) -> tuple[Message, ...]:
        return tuple(waiting.message for waiting in self._waiting)

    def send(
        self,
        text: str,
        attachments: tuple[ImagePart, ...] = (),
        options: TurnOptions | None = None,
    ) -> Message:
        """Takes the wish; the run starts now or when its turn comes. Raises UsageError if empty."""
        text = text.strip()
        if not text and not attachments:
            raise UsageError("There is nothing to send.", hint="Type a wish first.")
        parts = (*attachments, TextPart(text)) if text else attachments
        busy = self.running
        message = Message(
            session=self.session.id,
            role=Role.USER,
            parts=parts,
            state=MessageState.QUEUED if busy else MessageState.COMPLETE,
        )
        self._keep(message, new=True)
        self._waiting.append(_Waiting(message, options or TurnOptions()))
        if not busy:
            self._next()
        return message

    def unqueue(self, message: str) -> str:
        """Takes a waiting wish back and gives its text. Raises NotFound if it has begun."""
        for waiting in self._waiting:
            if waiting.message.id == message:
                self._waiting.remove(waiting)
                self._drop(message)
                return waiting.message.text
        raise NotFound("This wish does not wait any more.")

    def stop(self) -> None:
        """Ends the run that is on, at the model's server and the image engine's too."""
        if self._task is not None:
            self._task.cancel()

    def retry(self, message: str) -> None:
        """Answers again what the message (an answer, or the wish itself) was about.

        Raises NotFound; UsageError while a run is on.
        """
        if self.running:
            raise UsageError("A wish is being worked on.", hint="Stop it or wait for its end.")
        order = self.messages
        index = next((n for n, m in enumerate(order) if m.id == message), None)
        if index is None:
            raise NotFound("This message is gone.")
        wish = next((m for m in reversed(order[: index + 1]) if m.role is Role.USER), None)
        if wish is None:
            raise NotFound("There is no wish before this message.")
        for answer in order[order.index(wish) + 1 : index + 1]:
            if answer.role is Role.ASSISTANT and _says_nothing(answer):
                self._drop(answer.id)
        options = self._options.get(wish.id, TurnOptions())
        self._waiting.insert(0, _Waiting(wish, options))
        self._next()

    async def idle(self) -> None:
        """Waits until no run is on and no wish waits to begin."""
        while self._task is not None:
            await asyncio.wait([self._task])
            await asyncio.sleep(0)

    async def aclose(self) -> None:
        """Ends the run that is on as interrupted; its jobs stay with their engines."""
        self._waiting.clear()
        if self._run is not None:
            self._run.leaving = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def message_of_call(self, call: str) -> str | None:
        """The id of the newest message that holds a tool call."""
        for message in reversed(self._messages.values()):
            if any(part.id == call for part in message.tool_calls):
                return message.id
        return None

    def collected(self, job: Job) -> None:
        """An image of an earlier life has come: its tool call shows it."""
        for message in self.messages:
            for part in message.tool_calls:
                if part.id == job.tool_call and job.item and job.item not in part.items:
                    if self._answer is not None and self._answer.message.id == message.id:
                        return
                    done = replace(
                        part,
                        items=(*part.items, job.item),
                        state=ToolState.DONE,
                        result="The image was finished later and is on the canvas.",
                        problem=None,
                    )
                    parts = tuple(done if p is part else p for p in message.parts)
                    self._keep(replace(message, parts=parts))

    def _next(self) -> None:
        if self._task is not None or not self._waiting:
            return
        waiting = self._waiting.pop(0)
        wish = waiting.message
        self._options[wish.id] = waiting.options
        if wish.state is MessageState.QUEUED:
            # It was said before the answers that came meanwhile, but is asked after them.
            self._drop(wish.id)
            wish = replace(wish, state=MessageState.COMPLETE)
            self._keep(wish, new=True)
        order = self.messages
        before = order[: next(n for n, m in enumerate(order) if m.id == wish.id)]
        history = tuple(m for m in before if m.state is not MessageState.QUEUED)
        answer = Answer(
            Message(
                session=self.session.id,
                role=Role.ASSISTANT,
                state=MessageState.STREAMING,
                run=new_id(),
            ),
            grown=self.grew.emit,
            changed=self._show,
        )
        self._answer = answer
        self._show(answer.message, new=True)
        self._run = self._new_run(wish, answer, history, waiting.options)
        self._task = asyncio.create_task(self._carry_out(self._run, answer))
        self.running_changed.emit(True)

    async def _carry_out(self, run: Run, answer: Answer) -> None:
        try:
            await run.carry_out()
        finally:
            self._messages[answer.message.id] = answer.message
            self._answer = self._run = self._task = None
            if self._waiting and answer.message.state is not MessageState.FAILED:
                self._next()
            else:
                self.running_changed.emit(False)

    def _show(self, message: Message, *, new: bool = False) -> None:
        self._messages[message.id] = message
        (self.added if new else self.changed).emit(message)

    def _keep(self, message: Message, *, new: bool = False) -> None:
        self._chats.save_message(message)
        self._show(message, new=new)

    def _drop(self, message: str) -> None:
        self._messages.pop(message, None)
        self._chats.delete_message(message)
        self.removed.emit(message)


def _says_nothing(message: Message) -> bool:
    """True of an answer that holds an error and nothing else."""
    return all(isinstance(part, ErrorPart) for part in message.parts)
