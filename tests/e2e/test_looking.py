"""Ways of looking at a project in the window: panels, map, comparing, presenting."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from kupuri_desktop.ui.window_state import WindowState
from kupuri_desktop.workspace.incoming import Picture
from tests.e2e.desk import Desk, desk, until
from tests.ui.canvas.board import picture, png

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


async def board(studio: Desk) -> list[str]:
    """A new project with three images, and the keyboard in its window; their ids."""
    studio.face.actions["new_project"].trigger()
    await until(lambda: studio.face._project is not None)
    arrived = await studio.workspace.incoming.add_pictures(
        [Picture(png(picture(120, 80, seed)), f"Draft {seed}") for seed in range(3)]
    )
    studio.window.activateWindow()
    await until(studio.window.isActiveWindow)
    return [item.id for item in arrived.items]


async def test_what_is_open_is_open_again_at_the_next_start(tmp_path):
    file = tmp_path / "window.json"
    async with desk(tmp_path / "data") as studio:
        await board(studio)
        assert studio.room.panels.column.isHidden()
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
            QTest.keyClick(studio.window, key, ALT)
        assert studio.room.panels.layers.isVisible()
        assert not studio.room.looking.minimap.wanted
        studio.face.state().write(file)
    async with desk(tmp_path / "data", state=WindowState.read(file)) as studio:
        await studio.open_first_project()
        panels = studio.room.panels
        assert panels.layers.isVisible()
        assert panels.inspector.isVisible()
        assert studio.face.actions["toggle_layers"].isChecked()
        assert not studio.room.looking.minimap.wanted


async def test_info_opens_the_inspector_at_how_the_image_was_made(tmp_path):
    async with desk(tmp_path) as studio:
        first, *_ = await board(studio)
        studio.window.resize(1280, 600)
        studio.room.canvas.selection.set([first])
        studio.find(QAbstractButton, "canvas_pop_image_info").click()
        inspector = studio.room.panels.inspector
        assert inspector.isVisible()
        details = inspector.details
        await until(lambda: not details.visibleRegion().isEmpty())
        assert details.facts["pixels"].value.words == "120 × 80"


async def test_images_are_compared_and_presented_by_keys_alone(tmp_path):
    async with desk(tmp_path) as studio:
        ids = await board(studio)
        canvas, looking = studio.room.canvas, studio.room.looking
        canvas.setFocus()
        canvas.selection.set(ids[:2])
        QTest.keyClick(canvas, Qt.Key.Key_C, SHIFT)
        assert looking.comparison is not None
        stage = looking.comparison.stage
        QTest.keyClick(stage, Qt.Key.Key_3)
        comparison = looking.comparison
        await until(lambda: comparison.numbers())
        QTest.keyClick(stage, Qt.Key.Key_B)
        assert canvas.selection.ids == [ids[1]]
        assert studio.workspace.canvas.items[ids[0]].hidden
        QTest.keyClick(studio.window, Qt.Key.Key_F5)
        show = looking.show
        assert show is not None
        await until(lambda: show.shown is not None)
        assert show.sign() == "Draft 1   1 / 2"
        QTest.keyClick(show, Qt.Key.Key_Right)
        QTest.keyClick(show, Qt.Key.Key_Escape)
        assert looking.show is None
        assert studio.window.focusWidget() is canvas


async def test_leaving_the_project_ends_what_lies_over_it(tmp_path):
    async with desk(tmp_path) as studio:
        ids = await board(studio)
        studio.room.canvas.selection.set(ids)
        studio.face.actions["compare"].trigger()
        studio.face.actions["present"].trigger()
        looking = studio.room.looking
        studio.face.actions["go_home"].trigger()
        assert looking.comparison is None
        assert looking.show is None
        assert not studio.face.actions["compare_swap"].isEnabled()
