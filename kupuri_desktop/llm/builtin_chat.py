"""The built-in assistant as a chat model: rules that stream like a model and call tools."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from uuid import uuid4

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    ToolMessage,
)
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk
from pydantic import ConfigDict

from kupuri_desktop.llm.async_chat import AsyncChatModel
from kupuri_desktop.llm.lexicon import Lexicon, Lexicons
from kupuri_desktop.llm.wishes import Arrange, Draw, LastImage, Say, understand

_PIECE = re.compile(r"\S+\s*|\s+")
_ATTACHED = re.compile(r"\[attached: (\w+)")
_NOTE = re.compile(r"^\[(?:\d+ )?(?:attached|drawn on)\b.*\]$", re.MULTILINE)


class BuiltinChat(AsyncChatModel):
    """Deterministic: the same messages give the same answer, but for the ids of tool calls."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    lexicons: Lexicons

    @property
    def _llm_type(self) -> str:
        return "kupuri-builtin"

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        tools = {tool["function"]["name"] for tool in kwargs.get("tools") or ()}
        text, call = self._answer(messages, tools)
        for piece in _PIECE.findall(text):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
            await asyncio.sleep(0)
        if call is not None:
            name, arguments = call
            chunk = tool_call_chunk(
                name=name,
                args=json.dumps(arguments, ensure_ascii=False),
                id=f"call_{uuid4().hex}",
                index=0,
            )
            yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=[chunk]))
        reason = "stop" if call is None else "tool_calls"
        yield ChatGenerationChunk(
            message=AIMessageChunk(content=""), generation_info={"finish_reason": reason}
        )

    def _answer(
        self, messages: Sequence[BaseMessage], tools: set[str]
    ) -> tuple[str, tuple[str, dict[str, Any]] | None]:
        """The words to say and the tool to call, if any."""
        wish = next((m for m in reversed(messages) if isinstance(m, HumanMessage)), None)
        text, attached = without_notes(wish.text if wish is not None else "")
        if messages and isinstance(messages[-1], ToolMessage):
            return _report(messages[-1], self.lexicons.choose(text)), None
        last = LastImage({"prompt": ""}, (attached,)) if attached else last_image(messages)
        words, intent = understand(text, last, self.lexicons)
        match intent:
            case Draw(arguments) if "generate_image" in tools:
                arguments["prompt"] = str(arguments.get("prompt", "")).strip(" ,") or text
                if attached:
                    arguments["variation_of"] = attached
                many = arguments.get("count", 1) > 1
                reply = words.replies["starting_many" if many else "starting"]
                said = reply.format(**{"count": 1} | arguments)
                return said, ("generate_image", arguments)
            case Arrange(layout) if "arrange_items" in tools:
                return "", ("arrange_items", {"ids": [], "layout": layout})
            case Draw() | Arrange():
                return words.replies["no_tools"], None
            case Say(reply):
                return words.replies[reply], None


def without_notes(text: str) -> tuple[str, str]:
    """The user's own words, and the id of the image that was sent with them, if any."""
    attached = _ATTACHED.search(text)
    return _NOTE.sub("", text).strip(), attached.group(1) if attached else ""


def last_image(messages: Sequence[BaseMessage]) -> LastImage | None:
    """The newest successful `generate_image` and the ids that its answer names."""
    answers = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
    for message in reversed(messages):
        if not isinstance(message, AIMessage):
            continue
        for call in reversed(message.tool_calls):
            answer = answers.get(call["id"] or "")
            if call["name"] != "generate_image" or answer is None or not call["args"].get("prompt"):
                continue
            ids = tuple(image["id"] for image in _images(answer))
            if ids:
                return LastImage(dict(call["args"]), ids)
    return None


def _report(answer: ToolMessage, words: Lexicon) -> str:
    """What came of the tool call, in one sentence."""
    replies = words.replies
    images = _images(answer)
    if images:
        first = images[0]
        values = {
            "count": len(images),
            "size": f"{first.get('width')} × {first.get('height')}",
            "seed": first.get("seed"),
        }
        done = replies["done" if len(images) == 1 else "done_many"].format(**values)
        note = _object(answer).get("note")
        return f"{done} {note}" if note else done
    if answer.status == "error":
        rejected = answer.additional_kwargs.get("rejected")
        return replies["rejected"] if rejected else replies["failed"].format(reason=answer.text)
    return replies["arranged"]


def _images(answer: ToolMessage) -> list[dict[str, Any]]:
    images = _object(answer).get("images")
    if not isinstance(images, list):
        return []
    return [image for image in images if isinstance(image, dict) and image.get("id")]


def _object(answer: ToolMessage) -> dict[str, Any]:
    try:
        value = json.loads(answer.text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
