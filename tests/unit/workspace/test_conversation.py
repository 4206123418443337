"""Chats: sending, waiting, stopping, trying again, and coming back after the end of Kupuri."""

import asyncio

import pytest

from kupuri_desktop.agent.events import (
    ApprovalRequested,
    MessageCompleted,
    RunFailed,
    RunStopped,
    TextDelta,
    ThinkingDelta,
    ToolFinished,
    ToolStarted,
)
from kupuri_desktop.core.chat import (
    Confirmation,
    Decision,
    ErrorPart,
    MessageState,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
    Usage,
)
from kupuri_desktop.core.errors import NotFound, ServerUnreachable, StreamBroken, UsageError
from kupuri_desktop.workspace.run import TurnOptions
from tests.unit.workspace.conftest import Studio

DONE = MessageCompleted(Usage(12, 34))


async def answered(workspace, studio, *events):
    turn = await studio.agent.next_turn()
    turn.say(*events)
    turn.end()
    await workspace.conversation.idle()
    return turn


async def test_an_answer_is_streamed_and_stored_with_its_model_and_usage(workspace, studio):
    grown: list[str] = []
    workspace.conversation.grew.connect(lambda growth: grown.append(growth.delta))
    await workspace.conversation.send("Hello")
    await answered(workspace, studio, TextDelta("Hi "), TextDelta("there"), DONE)
    wish, answer = await studio.storage.chats.messages(workspace.conversation.session.id)
    assert (wish.role, wish.text) == (Role.USER, "Hello")
    assert (answer.state, answer.text) == (MessageState.COMPLETE, "Hi there")
    assert (answer.model, answer.usage) == ("thinker:one", Usage(12, 34))
    assert grown == ["there"]


async def test_what_an_answer_took_is_recorded(workspace, studio):
    await workspace.conversation.send("Hello")
    await answered(workspace, studio, TextDelta("Hi"), DONE)
    [(model, totals)] = (await studio.storage.usage.totals()).items()
    assert str(model) == "thinker:one"
    assert (totals.input_tokens, totals.output_tokens) == (12, 34)


async def test_thinking_is_kept_apart_from_the_answer(workspace, studio):
    await workspace.conversation.send("Why?")
    await answered(workspace, studio, ThinkingDelta("Hm."), TextDelta("So."), DONE)
    parts = workspace.conversation.messages[-1].parts
    assert parts == (ThinkingPart("Hm."), TextPart("So."))


async def test_the_next_turn_gets_the_whole_history_and_not_itself(workspace, studio):
    await workspace.conversation.send("One")
    await answered(workspace, studio, TextDelta("First."), DONE)
    await workspace.conversation.send("Two")
    turn = await answered(workspace, studio, DONE)
    assert [message.text for message in turn.turn.history] == ["One", "First."]
    assert turn.turn.text == "Two"


async def test_a_wish_typed_during_a_run_waits_and_says_so(workspace, studio):
    conversation = workspace.conversation
    await conversation.send("One")
    second = await conversation.send("Two")
    assert second.state is MessageState.QUEUED
    assert conversation.queue == (second,)
    turn = await studio.agent.next_turn()
    turn.say(TextDelta("1"), DONE)
    turn.end()
    turn = await studio.agent.next_turn()
    assert turn.turn.text == "Two"
    turn.end()
    await conversation.idle()
    states = {message.text: message.state for message in conversation.messages}
    assert states["Two"] is MessageState.COMPLETE


async def test_each_waiting_wish_comes_after_the_answer_before_it(workspace, studio):
    conversation = workspace.conversation
    for words in ("One", "Two", "Three"):
        await conversation.send(words)
    for number in range(3):
        turn = await studio.agent.next_turn()
        assert len(turn.turn.history) == 2 * number
        turn.say(TextDelta(f"Answer {number + 1}"), DONE)
        turn.end()
    await conversation.idle()
    await workspace.saved()
    order = ["One", "Answer 1", "Two", "Answer 2", "Three", "Answer 3"]
    assert [message.text for message in conversation.messages] == order
    stored = await studio.storage.chats.messages(conversation.session.id)
    assert [message.text for message in stored] == order


async def test_a_waiting_wish_goes_back_into_the_composer(workspace, studio):
    conversation = workspace.conversation
    await conversation.send("One")
    second = await conversation.send("Two")
    assert conversation.unqueue(second.id) == "Two"
    assert "Two" not in [message.text for message in conversation.messages]
    await answered(workspace, studio, DONE)
    with pytest.raises(NotFound):
        conversation.unqueue(second.id)
    stored = await studio.storage.chats.messages(conversation.session.id)
    assert "Two" not in [message.text for message in stored]


