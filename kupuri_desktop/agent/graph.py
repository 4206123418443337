"""Builds the agent's graph; importing this loads LangGraph, which takes about a second."""

from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langgraph.graph.state import CompiledStateGraph

from kupuri_desktop.agent.approvals import Approvals
from kupuri_desktop.agent.middleware import Guard
from kupuri_desktop.agent.scope import RunScope
from kupuri_desktop.agent.tools import build_tools

Graph = CompiledStateGraph[Any, RunScope, Any, Any]


def build_graph(chat: BaseChatModel, approvals: Approvals) -> Graph:
    """One graph for a chat model: it keeps nothing of a run and may serve several at once."""
    return create_agent(
        chat,
        build_tools(),
        middleware=[Guard(approvals)],
        context_schema=RunScope,
        name="designer",
    )
