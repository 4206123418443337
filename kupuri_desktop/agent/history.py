"""Turns stored messages into what a model accepts, within the length that it can read."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.messages.tool import tool_call

from kupuri_desktop.agent.aliases import Aliases
from kupuri_desktop.agent.context import AttachedImage, Turn
from kupuri_desktop.core.chat import (
    ImagePart,
    Message,
    MessageState,
    Role,
    TextPart,
    ToolCallPart,
    ToolState,
)

IMAGE_TOKENS = 768
"""What Ollama counts for one picture."""

LETTERS_PER_TOKEN = 3.5
LONGEST_RESULT = 4000

_ENDINGS = {
    MessageState.STOPPED: "[The user stopped the answer here.]",
    MessageState.INTERRUPTED: "[The answer was interrupted here.]",
    MessageState.STREAMING: "[The answer was interrupted here.]",
    MessageState.FAILED: "[The answer failed here.]",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The messages for the model; `dropped`: how many stored messages did not fit."""

    messages: list[AnyMessage]
    dropped: int


def prepare(turn: Turn, instructions: str, *, context: int, vision: bool) -> Prepared:
    """The system prompt, as many of the newest turns as fit, and the user's message.

    context: the model's length in tokens; a quarter of it (2,048 at most) is left for the
    answer. The user's message always goes along, whatever its length.
    """
    system = SystemMessage(content=f"{instructions.strip()}\n\n{_situation(turn)}")
    wish = _wish(turn, vision)
    room = context - min(context // 4, 2048) - estimate([system, wish])
    groups = list(_by_turn(turn.history))
    kept: list[AnyMessage] = []
    for number in range(len(groups) - 1, -1, -1):
        messages = [m for message in groups[number] for m in convert(message)]
        room -= estimate(messages)
        if room < 0:
            return Prepared(
                [system, *kept, wish], sum(len(group) for group in groups[: number + 1])
            )
        kept = messages + kept
    return Prepared([system, *kept, wish], 0)


def convert(message: Message) -> list[AnyMessage]:
    """One stored message as the model is to see it: every tool call answered, no thinking."""
    if message.role is Role.USER:
        return [] if message.state is MessageState.QUEUED else [_from_user(message)]
    out: list[AnyMessage] = []
    text = ""
    calls: list[ToolCallPart] = []

    def close() -> None:
        nonlocal text, calls
        if calls:
            made = [tool_call(name=c.name, args=c.arguments, id=c.id) for c in calls]
            out.append(AIMessage(content=text, tool_calls=made))
            out.extend(_answer(call) for call in calls)
            text, calls = "", []

    for part in message.parts:
        match part:
            case TextPart():
                close()
                text += part.text
            case ToolCallPart():
                calls.append(part)
    close()
    if ending := _ENDINGS.get(message.state):
        text = f"{text}\n{ending}".strip()
    if text or not out:
        out.append(AIMessage(content=text or "[No answer.]"))
    return out


def estimate(messages: Iterable[AnyMessage]) -> int:
    """About how many tokens the messages take; rather too many than too few."""
    total = 0.0
    for message in messages:
        total += 8
        content = message.content
        parts = content if isinstance(content, list) else [content]
        for part in parts:
            if isinstance(part, str):
                total += _tokens(part)
            elif part.get("type") == "text":
                total += _tokens(str(part["text"]))
            else:
                total += IMAGE_TOKENS
        if isinstance(message, AIMessage) and message.tool_calls:
            total += _tokens(json.dumps([call["args"] for call in message.tool_calls]))
    return int(total)


def _tokens(text: str) -> float:
    # Outside the Latin alphabets nearly every letter is a token of its own.
    wide = 0 if text.isascii() else sum(letter > "\u024f" for letter in text)
    return wide + (len(text) - wide) / LETTERS_PER_TOKEN


def _by_turn(history: Sequence[Message]) -> Iterable[list[Message]]:
    """A user's message with all that answers it."""
    group: list[Message] = []
    for message in history:
        if message.role is Role.USER and group:
            yield group
            group = []
        group.append(message)
    if group:
        yield group


def _from_user(message: Message) -> HumanMessage:
    pictures = sum(isinstance(part, ImagePart) for part in message.parts)
    text = message.text
    if pictures:
        text = f"{text}\n[{pictures} attached picture(s), not shown again]".strip()
    return HumanMessage(content=text or "[empty]")


def _answer(call: ToolCallPart) -> ToolMessage:
    failed = call.state is not ToolState.DONE
    return ToolMessage(
        content=(call.result or call.state.value)[:LONGEST_RESULT],
        name=call.name,
        tool_call_id=call.id,
        status="error" if failed else "success",
    )


def _wish(turn: Turn, vision: bool) -> HumanMessage:
    if not turn.images:
        return HumanMessage(content=turn.text)
    aliases = Aliases(item.id for item in turn.context.canvas_summary().items)
    note = "\n".join(_notes(turn, aliases))
    if not vision:
        blind = f"[{len(turn.images)} attached picture(s), which this model cannot see] {note}"
        return HumanMessage(content=f"{turn.text}\n{blind.strip()}")
    text = f"{turn.text}\n{note}".strip()
    return HumanMessage(
        content=[{"type": "text", "text": text}, *(_picture(image) for image in turn.images)]
    )


def _notes(turn: Turn, aliases: Aliases) -> Iterable[str]:
    """What belongs to the attached pictures beside what is to be seen in them."""
    named = [
        aliases.short(image.item) + (" (its masked part only)" if image.masked else "")
        for image in turn.images
        if image.item
    ]
    if named:
        yield f"[attached: {', '.join(named)}]"
    for number, image in enumerate(turn.images, 1):
        if image.words:
            which = aliases.short(image.item) if image.item else f"picture {number}"
            yield f"[drawn on {which} by the user: {image.words}]"


def _picture(image: AttachedImage) -> dict[str, object]:
    # Always as data: an address would be fetched by some libraries just to count its tokens.
    data = base64.b64encode(image.data).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{image.mime};base64,{data}"}}


def _situation(turn: Turn) -> str:
    """What the model should know of the moment, in a few lines."""
    summary = turn.context.canvas_summary()
    aliases = Aliases(item.id for item in summary.items)
    lines = [f"The project “{summary.project}” has {len(summary.items)} items on its canvas."]
    selected = [aliases.short(item.id) for item in summary.items if item.selected]
    if selected:
        lines.append(f"The user has selected {', '.join(selected[:20])}.")
    images = [item for item in summary.items if item.kind == "image"][-3:]
    if images:
        named = [f"{aliases.short(item.id)} ({item.words[:80]})" for item in images]
        lines.append(f"Its newest images: {', '.join(named)}.")
    masked = [aliases.short(item.id) for item in summary.items if item.masked]
    if masked:
        lines.append(f"A mask is painted on {', '.join(masked[:20])}.")
    settings = turn.settings
    chosen = [
        words
        for words in (
            f"{settings.count} images" if settings.count else "",
            f"the shape {settings.aspect}" if settings.aspect else "",
            f"the style {settings.style}" if settings.style else "",
        )
        if words
    ]
    if chosen:
        lines.append(f"Unless the message says otherwise the user wants {', '.join(chosen)}.")
    return "\n".join(lines)
