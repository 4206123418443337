"""What pointer and keys do to the items, each step by its name in the undo list."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kupuri_desktop.core.items import ShapeItem
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import MakeSetting

Keys: TypeAlias = Qt.KeyboardModifier


def box(key: str, x: float, y: float, side: float = 100, **more: object) -> ShapeItem:
    return ShapeItem(
        id=key,
        x=x,
        y=y,
        width=side,
        height=side,
        fill="#3366cc",
        **more,  # type: ignore[arg-type]
    )


async def test_a_click_selects_and_a_click_beside_lets_go(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0)])
    s.mouse.click(50, 50)
    assert s.view.selection.ids == ["a"]
    s.mouse.click(-200, -100)
    assert s.view.selection.ids == []


async def test_shift_adds_to_the_selection_and_takes_out_again(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0), box("b", 150, 0)])
    s.mouse.click(50, 50)
    s.mouse.click(200, 50, Keys.ShiftModifier)
    assert s.view.selection.ids == ["a", "b"]
    s.mouse.click(50, 50, Keys.ShiftModifier)
    assert s.view.selection.ids == ["b"]


async def test_a_drag_moves_by_one_edit_that_undo_takes_back(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0)])
    s.mouse.drag((50, 50), (130, 20), Keys.ControlModifier)
    item = s.canvas.items["a"]
    assert (item.x, item.y) == (80, -30)
    assert s.canvas.undo_label == "Move shape"
    s.canvas.undo()
    assert s.canvas.items["a"].x == 0
    assert s.view.layer.sheet.area("a").x() == -1.5


async def test_escape_during_a_drag_puts_everything_back(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0)])
    before = s.view.layer.sheet.area("a")
    s.mouse.press(50, 50)
    s.mouse.move(150, 90)
    assert s.view.layer.sheet.area("a") != before
    QTest.keyClick(s.view, Qt.Key.Key_Escape)
    assert s.view.layer.sheet.area("a") == before
    s.mouse.release(150, 90)
    assert s.canvas.items["a"].x == 0
    assert s.canvas.undo_label is None


async def test_an_alt_drag_leaves_the_original_and_moves_a_copy(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0)])
    s.mouse.drag((50, 50), (250, 50), Keys.AltModifier | Keys.ControlModifier)
    assert s.canvas.items["a"].x == 0
    (copy,) = (item for key, item in s.canvas.items.items() if key != "a")
    assert copy.x == 200
    assert s.view.selection.ids == [copy.id]
    assert s.canvas.undo_label == "Duplicate shape"


async def test_a_rubber_band_takes_what_it_meets(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0), box("b", 150, 0), box("c", 0, 180)])
    s.mouse.drag((-50, -50), (160, 60))
    assert sorted(s.view.selection.ids) == ["a", "b"]


async def test_the_keys_delete_nudge_select_all_and_duplicate(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0), box("b", 150, 0)])
    s.view.setFocus()
    s.mouse.click(50, 50)
    QTest.keyClick(s.view, Qt.Key.Key_Right, Keys.ShiftModifier)
    assert s.canvas.items["a"].x == 10
    s.view.action("select_all").trigger()
    assert len(s.view.selection) == 2
    s.view.action("duplicate").trigger()
    assert len(s.canvas.items) == 4
    assert s.canvas.undo_label == "Duplicate 2 items"
    s.view.action("delete").trigger()
    assert sorted(s.canvas.items) == ["a", "b"]
    s.canvas.undo()
    assert len(s.canvas.items) == 4


async def test_a_corner_resizes_an_image_in_proportion_unless_shift_is_held(
    make: MakeSetting,
) -> None:
    pictures = MemoryPictures()
    s = await make([image_item(pictures, "a", -100, -75)], pictures)
    s.mouse.click(0, 0)
    s.mouse.drag((100, 75), (200, 80), Keys.ControlModifier)
    item = s.canvas.items["a"]
    assert (item.x, item.y) == (-100, -75)
    assert (item.width, item.height) == (300, 225)
    s.mouse.drag((200, 150), (150, 180), Keys.ControlModifier | Keys.ShiftModifier)
    item = s.canvas.items["a"]
    assert (item.width, item.height) == (250, 255)
    assert s.canvas.undo_label == "Resize image"


async def test_shift_turns_in_steps_of_fifteen_degrees(make: MakeSetting) -> None:
    s = await make([box("a", -50, -50)])
    s.mouse.click(0, 0)
    s.mouse.drag((62, -62), (66, 30), Keys.ShiftModifier)
    assert s.canvas.items["a"].rotation == 75
    assert s.canvas.undo_label == "Rotate shape"


async def test_what_is_moved_snaps_to_an_edge_and_shows_a_guide(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0), box("b", 200, 150)])
    s.mouse.press(250, 200)
    s.mouse.move(150, 180)
    s.mouse.move(54, 200)
    assert any(guide.upright for guide in s.view.overlay.hints.guides)
    s.mouse.release(54, 200)
    assert s.canvas.items["b"].x == 0


async def test_undo_is_named_after_the_step_and_off_where_there_is_none(
    make: MakeSetting,
) -> None:
    s = await make([box("a", 0, 0)])
    undo, redo = s.view.action("undo"), s.view.action("redo")
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    s.mouse.drag((50, 50), (130, 20), Keys.ControlModifier)
    assert undo.text() == "Undo Move shape"
    undo.trigger()
    assert s.canvas.items["a"].x == 0
    assert (undo.isEnabled(), redo.text()) == (False, "Redo Move shape")


async def test_a_second_view_of_the_window_takes_over_the_same_actions(
    make: MakeSetting, look: Look, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(look, window)
    first = await make([box("a", 0, 0)], actions=actions)
    first.view.close_canvas()
    second = await make([box("b", 0, 0)], actions=actions)
    second.view.action("select_all").trigger()
    assert second.view.selection.ids == ["b"]
    assert first.view.selection.ids == []


async def test_a_locked_item_stays_where_it_is(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0, locked=True)])
    s.mouse.drag((50, 50), (150, 90))
    assert s.canvas.items["a"].x == 0


async def test_the_members_of_a_group_move_together_until_it_is_entered(
    make: MakeSetting,
) -> None:
    s = await make([box("a", 0, 0, group="g"), box("b", 150, 0, group="g")])
    s.mouse.drag((50, 50), (60, 150), Keys.ControlModifier)
    assert [i.y for i in s.canvas.in_order()] == [100, 100]
    s.mouse.double_click(60, 150)
    assert s.view.selection.ids == ["a"]
    s.mouse.drag((60, 150), (60, 170), Keys.ControlModifier)
    assert [i.y for i in s.canvas.in_order()] == [120, 100]


async def test_tab_takes_the_items_in_reading_order(make: MakeSetting) -> None:
    s = await make([box("c", 0, 200), box("b", 150, 10), box("a", 0, 0)])
    s.view.setFocus()
    taken = []
    for _ in range(3):
        QTest.keyClick(s.view, Qt.Key.Key_Tab)
        taken += s.view.selection.ids
    assert taken == ["a", "b", "c"]


async def test_what_is_selected_is_told_to_a_screen_reader(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0, name="Door"), box("b", 150, 10)])
    assert s.view.accessibleDescription() == "2 items, none selected"
    s.view.setFocus()
    QTest.keyClick(s.view, Qt.Key.Key_Tab)
    assert s.view.accessibleDescription() == "Door, rectangle, at 0, 0, 100 by 100"
    s.view.action("select_all").trigger()
    assert s.view.accessibleDescription() == "2 of 2 items selected"


async def test_ctrl_and_the_wheel_zoom_where_the_pointer_is(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0)])
    point = (
        s.view.camera.to_view(s.view.camera.centre())
        + s.view.camera.to_view(s.view.camera.centre()) / 4
    )
    before = s.view.camera.to_canvas(point)
    s.view.camera.zoom_at(point, 2.5)
    after = s.view.camera.to_canvas(point)
    assert (after - before).manhattanLength() < 1
    assert s.view.camera.zoom == 2.5
    await s.settle()


async def test_the_grid_holds_what_is_moved_drawn_and_resized_and_ctrl_lets_go(
    make: MakeSetting,
) -> None:
    s = await make([box("a", 3, 5)])
    assert not s.view.board.grid.on
    s.view.action("snap_to_grid").trigger()
    s.mouse.drag((50, 50), (61, 52))
    assert (s.canvas.items["a"].x, s.canvas.items["a"].y) == (16, 8)
    s.mouse.drag((60, 50), (63, 55), Keys.ControlModifier)
    assert (s.canvas.items["a"].x, s.canvas.items["a"].y) == (19, 13)
    s.view.hands.choose(Tool.RECTANGLE)
    s.mouse.drag((-203, -98), (-131, -54))
    (drawn,) = s.view.selection.items()
    assert (drawn.x, drawn.y, drawn.width, drawn.height) == (-200, -96, 72, 40)
    s.mouse.drag((-128, -56), (-117, -43))
    (drawn,) = s.view.selection.items()
    assert (drawn.width, drawn.height) == (80, 56)
    s.view.action("snap_to_grid").trigger()
    assert not s.view.board.grid.on