async def test_stop_keeps_the_text_and_closes_the_open_tool_call(workspace, studio):
    await workspace.conversation.send("Draw")
    turn = await studio.agent.next_turn()
    turn.say(TextDelta("On it."), ToolStarted("call", "generate_image", {"prompt": "x"}))
    await until(lambda: workspace.conversation.messages[-1].tool_calls)
    workspace.conversation.stop()
    await workspace.conversation.idle()
    await workspace.saved()
    assert turn.cancelled.is_set()
    stored = (await studio.storage.chats.messages(workspace.conversation.session.id))[-1]
    assert (stored.state, stored.text) == (MessageState.STOPPED, "On it.")
    assert stored.tool_calls[0].state is ToolState.CANCELLED
    assert stored.tool_calls[0].result


async def test_after_a_stop_the_next_wish_goes_on_with_that_history(workspace, studio):
    await workspace.conversation.send("Draw")
    await studio.agent.next_turn()
    workspace.conversation.stop()
    await workspace.conversation.idle()
    await workspace.conversation.send("Go on")
    turn = await answered(workspace, studio, TextDelta("Yes."), DONE)
    assert [message.state for message in turn.turn.history] == [
        MessageState.COMPLETE,
        MessageState.STOPPED,
    ]
    assert workspace.conversation.messages[-1].text == "Yes."


async def test_a_stream_that_breaks_keeps_its_text_under_an_error_card(workspace, studio):
    await workspace.conversation.send("Tell me")
    broken = RunFailed(StreamBroken("The connection was lost."), Usage())
    await answered(workspace, studio, TextDelta("Once upon"), broken)
    answer = workspace.conversation.messages[-1]
    assert (answer.state, answer.text) == (MessageState.FAILED, "Once upon")
    [error] = [part for part in answer.parts if isinstance(part, ErrorPart)]
    assert error.problem.kept == "The text so far is kept."
    assert error.problem.action is not None


async def test_trying_again_drops_the_bare_error_and_asks_anew(workspace, studio):
    conversation = workspace.conversation
    await conversation.send("Hello", options=TurnOptions(count=2))
    await answered(workspace, studio, RunFailed(ServerUnreachable("Nobody answers."), Usage()))
    failed = conversation.messages[-1]
    await conversation.retry(failed.id)
    turn = await answered(workspace, studio, TextDelta("Hi."), DONE)
    assert (turn.turn.text, turn.turn.settings.count) == ("Hello", 2)
    assert [message.text for message in conversation.messages] == ["Hello", "Hi."]


async def test_a_failed_run_holds_the_waiting_wishes_back(workspace, studio):
    conversation = workspace.conversation
    await conversation.send("One")
    await conversation.send("Two")
    await answered(workspace, studio, RunFailed(ServerUnreachable("Nobody answers."), Usage()))
    assert not conversation.running
    assert [message.text for message in conversation.queue] == ["Two"]
    await conversation.retry(conversation.messages[0].id)
    for _ in range(2):
        turn = await studio.agent.next_turn()
        turn.say(DONE)
        turn.end()
    await conversation.idle()
    assert conversation.queue == ()


async def test_a_guard_that_ends_a_run_says_why(workspace, studio):
    await workspace.conversation.send("Loop")
    await answered(workspace, studio, RunStopped("The same tool was called three times.", Usage()))
    answer = workspace.conversation.messages[-1]
    assert answer.state is MessageState.STOPPED
    assert "three times" in answer.parts[-1].problem.message


async def test_an_empty_wish_is_refused(workspace):
    with pytest.raises(UsageError):
        await workspace.conversation.send("   ")
    assert workspace.conversation.messages == []


async def test_the_first_wish_names_the_chat_and_the_project(workspace, studio):
    await workspace.conversation.send("A sunset landscape")
    await answered(workspace, studio, DONE)
    await until(lambda: workspace.project.name == "A sunset landscape")
    assert workspace.conversation.session.name == "A sunset landscape"


async def test_directly_goes_past_the_language_model(workspace, studio):
    await workspace.conversation.send("A fox", options=TurnOptions("16:9", 2, direct=True))
    for _ in range(2):
        (await studio.engine.next_job()).finish()
    await workspace.conversation.idle()
    answer = workspace.conversation.messages[-1]
    assert studio.agent.started.empty()
    assert len(answer.tool_calls[0].items) == 2
    assert answer.state is MessageState.COMPLETE
    assert {item.making.prompt for item in workspace.canvas.items.values()} == {"A fox"}


