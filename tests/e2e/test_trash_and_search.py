"""Everything a person deletes comes back, and everything they wrote is found, in the whole app."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu

from kupuri_desktop.core.trash import Discarded
from kupuri_desktop.ui.home.rail import Room
from kupuri_desktop.ui.search.rows import ROW
from kupuri_desktop.ui.trash.page import TrashPage
from tests.e2e.desk import desk, until


async def test_a_deleted_image_comes_back_on_its_canvas_and_can_be_undone(tmp_path):
    async with desk(tmp_path / "data") as studio:
        await studio.wish_from_home("Generate a lake")
        await studio.answered()
        [image] = studio.images
        studio.room.canvas.selection.set([image.id])
        studio.room.canvas.action("delete").trigger()
        assert studio.images == []
        studio.face.actions["deleted_items"].trigger()
        panel = studio.face._overview.trash.panel
        await until(lambda: [entry.id for entry in panel.list.entries] == [image.id])
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
        await until(lambda: studio.images == [image])
        await until(lambda: studio.room.canvas.selection.ids == [image.id])
        assert (studio.workspace.canvas.undo_label or "").startswith("Restore ")
        studio.face.actions["undo"].trigger()
        await until(lambda: [entry.id for entry in panel.list.entries] == [image.id])


async def test_a_deleted_chat_comes_back_from_the_toast_and_from_the_menu(tmp_path):
    async with desk(tmp_path / "data") as studio:
        await studio.wish_from_home("Generate a lake")
        await studio.answered()
        chats = studio.workspace.conversation
        first = chats.session.id
        studio.room.chat.header.trash_requested.emit(first)
        await until(lambda: chats.session.id != first)
        toast = studio.find(QAbstractButton, "toast_action")
        await until(lambda: toast.text() == "Undo")
        toast.click()
        await until(lambda: chats.session.id == first)
        studio.room.chat.header.trash_requested.emit(first)
        await until(lambda: chats.session.id != first)
        menu = studio.room.chat.header.open_menu()
        [gone] = [each for each in menu.actions() if each.text() == "Deleted chats"]
        below = gone.menu()
        assert isinstance(below, QMenu)
        below.actions()[0].trigger()
        menu.close()
        await until(lambda: chats.session.id == first)
        assert len(studio.messages) == 2


async def test_the_trash_of_all_projects_brings_back_and_leads_there(tmp_path):
    async with desk(tmp_path / "data") as studio:
        await studio.wish_from_home("Generate a lake")
        await studio.answered()
        [image] = studio.images
        key = studio.workspace.project.id
        studio.workspace.canvas.delete([image.id])
        await studio.workspace.saved()
        other = await studio.app.projects.create("Old posters")
        await studio.app.projects.trash(other.id)
        studio.window.show_room(Room.TRASH)
        page = studio.find(TrashPage, "trash_page")
        await until(lambda: len(page.list.entries) == 2)
        assert {entry.kind for entry in page.list.entries} == {Discarded.PROJECT, Discarded.ITEM}
        page.list.selectAll()
        studio.find(QAbstractButton, "trash_restore").click()
        await until(lambda: page.list.entries == [])
        assert {project.id for project in await studio.app.projects.list()} == {key, other.id}
        studio.face.actions["go_home"].trigger()
        studio.window.home.opened.emit(key)
        await until(lambda: studio.face._project is not None)
        assert studio.images == [image]


async def test_a_prompt_and_a_message_are_found_and_gone_to_from_another_project(tmp_path):
    async with desk(tmp_path / "data") as studio:
        await studio.wish_from_home("Generate a lonely lighthouse")
        await studio.answered()
        [image] = studio.images
        wish, key = studio.messages[0], studio.workspace.project.id
        await studio.workspace.conversation.new_session()
        studio.face.actions["new_project"].trigger()
        await until(lambda: studio.workspace.project.id != key)
        await search(studio, "lonely lightho", "item")
        await until(lambda: studio.workspace.project.id == key)
        await until(lambda: studio.room.canvas.selection.ids == [image.id])
        studio.face.actions["new_project"].trigger()
        await until(lambda: studio.workspace.project.id != key)
        await search(studio, "lonely lightho", "message")
        await until(lambda: studio.workspace.project.id == key)
        await until(lambda: studio.workspace.conversation.session.id == wish.session)


async def search(studio, words: str, kind: str) -> None:
    """Types and takes the first hit of a kind."""
    studio.face.actions["search"].trigger()
    panel = studio.face._overview.search.panel
    panel.field.clear()
    QTest.keyClicks(panel.field, words)

    def found() -> list[int]:
        model = panel.list.model()
        rows = [(n, model.index(n, 0).data(ROW)) for n in range(model.rowCount())]
        return [n for n, row in rows if row.hit.kind == kind and not row.heading]

    await until(found)
    place = panel.list.visualRect(panel.list.model().index(found()[0], 0)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
