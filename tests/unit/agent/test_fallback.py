"""A model without tools still makes images."""

import json

from langchain_core.messages import AIMessage

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.agent.events import MessageCompleted, TextDelta, ToolFinished
from kupuri_desktop.agent.fallback import SCHEMA, read_answer
from kupuri_desktop.core.chat import ToolState
from tests.fakes.ollama import FakeOllama, Text, words
from tests.fakes.studio import Studio, hear, text_of
from tests.fakes.wire import Refusal

ANSWER = {"reply": "A dog, then.", "action": "generate_image", "prompt": "a dog", "count": 2}


async def test_an_answer_in_json_becomes_a_tool_call(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    whole = json.dumps(ANSWER)
    server.script([Text(whole[:20]), Text(whole[20:])], words("There they are."))
    events = await hear(agent, studio.turn("two dogs", "ollama:gemma2:2b"))
    assert [(wish.prompt, wish.count) for wish in studio.wishes] == [("a dog", 2)]
    assert text_of(events) == "A dog, then.There they are."
    assert isinstance(events[-1], MessageCompleted)
    first, second = server.chats
    assert first["format"] == SCHEMA and not first["tools"]
    assert "format" not in second and not second["tools"]
    assert {message["role"] for message in second["messages"]} == {"system", "user", "assistant"}


async def test_the_raw_json_is_never_shown(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Text(letter) for letter in json.dumps(ANSWER)], words("Done."))
    events = await hear(agent, studio.turn("two dogs", "ollama:gemma2:2b"))
    assert not [e for e in events if isinstance(e, TextDelta) and "{" in e.text]


async def test_its_arguments_are_guarded_like_any_others(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Text(json.dumps(ANSWER | {"count": -14}))], words("Sorry."))
    events = await hear(agent, studio.turn("dogs", "ollama:gemma2:2b"))
    finished = next(event for event in events if isinstance(event, ToolFinished))
    assert finished.state is ToolState.FAILED and not studio.wishes


async def test_a_server_that_refuses_tools_unexpectedly_is_asked_again_without(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script(
        Refusal(400, {"error": "registry.ollama.ai/library/x does not support tools"}),
        [Text(json.dumps(ANSWER))],
        words("Done."),
    )
    events = await hear(agent, studio.turn("two dogs"))
    assert len(studio.wishes) == 1
    assert isinstance(events[-1], MessageCompleted)


def test_what_is_not_the_json_asked_for_stands_as_text() -> None:
    for text in ("Hello.", "[1]", '{"reply": "Hello."', ""):
        assert read_answer(AIMessage(text)).text == text
    assert read_answer(AIMessage('{"reply": "Hello.", "action": "none"}')).text == "Hello."
    no_prompt = read_answer(AIMessage('{"reply": "Hm.", "action": "generate_image"}'))
    assert no_prompt.text == "Hm." and not no_prompt.tool_calls
