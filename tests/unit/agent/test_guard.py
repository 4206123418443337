"""What stands between a model that lost its way and the canvas."""

import asyncio

import pytest

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.agent.context import TurnSettings
from kupuri_desktop.agent.events import (
    AgentEvent,
    ApprovalRequested,
    MessageCompleted,
    RunStopped,
    ToolFinished,
    ToolStarted,
)
from kupuri_desktop.core.chat import Confirmation, ConfirmationState, ToolState
from tests.fakes.ollama import Call, Done, FakeOllama, Line, words
from tests.fakes.studio import Studio, hear, listen


def finished(events: list[AgentEvent]) -> list[ToolFinished]:
    return [event for event in events if isinstance(event, ToolFinished)]


REFUSED = [
    ("generate_image", {"prompt": "a", "count": -14}, "count must be from 1 to 16"),
    ("generate_image", {"prompt": "a", "count": -1}, "count must be from 1 to 16"),
    ("generate_image", {"prompt": ""}, "prompt: String should have at least 1 character"),
    ("generate_image", {}, "prompt: Field required"),
    ("generate_image", {"prompt": None}, "prompt: Field required"),
    ("generate_image", {"prompt": "a" * 5000}, "prompt: String should have at most 4000"),
    ("generate_image", {"prompt": "a", "count": "many"}, "count: Input should be a valid integer"),
    ("generate_image", {"prompt": ["a"]}, "prompt: Input should be a valid string"),
    ("generate_image", {"prompt": "a", "variation_of": "/etc/passwd"}, "There is no item"),
    ("generate_image", {"prompt": "a", "x": "y" * 70_000}, "larger than 64 KB"),
    ("arrange_items", {"ids": ["nobody"]}, "There is no item"),
    ("arrange_items", {"layout": "spiral"}, "layout: Input should be"),
    ("arrange_items", {}, "nothing on the canvas"),
    ("delete_items", {"ids": []}, "ids: List should have at least 1 item"),
    ("format_disk", {}, "There is no tool named"),
]


@pytest.mark.parametrize(("name", "arguments", "words_"), REFUSED)
async def test_unsound_arguments_are_refused_with_an_answer_the_model_can_use(
    agent: Agent,
    studio: Studio,
    server: FakeOllama,
    name: str,
    arguments: dict[str, object],
    words_: str,
) -> None:
    server.script([Call(name, arguments)], words("I see."))
    events = await hear(agent, studio.turn("go"))
    (answer,) = finished(events)
    assert answer.state is ToolState.FAILED and answer.problem is not None
    assert words_ in answer.result
    assert not studio.wishes and not studio.calls
    assert isinstance(events[-1], MessageCompleted)
    told = server.chats[1]["messages"][-1]
    assert told["role"] == "tool" and words_ in told["content"]


SOUND = [
    ({"prompt": "a", "count": "3"}, (3, None, None)),
    ({"prompt": "a", "count": 99}, (16, None, None)),
    ({"prompt": "a", "aspect": "1024x768", "seed": 7}, (1, "1024x768", 7)),
    ({"prompt": "a", "aspect": "banana", "seed": -1}, (1, None, None)),
    ({"prompt": "a", "aspect": None, "style": None, "seed": None}, (1, None, None)),
    ({"prompt": "a", "aspect": "Landscape", "mood": "calm"}, (1, "3:2", None)),
    ({"prompt": 5, "seed": 2**70}, (1, None, 2**70 % 2**53)),
]


@pytest.mark.parametrize(("arguments", "sound"), SOUND)
async def test_arguments_that_can_be_understood_are_made_sound(
    agent: Agent,
    studio: Studio,
    server: FakeOllama,
    arguments: dict[str, object],
    sound: tuple[int, str | None, int | None],
) -> None:
    server.script([Call("generate_image", arguments)], words("Done."))
    events = await hear(agent, studio.turn("go"))
    (wish,) = studio.wishes
    assert (wish.count, wish.aspect, wish.seed) == sound
    noted = "note" in finished(events)[0].result
    assert noted == (arguments.get("count") == 99 or arguments.get("aspect") == "banana")


