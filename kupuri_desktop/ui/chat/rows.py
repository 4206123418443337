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
_LETTERS_A_LINE = 34


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
    # No generators and no patterns here: a chat of thousands goes through this at once.
    if message.role is Role.USER:
        letters, images = 0, False
        for part in message.parts:
            if type(part) is TextPart:
                letters += len(part.text)
            else:
                images = True
        height = 20 + 22 * (1 + letters // 36) + (76 if images else 0)
        yield Row(message.id, WHOLE, RowKind.USER, 24, height)
    else:
        gap = 16
        for index, part in enumerate(message.parts):
            kind = RowKind.TEXT if type(part) is TextPart else kind_of(part)
            if kind is RowKind.TEXT:
                text = part.text
                if text and not text.isspace():
                    height = 22 * (1 + len(text) // _LETTERS_A_LINE)
                    yield Row(message.id, index, kind, gap, height)
                    gap = 12
            elif kind is not None:
                yield Row(message.id, index, kind, gap, _GUESS[kind])
                gap = 12
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
    if message.state is MessageState.COMPLETE:
        for part in parts:
            if type(part) is TextPart and part.text and not part.text.isspace():
                return True
        return False
    match message.state:
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
