"""Lets a model without tools make images: it answers in JSON, which becomes a tool call."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

from langchain.agents.middleware import ModelRequest, ModelResponse
from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.messages.tool import tool_call
from langgraph.constants import TAG_NOSTREAM

from kupuri_desktop.agent.scope import RunScope
from kupuri_desktop.core.paths import resource

SCHEMA = {
    "type": "object",
    "properties": {
        "reply": {"type": "string"},
        "action": {"type": "string", "enum": ["none", "generate_image"]},
        "prompt": {"type": "string"},
        "count": {"type": "integer"},
        "aspect": {"type": "string"},
    },
    "required": ["reply", "action"],
}

Handler = Callable[[ModelRequest[RunScope]], Awaitable[ModelResponse[Any]]]


async def answer_without_tools(
    request: ModelRequest[RunScope], handler: Handler
) -> ModelResponse[Any]:
    """One answer of a model that was never told of tools; after a tool's answer plain text."""
    messages = without_tools(request.messages)
    if isinstance(request.messages[-1], ToolMessage):
        return await handler(request.override(tools=[], messages=messages))
    silent = request.model.with_config(tags=[TAG_NOSTREAM])
    answer = await silent.ainvoke([*_instructed(messages)], format=SCHEMA)
    return ModelResponse(result=[read_answer(answer)])


def read_answer(answer: AIMessage) -> AIMessage:
    """The JSON as text and tool call; what is no JSON stands as the text it is."""
    kept = {"usage_metadata": answer.usage_metadata, "response_metadata": answer.response_metadata}
    try:
        value = json.loads(answer.text)
    except ValueError:
        return AIMessage(content=answer.text, **kept)
    if not isinstance(value, dict):
        return AIMessage(content=answer.text, **kept)
    reply = str(value.get("reply") or "")
    prompt = value.get("prompt")
    if value.get("action") != "generate_image" or not prompt:
        return AIMessage(content=reply, **kept)
    names = ("prompt", "count", "aspect")
    arguments = {name: value[name] for name in names if value.get(name)}
    call = tool_call(name="generate_image", args=arguments, id=f"call_{uuid4().hex}")
    return AIMessage(content=reply, tool_calls=[call], **kept)


def without_tools(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The same chat with calls and answers of tools as text: templates may not know the roles."""
    plain: list[AnyMessage] = []
    for message in messages:
        match message:
            case AIMessage() if message.tool_calls:
                calls = ", ".join(
                    f"{call['name']} {json.dumps(call['args'], ensure_ascii=False)}"
                    for call in message.tool_calls
                )
                plain.append(AIMessage(content=f"{message.text}\n[used {calls}]".strip()))
            case ToolMessage():
                plain.append(HumanMessage(content=f"[{message.name} answered: {message.text}]"))
            case _:
                plain.append(message)
    return plain


def _instructed(messages: list[AnyMessage]) -> list[AnyMessage]:
    words = resource("prompts", "fallback.md").read_text(encoding="utf-8")
    if messages and isinstance(messages[0], SystemMessage):
        return [SystemMessage(content=f"{messages[0].text}\n\n{words}"), *messages[1:]]
    return [SystemMessage(content=words), *messages]
