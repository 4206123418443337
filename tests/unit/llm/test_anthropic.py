"""Anthropic's API, against a server on a socket."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.agent.events import MessageCompleted, RunFailed, ToolFinished
from kupuri_desktop.core.errors import (
    KupuriError,
    NotAuthorised,
    ServerBusy,
    ServerUnreachable,
    StreamBroken,
)
from kupuri_desktop.llm.anthropic import Anthropic
from kupuri_desktop.llm.registry import LlmRegistry
from tests.fakes.studio import Studio, hear, text_of
from tests.fakes.wire import Answer, Request, WireServer

KEY = "sk-ant-canary"
MODEL = "claude-test"


def event(kind: str, **values: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind} | values)}\n\n".encode()


START = event(
    "message_start",
    message={
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 12, "output_tokens": 1},
    },
)


def text(words: str) -> list[bytes]:
    return [
        event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        event("content_block_delta", index=0, delta={"type": "text_delta", "text": words}),
        event("content_block_stop", index=0),
    ]


def use(name: str, arguments: dict[str, Any]) -> list[bytes]:
    block = {"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}
    whole = json.dumps(arguments)
    deltas = [{"type": "input_json_delta", "partial_json": part} for part in (whole[:5], whole[5:])]
    return [
        event("content_block_start", index=0, content_block=block),
        *(event("content_block_delta", index=0, delta=delta) for delta in deltas),
        event("content_block_stop", index=0),
    ]


def end(reason: str = "end_turn") -> list[bytes]:
    delta = {"stop_reason": reason, "stop_sequence": None}
    return [
        event("message_delta", delta=delta, usage={"output_tokens": 7}),
        event("message_stop"),
    ]


class FakeAnthropic(WireServer):
    """Sends `answers`, one for each message, and refuses what has not the key."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[list[bytes] | tuple[int, str]] = []

    async def respond(self, request: Request, answer: Answer) -> None:
        given = request.headers.get("x-api-key"), request.headers.get("authorization")
        if given not in ((KEY, None), (None, f"Bearer {KEY}")):
            await answer.json({"type": "error", "error": {"type": "authentication_error"}}, 401)
            return
        if request.path == "/v1/models":
            await answer.json({"data": [{"id": MODEL, "display_name": "Claude Test"}]})
            return
        script = self.answers.pop(0)
        if isinstance(script, tuple):
            status, kind = script
            await answer.json({"type": "error", "error": {"type": kind, "message": kind}}, status)
            return
        await answer.start("text/event-stream")
        for chunk in script:
            await answer.chunk(chunk)
        await answer.end()


@pytest.fixture
async def server() -> AsyncIterator[FakeAnthropic]:
    async with FakeAnthropic() as server:
        yield server


async def secret() -> str:
    return KEY


@pytest.fixture
async def provider(server: FakeAnthropic) -> AsyncIterator[Anthropic]:
    provider = Anthropic(secret, address=server.url)
    yield provider
    await provider.aclose()


async def test_nothing_is_sent_without_a_key(server: FakeAnthropic) -> None:
    async def nothing() -> None:
        return None

    provider = Anthropic(nothing, address=server.url)
    status = await provider.status()
    assert status.problem is not None and status.problem.kind == NotAuthorised.__name__
    assert not server.requests
    await provider.aclose()


async def test_the_agent_makes_an_image_with_it(server: FakeAnthropic, provider: Anthropic) -> None:
    server.answers = [
        [START, *use("generate_image", {"prompt": "a boat"}), *end("tool_use")],
        [START, *text("There it is."), *end()],
    ]
    studio = Studio()
    agent = Agent(LlmRegistry([provider]))
    events = await hear(agent, studio.turn("a boat", f"anthropic:{MODEL}"))
    assert [wish.prompt for wish in studio.wishes] == ["a boat"]
    assert text_of(events) == "There it is."
    assert [event.result for event in events if isinstance(event, ToolFinished)]
    assert isinstance(events[-1], MessageCompleted) and events[-1].usage.output_tokens == 14


async def test_an_answer_without_an_end_is_not_complete(
    server: FakeAnthropic, provider: Anthropic
) -> None:
    server.answers = [[START, *text("So far")]]
    agent = Agent(LlmRegistry([provider]))
    events = await hear(agent, Studio().turn("go", f"anthropic:{MODEL}"))
    assert text_of(events) == "So far"
    assert isinstance(events[-1], RunFailed) and isinstance(events[-1].error, StreamBroken)


REFUSED: list[tuple[list[bytes] | tuple[int, str], type[KupuriError]]] = [
    ((403, "permission_error"), NotAuthorised),
    ([START, event("error", error={"type": "overloaded_error", "message": "busy"})], StreamBroken),
]


@pytest.mark.parametrize(("answer", "kind"), REFUSED)
async def test_refusals_have_words(
    server: FakeAnthropic,
    provider: Anthropic,
    answer: list[bytes] | tuple[int, str],
    kind: type[KupuriError],
) -> None:
    server.answers = [answer]
    with pytest.raises(kind):
        await (await provider.chat_model(MODEL)).ainvoke([HumanMessage("go")])


async def test_a_busy_server_is_busy_in_words(server: FakeAnthropic, provider: Anthropic) -> None:
    chat = await provider.chat_model(MODEL)
    chat.max_retries = 0
    server.answers = [(429, "rate_limit_error")]
    with pytest.raises(ServerBusy):
        await chat.ainvoke([HumanMessage("go")])


async def test_a_server_that_is_away_is_unreachable(
    server: FakeAnthropic, provider: Anthropic
) -> None:
    chat = await provider.chat_model(MODEL)
    chat.max_retries = 0
    await server.stop()
    with pytest.raises(ServerUnreachable):
        await chat.ainvoke([HumanMessage("go")])
