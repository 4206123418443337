"""A turn from the wish to the last event."""

import asyncio
import subprocess
import sys

import pytest

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.agent.context import AttachedImage, TurnSettings
from kupuri_desktop.agent.events import (
    MessageCompleted,
    PlanChanged,
    RunFailed,
    TextDelta,
    ThinkingDelta,
    ToolFinished,
    ToolProgress,
    ToolStarted,
)
from kupuri_desktop.core.chat import PlanStep, ToolState, Usage
from kupuri_desktop.core.errors import (
    ModelMissing,
    ServerAnsweredBadly,
    ServerUnreachable,
    StreamBroken,
)
from kupuri_desktop.core.models import ModelRef
from tests.fakes.ollama import Call, Done, ErrorLine, FakeOllama, Text, Thinking, words
from tests.fakes.studio import Studio, hear, listen, no_memory, text_of
from tests.fakes.wire import Gate, Reset, Wait


async def test_a_wish_becomes_an_image_and_an_answer(agent: Agent, studio: Studio) -> None:
    events = await hear(agent, studio.turn("a harbour at dawn"))
    kinds = [type(event) for event in events if not isinstance(event, TextDelta)]
    assert kinds == [ToolStarted, ToolProgress, ToolFinished, MessageCompleted]
    assert studio.wishes[0].prompt == "a harbour at dawn"
    finished = next(event for event in events if isinstance(event, ToolFinished))
    assert finished.state is ToolState.DONE
    assert finished.items == tuple(item.id for item in studio.items)
    assert text_of(events) == "Done. It is on your canvas."


async def test_text_is_passed_on_while_the_model_still_speaks(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    gate = Gate()
    server.script([Text("One "), Wait(gate), Text("two.")])
    heard = ""
    async for event in listen(agent, studio.turn("count")):
        if isinstance(event, TextDelta):
            heard += event.text
            if heard == "One ":
                assert not gate.opened.is_set()
                gate.open()
    assert heard == "One two."


async def test_thinking_comes_apart_and_is_not_sent_back(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Thinking("Hm."), Call("describe_canvas", {})], words("Empty."))
    events = await hear(agent, studio.turn("what is there?"))
    assert [e.text for e in events if isinstance(e, ThinkingDelta)] == ["Hm."]
    assert text_of(events) == "Empty."


async def test_the_models_counts_are_added_up(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script(
        [Call("describe_canvas", {}), Done(prompt_tokens=100, tokens=10)],
        [Text("Nothing."), Done(prompt_tokens=120, tokens=5)],
    )
    events = await hear(agent, studio.turn("what is there?"))
    assert events[-1] == MessageCompleted(Usage(220, 15))


async def test_an_answer_that_hits_the_limit_is_told_to_be_cut(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Text("and then"), Done("length", 1, 1)])
    events = await hear(agent, studio.turn("a story"))
    assert events[-1] == MessageCompleted(Usage(1, 1), cut=True)


