"""Two images are held together: slider, side by side, what differs, and one of them is kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem, Item, Making, NoteItem
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import WINDOW_ACTIONS
from kupuri_desktop.ui.looking.compare.comparison import Comparison
from kupuri_desktop.ui.looking.compare.difference import difference_of, fitted
from kupuri_desktop.ui.looking.compare.pair import facts_of, picture_of
from kupuri_desktop.ui.looking.compare.stage import Mode
from kupuri_desktop.ui.looking.room import LookingRoom
from kupuri_desktop.ui.regions import make_region, regions
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, png
from tests.ui.canvas.conftest import MakeSetting, Setting
from tests.ui.finding import find

LEFT = Qt.MouseButton.LeftButton


def plain(colour: str, width: int = 200, height: int = 100) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


class Nothing:
    """No image is being made."""

    def __init__(self) -> None:
        self.changed: Signal[Any] = Signal()
        self.removed: Signal[str] = Signal()

    def current(self) -> list[Any]:
        return []


class Desk:
    def __init__(self, setting: Setting, house: QWidget, room: LookingRoom) -> None:
        self.setting, self.house, self.room = setting, house, room
        self.view, self.canvas = setting.view, setting.canvas

    def compare(self, *ids: str) -> Comparison:
        self.view.selection.set(ids)
        self.view.action("compare").trigger()
        assert self.room.comparison is not None
        return self.room.comparison

    async def read(self) -> None:
        async with asyncio.timeout(20):
            while self.view.tasks.running():
                await asyncio.sleep(0.005)

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier | None = None) -> None:
        """A key where the keyboard is."""
        comparison = self.room.comparison
        assert comparison is not None
        QTest.keyClick(comparison.stage, key, keys or Qt.KeyboardModifier.NoModifier)


Build = Callable[..., Awaitable[Desk]]


def image(pictures: MemoryPictures, key: str, colour: str, **more: Any) -> ImageItem:
    size = {"width": 200, "height": 100} | {
        k: more.pop(k) for k in ("width", "height") if k in more
    }
    asset = pictures.add(plain(colour, **size))
    making = Making(prompt=f"a {key} field", model="flux", seed=ord(key[0]), **size)
    item = ImageItem(
        id=key, x=0, y=0, asset=asset, natural_width=size["width"],
        natural_height=size["height"], name=key, making=making, **size,
    )  # fmt: skip
    return replace(item, **more)


@pytest.fixture
async def desk(make: MakeSetting, look: Look) -> AsyncIterator[Build]:
    made: list[Desk] = []

    async def build(*items: Item, pictures: MemoryPictures) -> Desk:
        house = QWidget()
        actions = Actions(look, house)
        actions.add(WINDOW_ACTIONS)
        setting = await make(items, pictures, actions=actions)
        column = QVBoxLayout(house)
        column.setContentsMargins(0, 40, 0, 0)
        column.addWidget(setting.view)
        house.resize(900, 700)
        house.show()
        room = LookingRoom(setting.view, pictures, Nothing(), actions, house)  # type: ignore[arg-type]
        made.append(Desk(setting, house, room))
        await setting.settle()
        return made[-1]

    yield build
    for each in made:
        each.room.leave()
        each.view.close_canvas()
        each.house.close()
        each.view.setParent(None)
        each.house.deleteLater()


@pytest.fixture
async def three(desk: Build) -> Desk:
    pictures = MemoryPictures()
    items = [image(pictures, key, key) for key in ("red", "blue", "lime")]
    return await desk(*items, NoteItem(id="note", x=0, y=0, width=9, height=9), pictures=pictures)


def at(comparison: Comparison, x: float, y: float = 0.5) -> str:
    """The colour of the stage at a share of its first pane's frame."""
    stage = comparison.stage
    frame = stage.frame_in(stage._panes()[0])
    shown = stage.grab().toImage()
    point = QPoint(int(frame.left() + frame.width() * x), int(frame.top() + frame.height() * y))
    return shown.pixelColor(point * shown.devicePixelRatio()).name()


async def test_it_takes_two_images(three: Desk) -> None:
    action, selection = three.view.action("compare"), three.view.selection
    selection.set(["red", "note"])
    assert not action.isEnabled()
    selection.set(["red", "note", "blue"])
    assert action.isEnabled()
    button = find(three.view, QAbstractButton, "canvas_pop_compare")
    assert button.isVisibleTo(three.view)
    button.click()
    comparison = three.room.comparison
    assert comparison is not None
    assert comparison.pair == ("red", "blue")
    assert comparison.geometry().size() == three.view.size()
    await three.read()


