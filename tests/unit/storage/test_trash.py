"""The trash of all projects: what it lists, and how it is emptied."""

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.chat import Message, Role, Session, TextPart
from kupuri_desktop.core.items import Making, NoteItem
from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.trash import Discarded
from tests.unit.storage.samples import image_item, png


async def filled(storage, project):
    """A canvas with two things thrown away, a chat, and another project in the trash."""
    asset = (await storage.assets.add(png())).id
    canvas = Canvas(
        await storage.canvases.load(project.id),
        lambda change: storage.canvases.record(project.id, change),
    )
    making = Making("a red fox", "x:y", 1, 1, 1)
    note = NoteItem(id="n", x=0, y=0, width=9, height=9, text="Call\nback")
    canvas.add("Add", [image_item("i", asset, making=making), note])
    canvas.delete(["i", "n"])
    session = await storage.chats.create_session(Session(project=project.id, name="Talk"))
    said = Message(session=session.id, role=Role.USER, parts=(TextPart("zebra"),))
    await storage.chats.save_message(said)
    await storage.chats.trash_session(session.id)
    silent = await storage.chats.create_session(Session(project=project.id, name="New chat"))
    await storage.chats.trash_session(silent.id)
    other = await storage.canvases.create(Project(name="Old"))
    await storage.canvases.trash(other.id)
    return asset, session, other


async def test_all_kinds_are_listed_with_what_a_person_knows_them_by(storage, project):
    asset, session, other = await filled(storage, project)
    listed = {(entry.kind, entry.id): entry for entry in await storage.trash.list()}
    assert len(listed) == 4
    fox = listed[Discarded.ITEM, "i"]
    assert (fox.name, fox.item_kind, fox.asset) == ("a red fox", "image", asset)
    assert (fox.project, fox.project_name) == (project.id, project.name)
    assert listed[Discarded.ITEM, "n"].name == "Call back"
    assert listed[Discarded.SESSION, session.id].count == 1
    assert listed[Discarded.PROJECT, other.id].name == "Old"
    of_one = await storage.trash.list(project.id)
    assert {entry.id for entry in of_one} == {"i", "n", session.id}


async def test_what_belongs_to_a_project_in_the_trash_comes_and_goes_with_it(storage, project):
    await filled(storage, project)
    await storage.canvases.trash(project.id)
    assert {entry.kind for entry in await storage.trash.list()} == {Discarded.PROJECT}


async def test_what_is_deleted_for_good_is_in_no_table_and_no_search(storage, project):
    await filled(storage, project)
    entries = await storage.trash.list()
    assert await storage.trash.delete(entries) == 4
    assert await storage.trash.list() == []
    assert await storage.trash.delete(entries) == 0
    assert await storage.search.find("zebra") == []
    for table in ("project", "session", "message", "trashed_item"):
        [[count]] = await storage.database.read(
            lambda database, table=table: database.execute_sql(
                f"SELECT count(*) FROM {table}"
            ).fetchall()
        )
        assert count == {"project": 1, "session": 1}.get(table, 0)


async def test_nothing_that_was_restored_meanwhile_is_deleted(storage, project):
    await filled(storage, project)
    entries = await storage.trash.list()
    for entry in entries:
        if entry.kind is Discarded.PROJECT:
            await storage.canvases.restore(entry.id)
        if entry.kind is Discarded.SESSION:
            await storage.chats.restore_session(entry.id)
    assert await storage.trash.delete(entries) == 2
    assert len(await storage.canvases.list()) == 2


async def test_an_item_that_cannot_be_read_keeps_the_others_not_away(storage, project):
    await filled(storage, project)
    await storage.database.write(
        lambda database: database.execute_sql("UPDATE trashed_item SET body = '{' WHERE id = 'n'")
    )
    assert {e.id for e in await storage.trash.list() if e.kind is Discarded.ITEM} == {"i"}
    assert [item.id for item in await storage.trash.items(project.id, ["i", "n", "x"])] == ["i"]
