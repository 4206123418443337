"""Stored messages as a model gets to see them."""

from typing import Any

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.agent.events import HistoryTrimmed
from kupuri_desktop.agent.history import convert, estimate, prepare
from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    PlanPart,
    PlanStep,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
)
from kupuri_desktop.core.errors import StreamBroken
from tests.fakes.ollama import FakeOllama
from tests.fakes.studio import Studio, hear


def user(text: str, **more: Any) -> Message:
    return Message(session="s", role=Role.USER, parts=(TextPart(text),), **more)


def answer(*parts: Any, **more: Any) -> Message:
    return Message(session="s", role=Role.ASSISTANT, parts=parts, **more)


def call(id_: str, state: ToolState = ToolState.DONE, result: str = "made") -> ToolCallPart:
    return ToolCallPart(id_, "generate_image", {"prompt": id_}, state, result)


def test_text_and_tools_keep_their_order() -> None:
    messages = convert(
        answer(TextPart("First."), call("1"), call("2"), TextPart("Then."), call("3"))
    )
    assert [type(message) for message in messages] == [
        AIMessage,
        ToolMessage,
        ToolMessage,
        AIMessage,
        ToolMessage,
    ]
    first = messages[0]
    assert isinstance(first, AIMessage)
    assert first.text == "First." and [c["id"] for c in first.tool_calls] == ["1", "2"]


@pytest.mark.parametrize("state", list(ToolState))
def test_every_tool_call_has_an_answer_whatever_became_of_it(state: ToolState) -> None:
    messages = convert(answer(call("1", state, "")))
    assert isinstance(messages[1], ToolMessage)
    assert messages[1].tool_call_id == "1" and messages[1].text


def test_thinking_plans_and_errors_are_not_sent_back() -> None:
    (message,) = convert(
        answer(
            ThinkingPart("secret thought"),
            PlanPart((PlanStep("step"),)),
            TextPart("Blue."),
            ErrorPart(StreamBroken("broken").problem),
        )
    )
    assert message.text == "Blue."


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MessageState.STOPPED, "stopped"),
        (MessageState.INTERRUPTED, "interrupted"),
        (MessageState.FAILED, "failed"),
    ],
)
def test_a_partial_answer_is_kept_and_marked(state: MessageState, words: str) -> None:
    (partial,) = convert(answer(TextPart("So far"), state=state))
    assert partial.text.startswith("So far\n[") and words in partial.text
    (nothing,) = convert(answer(state=state))
    assert words in nothing.text


def test_a_message_that_still_waits_is_not_sent() -> None:
    assert convert(user("later", state=MessageState.QUEUED)) == []


def test_earlier_pictures_are_mentioned_not_sent() -> None:
    message = Message(session="s", role=Role.USER, parts=(TextPart("this?"), ImagePart("a")))
    (sent,) = convert(message)
    assert isinstance(sent.content, str) and "1 attached picture" in sent.content


def test_the_newest_turns_that_fit_are_kept_whole() -> None:
    history = tuple(
        message
        for number in range(40)
        for message in (user(f"wish {number} " + "x" * 400), answer(TextPart("y" * 400), call("1")))
    )
    prepared = prepare(Studio().turn("now", history=history), "Rules.", context=4096, vision=False)
    system, *kept, wish = prepared.messages
    assert isinstance(system, SystemMessage) and wish.text == "now"
    assert 0 < prepared.dropped < len(history) and prepared.dropped % 2 == 0
    assert isinstance(kept[0], HumanMessage)
    assert kept[0].text.startswith(f"wish {prepared.dropped // 2} ")
    assert estimate(prepared.messages) < 4096


def test_the_wish_goes_along_whatever_its_length() -> None:
    prepared = prepare(
        Studio().turn("x" * 50_000, history=(user("a"),)), "Rules.", context=2048, vision=False
    )
    assert prepared.dropped == 1 and len(prepared.messages) == 2


def test_letters_outside_the_latin_alphabets_count_as_tokens() -> None:
    latin: list[AnyMessage] = [HumanMessage("a" * 700)]
    chinese: list[AnyMessage] = [HumanMessage("画" * 700)]
    assert estimate(latin) < 250 and estimate(chinese) >= 700


async def test_the_user_is_told_how_much_was_left_out(agent: Agent, studio: Studio) -> None:
    history = tuple(user("x" * 4000) for _ in range(20))
    events = await hear(agent, studio.turn("go", "ollama:gemma2:2b", history=history))
    assert isinstance(events[0], HistoryTrimmed) and 0 < events[0].messages < 20


async def test_a_history_with_all_kinds_of_ends_is_accepted(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    history = (
        user("a boat"),
        answer(TextPart("On it."), call("1", ToolState.CANCELLED, ""), state=MessageState.STOPPED),
        user("again"),
        answer(call("2", ToolState.REJECTED, "no"), TextPart("Fine.")),
    )
    await hear(agent, studio.turn("go on", history=history))
    roles = [message["role"] for message in server.chats[0]["messages"]]
    assert roles == [
        "system",
        "user",
        "assistant",
        "tool",
        "assistant",
        "user",
        "assistant",
        "tool",
        "assistant",
        "user",
    ]
