"""The inspector's line on a mask: there where there is one, and each change a named step."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.panels.mask_line import MaskLine
from tests.ui.canvas.board import MemoryPictures, image_item, picture
from tests.ui.canvas.conftest import MakeSetting, Setting


async def with_mask(make: MakeSetting) -> tuple[Setting, MaskLine]:
    pictures = MemoryPictures()
    item = image_item(pictures, "a", 0, 0)
    s = await make([replace(item, mask=pictures.add(picture(200, 150, 5)))], pictures)
    return s, MaskLine(s.view.look, s.canvas, pictures, s.view.tasks)


def image(s: Setting) -> ImageItem:
    item = s.canvas.items["a"]
    assert isinstance(item, ImageItem)
    return item


async def test_an_image_without_a_mask_has_no_line(make: MakeSetting) -> None:
    s, line = await with_mask(make)
    assert line.show_image(image(s))
    assert not line.show_image(replace(image(s), mask=None))
    line.deleteLater()


async def test_feather_invert_and_clear_are_steps(make: MakeSetting) -> None:
    s, line = await with_mask(make)
    line.show_image(image(s))
    line.feather.setText("12")
    QTest.keyClick(line.feather, Qt.Key.Key_Return)
    assert (image(s).mask_feather, s.canvas.undo_label) == (12, "Mask: feather")
    line.show_image(image(s))
    line.invert.click()
    assert (image(s).mask_invert, s.canvas.undo_label) == (True, "Mask: invert")
    assert image(s).mask_feather == 12
    line.show_image(image(s))
    line.clear.click()
    assert (image(s).mask, s.canvas.undo_label) == (None, "Mask: clear")
    await s.settle()
    line.deleteLater()


async def test_the_thumbnail_shows_the_mask_and_asks_to_paint(make: MakeSetting) -> None:
    s, line = await with_mask(make)
    line.show_image(image(s))
    empty = line.thumbnail.grab().toImage()
    await s.settle()
    assert line.thumbnail.grab().toImage() != empty
    asked: list[bool] = []
    line.paint_asked.connect(lambda: asked.append(True))
    line.thumbnail.click()
    assert asked
    line.deleteLater()
