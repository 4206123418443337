"""Proves what the transcript shows: few widgets for many messages, and the newest text in sight."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from kupuri_desktop.core.chat import (
    Message,
    MessageState,
    TextPart,
    ThinkingPart,
    ToolCallPart,
)
from kupuri_desktop.ui.chat.prose import Prose
from kupuri_desktop.ui.chat.protocol import ToolProgressed
from kupuri_desktop.ui.chat.text_rows import FootRow, TextRow, ThinkingRow, UserRow
from tests.ui.chat.conftest import OpenDock, one
from tests.ui.chat.scripted import ScriptedConversation, drawn

Make = Callable[..., Message]


def shown_text(dock: OpenDock) -> str:
    return "\n".join(prose.text for prose in dock.transcript.findChildren(Prose))


def fill(conversation: ScriptedConversation, wish: Make, answer: Make, count: int) -> None:
    for number in range(count):
        conversation.messages.append(wish(f"wish {number}"))
        conversation.messages.append(answer(TextPart(f"answer {number}\n\n" + "words " * 60)))


async def test_thousands_of_messages_have_widgets_only_in_sight(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    fill(conversation, wish, answer, 2_000)
    dock.show_conversation(conversation)
    await dock.settle()
    assert dock.transcript.row_count() == 6_000
    assert 3 <= len(dock.transcript.live_views()) < 40
    assert "answer 1999" in shown_text(dock)


async def test_scrolling_brings_older_messages_and_stops_following(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    fill(conversation, wish, answer, 300)
    dock.show_conversation(conversation)
    await dock.settle()
    assert dock.newest.isHidden()
    dock.transcript.verticalScrollBar().setValue(0)
    await dock.settle()
    assert "wish 0" in shown_text(dock)
    assert not dock.transcript.following
    assert not dock.newest.isHidden()
    assert len(dock.transcript.live_views()) < 60


async def test_the_newest_button_goes_back_to_the_end(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    fill(conversation, wish, answer, 50)
    dock.show_conversation(conversation)
    dock.transcript.verticalScrollBar().setValue(0)
    dock.newest.click()
    bar = dock.transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert dock.newest.isHidden()


async def test_text_that_streams_in_does_not_move_what_is_being_read(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    fill(conversation, wish, answer, 40)
    dock.show_conversation(conversation)
    message = conversation.say(answer(TextPart("so"), state=MessageState.STREAMING))
    await dock.settle()
    bar = dock.transcript.verticalScrollBar()
    bar.setValue(bar.maximum() - 900)
    await dock.settle()
    views = [view for view in dock.transcript.live_views() if view.isVisible()]
    before = [view.geometry() for view in views[:4]]
    for _ in range(50):
        message = conversation.stream(message, " more words on and on")
    await dock.settle()
    assert [view.geometry() for view in views[:4]] == before


async def test_streamed_text_is_collected_and_followed(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    message = conversation.say(answer(TextPart("One"), state=MessageState.STREAMING))
    await dock.settle()
    prose = one(dock.transcript, Prose)
    for number in range(400):
        message = conversation.stream(message, f" word{number}")
    assert prose.text == "One"
    await dock.settle()
    assert prose.text.endswith("word399")
    bar = dock.transcript.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()


async def test_only_the_last_block_is_laid_out_anew(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    text = TextPart("First.\n\nSecond.\n\nThird")
    message = conversation.say(answer(text, state=MessageState.STREAMING))
    await dock.settle()
    prose = one(dock.transcript, Prose)
    before = [laid.document for laid in prose._laid]
    conversation.stream(message, " and more")
    await dock.settle()
    after = [laid.document for laid in prose._laid]
    assert after[:2] == before[:2]
    assert after[2] is not before[2]


async def test_growth_and_a_change_in_the_same_frame_do_not_double_the_text(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    message = conversation.say(answer(TextPart("a"), state=MessageState.STREAMING))
    await dock.settle()
    message = conversation.stream(message, "b")
    conversation.put(replace(message, state=MessageState.COMPLETE))
    await dock.settle()
    assert one(dock.transcript, Prose).text == "ab"


async def test_text_grown_out_of_sight_is_there_when_it_comes_into_sight(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    fill(conversation, wish, answer, 60)
    dock.show_conversation(conversation)
    message = conversation.say(answer(TextPart("start"), state=MessageState.STREAMING))
    dock.transcript.verticalScrollBar().setValue(0)
    await dock.settle()
    conversation.stream(message, " and the end")
    await dock.settle()
    dock.newest.click()
    await dock.settle()
    assert "start and the end" in shown_text(dock)


async def test_thinking_is_folded_to_its_first_line_and_opens_by_keyboard(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    thought = ThinkingPart("**First** I look.\nThen I think.")
    conversation.say(answer(thought, TextPart("Done."), state=MessageState.COMPLETE))
    await dock.settle()
    row = one(dock.transcript, ThinkingRow)
    assert row._line.accessibleName() == "Thought: First** I look."
    folded = row.height()
    QTest.keyClick(row._line, Qt.Key.Key_Return)
    await dock.settle()
    assert row.height() > folded
    assert row._prose.isVisible()


async def test_states_are_marked_in_words(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    for state in (MessageState.STOPPED, MessageState.INTERRUPTED, MessageState.FAILED):
        conversation.say(answer(TextPart("half"), state=state))
    conversation.say(wish("later", state=MessageState.QUEUED))
    await dock.settle()
    marks = [label.text() for label in dock.findChildren(QLabel, "message_state")]
    assert marks == [
        "Stopped",
        "Interrupted: Kupuri was closed",
        "Failed",
        "Waits until this answer is done",
    ]


async def test_a_message_that_is_taken_away_leaves_no_row(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make
) -> None:
    kept = conversation.say(wish("kept"))
    gone = conversation.say(wish("gone", state=MessageState.QUEUED))
    await dock.settle()
    conversation.unqueue(gone.id)
    await dock.settle()
    assert dock.transcript.row_count() == 1
    assert [view.objectName() for view in dock.transcript.live_views()] == ["user_message"]
    assert dock.transcript.message(kept.id) is not None


async def test_progress_shows_its_share_time_and_preview(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    call = ToolCallPart("c1", "generate_image", {"prompt": "a fox"})
    message = conversation.say(answer(call, state=MessageState.STREAMING))
    await dock.settle()
    view = dock.transcript.live_views()[0]
    before = view.height()
    news = ToolProgressed(message.id, "c1", 0.42, drawn(1, 64, 48), "Step 9 of 20", 12.0)
    conversation.tool_progressed.emit(news)
    await dock.settle()
    await dock.settle()
    assert view.height() > before + 100
    assert [label.text() for label in view.findChildren(QLabel, "tool_state")] == ["42 %"]
    assert view._note.words == "Step 9 of 20 · 12 s left"  # type: ignore[attr-defined]
    assert view._preview._pixmap.width() == 64  # type: ignore[attr-defined]


async def test_news_of_a_call_that_has_ended_are_not_kept(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    call = ToolCallPart("c1", "generate_image", {"prompt": "a fox"})
    message = conversation.say(answer(call, state=MessageState.STREAMING))
    conversation.tool_progressed.emit(ToolProgressed(message.id, "c1", 0.5, b"no picture"))
    await dock.settle()
    assert set(dock.stage.progress) == {"c1"}
    conversation.put(message.closed(MessageState.STOPPED))
    await dock.settle()
    assert dock.stage.progress == {}


async def test_a_change_of_theme_and_of_width_is_followed(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    fill(conversation, wish, answer, 3)
    dock.show_conversation(conversation)
    await dock.settle()
    dock._look.choose("light")
    dock.resize(700, 800)
    await dock.settle()
    rows = [v for v in dock.transcript.live_views() if isinstance(v, TextRow | UserRow | FootRow)]
    assert rows
    for row in rows:
        assert row.height() == row.height_for(row.width())
    dock._look.choose("dark")
