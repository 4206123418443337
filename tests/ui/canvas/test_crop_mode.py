"""Cropping in place with a real mouse and keys: handles, the picture under them, shapes, steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.picture_space import cropped, to_canvas
from kupuri_desktop.ui.canvas.modes.crop_mode import CropMode
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import MakeSetting, Setting

Keys: TypeAlias = Qt.KeyboardModifier


async def with_image(make: MakeSetting, **more: Any) -> Setting:
    pictures = MemoryPictures()
    return await make([image_item(pictures, "a", -200, -150, (400, 300), **more)], pictures)


def image(s: Setting) -> ImageItem:
    item = s.canvas.items["a"]
    assert isinstance(item, ImageItem)
    return item


def mode(s: Setting) -> CropMode:
    assert isinstance(s.view.modes.mode, CropMode)
    return s.view.modes.mode


def button(s: Setting, name: str) -> QAbstractButton:
    found = s.view.findChild(QAbstractButton, name)
    assert found is not None
    return found


def key(s: Setting, which: Qt.Key, keys: Keys = Keys.NoModifier) -> None:
    QTest.keyClick(s.view, which, keys)


async def test_a_double_click_crops_by_a_handle_and_enter_makes_one_step(
    make: MakeSetting,
) -> None:
    s = await with_image(make)
    s.mouse.double_click(0, 0)
    s.mouse.drag((200, 0), (100, 40), Keys.ControlModifier)
    s.mouse.drag((-50, -150), (0, -50), Keys.ControlModifier)
    assert s.canvas.undo_label is None
    key(s, Qt.Key.Key_Return)
    assert s.view.modes.mode is None
    assert image(s).crop == Rect(0, 100, 300, 200)
    assert image(s).rect == Rect(-200, -50, 300, 200)
    assert s.canvas.undo_label == "Crop image"
    s.canvas.undo()
    assert image(s).crop is None
    assert image(s).rect == Rect(-200, -150, 400, 300)


async def test_two_quick_presses_on_one_of_several_selected_images_drag_them_all(
    make: MakeSetting,
) -> None:
    pictures = MemoryPictures()
    items = [image_item(pictures, key, x, 0, (100, 100)) for key, x in (("a", -150), ("b", 50))]
    s = await make(items, pictures)
    s.mouse.click(-100, 50)
    s.mouse.click(100, 50, Keys.ShiftModifier)
    s.mouse.press_again(100, 50)
    s.mouse.move(120, 80, Keys.ControlModifier)
    s.mouse.move(140, 90, Keys.ControlModifier)
    s.mouse.release(140, 90, Keys.ControlModifier)
    assert s.view.modes.mode is None
    assert s.canvas.undo_label == "Move 2 items"


async def test_the_picture_is_drawn_whole_while_it_is_cropped_and_cut_again_after(
    make: MakeSetting,
) -> None:
    s = await with_image(make)
    item = cropped(image(s), Rect(100, 100, 100, 100))
    s.canvas.apply("Crop", {"a": item})
    s.mouse.double_click(-50, 0)
    assert s.view.layer.sheet.area("a").getRect() == (-200, -150, 400, 300)
    key(s, Qt.Key.Key_Escape)
    assert s.view.layer.sheet.area("a").getRect() == (-100, -50, 100, 100)
    assert image(s) == item


async def test_a_drag_on_the_picture_moves_it_under_the_frame(make: MakeSetting) -> None:
    s = await with_image(make)
    s.canvas.apply("Crop", {"a": cropped(image(s), Rect(100, 100, 100, 100))})
    frame = image(s).rect
    s.mouse.click(-50, 0)
    key(s, Qt.Key.Key_C)
    s.mouse.drag((-50, 0), (-20, -10), Keys.ControlModifier)
    key(s, Qt.Key.Key_Return)
    assert image(s).rect == frame
    assert image(s).crop == Rect(70, 110, 100, 100)


async def test_escape_leaves_the_image_as_it_was(make: MakeSetting) -> None:
    s = await with_image(make)
    s.mouse.double_click(0, 0)
    s.mouse.drag((200, 0), (100, 40))
    key(s, Qt.Key.Key_Escape)
    assert s.view.modes.mode is None
    assert image(s).crop is None
    assert s.canvas.undo_label is None


@pytest.mark.parametrize(
    "more",
    [{"rotation": 90.0}, {"flip_x": True}, {"rotation": 30.0, "flip_y": True}],
)
async def test_handles_lie_where_the_picture_does_however_it_is_turned(
    make: MakeSetting, more: dict[str, Any]
) -> None:
    s = await with_image(make, **more)
    there = to_canvas(image(s))
    s.mouse.double_click(0, 0)
    s.mouse.drag(there(400, 150), there(250, 140), Keys.ControlModifier)
    key(s, Qt.Key.Key_Return)
    crop = image(s).crop
    assert crop is not None
    assert crop == Rect(0, 0, 250, 300)
    assert to_canvas(image(s))(10, 20) == pytest.approx(there(10, 20), abs=1e-6)


async def test_an_edge_near_the_pictures_own_rests_on_it(make: MakeSetting) -> None:
    s = await with_image(make)
    s.canvas.apply("Crop", {"a": cropped(image(s), Rect(50, 50, 300, 200))})
    s.mouse.double_click(0, 0)
    s.mouse.drag((150, 0), (197, 0))
    assert mode(s).crop == Rect(50, 50, 350, 200)


async def test_shapes_hold_while_a_handle_is_dragged_and_reset_shows_all(
    make: MakeSetting,
) -> None:
    s = await with_image(make)
    s.mouse.double_click(0, 0)
    button(s, "crop_1_1").click()
    assert mode(s).crop.width == mode(s).crop.height
    corner = to_canvas(mode(s).now)(mode(s).crop.right, mode(s).crop.bottom)
    s.mouse.drag(corner, (corner[0] - 80, corner[1] - 30), Keys.ControlModifier)
    assert mode(s).crop.width == mode(s).crop.height
    button(s, "crop_reset").click()
    assert mode(s).now == image(s)
    button(s, "crop_16_9").click()
    button(s, "crop_options_done").click()
    crop = image(s).crop
    assert crop is not None
    assert crop.width / crop.height == pytest.approx(16 / 9, abs=0.02)


async def test_the_arrows_move_the_frame_and_with_alt_its_corner(make: MakeSetting) -> None:
    s = await with_image(make)
    s.canvas.apply("Crop", {"a": cropped(image(s), Rect(50, 50, 300, 200))})
    s.mouse.click(0, 0)
    key(s, Qt.Key.Key_Return)
    key(s, Qt.Key.Key_Right, Keys.ShiftModifier)
    key(s, Qt.Key.Key_Down, Keys.AltModifier)
    assert mode(s).crop == Rect(60, 50, 300, 201)


async def test_nothing_else_hears_the_keys_meanwhile(make: MakeSetting) -> None:
    s = await with_image(make)
    s.mouse.double_click(0, 0)
    key(s, Qt.Key.Key_Delete)
    assert "a" in s.canvas.items
    assert mode(s)


async def test_a_press_beside_the_picture_keeps_the_crop(make: MakeSetting) -> None:
    s = await with_image(make)
    s.mouse.double_click(0, 0)
    s.mouse.drag((200, 0), (100, 0), Keys.ControlModifier)
    s.mouse.click(300, 250)
    assert s.view.modes.mode is None
    assert image(s).crop == Rect(0, 0, 300, 300)


async def test_an_image_that_changes_meanwhile_ends_the_cropping(make: MakeSetting) -> None:
    s = await with_image(make)
    s.mouse.double_click(0, 0)
    s.canvas.apply("Move", {"a": replace(image(s), x=0.0)})
    assert s.view.modes.mode is None
    assert s.view.layer.sheet.area("a").x() == 0


async def test_the_crop_button_is_there_for_one_image_alone(make: MakeSetting) -> None:
    pictures = MemoryPictures()
    one = image_item(pictures, "a", -200, -150, (200, 150))
    two = image_item(pictures, "b", 50, -150, (200, 150))
    s = await make([one, two], pictures)
    crop = button(s, "canvas_pop_crop")
    s.view.selection.set(["a"])
    assert crop.isVisible()
    s.view.selection.set(["a", "b"])
    assert not crop.isVisible()
    assert not s.view.action("crop").isEnabled()


async def test_space_still_moves_the_view(make: MakeSetting) -> None:
    s = await with_image(make)
    s.mouse.double_click(0, 0)
    before = s.view.camera.to_view(QPointF(0, 0))
    QTest.keyPress(s.view, Qt.Key.Key_Space)
    s.mouse.drag((0, 0), (50, 0))
    QTest.keyRelease(s.view, Qt.Key.Key_Space)
    assert s.view.camera.to_view(QPointF(0, 0)) != before
    assert mode(s).now == image(s)
