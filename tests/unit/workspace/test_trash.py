"""Back from the trash: into the open project or the closed one, and for good out of it."""

import pytest

from kupuri_desktop.core.chat import Message, Role, TextPart
from kupuri_desktop.core.errors import Conflict
from kupuri_desktop.core.items import NoteItem
from kupuri_desktop.core.trash import Discarded
from kupuri_desktop.workspace.trash import Trash


def note(key: str, text: str = "", x: float = 0) -> NoteItem:
    return NoteItem(id=key, x=x, y=0, width=100, height=100, text=text)


@pytest.fixture
async def thrown(studio, workspace):
    """The open project with three notes in the trash."""
    workspace.canvas.add("Add", [note("a", "Apples"), note("b", x=200), note("c", x=400)])
    workspace.canvas.delete(["a", "b", "c"])
    await workspace.saved()
    return workspace


def bin_of(studio, *opened) -> Trash:
    known = {workspace.project.id: workspace for workspace in opened}
    return Trash(studio.storage, studio.projects, known.get)


async def test_items_come_back_to_the_open_canvas_as_one_named_step(studio, thrown):
    trash = bin_of(studio, thrown)
    entries = [e for e in await trash.list() if e.id in ("a", "b")]
    restored = await trash.restore(entries, (0, 0))
    assert {entry.id for entry in restored.entries} == {"a", "b"}
    assert thrown.canvas.items["a"] == note("a", "Apples")
    assert thrown.canvas.undo_label == "Restore 2 items"
    assert [entry.id for entry in await trash.list()] == ["c"]
    thrown.canvas.undo()
    await thrown.saved()
    assert len(await trash.list()) == 3


async def test_one_item_is_named_in_the_undo_list(studio, thrown):
    trash = bin_of(studio, thrown)
    await trash.restore([e for e in await trash.list() if e.id == "a"])
    assert thrown.canvas.undo_label == "Restore Apples"


async def test_items_come_back_to_a_closed_project_with_a_step_to_undo(studio, thrown):
    project = thrown.project.id
    await thrown.leave()
    await thrown.aclose()
    trash = bin_of(studio)
    await trash.restore(await trash.list(project))
    state = await studio.storage.canvases.load(project)
    assert {item.id for item in state.items} == {"a", "b", "c"}
    assert state.done[-1].label == "Restore 3 items"


async def test_a_chat_comes_back_to_the_open_project_and_its_list(studio, workspace):
    trash, conversation = bin_of(studio, workspace), workspace.conversation
    first = conversation.session.id
    said = Message(session=first, role=Role.USER, parts=(TextPart("a fox"),))
    await studio.storage.chats.save_message(said)
    await conversation.trash(first)
    assert [session.id for session in conversation.trashed] == [first]
    heard: list[None] = []
    trash.changed.connect(heard.append)
    await trash.restore(await trash.list())
    assert first in {session.id for session in conversation.sessions}
    assert conversation.trashed == []
    await conversation.switch(first)
    assert conversation.messages[0].text == "a fox"
    assert len(heard) == 1


async def test_a_project_at_work_is_not_deleted_for_good(studio, workspace):
    class Busy:
        busy = True
        canvas, conversation, saved = workspace.canvas, workspace.conversation, workspace.saved

    await studio.projects.trash(workspace.project.id)
    trash = Trash(studio.storage, studio.projects, lambda key: Busy())
    entries = await trash.list()
    assert [entry.kind for entry in entries] == [Discarded.PROJECT]
    with pytest.raises(Conflict):
        await trash.delete(entries)
    assert await bin_of(studio).delete(entries) == 1
    assert await studio.projects.list(trashed=True) == []