async def test_the_same_call_three_times_stops_the_run(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.otherwise = lambda body: [Call("generate_image", {"prompt": "a"})]
    events = await hear(agent, studio.turn("go"))
    assert isinstance(events[-1], RunStopped) and "in the same way" in events[-1].reason
    assert len(studio.wishes) == 2
    assert len(server.chats) == 3


async def test_a_model_that_never_comes_to_an_end_is_stopped(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.otherwise = lambda body: [
        Call("generate_image", {"prompt": f"number {len(server.chats)}"})
    ]
    events = await hear(agent, studio.turn("go"))
    assert isinstance(events[-1], RunStopped)
    assert len(studio.wishes) <= 12
    started = [event.call for event in events if isinstance(event, ToolStarted)]
    assert [event.call for event in finished(events)] == started


async def test_of_many_calls_in_one_message_only_the_first_are_carried_out(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    many = [Call("generate_image", {"prompt": f"number {n}"}, in_done=True) for n in range(20)]
    server.script(many, words("Done."))
    events = await hear(agent, studio.turn("go"))
    assert len(studio.wishes) == 8
    assert len(finished(events)) == 8
    tools = [m for m in server.chats[1]["messages"] if m["role"] == "tool"]
    assert len(tools) == 20


async def test_a_run_makes_no_more_than_so_many_images(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script(
        [Call("generate_image", {"prompt": f"number {n}", "count": 16}) for n in range(3)],
        words("Done."),
    )
    events = await hear(agent, studio.turn("go"))
    assert sum(wish.count for wish in studio.wishes) == 32
    assert "images already" in " ".join(event.result for event in finished(events))


async def test_a_call_that_was_cut_off_is_not_carried_out(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Call("generate_image", {"prompt": "a ca"}, True), Done("length")], words("Oh."))
    events = await hear(agent, studio.turn("go"))
    assert "cut off" in finished(events)[0].result and not studio.wishes


async def test_arguments_that_are_no_json_are_refused_with_a_reason(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    call = {"function": {"name": "generate_image", "arguments": {"prompt": "x", "count": {}}}}
    line = {"model": "m", "message": {"role": "assistant", "content": "", "tool_calls": [call]}}
    server.script([Line(line | {"done": False})], words("Oh."))
    events = await hear(agent, studio.turn("go"))
    assert "count: Input should be a valid integer" in finished(events)[0].result


ASK = TurnSettings(ask_before=frozenset({"generate_image"}))


@pytest.mark.parametrize("approved", [True, False])
async def test_a_tool_waits_for_the_users_answer(
    agent: Agent, studio: Studio, kept: list[Confirmation], server: FakeOllama, approved: bool
) -> None:
    events = []
    async for event in listen(agent, studio.turn("a boat", settings=ASK)):
        events.append(event)
        if isinstance(event, ApprovalRequested):
            assert not studio.wishes
            assert event.confirmation.arguments == {"prompt": "a boat"}
            assert agent.answer(event.confirmation.id, approved)
            assert not agent.answer(event.confirmation.id, True)
    state = finished(events)[0].state
    assert state is (ToolState.DONE if approved else ToolState.REJECTED)
    assert len(studio.wishes) == int(approved)
    answered = ConfirmationState.APPROVED if approved else ConfirmationState.REJECTED
    assert [confirmation.state for confirmation in kept] == [ConfirmationState.PENDING, answered]
    assert kept[1].answered is not None and kept[0].digest == kept[1].digest
    if not approved:
        assert "said no" in server.chats[1]["messages"][-1]["content"]


async def test_deleting_asks_unless_told_otherwise(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    item = studio.place()
    server.script([Call("delete_items", {"ids": [f"i{item[:4]}"]})], words("Gone."))
    async for event in listen(agent, studio.turn("delete it")):
        if isinstance(event, ApprovalRequested):
            assert event.items == (item,), "so that its picture can be shown"
            assert agent.answer(event.confirmation.id, True)
    assert ("delete", [item]) in studio.calls


async def test_nobody_is_asked_about_items_that_are_not_there(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Call("delete_items", {"ids": ["nobody"]})], words("Hm."))
    events = await hear(agent, studio.turn("delete it"))
    assert not [event for event in events if isinstance(event, ApprovalRequested)]
    assert finished(events)[0].state is ToolState.FAILED


async def test_a_question_of_a_stopped_run_expires_and_cannot_be_answered(
    agent: Agent, studio: Studio, kept: list[Confirmation]
) -> None:
    asked = asyncio.Event()

    async def run() -> None:
        async for event in listen(agent, studio.turn("a boat", settings=ASK)):
            if isinstance(event, ApprovalRequested):
                asked.set()

    task = asyncio.create_task(run())
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [c.state for c in kept] == [ConfirmationState.PENDING, ConfirmationState.EXPIRED]
    assert not agent.answer(kept[0].id, True)
    assert not studio.wishes


def test_an_approval_is_bound_to_tool_and_arguments() -> None:
    from kupuri_desktop.agent.approvals import digest

    assert digest("a", {"x": 1, "y": 2}) == digest("a", {"y": 2, "x": 1})
    assert len({digest("a", {"x": 1}), digest("b", {"x": 1}), digest("a", {"x": 2})}) == 3
