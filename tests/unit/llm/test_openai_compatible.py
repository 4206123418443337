"""OpenAI-compatible servers, against one on a socket."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from kupuri_desktop.core.errors import (
    ContextTooLong,
    KupuriError,
    ModelLacksAbility,
    ModelMissing,
    NotAuthorised,
    ServerAnsweredBadly,
    ServerBusy,
    StreamBroken,
)
from kupuri_desktop.core.models import Capability
from kupuri_desktop.llm.failures import LacksTools
from kupuri_desktop.llm.openai_compatible import OpenAICompatible
from kupuri_desktop.llm.openai_wire import read_model
from tests.fakes.openai import (
    BAD_KEY,
    LOADING,
    NO_PICTURES,
    TOO_LONG,
    Call,
    CallText,
    ErrorEvent,
    FakeOpenAI,
    Finish,
    Ping,
    Step,
    Text,
    Thinking,
    error,
    words,
)
from tests.fakes.wire import End, Gate, Raw, Refusal, Reset, Wait

MODEL = "qwen3-8b"


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def provider(server: FakeOpenAI) -> AsyncIterator[OpenAICompatible]:
    provider = OpenAICompatible(server.url)
    yield provider
    await provider.aclose()


async def test_pings_reasoning_text_and_counts_are_read(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    server.script([Ping(), Thinking("Hm."), Ping(), *words("It is blue.")])
    answer = await (await provider.chat_model(MODEL)).ainvoke("which colour?")
    assert answer.text == "It is blue."
    assert answer.additional_kwargs["reasoning_content"] == "Hm."
    assert answer.usage_metadata is not None and answer.usage_metadata["output_tokens"] == 4
    assert answer.response_metadata["finish_reason"] == "stop"


async def test_a_tool_call_is_put_together_from_its_pieces_and_gets_an_id_of_ours(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    server.script([Call("a", {"text": "naïve “x”"}, 0, split=2), Call("b", {"n": 1}, 1)])
    answer = await (await provider.chat_model(MODEL)).ainvoke("go")
    assert [(call["name"], call["args"]) for call in answer.tool_calls] == [
        ("a", {"text": "naïve “x”"}),
        ("b", {"n": 1}),
    ]
    ids = {call["id"] for call in answer.tool_calls}
    assert len(ids) == 2 and not ids & {"call0", "call1"}


async def test_arguments_that_are_no_json_stay_apart(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    server.script([CallText("a", '{"text": nonsense}')])
    answer = await (await provider.chat_model(MODEL)).ainvoke("go")
    assert not answer.tool_calls and answer.invalid_tool_calls[0]["name"] == "a"


async def test_the_limit_is_sent_by_the_name_that_servers_know(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    await (await provider.chat_model(MODEL)).ainvoke("go")
    assert server.chats[0]["max_tokens"] == server.context // 2
    assert "max_completion_tokens" not in server.chats[0]


BROKEN: list[tuple[list[Step], type[KupuriError], str]] = [
    ([Text("a"), ErrorEvent()], StreamBroken, "reported an error"),
    ([Text("a"), Raw(b"data: {nonsense\n\n")], ServerAnsweredBadly, "cannot be read"),
    ([Text("a"), Raw(b"data: [1]\n\n")], ServerAnsweredBadly, "cannot be read"),
    ([Text("a"), Raw(b'data: {"choices": [5]}\n\n')], ServerAnsweredBadly, "cannot be read"),
    ([Text("a"), End()], StreamBroken, "before the answer was complete"),
    ([Text("a"), Finish(None)], StreamBroken, "before the answer was complete"),
    ([Text("a"), Reset()], StreamBroken, "was lost"),
    ([Text("a"), Raw(b'error: {"code": 500, "message": "x"}\n\n')], StreamBroken, "reported"),
]


@pytest.mark.parametrize(("script", "kind", "words_"), BROKEN)
async def test_each_way_to_break_off_has_its_own_words_and_keeps_the_text(
    server: FakeOpenAI,
    provider: OpenAICompatible,
    script: list[Step],
    kind: type[KupuriError],
    words_: str,
) -> None:
    server.script(script)
    heard = ""
    with pytest.raises(kind, match=words_):
        async for chunk in (await provider.chat_model(MODEL)).astream("go"):
            heard += chunk.text
    assert heard == "a"


async def test_an_end_without_done_is_complete_if_there_was_a_reason(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    server.script([Text("all"), Finish("length", done=False)])
    answer = await (await provider.chat_model(MODEL)).ainvoke("go")
    assert answer.text == "all" and answer.response_metadata["finish_reason"] == "length"


REFUSED: list[tuple[Refusal, type[KupuriError], str]] = [
    (TOO_LONG, ContextTooLong, "longer than"),
    (LOADING, ServerBusy, "busy or still loading"),
    (BAD_KEY, NotAuthorised, "does not accept the key"),
    (NO_PICTURES, ModelLacksAbility, "cannot look at pictures"),
    (error(404, "model not found", "not_found"), ModelMissing, "no model"),
    (error(402, "insufficient credits", "payment"), ServerBusy, "credit"),
    (error(429, "slow down", "rate_limit"), ServerBusy, "busy"),
    (error(500, "tools param requires --jinja flag", "x"), LacksTools, "cannot use tools"),
    (error(500, "oops", "x"), ServerAnsweredBadly, "HTTP 500"),
    (Refusal(502, "plain text"), ServerAnsweredBadly, "HTTP 502"),
]


@pytest.mark.parametrize(("refusal", "kind", "words_"), REFUSED)
async def test_each_refusal_has_its_own_words(
    server: FakeOpenAI,
    provider: OpenAICompatible,
    refusal: Refusal,
    kind: type[KupuriError],
    words_: str,
) -> None:
    server.script(refusal)
    with pytest.raises(kind, match=words_):
        await (await provider.chat_model(MODEL)).ainvoke("go")


async def test_a_kept_connection_that_is_closed_under_us_is_tried_once_more(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    chat = await provider.chat_model(MODEL)
    await chat.ainvoke("one")
    server.drops = 1
    assert (await chat.ainvoke("two")).text
    server.script([Reset()], [Reset()])
    with pytest.raises(StreamBroken):
        await chat.ainvoke("three")


async def test_the_key_goes_along_and_is_fetched_once(server: FakeOpenAI) -> None:
    server.key = "sk-canary"
    asked = 0

    async def secret() -> str:
        nonlocal asked
        asked += 1
        return "sk-canary"

    provider = OpenAICompatible(server.url, secret=secret)
    assert (await (await provider.chat_model(MODEL)).ainvoke("hello")).text
    assert asked == 1
    await provider.aclose()


async def test_a_missing_key_is_a_status_that_leads_to_the_settings(server: FakeOpenAI) -> None:
    server.key = "sk-canary"
    provider = OpenAICompatible(server.url)
    status = await provider.status()
    assert status.problem is not None and status.problem.kind == NotAuthorised.__name__
    assert "sk-" not in str(status.problem)
    await provider.aclose()


async def test_cancelling_closes_the_stream_at_the_server(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    gate = Gate()
    server.script([Text("a"), Wait(gate)])
    chat = await provider.chat_model(MODEL)
    task = asyncio.create_task(chat.ainvoke("go"))
    await gate.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await server.sent_to("/v1/chat/completions")[0].disconnected.wait()


async def test_a_silent_stream_is_given_up_after_the_idle_limit(server: FakeOpenAI) -> None:
    provider = OpenAICompatible(server.url, idle_limit=0.05)
    server.script([Text("a"), Wait(Gate())])
    with pytest.raises(StreamBroken, match="Nothing came"):
        await (await provider.chat_model(MODEL)).ainvoke("go")
    await provider.aclose()


async def test_a_picture_goes_as_data(server: FakeOpenAI, provider: OpenAICompatible) -> None:
    address = "data:image/png;base64,iVBORw0KGgo="
    picture = {"type": "image_url", "image_url": {"url": address}}
    message = HumanMessage([{"type": "text", "text": "what is it?"}, picture])
    await (await provider.chat_model(MODEL)).ainvoke([message])
    assert address in str(server.chats[0]["messages"][0]["content"])


async def test_a_schema_goes_as_response_format(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    await (await provider.chat_model(MODEL)).ainvoke("go", format={"type": "object"})
    assert server.chats[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}


async def test_what_is_no_list_of_models_is_said_to_be_none(
    server: FakeOpenAI, provider: OpenAICompatible
) -> None:
    nonsense: list[Any] = [[], {"data": [{}]}, {"data": 5}, {"models": []}, None]
    for body in nonsense:
        server.refuse["/v1/models"] = Refusal(200, body)
        with pytest.raises(ServerAnsweredBadly):
            await provider.models()


def test_a_clouds_list_tells_abilities_and_lengths() -> None:
    from kupuri_desktop.core.models import Place

    entry = {
        "id": "maker/model",
        "context_length": 32768,
        "architecture": {"input_modalities": ["text", "image"]},
        "supported_parameters": ["temperature"],
    }
    model = read_model(entry, "router", Place.CLOUD)
    assert model.capabilities == {Capability.VISION} and model.context == 32768
    assert str(model.ref) == "router:maker/model"
