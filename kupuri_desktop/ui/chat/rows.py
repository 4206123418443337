"""The transcript as rows: which part of which message stands in each, and how tall it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    PlanPart,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
)

if TYPE_CHECKING:
    from kupuri_desktop.ui.chat.views import RowView

WHOLE = -1
"""Stands for a message's part where a row shows the message as such."""

FOOT = 1_000_000
"""The same for the mark under a message."""


class RowKind(Enum):
    USER = "user"
    TEXT = "text"
    THINKING = "thinking"
    TOOL = "tool"
    APPROVAL = "approval"
    PLAN = "plan"
    ERROR = "error"
    IMAGE = "image"
    FOOT = "foot"


_GUESS = {
    RowKind.THINKING: 28,
    RowKind.TOOL: 76,
    RowKind.APPROVAL: 190,
    RowKind.PLAN: 120,
    RowKind.ERROR: 130,
    RowKind.IMAGE: 120,
    RowKind.FOOT: 26,
}
_LETTERS_A_LINE = 44


@dataclass(slots=True, eq=False)
class Row:
    """One row. `gap` stands above it; `height` is a guess until `width` says what it was laid to.

    All in logical pixels.
    """

    message: str
    part: int
    kind: RowKind
    gap: int
    height: int
    width: int = -1
    view: RowView | None = None

    @property
    def key(self) -> tuple[str, int, RowKind]:
        return self.message, self.part, self.kind


def rows_of(message: Message) -> Iterator[Row]:
    """The rows of one message, in order."""
    if message.role is Role.USER:
        text = sum(len(part.text) for part in message.parts if isinstance(part, TextPart))
        images = any(isinstance(part, ImagePart) for part in message.parts)
        height = 20 + 22 * (1 + text // 36) + (76 if images else 0)
        yield Row(message.id, WHOLE, RowKind.USER, 24, height)
    else:
        first = True
        for index, part in enumerate(message.parts):
            kind = kind_of(part)
            if kind is None:
                continue
            yield Row(message.id, index, kind, 16 if first else 12, _guess(kind, part))
            first = False
    if has_foot(message):
        yield Row(message.id, FOOT, RowKind.FOOT, 6, _GUESS[RowKind.FOOT])


def kind_of(part: Any) -> RowKind | None:
    """The kind of row that shows `part`; None for one without words yet."""
    match part:
        case TextPart(text):
            return RowKind.TEXT if text.strip() else None
        case ThinkingPart(text):
            return RowKind.THINKING if text.strip() else None
        case ToolCallPart(state=ToolState.AWAITING_APPROVAL):
            return RowKind.APPROVAL
        case ToolCallPart():
            return RowKind.TOOL
        case PlanPart():
            return RowKind.PLAN
        case ErrorPart():
            return RowKind.ERROR
        case ImagePart():
            return RowKind.IMAGE
    return None


def has_foot(message: Message) -> bool:
    """Whether something is to be said about the message as a whole."""
    parts = message.parts
    if message.role is Role.USER:
        return message.state is MessageState.QUEUED
    match message.state:
        case MessageState.COMPLETE:
            return any(kind_of(part) is RowKind.TEXT for part in parts)
        case MessageState.STREAMING:
            return not parts or not _speaks_for_itself(parts[-1])
        case MessageState.FAILED:
            return not any(isinstance(part, ErrorPart) for part in parts)
    return True


def _speaks_for_itself(part: Any) -> bool:
    match part:
        case TextPart(text) | ThinkingPart(text):
            return bool(text.strip())
        case ToolCallPart(state=state):
            return state in (ToolState.RUNNING, ToolState.AWAITING_APPROVAL)
    return False


def _guess(kind: RowKind, part: Any) -> int:
    if kind is RowKind.TEXT:
        text = part.text
        return 22 * (1 + len(text) // _LETTERS_A_LINE + text.count("\n"))
    return _GUESS[kind]
