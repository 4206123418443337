"""An agent with a scripted model behind it and a project that only remembers."""

from collections.abc import AsyncIterator

import pytest

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.core.chat import Confirmation
from kupuri_desktop.llm.builtin import BuiltinAssistant
from kupuri_desktop.llm.ollama import Ollama
from kupuri_desktop.llm.registry import LlmRegistry
from tests.fakes.ollama import FakeOllama, Model
from tests.fakes.studio import Studio


@pytest.fixture
async def server() -> AsyncIterator[FakeOllama]:
    models = [
        Model("qwen3:8b", ("completion", "tools", "thinking")),
        Model("gemma2:2b", ("completion",), context=8192),
        Model("gemma3:4b", ("completion", "vision")),
    ]
    async with FakeOllama(models=models) as server:
        yield server


@pytest.fixture
def kept() -> list[Confirmation]:
    return []


@pytest.fixture
async def agent(server: FakeOllama, kept: list[Confirmation]) -> AsyncIterator[Agent]:
    registry = LlmRegistry([Ollama(server.url), BuiltinAssistant()])

    async def keep(confirmation: Confirmation) -> None:
        kept.append(confirmation)

    yield Agent(registry, keep=keep)
    await registry.aclose()


@pytest.fixture
def studio() -> Studio:
    return Studio()
