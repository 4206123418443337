"""The conversation for a screen reader: message after message by keys, and the news as it comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    PlanPart,
    Role,
    TextPart,
    ToolCallPart,
    ToolState,
)
from kupuri_desktop.ui.accessibility import say
from kupuri_desktop.ui.chat.words import visible, words_of

if TYPE_CHECKING:
    from kupuri_desktop.ui.chat.transcript import Transcript

_LONGEST = 4000
_SENTENCE_ENDS = ".!?:…"
_ENDS = {
    MessageState.QUEUED: "Waits until the answer before it is done",
    MessageState.STREAMING: "Still being written",
    MessageState.STOPPED: "Stopped",
    MessageState.INTERRUPTED: "Interrupted: Kupuri was closed",
    MessageState.FAILED: "Failed",
}


def spoken(message: Message) -> str:
    """A whole message in words, in the order in which it stands; thoughts are left out."""
    who = "You" if message.role is Role.USER else "Kupuri"
    said = [words for part in message.parts if (words := _part(part))]
    if message.state in _ENDS:
        said.append(_ENDS[message.state])
    sentences = [words if words[-1] in _SENTENCE_ENDS else f"{words}." for words in said]
    return f"{who}: {' '.join(sentences)}"[:_LONGEST]


def _part(part: object) -> str:
    match part:
        case TextPart(text):
            return text.strip()
        case ImagePart():
            return "A picture"
        case ToolCallPart(name=name, state=ToolState.AWAITING_APPROVAL):
            return f"{words_of(name).asks} Waits for your approval"
        case ToolCallPart(name=name, state=ToolState.DONE):
            return words_of(name).done
        case ToolCallPart(name=name, state=state):
            return f"{words_of(name).running}, {state.value.replace('_', ' ')}"
        case PlanPart(steps=steps):
            return f"A plan of {len(steps)} steps"
        case ErrorPart(problem=problem):
            return problem.message
    return ""


class Reading:
    """Tells when an answer has ended and when one waits for approval; goes through messages."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._streaming: set[str] = set()
        self._asked: set[str] = set()
        self._at: str | None = None

    def begin(self, messages: Iterable[Message]) -> None:
        """Another chat is shown: what was said in it before is no news."""
        self._at = None
        self._streaming.clear()
        self._asked.clear()
        for message in messages:
            self._note(message)

    def hear(self, message: Message) -> None:
        """A message is there, or is another now."""
        was_streaming = message.id in self._streaming
        for question in self._note(message):
            say(self._transcript, question, urgent=True)
        if was_streaming and message.id not in self._streaming:
            say(self._transcript, spoken(message))

    def step(self, forward: bool) -> Message | None:
        """Goes to the next message or the one before, from the newest at first, and says it."""
        messages = self._transcript.messages
        if not messages:
            return None
        ids = [message.id for message in messages]
        if self._at in ids:
            now = min(max(ids.index(self._at) + (1 if forward else -1), 0), len(ids) - 1)
        else:
            now = len(ids) - 1
        self._at = ids[now]
        self._transcript.reveal(self._at)
        say(self._transcript, f"{spoken(messages[now])} {now + 1} of {len(ids)}")
        return messages[now]

    def _note(self, message: Message) -> list[str]:
        if message.state is MessageState.STREAMING:
            self._streaming.add(message.id)
        else:
            self._streaming.discard(message.id)
        new = []
        for call in message.tool_calls:
            if call.state is ToolState.AWAITING_APPROVAL and call.id not in self._asked:
                self._asked.add(call.id)
                new.append(f"{words_of(call.name).asks} {visible(call.name)} waits for approval")
        return new
