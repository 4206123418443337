"""The agent as the workspace knows it; LangGraph is loaded when the first turn needs it."""

import asyncio
import gc
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from kupuri_desktop.agent.approvals import Approvals, Keep
from kupuri_desktop.agent.context import Turn
from kupuri_desktop.agent.events import AgentEvent, RunFailed
from kupuri_desktop.core.chat import Usage
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.paths import resource
from kupuri_desktop.llm.registry import LlmRegistry


class Agent:
    """Answers turns. keep: stores a confirmation before it is shown, and again once answered."""

    def __init__(self, llms: LlmRegistry, *, keep: Keep | None = None) -> None:
        self._llms = llms
        self._approvals = Approvals(keep)
        self._graphs: dict[int, tuple[Any, Any]] = {}
        self._instructions = ""

    async def run(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        """The events of a turn, the last one MessageCompleted, RunStopped or RunFailed.

        An async generator: iterate it with `contextlib.aclosing`. Cancelling the task that
        iterates ends the model's stream and the running tools; no event follows.
        """
        try:
            model = await self._llms.info(turn.model)
            chat = await self._llms.chat_model(turn.model)
        except KupuriError as error:
            yield RunFailed(error, Usage())
            return
        graph = await self._graph(chat)
        from kupuri_desktop.agent.run import play

        async with aclosing(play(graph, chat, model, turn, self._instructions)) as events:
            async for event in events:
                yield event

    async def prepare(self, model: ModelRef) -> None:
        """Builds the chat model and the graph ahead of the first turn with a model.

        Raises ModelMissing, ServerUnreachable and the like; a turn would say the same.
        """
        await self._graph(await self._llms.chat_model(model))

    def answer(self, confirmation: str, approved: bool) -> bool:
        """The user's answer to ApprovalRequested; False where the question is not open."""
        return self._approvals.answer(confirmation, approved)

    async def _graph(self, chat: Any) -> Any:
        known = self._graphs.get(id(chat))
        if known is None or known[0] is not chat:
            self._instructions, graph = await asyncio.to_thread(_load, chat, self._approvals)
            self._graphs[id(chat)] = known = (chat, graph)
        return known[1]


def _stay_private() -> None:
    """LangChain would send every prompt to LangSmith if the environment happened to say so."""
    os.environ["LANGSMITH_TRACING_V2"] = "false"


def _load(chat: Any, approvals: Approvals) -> tuple[str, Any]:
    _stay_private()
    from kupuri_desktop.agent.graph import build_graph

    instructions = resource("prompts", "system.md").read_text(encoding="utf-8")
    return instructions, build_graph(chat, approvals)


def preload() -> None:
    """Imports what the first turn needs; to be called in a thread once the window is painted.

    The collector rests meanwhile, and the 145,000 objects that come along are left out of later
    collections: one over all of them stops every thread for 100 ms, so there is none before
    either, though the little that is garbage at this moment stays.
    """
    _stay_private()
    gc.disable()
    try:
        from kupuri_desktop.agent import run
        from kupuri_desktop.llm import builtin_chat, ollama_chat, openai_chat

        assert all((run, builtin_chat, ollama_chat, openai_chat))
        gc.freeze()
    finally:
        gc.enable()
