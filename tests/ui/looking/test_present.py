"""Frames are shown on the whole screen, one at a time, in the order in which they are read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import FrameItem, ImageItem, Item, ShapeItem
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import WINDOW_ACTIONS
from kupuri_desktop.ui.canvas.traffic.export import in_order
from kupuri_desktop.ui.looking.present.show import Show
from kupuri_desktop.ui.looking.present.slides import picture_of, slides_of
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import MakeSetting, Setting


def frame(key: str, x: float, y: float, colour: str, **more: Any) -> FrameItem:
    return FrameItem(
        id=key, name=key.capitalize(), x=x, y=y, width=400, height=300, background=colour, **more
    )


FRAMES = (
    frame("third", 0, 500, "#0000ff", z=0),
    frame("second", 500, 20, "#00ff00", z=1),
    frame("first", 0, 0, "#ff0000", z=2),
    frame("unseen", 900, 0, "#ffffff", z=3, hidden=True),
    ShapeItem(id="in", x=300, y=100, width=400, height=50, fill="#ffff00", stroke=None, z=4,
              frame="first"),
    ShapeItem(id="not", x=0, y=0, width=40, height=40, fill="#ffffff", stroke=None, z=5,
              frame="first", hidden=True),
)  # fmt: skip


def keys(items: tuple[Item, ...], *selected: str) -> tuple[list[str], int]:
    slides, first = slides_of(in_order_with_hidden(items), selected)
    return [slide.key for slide in slides], first


def in_order_with_hidden(items: tuple[Item, ...]) -> list[Item]:
    return sorted(items, key=lambda item: item.z)


def test_frames_come_in_reading_order_without_those_that_are_hidden() -> None:
    assert keys(FRAMES) == (["first", "second", "third"], 0)
    slides, _ = slides_of(in_order_with_hidden(FRAMES), ())
    assert [item.id for item in slides[0].items] == ["first", "in"]


def test_it_begins_at_what_is_selected_and_shows_only_several_that_are() -> None:
    assert keys(FRAMES, "second") == (["first", "second", "third"], 1)
    assert keys(FRAMES, "in", "third")[0] == ["first", "second", "third"]
    assert keys(FRAMES, "third", "first") == (["first", "third"], 0)


def test_without_frames_it_shows_images() -> None:
    pictures = MemoryPictures()
    images = tuple(image_item(pictures, f"i{n}", x=n * 300.0, z=n) for n in range(3))
    assert keys(images) == (["i0", "i1", "i2"], 0)
    assert keys(images, "i1") == (["i0", "i1", "i2"], 1)
    assert keys(images, "i2", "i1") == (["i1", "i2"], 0)
    assert keys((replace(images[0], hidden=True),)) == ([], 0)
    assert [item.id for item in in_order(images)] == ["i0", "i1", "i2"]


async def test_a_slide_is_as_large_as_fits_and_clips_what_it_holds() -> None:
    slides, _ = slides_of(in_order_with_hidden(FRAMES), ())
    image = await picture_of(slides[0], MemoryPictures(), QSize(1000, 600))
    assert image.size() == QSize(800, 600)
    colours = [image.pixelColor(QPoint(x, y)).name() for x, y in ((10, 10), (700, 250))]
    assert colours == ["#ff0000", "#ffff00"]


async def test_an_image_that_is_gone_leaves_the_rest_of_its_slide() -> None:
    lost = ImageItem(
        id="lost", x=100, y=100, width=100, height=100, asset="gone", natural_width=9,
        natural_height=9, z=9, frame="first",
    )  # fmt: skip
    slides, _ = slides_of(in_order_with_hidden((*FRAMES, lost)), ())
    image = await picture_of(slides[0], MemoryPictures(), QSize(400, 300))
    assert image.pixelColor(10, 10) == QColor("#ff0000")
    assert image.pixelColor(150, 102) != QColor("#ff0000")


class Stage:
    def __init__(self, setting: Setting, show: Show) -> None:
        self.setting, self.show = setting, show
        self.ended: list[bool] = []
        show.ended.connect(lambda: self.ended.append(True))

    async def ready(self) -> None:
        async with asyncio.timeout(20):
            while self.setting.view.tasks.running():
                await asyncio.sleep(0.005)

    def press(self, *pressed: Qt.Key) -> str:
        for key in pressed:
            QTest.keyClick(self.show, key)
        return self.show.slide.key

    def pixel(self, x: float, y: float) -> str:
        shown: QImage = self.show.grab().toImage()
        return shown.pixelColor(int(shown.width() * x), int(shown.height() * y)).name()


Build = Callable[..., Awaitable[Stage]]


@pytest.fixture
async def stage(make: MakeSetting, look: Look) -> AsyncIterator[Build]:
    made: list[Stage] = []

    async def build(*selected: str) -> Stage:
        setting = await make(FRAMES)
        actions = Actions(look, setting.view)
        actions.add(WINDOW_ACTIONS)
        slides, first = slides_of(setting.canvas.in_order(), selected)
        view = setting.view
        show = Show(view, slides, first, MemoryPictures(), view.tasks, look, actions)
        show.begin()
        made.append(Stage(setting, show))
        await made[-1].ready()
        return made[-1]

    yield build
    for each in made:
        if not each.ended:
            each.show.end()


async def test_keys_and_clicks_go_on_and_back_and_stop_at_the_ends(stage: Build) -> None:
    here = await stage()
    key = Qt.Key
    assert here.show.isFullScreen()
    assert here.press(key.Key_Space) == "second"
    assert here.press(key.Key_Right, key.Key_PageDown) == "third"
    assert here.press(key.Key_Left) == "second"
    assert here.press(key.Key_End) == "third"
    assert here.press(key.Key_Home) == "first"
    QTest.mouseClick(here.show, Qt.MouseButton.LeftButton)
    assert here.show.slide.key == "second"
    QTest.mouseClick(here.show, Qt.MouseButton.RightButton)
    QTest.mouseClick(here.show, Qt.MouseButton.RightButton)
    assert here.show.slide.key == "first"
    await here.ready()


async def test_a_number_and_enter_go_to_that_slide(stage: Build) -> None:
    here = await stage()
    QTest.keyClicks(here.show, "3")
    assert here.show.sign() == "Go to 3"
    assert here.press(Qt.Key.Key_Return) == "third"
    QTest.keyClicks(here.show, "99")
    assert here.press(Qt.Key.Key_Return) == "third"
    assert here.show.sign() == "Third   3 / 3"
    await here.ready()


async def test_the_slide_is_in_the_middle_on_black_and_its_neighbours_are_ready(
    stage: Build,
) -> None:
    here = await stage("second")
    assert here.show.painted() == {0, 1, 2}
    assert here.pixel(0.5, 0.5) == "#00ff00"
    wide = here.show.width() / here.show.height() > 4 / 3
    edge = (0.01, 0.5) if wide else (0.5, 0.01)
    assert here.pixel(*edge) == "#000000"
    here.press(Qt.Key.Key_B)
    assert here.pixel(*edge) == here.setting.view.look.theme.colours.canvas.name()
    assert here.press(Qt.Key.Key_Home) == "first"
    assert here.pixel(0.4, 0.5) == "#ff0000"
    await here.ready()


async def test_the_name_is_shown_when_the_pointer_moves_and_goes_by_itself(stage: Build) -> None:
    here = await stage()
    here.show._hush()
    assert here.show.cursor().shape() == Qt.CursorShape.BlankCursor
    quiet = here.show.grab().toImage()
    at, none = QPointF(300, 200), Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, at, here.show.mapToGlobal(at), none, none,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(here.show, moved)
    assert here.show.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert here.show.grab().toImage() != quiet
    assert here.show._quiet.isActive()
    assert here.show.accessibleName() == "First, 1 of 3"


async def test_escape_ends_it(stage: Build) -> None:
    here = await stage()
    QTest.keyClick(here.show, Qt.Key.Key_Escape)
    assert here.ended == [True]
    assert not here.show.isVisible()
