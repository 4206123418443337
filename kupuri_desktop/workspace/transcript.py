"""The answer of one run as it grows: folds the agent's events into one message."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kupuri_desktop.agent.events import (
    AgentEvent,
    ApprovalRequested,
    HistoryTrimmed,
    MessageCompleted,
    PlanChanged,
    RunFailed,
    RunStopped,
    TextDelta,
    ThinkingDelta,
    ToolFinished,
    ToolProgress,
    ToolStarted,
)
from kupuri_desktop.core.chat import (
    ErrorPart,
    Message,
    MessageState,
    PlanPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
    Usage,
)
from kupuri_desktop.core.errors import KupuriError, Problem


@dataclass(frozen=True, slots=True)
class Growth:
    """Text that was streamed onto the end of a part; the part's index in its message."""

    message: str
    part: int
    delta: str


@dataclass(frozen=True, slots=True)
class ToolProgressed:
    """How far the images of one tool call are: fraction 0 to 1 over all of them.

    preview: the newest preview's bytes. remaining: seconds left of the image that runs.
    """

    message: str
    call: str
    fraction: float
    preview: bytes | None = None
    note: str = ""
    remaining: float | None = None


class Answer:
    """A message that grows. `grown` hears of text added to a part, `changed` of all else.

    `dirty` says that something has come since the last `saved` value was taken.
    """

    def __init__(
        self,
        message: Message,
        *,
        grown: Callable[[Growth], None],
        changed: Callable[[Message], None],
    ) -> None:
        self._message = message
        self._parts: list[Any] = list(message.parts)
        self._pending: list[str] = []
        self._grown = grown
        self._changed = changed
        self.dirty = False

    @property
    def message(self) -> Message:
        """The message as it is now."""
        self._join()
        return replace(self._message, parts=tuple(self._parts))

    def name_model(self, model: str) -> None:
        self._message = replace(self._message, model=model)
        self._changed(self.message)

    def add(self, event: AgentEvent) -> None:
        self.dirty = True
        match event:
            case TextDelta(text):
                self._grow(TextPart, text)
            case ThinkingDelta(text):
                self._grow(ThinkingPart, text)
            case PlanChanged(steps):
                self._put(PlanPart, PlanPart(steps))
            case ToolStarted(call, name, arguments):
                self._append(ToolCallPart(call, name, arguments))
            case ApprovalRequested(confirmation, items):
                self.update_call(confirmation.id, state=ToolState.AWAITING_APPROVAL, items=items)
            case ToolProgress(call, _):
                self._resume(call)
            case ToolFinished(call, state, result, items, problem):
                self.update_call(call, state=state, result=result, items=items, problem=problem)
            case HistoryTrimmed(messages):
                self._append(ErrorPart(_trimmed(messages)))
            case RunStopped(reason, usage):
                self._append(
                    ErrorPart(Problem("RunStopped", reason, kept="What was made is kept."))
                )
                self.close(MessageState.STOPPED, usage)
            case RunFailed(error, usage):
                self.fail(error, usage)
            case MessageCompleted(usage, cut):
                if cut:
                    self._append(ErrorPart(_cut()))
                self.close(MessageState.COMPLETE, usage)

    def fail(self, error: KupuriError, usage: Usage | None = None) -> None:
        """Ends the message with an error card; text that came before stays."""
        problem = error.problem
        if not problem.kept and self.message.text:
            problem = replace(problem, kept="The text so far is kept.")
        self._append(ErrorPart(problem))
        self.close(MessageState.FAILED, usage)

    def close(self, state: MessageState, usage: Usage | None = None) -> None:
        closed = self.message.closed(state)
        self._message = replace(closed, usage=usage or closed.usage)
        self._parts = list(closed.parts)
        self.dirty = True
        self._changed(self._message)

    def update_call(self, call: str, **values: Any) -> None:
        for index, part in enumerate(self._parts):
            if isinstance(part, ToolCallPart) and part.id == call:
                self._parts[index] = replace(part, **values)
                self.dirty = True
                self._changed(self.message)
                return

    def _resume(self, call: str) -> None:
        for part in self._parts:
            if (
                isinstance(part, ToolCallPart)
                and part.id == call
                and part.state is ToolState.AWAITING_APPROVAL
            ):
                self.update_call(call, state=ToolState.RUNNING)
                return

    def _grow(self, kind: type[TextPart] | type[ThinkingPart], delta: str) -> None:
        if self._parts and isinstance(self._parts[-1], kind):
            self._pending.append(delta)
            self._grown(Growth(self._message.id, len(self._parts) - 1, delta))
        else:
            self._append(kind(delta))

    def _join(self) -> None:
        if self._pending:
            last = self._parts[-1]
            self._parts[-1] = replace(last, text=last.text + "".join(self._pending))
            self._pending.clear()

    def _append(self, part: Any) -> None:
        self._join()
        self._parts.append(part)
        self._changed(self.message)

    def _put(self, kind: type[PlanPart], part: PlanPart) -> None:
        self._join()
        for index, old in enumerate(self._parts):
            if isinstance(old, kind):
                self._parts[index] = part
                self._changed(self.message)
                return
        self._append(part)


def _trimmed(messages: int) -> Problem:
    return Problem(
        "HistoryTrimmed",
        f"The model's memory is full: the {messages} oldest messages were left out.",
        hint="A new chat, or a greater context length in the settings, gives it room.",
        kept="The whole chat is kept here.",
    )


def _cut() -> Problem:
    return Problem(
        "AnswerCut",
        "The model reached its limit of length in the middle of the answer.",
        hint="Ask it to go on.",
        kept="The text so far is kept.",
    )
