"""The inspector shows what is selected and changes it, each time as one named step."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from kupuri_desktop.core.assets import Asset
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    Making,
    NoteItem,
    ShapeItem,
    TextItem,
)
from kupuri_desktop.ui.colour.room import ColourRoom
from kupuri_desktop.ui.panels.image_details import bytes_in_words, moment_in_words
from kupuri_desktop.ui.panels.inspector import Inspector
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.numbers import NumberField, written
from tests.ui.canvas.board import MemoryPictures
from tests.ui.canvas.conftest import MakeSetting, Setting
from tests.ui.finding import find

MADE = Making(
    prompt="a fox in the snow",
    model="flux-dev",
    seed=4711,
    width=400,
    height=200,
    run="run-1",
    session="chat-1",
    parents=("mother", "gone"),
    made="2026-03-04T05:06:07+00:00",
)


def image(key: str, **more: Any) -> ImageItem:
    place: dict[str, Any] = {"x": 10.0, "y": 20.0, "width": 200.0, "height": 100.0}
    picture = {"asset": key, "natural_width": 400, "natural_height": 200}
    return ImageItem(id=key, **(place | picture | more))


class Shelf:
    """Knows the originals of the images."""

    async def info(self, ids: Sequence[str]) -> Mapping[str, Asset]:
        return {key: Asset(key, "image/webp", 400, 200, 1_234_567) for key in ids}


class Bench:
    def __init__(self, setting: Setting, panel: Inspector) -> None:
        self.canvas = setting.canvas
        self.panel = panel
        self._select = setting.view.selection.set
        self.setting = setting

    def select(self, *keys: str) -> None:
        self._select(keys)
        self.panel.refresh()

    def type(self, field: Any, text: str) -> str:
        """Types into a field and takes it; what the undo list then says."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.panel.refresh()
        return self.canvas.undo_label or ""

    def item(self, key: str) -> Any:
        return self.canvas.items[key]


@pytest.fixture
async def bench(make: MakeSetting, tasks: Tasks) -> AsyncIterator[Any]:
    benches: list[Bench] = []

    async def build(*items: Item, pictures: MemoryPictures | None = None) -> Bench:
        setting = await make(items, pictures)
        colours = ColourRoom(setting.view)
        panel = Inspector(
            setting.view.look, setting.view.board, Shelf(), tasks, colours, colours.styles
        )
        panel.resize(272, 700)
        panel.show()
        panel.activateWindow()
        async with asyncio.timeout(10):
            while not panel.isActiveWindow():
                await asyncio.sleep(0)
        benches.append(Bench(setting, panel))
        return benches[-1]

    yield build
    for each in benches:
        each.panel.close_canvas()
        each.panel.close()
        each.panel.deleteLater()


async def test_without_a_selection_one_button_selects_everything(bench) -> None:
    desk = await bench(image("a"))
    asked: list[bool] = []
    desk.panel.select_all_asked.connect(lambda: asked.append(True))
    find(desk.panel, QAbstractButton, "inspector_nothing_button").click()
    assert asked == [True]


async def test_place_and_size_are_typed_as_one_step_each(bench) -> None:
    desk = await bench(image("a"))
    desk.select("a")
    assert (desk.panel.left.text(), desk.panel.wide.text()) == ("10", "200")
    assert desk.type(desk.panel.left, "64,5") == "Move image"
    assert desk.type(desk.panel.top, "-8") == "Move image"
    assert desk.type(desk.panel.wide, "400") == "Resize image"
    assert desk.item("a").rect.x == 64.5
    assert (desk.item("a").y, desk.item("a").width, desk.item("a").height) == (-8, 400, 200)
    for _ in range(3):
        desk.canvas.undo()
    assert desk.item("a") == image("a")


async def test_a_turned_item_keeps_its_corner_when_it_is_resized(bench) -> None:
    shape = ShapeItem(id="s", x=0, y=0, width=100, height=40, rotation=90)
    desk = await bench(shape)
    desk.select("s")
    desk.type(desk.panel.wide, "200")
    grown = desk.item("s")
    assert (grown.width, grown.height, grown.rotation) == (200, 40, 90)
    # Turned by 90 degrees its top left corner is at the right of the top: (70, -30).
    assert (grown.x, grown.y) == (-50, 50)