async def test_the_slider_parts_the_two_where_it_is_dragged_or_moved_by_keys(three: Desk) -> None:
    comparison = three.compare("red", "blue")
    await three.read()
    assert (at(comparison, 0.3), at(comparison, 0.7)) == ("#ff0000", "#0000ff")
    stage = comparison.stage
    frame = stage.frame_in(stage._panes()[0])
    y = int(frame.center().y())
    QTest.mousePress(stage, LEFT, pos=QPoint(int(stage.line()), y))
    QTest.mouseMove(stage, QPoint(int(frame.left() + frame.width() * 0.9), y))
    QTest.mouseRelease(stage, LEFT, pos=QPoint(int(frame.left() + frame.width() * 0.9), y))
    assert at(comparison, 0.7) == "#ff0000"
    for _ in range(3):
        three.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    three.press(Qt.Key.Key_Right)
    assert stage.share == pytest.approx(0.61, abs=0.01)
    three.press(Qt.Key.Key_X)
    assert (at(comparison, 0.3), at(comparison, 0.9)) == ("#0000ff", "#ff0000")


async def test_side_by_side_both_move_and_zoom_together(three: Desk) -> None:
    comparison = three.compare("red", "blue")
    await three.read()
    three.press(Qt.Key.Key_2)
    stage = comparison.stage
    assert stage.mode is Mode.SIDE
    left, right = (stage.frame_in(pane) for pane in stage._panes())
    assert left.right() <= stage.width() / 2 <= right.left()
    three.press(Qt.Key.Key_P)
    assert stage.zoom == 1 / stage.devicePixelRatioF()
    three.press(Qt.Key.Key_Plus)
    three.press(Qt.Key.Key_Down)
    panes = stage._panes()
    offsets = [stage.frame_in(pane).topLeft() - pane.topLeft() for pane in panes]
    assert offsets[0] == offsets[1]
    assert not stage.fits
    three.press(Qt.Key.Key_0)
    assert stage.fits


async def test_a_drag_of_the_view_pans_and_a_double_click_fits(three: Desk) -> None:
    comparison = three.compare("red", "blue")
    await three.read()
    stage = comparison.stage
    stage.choose(Mode.SIDE)
    stage.zoom_to(4.0)
    before = stage.frame_in(stage._panes()[0])
    QTest.mousePress(stage, LEFT, pos=QPoint(100, 300))
    QTest.mouseMove(stage, QPoint(130, 310))
    QTest.mouseRelease(stage, LEFT, pos=QPoint(130, 310))
    moved = stage.frame_in(stage._panes()[0]).topLeft() - before.topLeft()
    assert (round(moved.x()), round(moved.y())) == (30, 10)
    QTest.mouseDClick(stage, LEFT, pos=QPoint(100, 300))
    assert stage.fits


async def test_the_difference_is_shown_stronger_and_in_numbers(three: Desk) -> None:
    comparison = three.compare("red", "blue")
    three.press(Qt.Key.Key_3)
    await three.read()
    assert at(comparison, 0.5) == "#ff00ff"
    assert comparison.numbers() == ("66.67 % different on average, 100.0 % of the pixels changed")
    three.press(Qt.Key.Key_E)
    assert comparison.amplify == 8
    await three.read()


async def test_more_than_two_are_gone_through_in_pairs(three: Desk) -> None:
    comparison = three.compare("red", "blue", "lime")
    assert comparison.pair_in_words() == "1 of 3"
    three.press(Qt.Key.Key_PageDown)
    assert comparison.pair == ("red", "lime")
    three.press(Qt.Key.Key_PageUp)
    three.press(Qt.Key.Key_PageUp)
    assert (comparison.pair, comparison.pair_in_words()) == (("blue", "lime"), "3 of 3")
    await three.read()


async def test_keeping_one_hides_the_other_goes_on_and_is_undone_by_name(three: Desk) -> None:
    comparison = three.compare("red", "blue", "lime")
    await three.read()
    three.press(Qt.Key.Key_A)
    assert three.canvas.items["blue"].hidden
    assert three.canvas.undo_label == "Keep “red”"
    assert comparison.pair == ("red", "lime")
    await three.read()
    comparison.b.keep.click()
    assert three.room.comparison is None
    assert three.view.selection.ids == ["lime"]
    three.canvas.undo()
    assert not three.canvas.items["red"].hidden


