"""Chats: sessions, messages in their order, questions and their answers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kupuri_desktop.core.chat import (
    Confirmation,
    ConfirmationState,
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    PlanPart,
    PlanStep,
    Role,
    Session,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
    Usage,
)
from kupuri_desktop.core.errors import Action, Mend, NotFound, Problem


@pytest.fixture
async def session(storage, project) -> Session:
    return await storage.chats.create_session(Session(project=project.id))


async def test_a_message_comes_back_with_all_its_parts(storage, session):
    problem = Problem("ServerBusy", "Busy.", action=Action(Mend.RETRY, "Try again"))
    message = Message(
        session=session.id,
        role=Role.ASSISTANT,
        parts=(
            TextPart("Größe 🌇"),
            ThinkingPart("hm"),
            ImagePart("a" * 64, "item"),
            ToolCallPart("c", "t", {"n": [1, None]}, ToolState.FAILED, "no", ("i",), problem),
            PlanPart((PlanStep("one", True), PlanStep("two"))),
            ErrorPart(problem),
        ),
        state=MessageState.STOPPED,
        run="run",
        model="ollama:x",
        usage=Usage(3, 4),
    )
    await storage.chats.save_message(message)
    assert await storage.chats.messages(session.id) == [message]


async def test_messages_keep_the_order_in_which_they_were_first_saved(storage, session):
    messages = [
        Message(session=session.id, role=Role.USER, parts=(TextPart(str(number)),))
        for number in range(5)
    ]
    for message in messages:
        storage.chats.save_message(message)
    later = replace(messages[0], parts=(TextPart("more"),))
    await storage.chats.save_message(later)
    assert await storage.chats.messages(session.id) == [later, *messages[1:]]


async def test_a_message_of_a_chat_that_is_gone_is_refused(storage):
    with pytest.raises(NotFound):
        await storage.chats.save_message(Message(session="nowhere", role=Role.USER))


async def test_sessions_can_be_renamed_thrown_away_and_restored(storage, project, session):
    renamed = await storage.chats.change_session(session.id, name="Lighthouses")
    assert renamed.name == "Lighthouses"
    await storage.chats.trash_session(session.id)
    assert await storage.chats.sessions(project.id) == []
    (thrown,) = await storage.chats.sessions(project.id, trashed=True)
    assert thrown.trashed is not None
    await storage.chats.restore_session(session.id)
    (back,) = await storage.chats.sessions(project.id)
    assert back.name == "Lighthouses"


async def test_a_session_that_is_not_there_is_said_to_be_gone(storage):
    for call in (storage.chats.trash_session, storage.chats.restore_session):
        with pytest.raises(NotFound):
            await call("nowhere")
    with pytest.raises(NotFound):
        await storage.chats.change_session("nowhere", name="x")


async def test_the_chat_that_was_spoken_in_last_comes_first(storage, project, session):
    other = await storage.chats.create_session(Session(project=project.id))
    await storage.chats.save_message(Message(session=session.id, role=Role.USER))
    found = await storage.chats.sessions(project.id)
    assert [one.id for one in found] == [session.id, other.id]


async def test_a_confirmation_comes_back_with_its_answer(storage, session):
    asked = Confirmation(
        id="call",
        session=session.id,
        run="run",
        tool="generate_image",
        arguments={"prompt": "x", "count": 2},
        digest="abc",
    )
    await storage.chats.save_confirmation(asked)
    answered = replace(
        asked, state=ConfirmationState.APPROVED, answered=datetime(2026, 1, 2, tzinfo=UTC)
    )
    await storage.chats.save_confirmation(answered)
    assert await storage.chats.confirmations(session.id) == [answered]


async def test_a_message_that_cannot_be_read_keeps_its_place_and_its_row(storage, session):
    first = Message(session=session.id, role=Role.USER, parts=(TextPart("one"),))
    second = Message(
        session=session.id, role=Role.ASSISTANT, parts=(), state=MessageState.STREAMING
    )
    await storage.chats.save_message(first)
    await storage.chats.save_message(second)
    await storage.database.write(
        lambda database: database.execute_sql("UPDATE message SET parts = '[{' || parts")
    )
    told: list[Problem] = []
    storage.database.damage_found.connect(told.append)
    shown = await storage.chats.messages(session.id)
    await storage.database.saved()
    assert ["could not be read" in message.text for message in shown] == [True, True]
    assert told

    from kupuri_desktop.storage.chats import close_interrupted

    await storage.database.write(close_interrupted)
    rows = await storage.database.read(
        lambda database: list(database.execute_sql("SELECT state, parts FROM message"))
    )
    assert [row[0] for row in rows] == ["complete", "interrupted"]
    assert all(row[1].startswith("[{[") for row in rows)