async def test_a_wish_whose_only_image_is_stopped_is_not_called_done(workspace, studio):
    await workspace.conversation.send("A fox", options=TurnOptions(direct=True))
    job = await studio.engine.next_job()
    workspace.generations.stop(job.request.job_id)
    await workspace.conversation.idle()
    [call] = workspace.conversation.messages[-1].tool_calls
    assert (call.state, call.items) == (ToolState.FAILED, ())
    assert "stopped" in call.problem.message


async def test_an_approval_is_shown_answered_and_remembered(workspace, studio):
    asked = Confirmation(
        id="call", session="s", run="r", tool="delete_items", arguments={}, digest="d"
    )
    await workspace.conversation.send("Clean up")
    turn = await studio.agent.next_turn()
    assert "delete_items" in turn.turn.settings.ask_before
    turn.say(ToolStarted("call", "delete_items", {}), ApprovalRequested(asked))
    await until(
        lambda: any(
            call.state is ToolState.AWAITING_APPROVAL
            for call in workspace.conversation.messages[-1].tool_calls
        )
    )
    workspace.conversation.answer("call", Decision.SESSION)
    assert studio.agent.answers == [("call", True)]
    turn.say(ToolFinished("call", ToolState.DONE, "ok"), DONE)
    turn.end()
    await workspace.conversation.idle()
    await workspace.conversation.send("Again")
    turn = await answered(workspace, studio, DONE)
    assert "delete_items" not in turn.turn.settings.ask_before


async def test_always_is_asked_of_the_settings_and_no_is_no(workspace, studio):
    await workspace.conversation.send("Clean up")
    turn = await studio.agent.next_turn()
    turn.say(ToolStarted("a", "delete_items", {}), ToolStarted("b", "delete_items", {}))
    await until(lambda: len(workspace.conversation.messages[-1].tool_calls) == 2)
    workspace.conversation.answer("a", Decision.REJECT)
    assert studio.always == []
    workspace.conversation.answer("b", Decision.ALWAYS)
    assert studio.always == ["delete_items"]
    turn.end()
    await workspace.conversation.idle()


async def test_chats_are_kept_apart_and_one_goes_on_behind_another(workspace, studio):
    conversation = workspace.conversation
    first = conversation.session
    await conversation.send("In the first")
    turn = await studio.agent.next_turn()
    second = await conversation.new_session()
    assert conversation.messages == []
    assert conversation.busy and not conversation.running
    turn.say(TextDelta("Done."), DONE)
    turn.end()
    await conversation.idle()
    await conversation.switch(first.id)
    assert [message.text for message in conversation.messages] == ["In the first", "Done."]
    await conversation.trash(first.id)
    assert conversation.session.id == second.id
    assert first.id not in [session.id for session in conversation.sessions]


async def test_kupuri_that_ends_in_mid_run_shows_the_partial_text_as_interrupted(tmp_path):
    studio = await Studio.open(tmp_path)
    workspace = await studio.workspace()
    await workspace.conversation.send("Tell me")
    turn = await studio.agent.next_turn()
    turn.say(TextDelta("Once upon"))
    await until(lambda: workspace.conversation.messages[-1].text)
    await studio.close(workspace)

    studio = await Studio.open(tmp_path)
    workspace = await studio.workspace()
    answer = workspace.conversation.messages[-1]
    assert (answer.state, answer.text) == (MessageState.INTERRUPTED, "Once upon")
    await studio.close(workspace)


async def test_a_tool_call_of_an_earlier_life_shows_the_image_that_came_later(workspace, studio):
    conversation = workspace.conversation
    await conversation.send("A fox", options=TurnOptions(direct=True))
    job = await studio.engine.next_job()
    call = conversation.messages[-1].tool_calls[0]
    conversation.stop()
    await conversation.idle()
    assert conversation.messages[-1].tool_calls[0].state is ToolState.CANCELLED
    stored = await studio.storage.jobs.get(job.request.job_id)
    workspace.conversation.collected(type(stored)(**_fields(stored) | {"item": stored.id}))
    shown = conversation.messages[-1].tool_calls[0]
    assert isinstance(shown, ToolCallPart)
    assert (shown.id, shown.state, shown.items) == (call.id, ToolState.DONE, (stored.id,))


def _fields(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


async def until(holds):
    """Gives the loop its turns until something holds; the test's time limit is the end of it."""
    while not holds():
        await asyncio.sleep(0)
