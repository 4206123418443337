"""Chats as they are stored and shown: sessions, messages and the parts of a message."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from kupuri_desktop.core.errors import Problem
from kupuri_desktop.core.ids import new_id


class Role(Enum):
    USER = "user"
    ASSISTANT = "assistant"


class MessageState(Enum):
    """`queued`: typed while a run was on. `interrupted`: Kupuri ended in the middle of it."""

    QUEUED = "queued"
    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class ToolState(Enum):
    AWAITING_APPROVAL = "awaiting_approval"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ThinkingPart:
    """What a reasoning model thought before its answer; shown folded, never sent back."""

    text: str
    kind: Literal["thinking"] = "thinking"


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture that the user attached: the stored bytes, and the item if it lies on the canvas.

    masked: only the masked part of the item is to be changed. marked: the same picture with the
    user's arrows, notes and strokes on it, another stored image; shows_marks: whether that one is
    sent in place of the plain one. words: what the marks say, for models that cannot see.
    """

    asset: str
    item: str | None = None
    mime: str = "image/png"
    kind: Literal["image"] = "image"
    masked: bool = False
    marked: str | None = None
    shows_marks: bool = True
    words: str = ""

    @property
    def seen(self) -> str:
        """The stored image that a model and the history are shown."""
        return self.marked if self.marked is not None and self.shows_marks else self.asset

    @property
    def assets(self) -> tuple[str, ...]:
        """All stored images that it names."""
        return (self.asset,) if self.marked is None else (self.asset, self.marked)


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """One use of a tool. `result` is what the model was told; `items` what came onto the canvas."""

    id: str
    name: str
    arguments: dict[str, Any]
    state: ToolState = ToolState.RUNNING
    result: str = ""
    items: tuple[str, ...] = ()
    problem: Problem | None = None
    kind: Literal["tool"] = "tool"


@dataclass(frozen=True, slots=True)
class PlanStep:
    text: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class PlanPart:
    steps: tuple[PlanStep, ...]
    kind: Literal["plan"] = "plan"


@dataclass(frozen=True, slots=True)
class ErrorPart:
    problem: Problem
    kind: Literal["error"] = "error"


Part = Annotated[
    TextPart | ThinkingPart | ImagePart | ToolCallPart | PlanPart | ErrorPart,
    Field(discriminator="kind"),
]


@cache
def _parts_adapter() -> TypeAdapter[Any]:
    return TypeAdapter(tuple[Part, ...])


def parts_to_json(parts: tuple[Any, ...]) -> str:
    text: bytes = _parts_adapter().dump_json(parts)
    return text.decode()


def parts_from_json(text: str | bytes) -> tuple[Any, ...]:
    """Raises ValueError for what is not a list of parts."""
    parts: tuple[Any, ...] = _parts_adapter().validate_json(text)
    return parts


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one message, as the server counted them; 0 where it did not say."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `run` joins an answer, its jobs and its canvas steps."""

    id: str = field(default_factory=new_id)
    session: str
    role: Role
    parts: tuple[Any, ...] = ()
    state: MessageState = MessageState.COMPLETE
    run: str | None = None
    model: str = ""
    usage: Usage = Usage()
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def tool_calls(self) -> tuple[ToolCallPart, ...]:
        return tuple(part for part in self.parts if isinstance(part, ToolCallPart))

    def closed(self, state: MessageState, *, tools: ToolState = ToolState.CANCELLED) -> "Message":
        """The same with `state`, and every open tool call closed: a history that models accept."""
        open_states = (ToolState.RUNNING, ToolState.AWAITING_APPROVAL)
        parts = tuple(
            replace(part, state=tools, result=part.result or tools.value)
            if isinstance(part, ToolCallPart) and part.state in open_states
            else part
            for part in self.parts
        )
        return replace(self, state=state, parts=parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One chat of a project."""

    id: str = field(default_factory=new_id)
    project: str
    name: str = "New chat"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))
    trashed: datetime | None = None


class Decision(Enum):
    """What the user says to a tool that asks before it runs."""

    ONCE = "once"
    SESSION = "session"
    ALWAYS = "always"
    REJECT = "reject"


class ConfirmationState(Enum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A question to the user before a tool runs; `digest` binds it to tool and arguments."""

    id: str
    session: str
    run: str
    tool: str
    arguments: dict[str, Any]
    digest: str
    state: ConfirmationState = ConfirmationState.PENDING
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    answered: datetime | None = None
