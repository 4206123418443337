"""What every provider of language models promises, shown by each of them.

With `--live`, and KUPURI_LIVE_OLLAMA or KUPURI_LIVE_OPENAI naming a server, also by real ones.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.agent.context import TurnSettings
from kupuri_desktop.agent.events import MessageCompleted, RunStopped, ToolFinished, ToolStarted
from kupuri_desktop.agent.tools import build_tools
from kupuri_desktop.core.errors import KupuriError, ModelMissing
from kupuri_desktop.core.models import Capability, ModelKind, ModelRef
from kupuri_desktop.llm.builtin import BuiltinAssistant
from kupuri_desktop.llm.ollama import Ollama
from kupuri_desktop.llm.openai_compatible import OpenAICompatible
from kupuri_desktop.llm.registry import LlmRegistry, TextProvider
from tests.fakes.ollama import FakeOllama
from tests.fakes.openai import FakeOpenAI
from tests.fakes.studio import Studio, hear

LIVE = {"live-ollama": "KUPURI_LIVE_OLLAMA", "live-openai": "KUPURI_LIVE_OPENAI"}
NAMES = ["ollama", "openai", "builtin"] + [name for name, env in LIVE.items() if env in os.environ]


@dataclass
class Case:
    """A provider and the model to ask. `deaf`: makes its server unreachable, where it has one."""

    provider: TextProvider
    model: str
    deaf: Callable[[], Awaitable[None]] | None = None


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.live if name in LIVE else ()) for name in NAMES]
)
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    name = request.param
    server: FakeOllama | FakeOpenAI | None = None
    provider: TextProvider
    if name == "builtin":
        provider = BuiltinAssistant()
    elif name == "ollama":
        server = FakeOllama()
        await server.start()
        provider = Ollama(server.url)
    elif name == "openai":
        server = FakeOpenAI()
        await server.start()
        provider = OpenAICompatible(server.url)
    elif name == "live-ollama":
        provider = Ollama(os.environ[LIVE[name]])
    else:
        provider = OpenAICompatible(os.environ[LIVE[name]])
    models = await provider.models()
    yield Case(provider, models[0].ref.model, server.stop if server is not None else None)
    await provider.aclose()
    if server is not None:
        await server.stop()


async def collect(chat: Any, messages: Any) -> list[Any]:
    async with aclosing(chat.astream(messages)) as chunks:
        return [chunk async for chunk in chunks]


async def test_it_tells_how_it_stands(case: Case) -> None:
    status = await case.provider.status()
    assert status.ok and status.problem is None
    assert status.provider == case.provider.provider
    assert case.model in [model.ref.model for model in status.models]


async def test_its_models_are_of_its_own_name_and_can_be_described_one_by_one(case: Case) -> None:
    for model in await case.provider.models():
        assert model.kind is ModelKind.TEXT and model.usable and model.name
        assert ModelRef.parse(str(model.ref)) == model.ref
        assert model.ref.provider == case.provider.provider
        assert await case.provider.info(model.ref.model) == model


async def test_an_unknown_model_is_missing_in_words(case: Case) -> None:
    with pytest.raises(ModelMissing) as caught:
        await case.provider.chat_model("no-such-model:1b")
    assert caught.value.message


async def test_its_chat_model_is_kept(case: Case) -> None:
    first = await case.provider.chat_model(case.model)
    assert await case.provider.chat_model(case.model) is first


async def test_it_answers_in_pieces_that_make_one_message(case: Case) -> None:
    chat = await case.provider.chat_model(case.model)
    chunks = await collect(chat, [HumanMessage("hello #text")])
    assert len([chunk for chunk in chunks if chunk.text]) > 1
    whole = sum(chunks[1:], chunks[0])
    assert whole.text == "".join(chunk.text for chunk in chunks)
    metadata = whole.response_metadata
    assert metadata.get("finish_reason") or metadata.get("done_reason")


async def test_it_calls_a_tool_and_goes_on_from_its_answer(case: Case) -> None:
    info = await case.provider.info(case.model)
    assert Capability.TOOLS in info.capabilities
    chat = (await case.provider.chat_model(case.model)).bind_tools(build_tools())
    wish = HumanMessage("Generate a picture of a harbour")
    chunks = await collect(chat, [wish])
    answer = sum(chunks[1:], chunks[0])
    assert answer.tool_calls
    for call in answer.tool_calls:
        assert call["name"] and call["id"] and isinstance(call["args"], dict)
    assert len({call["id"] for call in answer.tool_calls}) == len(answer.tool_calls)
    first = answer.tool_calls[0]
    made = tool_call(name=first["name"], args=first["args"], id=first["id"])
    after = await collect(
        chat,
        [
            wish,
            AIMessage("", tool_calls=[made]),
            ToolMessage("Done: one image.", tool_call_id=made["id"] or "", name=made["name"]),
        ],
    )
    assert "".join(chunk.text for chunk in after)


async def test_a_chat_can_be_cancelled_and_the_next_one_works(case: Case) -> None:
    chat = await case.provider.chat_model(case.model)
    begun = asyncio.Event()

    async def talk() -> None:
        async for _ in chat.astream([HumanMessage("hello #text")]):
            begun.set()
            await asyncio.sleep(0)

    task = asyncio.create_task(talk())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    assert await collect(chat, [HumanMessage("hello #text")])


async def test_two_chats_at_once_do_not_mix(case: Case) -> None:
    chat = await case.provider.chat_model(case.model)
    first, second = await asyncio.gather(
        collect(chat, [HumanMessage("hello #text")]), collect(chat, [HumanMessage("hello #text")])
    )
    assert first and second
    assert {chunk.id for chunk in first}.isdisjoint({chunk.id for chunk in second})


async def test_the_agent_makes_a_picture_with_it(case: Case) -> None:
    """A scripted or random model may ask for nonsense: then it is refused, never carried out."""
    studio = Studio()
    agent = Agent(LlmRegistry([case.provider]))
    ref = ModelRef(case.provider.provider, case.model)
    settings = TurnSettings(ask_before=frozenset())
    turn = studio.turn("Generate a picture of a harbour", str(ref), settings=settings)
    events = await hear(agent, turn)
    assert isinstance(events[-1], MessageCompleted | RunStopped)
    started = [event.call for event in events if isinstance(event, ToolStarted)]
    finished = [event.call for event in events if isinstance(event, ToolFinished)]
    assert started and sorted(started) == sorted(finished)
    assert len(studio.items) == sum(wish.count for wish in studio.wishes) <= 32
    assert all(1 <= wish.count <= 16 and wish.prompt for wish in studio.wishes)


async def test_a_server_that_goes_away_is_an_error_in_words(case: Case) -> None:
    chat = await case.provider.chat_model(case.model)
    if case.deaf is None:
        assert (await case.provider.status()).ok
        return
    await case.deaf()
    with pytest.raises(KupuriError, match="is not running"):
        await collect(chat, [HumanMessage("hello")])
    status = await case.provider.status()
    assert not status.ok and status.problem is not None and status.problem.action is not None


async def test_it_can_be_closed_twice(case: Case) -> None:
    await case.provider.chat_model(case.model)
    await case.provider.aclose()
    await case.provider.aclose()
