"""The map shows the whole canvas small, and moves the view."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.generation import JobState, Placeholder
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import FrameItem, Item, ShapeItem
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.canvas.camera import Look as CameraLook
from kupuri_desktop.ui.looking.map_picture import MapPicture
from kupuri_desktop.ui.looking.minimap import Minimap
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import MakeSetting, Setting

LEFT = Qt.MouseButton.LeftButton


class Making:
    """Images that are being made."""

    def __init__(self) -> None:
        self.changed: Signal[Placeholder] = Signal()
        self.removed: Signal[str] = Signal()
        self.there: list[Placeholder] = []

    def begin(self, place: Rect) -> None:
        coming = Placeholder("job", place, "a fox", "model", JobState.RUNNING)
        self.there.append(coming)
        self.changed.emit(coming)

    def current(self) -> list[Placeholder]:
        return self.there


class Scene:
    def __init__(self, setting: Setting, making: Making) -> None:
        self.setting, self.making = setting, making
        self.view = setting.view
        self.map = Minimap(setting.view, making)  # type: ignore[arg-type]
        self.map.want(True)
        # A map under the pointer stays.
        QTest.mouseMove(self.view.viewport(), QPoint(5, 5))

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            while not self.map.settled or self.view.store.waiting or self.view.camera.zooming:
                await asyncio.sleep(0.005)

    async def look(self, x: float, y: float, zoom: float = 1.0) -> None:
        self.view.camera.go(CameraLook(x, y, zoom))
        await self.settle()

    @property
    def middle(self) -> tuple[int, int]:
        centre = self.view.camera.centre()
        return round(centre.x()), round(centre.y())

    def pixel(self, x: float, y: float) -> str:
        """The colour of the picture where a point of the canvas lies."""
        picture = self.map.picture
        assert picture.pixmap is not None
        k = picture.pixmap.width() / picture.area.width()
        at = (QPointF(x, y) - picture.area.topLeft()) * k
        return picture.pixmap.toImage().pixelColor(int(at.x()), int(at.y())).name()

    def at(self, x: float, y: float) -> QPoint:
        """Where a point of the canvas lies in the map."""
        return self.map.map_rect(QRectF(x, y, 0, 0)).topLeft().toPoint()

    def near(self, x: float, y: float) -> bool:
        """Whether the view's middle is there, but for the coarseness of a mouse on the map."""
        cx, cy = self.middle
        coarse = 1.5 * self.map.picture.area.width() / 160
        return abs(cx - x) <= coarse and abs(cy - y) <= coarse


Build = Callable[..., Awaitable[Scene]]


def block(key: str, x: float, y: float, fill: str, **more: Any) -> ShapeItem:
    return ShapeItem(id=key, x=x, y=y, width=400, height=400, fill=fill, stroke=None, **more)


BOARD = (
    block("red", 0, 0, "#ff0000"),
    block("blue", 4000, 2000, "#0000ff"),
    block("unseen", 2000, 1000, "#00ff00", hidden=True),
)


@pytest.fixture
async def scene(make: MakeSetting) -> AsyncIterator[Build]:
    made: list[Scene] = []

    async def build(*items: Item, pictures: MemoryPictures | None = None) -> Scene:
        scene = Scene(await make(items, pictures), Making())
        made.append(scene)
        await scene.settle()
        return scene

    yield build
    for each in made:
        each.map.close_canvas()


async def test_everything_is_on_the_map_and_nothing_that_is_hidden(scene: Build) -> None:
    here = await scene(*BOARD)
    await here.look(0, 0)
    assert here.pixel(200, 200) == "#ff0000"
    assert here.pixel(4200, 2200) == "#0000ff"
    assert here.pixel(2200, 1200) == "#000000"


async def test_it_comes_when_something_lies_out_of_view_and_goes_when_nothing_does(
    scene: Build,
) -> None:
    here = await scene(*BOARD)
    await here.look(0, 0)
    assert here.map.isVisible()
    here.view.fit_all()
    await here.settle()
    assert not here.map.isVisible()
    here.map.want(True, at_once=True)
    assert here.map.isVisible()
    here.map.want(False)
    await here.look(0, 0)
    assert not here.map.isVisible()


async def test_an_empty_canvas_has_no_map(scene: Build) -> None:
    here = await scene()
    here.map.want(True, at_once=True)
    assert not here.map.isVisible()