async def test_what_the_composer_chose_stands_in_where_the_model_says_nothing(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    chosen = TurnSettings(aspect="16:9", count=4, style="ink")
    server.script([Call("generate_image", {"prompt": "a"})], words("Done."))
    await hear(agent, studio.turn("a", settings=chosen))
    server.script(
        [Call("generate_image", {"prompt": "b", "count": 2, "aspect": "square", "style": "oil"})],
        words("Done."),
    )
    await hear(agent, studio.turn("b", settings=chosen))
    first, second = studio.wishes
    assert (first.count, first.aspect, first.style) == (4, "16:9", "ink")
    assert (second.count, second.aspect, second.style) == (2, "square", "oil")
    assert "4 images, the shape 16:9, the style ink" in server.chats[0]["messages"][0]["content"]


async def test_a_short_name_stands_for_an_item_of_the_canvas(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    item = studio.place("a boat")
    name = f"i{item[:4]}"
    server.script(
        [Call("generate_image", {"prompt": "a red boat", "variation_of": name})], words("Done.")
    )
    await hear(agent, studio.turn("make it red"))
    assert studio.wishes[0].variation_of == item
    assert name in server.chats[0]["messages"][0]["content"]


async def test_the_canvas_is_arranged_renamed_and_described(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    first, second = studio.place("one"), studio.place("two")
    server.script(
        [
            Call("arrange_items", {"layout": "row"}),
            Call("rename_project", {"name": " Two  boats "}),
        ],
        [Call("describe_canvas", {})],
        words("Done."),
    )
    events = await hear(agent, studio.turn("tidy up"))
    assert ("rename", "Two boats") in studio.calls
    arranged = dict(studio.calls)["arrange"]
    assert arranged[0] == [first, second] and arranged[1].value == "row"
    described = [event for event in events if isinstance(event, ToolFinished)][-1]
    assert '"words": "two"' in described.result


async def test_a_plan_is_shown_as_it_changes(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Call("write_plan", {"steps": ["sketch", "paint"], "done": 1})], words("Good."))
    events = await hear(agent, studio.turn("a poster"))
    plans = [event for event in events if isinstance(event, PlanChanged)]
    assert plans == [PlanChanged((PlanStep("sketch", True), PlanStep("paint", False)))]


async def test_a_failed_image_is_told_to_the_model_and_to_the_card(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    studio.failure = no_memory()
    events = await hear(agent, studio.turn("a huge wall"))
    finished = next(event for event in events if isinstance(event, ToolFinished))
    assert finished.state is ToolState.FAILED
    assert finished.problem is not None
    assert finished.problem.message == "The image engine ran out of memory."
    answer = server.chats[1]["messages"][-1]
    assert answer["role"] == "tool" and "out of memory" in answer["content"]
    assert isinstance(events[-1], MessageCompleted)


async def test_a_fault_of_ours_in_a_tool_is_an_answer_too_and_is_logged_without_the_prompt(
    agent: Agent, studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    studio.failure = ZeroDivisionError("secret prompt")
    events = await hear(agent, studio.turn("secret prompt"))
    finished = next(event for event in events if isinstance(event, ToolFinished))
    assert finished.state is ToolState.FAILED
    assert "ZeroDivisionError" in caplog.text and "secret prompt" not in caplog.text
    assert isinstance(events[-1], MessageCompleted)


async def test_a_broken_stream_fails_the_run_and_keeps_the_text(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Text("So "), Text("far"), Reset()])
    events = await hear(agent, studio.turn("go"))
    assert text_of(events) == "So far"
    assert isinstance(events[-1], RunFailed)
    assert isinstance(events[-1].error, StreamBroken)
    assert events[-1].error.kept == "The text so far is kept."


async def test_an_error_before_the_first_word_says_nothing_of_kept_text(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([ErrorLine("boom")])
    events = await hear(agent, studio.turn("go"))
    assert isinstance(events[-1], RunFailed) and not events[-1].error.kept


async def test_a_run_goes_wrong_after_a_tool_without_taking_the_image_back(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Call("generate_image", {"prompt": "a"})], [Text("It "), Reset()])
    events = await hear(agent, studio.turn("go"))
    assert [type(event) for event in events[-2:]] == [TextDelta, RunFailed]
    assert len(studio.items) == 1


async def test_an_empty_answer_is_a_failure_not_a_silence(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    server.script([Done()])
    events = await hear(agent, studio.turn("go"))
    assert isinstance(events[-1], RunFailed)
    assert isinstance(events[-1].error, ServerAnsweredBadly)


async def test_a_server_that_is_away_or_a_missing_model_fails_the_run(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    missing = await hear(agent, studio.turn("go", "ollama:llama9:1b"))
    assert isinstance(missing[-1], RunFailed) and isinstance(missing[-1].error, ModelMissing)
    nobody = await hear(agent, studio.turn("go", "martian:model"))
    assert isinstance(nobody[-1], RunFailed) and isinstance(nobody[-1].error, ModelMissing)
    await server.stop()
    away = await hear(agent, studio.turn("go"))
    assert isinstance(away[-1], RunFailed) and isinstance(away[-1].error, ServerUnreachable)


async def test_pictures_go_to_models_that_see_and_are_told_of_to_others(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    item = studio.place()
    pictures = (AttachedImage(b"\x89PNG bytes", item=item),)
    server.script(words("A boat."), words("I cannot see."))
    await hear(agent, studio.turn("what is it?", "ollama:gemma3:4b", images=pictures))
    await hear(agent, studio.turn("what is it?", "ollama:qwen3:8b", images=pictures))
    seeing, blind = (chat["messages"][-1] for chat in server.chats)
    assert len(seeing["images"]) == 1 and f"i{item[:4]}" in seeing["content"]
    assert not blind.get("images") and "cannot see" in blind["content"]


async def test_cancelling_ends_the_stream_and_nothing_follows(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    gate = Gate()
    server.script([Text("a"), Wait(gate), Text("b")])
    events = []

    async def run() -> None:
        async for event in listen(agent, studio.turn("go")):
            events.append(event)

    task = asyncio.create_task(run())
    request = await server.arrived("/api/chat")
    await gate.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await request.disconnected.wait()
    assert events in ([], [TextDelta("a")])


async def test_leaving_the_events_early_ends_the_stream(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    gate = Gate()
    server.script([Text("a"), Wait(gate), Text("b")])
    events = listen(agent, studio.turn("go"))
    await anext(events)
    await events.aclose()  # type: ignore[attr-defined]
    await server.sent_to("/api/chat")[0].disconnected.wait()


async def test_cancelling_reaches_the_running_image(agent: Agent, studio: Studio) -> None:
    studio.gate = Gate()
    task = asyncio.create_task(hear(agent, studio.turn("a boat")))
    await studio.gate.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert studio.stopped == 1 and not studio.items


async def test_preparing_a_model_asks_it_nothing_and_its_turn_works(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    await agent.prepare(ModelRef("ollama", "qwen3:8b"))
    assert not server.chats
    assert isinstance((await hear(agent, studio.turn("a boat")))[-1], MessageCompleted)
    with pytest.raises(ModelMissing):
        await agent.prepare(ModelRef("ollama", "llama9:1b"))


async def test_two_turns_can_run_at_once_with_one_agent(
    agent: Agent, studio: Studio, server: FakeOllama
) -> None:
    other = Studio()
    await asyncio.gather(hear(agent, studio.turn("a boat")), hear(agent, other.turn("a train")))
    assert [wish.prompt for wish in studio.wishes] == ["a boat"]
    assert [wish.prompt for wish in other.wishes] == ["a train"]


def test_the_light_modules_load_no_model_library() -> None:
    code = (
        "import sys, kupuri_desktop.agent.agent, kupuri_desktop.agent.events, "
        "kupuri_desktop.llm.registry, kupuri_desktop.llm.ollama, kupuri_desktop.llm.builtin, "
        "kupuri_desktop.llm.openai_compatible, kupuri_desktop.llm.anthropic\n"
        "heavy = ('langchain', 'langgraph', 'langchain_core', 'ollama', 'openai', 'anthropic')\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_preloading_loads_what_a_turn_needs_but_no_cloud_library() -> None:
    code = (
        "import sys, gc\n"
        "from kupuri_desktop.agent.agent import preload\n"
        "preload()\n"
        "assert 'langgraph' in sys.modules and gc.get_freeze_count() > 10_000\n"
        "assert 'langchain_anthropic' not in sys.modules and 'openai' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