async def test_escape_gives_keyboard_and_selection_back(three: Desk) -> None:
    three.compare("red", "blue")
    await three.read()
    three.press(Qt.Key.Key_Escape)
    assert three.room.comparison is None
    assert three.view.selection.ids == ["red", "blue"]
    assert three.house.focusWidget() is three.view


async def test_f6_goes_to_the_comparison_and_not_to_what_lies_below(three: Desk) -> None:
    make_region(three.view, "Canvas")
    comparison = three.compare("red", "blue")
    await three.read()
    assert set(regions(three.house)) == {comparison, comparison.bar}
    comparison.close_()
    assert three.view in regions(three.house)


async def test_tab_stays_inside(three: Desk) -> None:
    comparison = three.compare("red", "blue")
    await three.read()
    seen = set()
    for _ in range(20):
        focused = three.house.focusWidget()
        assert focused is not None
        assert comparison.isAncestorOf(focused)
        seen.add(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"compare_stage", "compare_swap", "compare_close", "compare_keep_b"} <= seen


async def test_a_deleted_image_ends_it_where_no_pair_is_left(three: Desk) -> None:
    three.compare("red", "blue")
    await three.read()
    three.canvas.delete(["blue"])
    assert three.room.comparison is None
    assert three.view.selection.ids == ["red"]


async def test_an_image_that_cannot_be_read_says_why(desk: Build) -> None:
    pictures = MemoryPictures()
    good = image(pictures, "red", "red")
    bad = replace(good, id="bad", asset=pictures.add_bytes(b"no picture"))
    here = await desk(good, bad, pictures=pictures)
    comparison = here.compare("red", "bad")
    await here.read()
    assert comparison.stage.pictures[1] is not None
    assert comparison.stage.pictures[1].problem
    here.press(Qt.Key.Key_3)
    assert comparison.stage.words
    assert comparison.stage.grab().width() > 0


async def test_the_bar_fits_a_narrow_canvas(three: Desk) -> None:
    comparison = three.compare("red", "blue", "lime")
    await three.read()
    wide = comparison.bar.width()
    three.house.resize(520, 600)
    comparison.resize(480, 500)
    assert comparison.bar.width() < wide
    assert comparison.bar.card_rect().width() <= 480
    slider = find(comparison, QAbstractButton, "compare_slider")
    assert (slider.text(), slider.accessibleName()) == ("", "Slider")
    comparison.resize(340, 500)
    assert comparison.bar.card_rect().width() <= 340
    assert find(comparison, QAbstractButton, "compare_close").isVisible()
    comparison.resize(900, 500)
    assert comparison.bar.width() == wide
    assert find(comparison, QAbstractButton, "compare_fit").isVisible()


def test_what_differs_is_marked() -> None:
    pictures = MemoryPictures()
    red, blue = image(pictures, "red", "red"), image(pictures, "blue", "blue", width=300)
    facts = {fact.name: (fact.value, fact.differs) for fact in facts_of(red, blue)}
    assert facts["Seed"] == ("114", True)
    assert facts["Model"] == ("flux", False)
    assert facts["Size"] == ("200 × 100", True)


def test_images_of_different_shapes_are_fitted_into_one_frame() -> None:
    assert fitted(QSize(50, 50), QSize(200, 100)) == QRectF(50, 0, 100, 100)
    same = difference_of(plain("red", 200, 100), plain("red", 400, 200))
    assert (same.mean, same.changed) == (0.0, 0.0)
    half = difference_of(plain("red", 200, 100), plain("red", 50, 50))
    assert half.changed == pytest.approx(0.5)


def test_a_difference_that_nobody_sees_does_not_count_as_a_change() -> None:
    one = plain("#808080")
    nearly = difference_of(one, plain("#828282"))
    assert nearly.changed == 0
    assert nearly.mean == pytest.approx(2 / 255)
    amplified = nearly.amplified(16)
    assert amplified.pixelColor(5, 5).name() == "#202020"


def test_a_picture_is_shown_as_its_item_shows_it() -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[:, :20, 2], pixels[:, 20:, 0], pixels[..., 3] = 255, 255, 255
    whole = QImage(pixels.data, 40, 40, 160, QImage.Format.Format_RGB32).copy()
    item = ImageItem(
        id="i", x=0, y=0, width=20, height=10, asset="a", natural_width=40, natural_height=40,
        crop=Rect(10, 0, 20, 10), flip_x=True,
    )  # fmt: skip
    picture = picture_of(item, png(whole))
    assert picture.size == QSize(20, 10)
    shown = [picture.levels[0].pixelColor(x, 5).name() for x in (2, 17)]
    assert shown == ["#0000ff", "#ff0000"]
