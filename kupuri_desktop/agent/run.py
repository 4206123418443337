"""Drives the graph for one turn and turns its stream into events."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.errors import GraphRecursionError

from kupuri_desktop.agent.context import Turn
from kupuri_desktop.agent.events import (
    AgentEvent,
    HistoryTrimmed,
    MessageCompleted,
    RunFailed,
    RunStopped,
    TextDelta,
    ThinkingDelta,
)
from kupuri_desktop.agent.graph import Graph
from kupuri_desktop.agent.history import prepare
from kupuri_desktop.agent.scope import RunScope
from kupuri_desktop.core.chat import Usage
from kupuri_desktop.core.errors import Action, KupuriError, Mend, ServerAnsweredBadly
from kupuri_desktop.core.models import Capability, ModelInfo

RECURSION_LIMIT = 25
UNKNOWN_CONTEXT = 8192
"""Tokens to plan with where a server does not say how much it reads."""


async def play(
    graph: Graph, chat: Any, model: ModelInfo, turn: Turn, instructions: str
) -> AsyncGenerator[AgentEvent, None]:
    """The events of one run; an async generator, to be used with `aclosing`."""
    scope = RunScope(turn, model, uses_tools=Capability.TOOLS in model.capabilities)
    context = getattr(chat, "num_ctx", None) or model.context or UNKNOWN_CONTEXT
    prepared = prepare(
        turn, instructions, context=context, vision=Capability.VISION in model.capabilities
    )
    if prepared.dropped:
        yield HistoryTrimmed(prepared.dropped)
    stream: Any = graph.astream(
        {"messages": prepared.messages},
        context=scope,
        stream_mode=["messages", "custom"],
        config={"recursion_limit": RECURSION_LIMIT},
    )
    usage, cut, said, used = Usage(), False, False, False
    try:
        async with aclosing(stream) as parts:
            async for mode, payload in parts:
                if mode == "custom":
                    used = True
                    yield payload
                    continue
                message, _ = payload
                if not isinstance(message, AIMessage):
                    continue
                for event in _deltas(message):
                    said = said or isinstance(event, TextDelta)
                    yield event
                usage += _usage(message)
                cut = _cut(message, cut)
    except GraphRecursionError:
        yield RunStopped("The model went round in circles and was stopped.", usage)
        return
    except KupuriError as error:
        if said and not error.kept:
            error.kept = "The text so far is kept."
        yield RunFailed(error, usage)
        return
    if scope.stop_reason:
        yield RunStopped(scope.stop_reason, usage)
    elif not (said or used):
        yield RunFailed(_nothing(model), usage)
    else:
        yield MessageCompleted(usage, cut)


def _nothing(model: ModelInfo) -> ServerAnsweredBadly:
    return ServerAnsweredBadly(
        f"“{model.name}” gave an empty answer.",
        hint="Try again, or choose another model.",
        action=Action(Mend.CHOOSE_MODEL, "Choose another model"),
    )


def _deltas(message: AIMessage) -> list[AgentEvent]:
    events: list[AgentEvent] = []
    if thought := message.additional_kwargs.get("reasoning_content"):
        events.append(ThinkingDelta(thought))
    text = message.content if isinstance(message.content, str) else message.text
    if text:
        events.append(TextDelta(text))
    return events


def _usage(message: AIMessage) -> Usage:
    counted = message.usage_metadata
    if counted is None:
        return Usage()
    return Usage(counted["input_tokens"], counted["output_tokens"])


def _cut(message: AIMessage, before: bool) -> bool:
    metadata = message.response_metadata
    reason = (
        metadata.get("finish_reason") or metadata.get("done_reason") or metadata.get("stop_reason")
    )
    return reason in ("length", "max_tokens") if reason else before