async def test_several_items_move_and_grow_together(bench) -> None:
    desk = await bench(image("a", x=0.0, y=0.0), image("b", x=300.0, y=0.0, opacity=0.5))
    desk.select("a", "b")
    assert (desk.panel.wide.text(), desk.panel.opacity.placeholderText()) == ("500", "Mixed")
    assert desk.type(desk.panel.left, "100") == "Move 2 items"
    assert (desk.item("a").x, desk.item("b").x) == (100, 400)
    assert desk.type(desk.panel.wide, "1000") == "Resize 2 items"
    assert (desk.item("b").x, desk.item("b").width, desk.item("b").height) == (700, 400, 200)
    assert desk.type(desk.panel.opacity, "25 %") == "Change opacity 2 items"
    assert {item.opacity for item in desk.canvas.items.values()} == {0.25}


async def test_rotation_turns_each_about_its_own_centre_and_lines_have_none(bench) -> None:
    line = LineItem(id="l", x=0, y=0, width=50, height=50, start=(0, 0), end=(50, 50))
    desk = await bench(image("a"), line)
    desk.select("a")
    assert desk.type(desk.panel.angle, "30") == "Rotate image"
    assert (desk.item("a").rotation, desk.item("a").x, desk.item("a").y) == (30, 10, 20)
    desk.select("l")
    assert not desk.panel.angle.isEnabled()


async def test_a_frame_takes_along_what_it_holds_and_lines_follow(bench) -> None:
    desk = await bench(
        FrameItem(id="f", x=0, y=0, width=400, height=400),
        NoteItem(id="n", x=20, y=20, width=100, height=100, frame="f"),
        LineItem(id="l", x=500, y=0, width=50, height=50, start=(0, 0), end=(50, 50), end_item="n"),
    )
    desk.select("f")
    before = desk.item("l")
    desk.type(desk.panel.left, "1000")
    assert desk.item("n").x == 1020
    assert desk.item("l") != before
    assert len(desk.canvas._done) == 1


async def test_what_is_locked_is_shown_and_not_changed(bench) -> None:
    desk = await bench(image("a", locked=True))
    desk.select("a")
    fields = (desk.panel.left, desk.panel.wide, desk.panel.angle, desk.panel.opacity)
    assert not any(field.isEnabled() for field in fields)
    assert not desk.panel.looks.numbers["corner_radius"].isEnabled()


async def test_arrow_keys_count_and_escape_and_nonsense_put_back(bench) -> None:
    desk = await bench(image("a"))
    desk.select("a")
    field = desk.panel.left
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert desk.item("a").x == 1
    desk.panel.refresh()
    for words in ("fox", "nan", "1e400", ""):
        desk.type(field, words)
        assert (field.text(), desk.item("a").x) == ("1", 1)
    field.selectAll()
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), desk.item("a").x) == ("1", 1)


async def test_a_name_is_given_and_taken_away(bench) -> None:
    desk = await bench(image("a", making=MADE))
    desk.select("a")
    assert desk.panel.name.placeholderText() == "a fox in the snow"
    assert desk.type(desk.panel.name, "  Red   fox ") == "Rename image"
    assert desk.item("a").name == "Red fox"


async def test_colours_and_strokes_are_changed_and_an_empty_fill_is_none(bench) -> None:
    desk = await bench(ShapeItem(id="s", x=0, y=0, width=90, height=90, fill="#6a5cff"))
    desk.select("s")
    looks = desk.panel.looks
    assert desk.type(looks.colours["stroke"].line, "00ff0080") == "Change stroke shape"
    assert desk.item("s").stroke == "#00ff0080"
    assert desk.type(looks.colours["fill"].line, "teal") == "Change fill shape"
    assert desk.item("s").fill == "#008080"
    desk.type(looks.colours["fill"].line, "no such colour")
    assert desk.item("s").fill == "#008080"
    looks.colours["fill"].line.setFocus()
    looks.colours["fill"].line.clear()
    QTest.keyClick(looks.colours["fill"].line, Qt.Key.Key_Return)
    assert desk.item("s").fill is None
    assert desk.type(looks.numbers["stroke_width"], "8") == "Change stroke width shape"
    assert desk.item("s").stroke_width == 8
    looks.dash.choice.activated.emit(1)
    assert desk.item("s").dash == (4.0, 2.0)
    assert not looks.numbers["font_size"].isVisible()