async def test_a_click_looks_there_and_a_drag_of_the_rectangle_takes_the_view_along(
    scene: Build,
) -> None:
    here = await scene(*BOARD)
    await here.look(200, 200)
    QTest.mouseClick(here.map, LEFT, pos=here.at(4200, 2200))
    assert here.near(4200, 2200)
    await here.look(200, 200)
    start = here.at(300, 250)
    QTest.mousePress(here.map, LEFT, pos=start)
    QTest.mouseMove(here.map, here.at(2100, 1250))
    assert here.near(2000, 1200)
    QTest.mouseRelease(here.map, LEFT, pos=here.at(2100, 1250))
    QTest.mouseMove(here.map, here.at(300, 250))
    assert here.near(2000, 1200)


async def test_a_click_leaves_the_keyboard_on_the_canvas(scene: Build) -> None:
    here = await scene(*BOARD)
    await here.look(200, 200)
    here.view.setFocus()
    QTest.mouseClick(here.map, LEFT, pos=here.at(4200, 2200))
    assert here.view.window().focusWidget() is here.view


async def test_what_can_be_done_with_a_selection_lies_over_the_map(scene: Build) -> None:
    here = await scene(*BOARD)
    await here.look(0, 0)
    pop = here.view.bars.pop
    stack = here.view.children()
    assert stack.index(here.map) < stack.index(pop)


async def test_the_wheel_zooms_where_the_pointer_is(scene: Build) -> None:
    here = await scene(*BOARD)
    await here.look(200, 200)
    at = QPointF(here.at(4000, 2000))
    wheel = QWheelEvent(
        at, here.map.mapToGlobal(at), QPoint(), QPoint(0, 240), LEFT.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(here.map, wheel)
    assert here.view.camera.zoom > 1.3
    assert here.near(4000, 2000)


async def test_keys_move_and_zoom_and_escape_goes_back_to_the_canvas(scene: Build) -> None:
    here = await scene(*BOARD)
    await here.look(200, 200)
    here.view.activateWindow()
    here.map.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(here.map, Qt.Key.Key_Right)
    QTest.keyClick(here.map, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert here.middle == (200 + 120, 200 + 540)
    QTest.keyClick(here.map, Qt.Key.Key_Plus)
    assert here.view.camera.zoom == 1.5
    QTest.keyClick(here.map, Qt.Key.Key_Home)
    assert here.view.camera.shown().contains(here.map.whole())
    await here.settle()
    assert here.map.isVisible()
    QTest.keyClick(here.map, Qt.Key.Key_Escape)
    assert not here.map.hasFocus()
    assert not here.map.isVisible()


async def test_a_change_is_shown_a_moment_later(scene: Build) -> None:
    here = await scene(*BOARD)
    await here.look(0, 0)
    here.setting.canvas.add("Paint", [replace(BOARD[0], fill="#00ff00")])
    here.setting.canvas.add("Add", [block("far", 8000, 0, "#ffff00")])
    assert not here.map.settled
    await here.settle()
    assert here.pixel(200, 200) == "#00ff00"
    assert here.pixel(8200, 200) == "#ffff00"


async def test_an_image_in_the_making_is_on_the_map(scene: Build) -> None:
    here = await scene(*BOARD)
    await here.look(200, 200)
    here.making.begin(Rect(6000, 3000, 400, 400))
    await here.settle()
    assert here.map.whole().contains(QPointF(6300, 3300))
    shown = here.map.grab().toImage()
    at = here.at(6200, 3200) * shown.devicePixelRatio()
    running, canvas = shown.pixelColor(at), here.view.look.theme.colours.canvas
    assert running.hsvSaturation() > canvas.hsvSaturation() + 40


async def test_of_a_thousand_specks_in_one_pixel_only_the_front_one_is_painted(
    make: MakeSetting,
) -> None:
    pictures = MemoryPictures()
    specks = [
        image_item(pictures, f"i{n}", x=n % 40 * 200, y=n // 40 * 150, z=n) for n in range(1000)
    ]
    far = image_item(pictures, "far", x=2_000_000, y=0)
    setting = await make([*specks, far], pictures)
    picture = MapPicture(setting.view.layer.sheet, setting.view.layer.stack)
    picture.begin(setting.view.layer.sheet.whole(), QSize(160, 1), 1.0)
    shown = [setting.view.layer.sheet.items[row] for row in picture._rows.tolist()]
    assert {item.id for item in shown if item is not None} == {"i999", "far"}


async def test_frames_have_an_edge_though_they_have_no_ground(scene: Build) -> None:
    frame = FrameItem(id="f", x=1000, y=500, width=1000, height=800, background=None)
    here = await scene(*BOARD, frame)
    await here.look(0, 0)
    assert here.pixel(1500, 900) == "#000000"
    edge = here.view.look.theme.colours.field_line.name()
    row = {here.pixel(x, 900) for x in range(960, 1060, 5)}
    assert edge in row
