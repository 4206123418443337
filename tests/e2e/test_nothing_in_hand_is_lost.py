"""Whoever closes in the middle of something finds it at the next start, as it was seen last."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from kupuri_desktop.core.items import ShapeItem, StrokeItem, TextItem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.face import Face
from kupuri_desktop.ui.home.rail import Room
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.running import Life
from kupuri_desktop.ui.widgets.toast import Toast
from tests.e2e.desk import Desk, until
from tests.e2e.test_masks_and_marks import drag, with_picture
from tests.ui.test_trouble import living

BOX = ShapeItem(id="box", x=0, y=0, width=200, height=100, fill="#336699", stroke=None)


@asynccontextmanager
async def life(root: Path, qtbot) -> AsyncIterator[Desk]:
    """From the start to the closed window, as a person has it: leaving closes it."""
    async with living(DataFolder(root), qtbot) as (running, window):
        yield await desk_of(running, window)
        window.close()


async def desk_of(running: Life, window: MainWindow) -> Desk:
    await until(lambda: running._face is not None)
    face = running._face
    assert isinstance(face, Face)
    running._app.setQuitOnLastWindowClosed(False)
    return Desk(face._kupuri, window, face)


async def with_box(studio: Desk) -> None:
    studio.face.actions["new_project"].trigger()
    await until(lambda: studio.face._project is not None)
    studio.workspace.canvas.add("Draw shape", [BOX])
    studio.room.canvas.fit_all()
    studio.room.canvas.selection.set([BOX.id])


async def items_after(root: Path, qtbot) -> list:
    async with life(root, qtbot) as studio:
        await studio.open_first_project()
        return list(studio.workspace.canvas.items.values())


def leave(studio: Desk, how: str) -> None:
    if how == "home":
        studio.window.show_room(Room.HOME)


WAYS = pytest.mark.parametrize("how", ["home", "close"])


@WAYS
async def test_a_mask_stroke_that_is_being_stored_is_kept(tmp_path: Path, qtbot, how: str) -> None:
    async with life(tmp_path, qtbot) as studio:
        item = await with_picture(studio)
        view = studio.room.canvas
        view.action("tool_mask").trigger()
        drag(studio, item, (128, 96), (200, 150), (384, 288))
        assert studio.images[0].mask is None, "it is on its way still"
        leave(studio, how)
    [image] = await items_after(tmp_path, qtbot)
    assert image.mask is not None


async def test_a_project_that_is_reopened_at_once_has_the_stroke(tmp_path: Path, qtbot) -> None:
    async with life(tmp_path, qtbot) as studio:
        item = await with_picture(studio)
        studio.room.canvas.action("tool_mask").trigger()
        drag(studio, item, (128, 96), (200, 150), (384, 288))
        studio.window.show_room(Room.HOME)
        await studio.open_first_project()
        assert studio.images[0].mask is not None


@WAYS
async def test_a_crop_that_was_not_confirmed_is_kept(tmp_path: Path, qtbot, how: str) -> None:
    async with life(tmp_path, qtbot) as studio:
        item = await with_picture(studio)
        studio.room.canvas.action("crop").trigger()
        drag(studio, item, (0, 0), (50, 40), (128, 96))
        leave(studio, how)
    [image] = await items_after(tmp_path, qtbot)
    assert image.crop is not None


@WAYS
async def test_words_that_are_being_written_are_kept(tmp_path: Path, qtbot, how: str) -> None:
    async with life(tmp_path, qtbot) as studio:
        await with_box(studio)
        view = studio.room.canvas
        view.writing.begin(TextItem(id="words", x=0, y=200, width=300, height=40, text=""))
        assert view.writing._field is not None
        view.writing._field.setPlainText("Half a sent")
        leave(studio, how)
    kept = await items_after(tmp_path, qtbot)
    assert [item.text for item in kept if isinstance(item, TextItem)] == ["Half a sent"]


@WAYS
async def test_a_stroke_of_the_pen_that_is_being_drawn_is_kept(
    tmp_path: Path, qtbot, how: str
) -> None:
    async with life(tmp_path, qtbot) as studio:
        await with_box(studio)
        view = studio.room.canvas
        view.hands.choose(Tool.PEN)
        places = [view.camera.to_view(QPointF(x, 150)) for x in (0, 60, 120)]
        view.hands.press(places[0], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        for place in places[1:]:
            view.hands.move(place, Qt.KeyboardModifier.NoModifier)
        leave(studio, how)
    kept = await items_after(tmp_path, qtbot)
    assert [type(item) for item in kept if item.id != BOX.id] == [StrokeItem]


@WAYS
async def test_a_number_that_is_being_scrubbed_is_kept(tmp_path: Path, qtbot, how: str) -> None:
    async with life(tmp_path, qtbot) as studio:
        await with_box(studio)
        studio.face.actions["toggle_inspector"].trigger()
        field = studio.find(QLineEdit, "inspector_x")
        await until(field.isVisible)
        at = field.rect().center()
        at.setX(6)
        QTest.mousePress(field, Qt.MouseButton.LeftButton, pos=at)
        for far in (20, 40, 60):
            QTest.mouseMove(field, at + type(at)(far, 0))
        wanted = field.number
        assert wanted not in (None, 0.0)
        leave(studio, how)
    [box] = await items_after(tmp_path, qtbot)
    assert box.x == wanted


@WAYS
async def test_a_name_that_is_being_typed_is_kept(tmp_path: Path, qtbot, how: str) -> None:
    async with life(tmp_path, qtbot) as studio:
        await with_box(studio)
        studio.face.actions["rename_project"].trigger()
        QTest.keyClicks(studio.room.bar.name, "Bakery")
        leave(studio, how)
    async with life(tmp_path, qtbot) as studio:
        assert [each.name for each in await studio.app.projects.list()] == ["Bakery"]


async def test_a_name_that_is_being_typed_on_a_card_is_kept(tmp_path: Path, qtbot) -> None:
    async with life(tmp_path, qtbot) as studio:
        project = await studio.app.projects.create()
        grid = studio.window.home.grid
        await until(lambda: grid.card(project.id) is not None)
        card = grid.card(project.id)
        assert card is not None
        card.rename()
        QTest.keyClicks(studio.find(QLineEdit, "card_name_field"), "Bakery")
    async with life(tmp_path, qtbot) as studio:
        assert [each.name for each in await studio.app.projects.list()] == ["Bakery"]


async def test_a_colour_picked_for_nobody_is_told(tmp_path: Path, qtbot) -> None:
    async with life(tmp_path, qtbot) as studio:
        await with_box(studio)
        studio.room.colours.pick()
        dropper = studio.room.colours.dropper
        QTest.keyClick(dropper, Qt.Key.Key_Return)
        [toast] = studio.window.findChildren(Toast)
        words = [label.text() for label in toast.findChildren(QLabel) if label.text()]
        assert toast.isVisible()
        assert words == ["Copied #336699, also to draw with"]