async def test_a_line_never_loses_its_stroke(bench) -> None:
    desk = await bench(LineItem(id="l", x=0, y=0, width=50, height=50, end=(50, 50)))
    desk.select("l")
    line = desk.panel.looks.colours["stroke"].line
    line.setFocus()
    line.clear()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.item("l").stroke == "#ff6b4a"


async def test_type_is_changed_and_the_box_grows_with_the_words(bench) -> None:
    desk = await bench(TextItem(id="t", x=0, y=0, width=300, height=30, text="Fox"))
    desk.select("t")
    looks = desk.panel.looks
    assert desk.type(looks.numbers["font_size"], "96") == "Change size text"
    assert desk.item("t").font_size == 96
    assert desk.item("t").height > 96
    looks.weight.activated.emit(4)
    looks.align.chosen.emit("centre")
    assert (desk.item("t").font_weight, desk.item("t").align) == (700, Align.CENTRE)
    assert desk.type(looks.colours["colour"].line, "#123456") == "Change colour text"
    assert not desk.panel.high.isEnabled()


async def test_an_image_says_how_it_was_made_and_what_its_file_is(bench) -> None:
    desk = await bench(image("a", making=MADE), image("mother", name="The mother"))
    desk.select("a")
    await desk.setting.settle()
    details = desk.panel.details
    assert details.prompt.text() == "a fox in the snow"
    said = {key: fact.value.words for key, fact in details.facts.items()}
    assert (said["seed"], said["model"], said["pixels"]) == ("4711", "flux-dev", "400 × 200")
    assert said["original"] == "WEBP, 1.2 MB"
    assert "2026" in said["made"]
    find(desk.panel, QAbstractButton, "inspector_prompt_copy").click()
    assert QApplication.clipboard().text() == "a fox in the snow"
    find(desk.panel, QAbstractButton, "inspector_seed_copy").click()
    assert QApplication.clipboard().text() == "4711"


async def test_a_parent_and_the_message_are_one_click_away(bench) -> None:
    desk = await bench(image("a", making=MADE), image("mother", name="The mother"))
    desk.select("a")
    asked: list[object] = []
    desk.panel.item_asked.connect(asked.append)
    desk.panel.message_asked.connect(lambda chat, run: asked.append((chat, run)))
    find(desk.panel, QAbstractButton, "inspector_parent").click()
    find(desk.panel, QAbstractButton, "inspector_go").click()
    assert asked == ["mother", ("chat-1", "run-1")]
    assert desk.panel.details.parents_gone.text() == "1 is not on the canvas any more."


async def test_a_parent_is_shown_as_it_is_on_the_canvas(bench) -> None:
    pictures = MemoryPictures()
    red, mother = QImage(60, 60, QImage.Format.Format_RGB32), "mother"
    red.fill(QColor("red"))
    parent = image(mother, natural_width=60, natural_height=60, asset=pictures.add(red))
    desk = await bench(image("a", making=MADE), parent, pictures=pictures)
    desk.select("a")
    await desk.setting.settle()
    shown = find(desk.panel, QAbstractButton, "inspector_parent")
    picture = shown.grab().toImage()
    assert picture.pixelColor(picture.rect().center()) == QColor("red")
    desk.select(mother)
    assert not desk.panel.details.parents.isVisible()


async def test_the_panel_follows_undo_without_being_asked(bench) -> None:
    desk = await bench(image("a"))
    desk.select("a")
    desk.type(desk.panel.left, "300")
    desk.canvas.undo()
    await desk.setting.settle()
    QApplication.processEvents()
    assert desk.panel.left.text() == "10"


def test_numbers_sizes_and_moments_are_written_short() -> None:
    assert [written(n) for n in (12.0, 0.5, -0.001, 1.239)] == ["12", "0.5", "0", "1.24"]
    assert [bytes_in_words(n) for n in (812, 1_234_567)] == ["812 bytes", "1.2 MB"]
    assert moment_in_words("") == ""


def test_a_number_out_of_bounds_is_taken_as_the_bound(look: Look, qtbot) -> None:
    field = NumberField(look, "n", "Opacity", unit=" %", low=0, high=100)
    qtbot.addWidget(field)
    taken: list[float] = []
    field.taken.connect(taken.append)
    field.show_number(50)
    field.selectAll()
    QTest.keyClicks(field, "250")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (taken, field.text()) == ([100.0], "100 %")
