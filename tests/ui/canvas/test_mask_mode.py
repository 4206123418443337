"""Masking with a real mouse and keys: strokes, shapes and sizes, each a step that undo takes."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.picture_space import cropped, to_canvas, whole
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.modes.mask_bar import MaskTool
from kupuri_desktop.ui.canvas.modes.mask_mode import MaskMode
from kupuri_desktop.ui.widgets.numbers import NumberField
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import MakeSetting, Setting

Keys: TypeAlias = Qt.KeyboardModifier


class MemoryMasks:
    """Keeps masks among the pictures; `gate` holds them on their way."""

    def __init__(self, pictures: MemoryPictures) -> None:
        self._pictures = pictures
        self.gate = asyncio.Event()
        self.gate.set()

    async def keep(self, png: bytes) -> str:
        await self.gate.wait()
        return self._pictures.add_bytes(png)


async def with_image(make: MakeSetting, size: tuple[int, int] = (400, 300), **more: Any) -> Setting:
    pictures = MemoryPictures()
    item = replace(image_item(pictures, "a", -200, -150, size), width=400, height=300, **more)
    s = await make([item], pictures)
    s.view.modes.keep_masks_in(MemoryMasks(pictures))
    s.view.selection.set(["a"])
    return s


def image(s: Setting) -> ImageItem:
    item = s.canvas.items["a"]
    assert isinstance(item, ImageItem)
    return item


def mode(s: Setting) -> MaskMode:
    assert isinstance(s.view.modes.mode, MaskMode)
    return s.view.modes.mode


async def mask(s: Setting) -> np.ndarray[Any, Any]:
    """The mask as it is stored."""
    await s.settle()
    key = image(s).mask
    assert key is not None
    picture = Image.open(io.BytesIO(await s.pictures.data(key)))
    assert picture.mode == "L"
    return np.asarray(picture)


def key(s: Setting, which: Qt.Key, keys: Keys = Keys.NoModifier) -> None:
    QTest.keyClick(s.view, which, keys)


def button(s: Setting, name: str) -> QAbstractButton:
    found = s.view.findChild(QAbstractButton, name)
    assert found is not None
    return found


def at(item: ImageItem, u: float, v: float) -> tuple[float, float]:
    return to_canvas(item)(u, v)


async def test_a_stroke_becomes_a_mask_by_one_named_step_that_undo_takes_back(
    make: MakeSetting,
) -> None:
    s = await with_image(make)
    s.view.action("tool_mask").trigger()
    assert s.view.hands.tool is Tool.MASK
    s.mouse.drag((-100, 0), (100, 0))
    grey = await mask(s)
    assert grey.shape == (300, 400)
    assert grey[150, 200] == 255
    assert grey[20, 20] == 0
    assert s.canvas.undo_label == "Mask: brush stroke"
    s.mouse.drag((-100, 100), (100, 100))
    both = await mask(s)
    assert both[250, 200] == both[150, 200] == 255
    s.view.undo()
    assert np.array_equal(await mask(s), grey)
    assert np.array_equal(mode(s).raster.pixels, grey)
    s.view.undo()
    assert image(s).mask is None
    await s.settle()
    assert mode(s).raster.pixels.max() == 0
    s.canvas.redo()
    await s.settle()
    assert np.array_equal(mode(s).raster.pixels, grey)


async def test_x_and_alt_erase(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    button(s, "mask_fill").click()
    s.mouse.click(0, 0, Keys.AltModifier)
    grey = await mask(s)
    assert grey[150, 200] == 0 and grey[20, 20] == 255
    assert s.canvas.undo_label == "Mask: erase"
    key(s, Qt.Key.Key_X)
    s.mouse.click(-150, -100)
    assert (await mask(s))[50, 50] == 0
    key(s, Qt.Key.Key_X)
    s.mouse.click(0, 0)
    assert (await mask(s))[150, 200] == 255


@pytest.mark.parametrize(
    ("which", "tool", "label"),
    [
        (Qt.Key.Key_R, MaskTool.RECTANGLE, "Mask: rectangle"),
        (Qt.Key.Key_O, MaskTool.ELLIPSE, "Mask: ellipse"),
    ],
)
async def test_shapes_are_laid_down_when_the_hand_lets_go(
    make: MakeSetting, which: Qt.Key, tool: MaskTool, label: str
) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    key(s, which)
    assert mode(s).options.tool is tool
    s.mouse.drag((-100, -50), (100, 50))
    grey = await mask(s)
    assert grey[150, 200] == 255
    assert (grey[102, 102] == 255) == (tool is MaskTool.RECTANGLE)
    assert grey[95, 200] == 0
    assert s.canvas.undo_label == label


async def test_a_lasso_follows_the_hand(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    key(s, Qt.Key.Key_L)
    s.mouse.press(-100, -100)
    for point in ((100, -100), (100, 100), (0, 0)):
        s.mouse.move(*point)
    s.mouse.release(0, 0)
    grey = await mask(s)
    assert grey[100, 250] == 255
    assert grey[200, 150] == 0
    assert s.canvas.undo_label == "Mask: lasso"


@pytest.mark.parametrize(
    "more", [{"rotation": 90.0}, {"flip_x": True}, {"rotation": 40.0, "flip_y": True}]
)
async def test_the_mask_is_in_the_pictures_pixels_however_it_is_turned(
    make: MakeSetting, more: dict[str, Any]
) -> None:
    s = await with_image(make, **more)
    s.view.action("mask").trigger()
    s.mouse.click(*at(image(s), 100, 80))
    grey = await mask(s)
    assert grey[80, 100] == 255
    rows, columns = np.nonzero(grey)
    assert abs(rows.mean() - 80) < 1.5 and abs(columns.mean() - 100) < 1.5


async def test_a_cropped_image_is_masked_where_it_shows_its_picture(make: MakeSetting) -> None:
    s = await with_image(make)
    part = replace(whole(image(s)), x=200.0, y=100.0, width=100.0, height=100.0)
    s.canvas.apply("Crop", {"a": cropped(image(s), part)})
    s.view.selection.set(["a"])
    s.view.action("mask").trigger()
    s.mouse.click(*at(image(s), 240, 160))
    assert (await mask(s))[160, 240] == 255


async def test_feather_and_invert_are_steps_that_leave_the_mask_alone(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    s.mouse.click(0, 0)
    before = await mask(s)
    key(s, Qt.Key.Key_I)
    assert image(s).mask_invert
    assert s.canvas.undo_label == "Mask: invert"
    field = s.view.findChild(NumberField, "mask_feather")
    assert field is not None
    field.setText("24")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert image(s).mask_feather == 24
    assert s.canvas.undo_label == "Mask: feather"
    assert np.array_equal(await mask(s), before)
    s.view.undo()
    s.view.undo()
    assert not image(s).mask_invert
    assert field.text() == "0 px"


async def test_clear_takes_the_mask_off_and_fill_covers_everything(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    button(s, "mask_fill").click()
    assert (await mask(s)).min() == 255
    button(s, "mask_clear").click()
    await s.settle()
    assert image(s).mask is None
    assert s.canvas.undo_label == "Mask: clear"


async def test_the_brackets_and_a_drag_with_the_right_button_set_the_size(
    make: MakeSetting,
) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    size, hardness = mode(s).options.size, mode(s).options.hardness
    key(s, Qt.Key.Key_BracketRight)
    assert mode(s).options.size > size
    key(s, Qt.Key.Key_BracketLeft)
    assert mode(s).options.size == pytest.approx(size)
    for kind, x, y in (
        (QEvent.Type.MouseButtonPress, 0, 0),
        (QEvent.Type.MouseMove, 20, 40),
        (QEvent.Type.MouseButtonRelease, 20, 40),
    ):
        there = s.view.camera.to_view(QPointF(x, y))
        target = s.view.viewport()
        held = Qt.MouseButton.RightButton
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else held
        event = QMouseEvent(kind, there, target.mapToGlobal(there), pressed, held, Keys.AltModifier)
        QApplication.sendEvent(target, event)
    assert mode(s).options.size == pytest.approx(size + 0.1)
    assert mode(s).options.hardness == pytest.approx(hardness - 0.2)
    assert image(s).mask is None


async def test_undo_takes_back_a_stroke_that_is_still_on_its_way(make: MakeSetting) -> None:
    s = await with_image(make)
    masks = MemoryMasks(s.pictures)
    s.view.modes.keep_masks_in(masks)
    s.view.action("mask").trigger()
    s.mouse.click(-100, 0)
    first = await mask(s)
    masks.gate.clear()
    s.mouse.click(100, 0)
    assert mode(s).waiting == 1
    s.view.undo()
    assert mode(s).waiting == 0
    masks.gate.set()
    assert np.array_equal(await mask(s), first)
    assert np.array_equal(mode(s).raster.pixels, first)


async def test_escape_takes_back_a_stroke_under_way_and_then_leaves(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    s.mouse.press(0, 0)
    s.mouse.move(50, 0)
    key(s, Qt.Key.Key_Escape)
    s.mouse.release(50, 0)
    assert mode(s).raster.pixels.max() == 0
    key(s, Qt.Key.Key_Escape)
    assert s.view.modes.mode is None
    assert s.view.hands.tool is Tool.SELECT
    assert image(s).mask is None


async def test_a_stroke_reaches_the_canvas_though_the_mode_is_left_at_once(
    make: MakeSetting,
) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    s.mouse.click(0, 0)
    key(s, Qt.Key.Key_Return)
    assert (await mask(s))[150, 200] == 255


async def test_the_mask_tool_takes_the_image_that_is_clicked_first(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.selection.clear()
    s.view.action("tool_mask").trigger()
    assert s.view.modes.mode is None
    s.mouse.click(0, 0)
    assert mode(s).item == "a"
    s.view.action("tool_pen").trigger()
    assert s.view.modes.mode is None
    assert s.view.hands.tool is Tool.PEN


async def test_a_large_image_is_masked_in_its_own_pixels(make: MakeSetting) -> None:
    s = await with_image(make, size=(2400, 1800))
    s.view.action("mask").trigger()
    s.mouse.click(0, 0)
    grey = await mask(s)
    assert grey.shape == (1800, 2400)
    assert grey[900, 1200] == 255
    key(s, Qt.Key.Key_Return)
    s.view.action("mask").trigger()
    await s.settle()
    assert mode(s).ready
    assert mode(s).raster.pixels[mode(s).raster.size[1] // 2, 1024] == 255


async def test_the_wash_is_seen_over_what_may_change(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    before = s.view.viewport().grab().toImage()
    key(s, Qt.Key.Key_R)
    s.mouse.drag((-100, -50), (100, 50))
    await mask(s)
    after = s.view.viewport().grab().toImage()
    there = s.view.camera.to_view(QPointF(0, 30)).toPoint()
    beside = s.view.camera.to_view(QPointF(0, 90)).toPoint()
    assert after.pixelColor(there).red() > before.pixelColor(there).red()
    assert after.pixelColor(beside) == before.pixelColor(beside)


async def test_an_image_with_a_mask_carries_a_mark(make: MakeSetting) -> None:
    s = await with_image(make)
    s.view.selection.clear()
    corner = s.view.camera.to_view(QPointF(-200, -150)).toPoint()
    corner.setX(corner.x() + 8)
    corner.setY(corner.y() + 17)
    before = s.view.viewport().grab().toImage().pixelColor(corner)
    s.canvas.apply("Mask", {"a": replace(image(s), mask=s.pictures.add_bytes(b"mask"))})
    s.view.selection.clear()
    after = s.view.viewport().grab().toImage().pixelColor(corner)
    assert after.lightness() < before.lightness() or after.value() < before.value()


async def test_no_key_draws_or_takes_another_item_while_a_mask_is_painted(
    make: MakeSetting,
) -> None:
    s = await with_image(make)
    s.view.action("mask").trigger()
    s.view.action("draw_here").trigger()
    key(s, Qt.Key.Key_Backtab)
    key(s, Qt.Key.Key_Left)
    key(s, Qt.Key.Key_Delete)
    assert mode(s).item == "a"
    assert list(s.canvas.items) == ["a"]
    assert s.canvas.undo_label is None


async def test_whoever_selects_something_else_has_done_with_the_mask(make: MakeSetting) -> None:
    pictures = MemoryPictures()
    first = image_item(pictures, "a", -200, -150)
    s = await make([first, image_item(pictures, "b", 100, -150)], pictures)
    s.view.modes.keep_masks_in(MemoryMasks(pictures))
    s.view.selection.set(["a"])
    s.view.action("mask").trigger()
    s.view.selection.set(["b"])
    assert s.view.modes.mode is None
    assert s.view.hands.tool is Tool.SELECT
