"""All providers behind one door, and the wait for a silent one."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from kupuri_desktop.core.errors import ModelMissing
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.llm.builtin import BuiltinAssistant
from kupuri_desktop.llm.http import until_idle
from kupuri_desktop.llm.ollama import Ollama
from kupuri_desktop.llm.registry import LlmRegistry
from tests.fakes.ollama import FakeOllama


async def test_a_server_that_is_away_hides_no_other() -> None:
    async with FakeOllama() as server:
        away = Ollama(server.url)
    registry = LlmRegistry([away, BuiltinAssistant()])
    assert [status.ok for status in await registry.statuses()] == [False, True]
    assert [str(model.ref) for model in await registry.models()] == ["builtin:assistant"]
    await registry.aclose()


async def test_an_unknown_provider_is_missing_in_words() -> None:
    with pytest.raises(ModelMissing, match="no provider named") as caught:
        await LlmRegistry([BuiltinAssistant()]).info(ModelRef("martian", "x"))
    assert "builtin" in caught.value.hint


async def test_a_new_address_takes_the_place_of_the_old_one() -> None:
    async with FakeOllama() as first, FakeOllama() as second:
        registry = LlmRegistry([Ollama(first.url)])
        await registry.chat_model(ModelRef("ollama", "qwen3:8b"))
        await registry.replace(Ollama(second.url))
        chat = await registry.chat_model(ModelRef("ollama", "qwen3:8b"))
        assert (await chat.ainvoke("hello")).text
        assert len(second.chats) == 1 and not first.chats
        await registry.remove("ollama")
        assert registry.providers == ()


async def test_a_stream_that_keeps_coming_is_never_idle_however_slow_its_reader() -> None:
    async def items() -> AsyncIterator[int]:
        for number in range(3):
            yield number

    heard = []
    async for number in until_idle(items(), 0.02):
        heard.append(number)
        # Longer than the limit: the time that a reader takes must not count.
        await asyncio.sleep(0.05)
    assert heard == [0, 1, 2]


async def test_a_stream_that_stops_coming_is_given_up() -> None:
    async def items() -> AsyncIterator[int]:
        yield 1
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async for _ in until_idle(items(), 0.01):
            pass
    task = asyncio.current_task()
    assert task is not None and task.cancelling() == 0


async def test_being_cancelled_is_not_taken_for_being_idle() -> None:
    begun = asyncio.Event()

    async def items() -> AsyncIterator[int]:
        begun.set()
        await asyncio.Event().wait()
        yield 1

    async def read() -> None:
        async for _ in until_idle(items(), 30):
            pass

    task = asyncio.create_task(read())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
