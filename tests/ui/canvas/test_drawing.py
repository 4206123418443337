"""The tools that draw, and words edited where they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import (
    FrameItem,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    Side,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.painting.vectors import text_height
from tests.ui.canvas.conftest import Keys, MakeSetting, Setting


def only(s: Setting) -> object:
    (item,) = s.canvas.items.values()
    return item


@pytest.mark.parametrize(
    ("tool", "label"),
    [(Tool.RECTANGLE, "Draw shape"), (Tool.ELLIPSE, "Draw shape"), (Tool.FRAME, "Draw frame")],
)
async def test_a_box_is_drawn_from_corner_to_corner(
    make: MakeSetting, tool: Tool, label: str
) -> None:
    s = await make()
    s.view.hands.choose(tool)
    s.mouse.drag((-50, -40), (70, 60))
    item = only(s)
    assert isinstance(item, ShapeItem | FrameItem)
    assert (item.x, item.y, item.width, item.height) == (-50, -40, 120, 100)
    if isinstance(item, ShapeItem):
        assert (item.form is ShapeForm.ELLIPSE) == (tool is Tool.ELLIPSE)
    assert s.canvas.undo_label == label
    assert s.view.hands.tool is Tool.SELECT
    assert s.view.selection.ids == [item.id]


async def test_escape_while_drawing_leaves_nothing(make: MakeSetting) -> None:
    s = await make()
    s.view.hands.choose(Tool.RECTANGLE)
    s.mouse.press(0, 0)
    s.mouse.move(80, 80)
    QTest.keyClick(s.view, Qt.Key.Key_Escape)
    s.mouse.release(80, 80)
    assert not s.canvas.items
    assert len(s.view.layer.sheet) == 0


async def test_an_arrow_sticks_to_what_it_is_let_go_over_and_follows(make: MakeSetting) -> None:
    def box(key: str, x: float) -> ShapeItem:
        return ShapeItem(id=key, x=x, y=0, width=100, height=100, fill="#336699")

    s = await make([box("a", -200), box("b", 100)])
    s.view.hands.choose(Tool.ARROW)
    s.mouse.drag((-150, 50), (150, 50))
    (line,) = (i for i in s.canvas.items.values() if isinstance(i, LineItem))
    assert (line.start_item, line.end_item) == ("a", "b")
    before = line.end
    s.mouse.drag((150, 20), (150, 160), Keys.ControlModifier)
    moved = s.canvas.items[line.id]
    assert isinstance(moved, LineItem)
    assert moved.end != before
    assert s.canvas.undo_label == "Move shape"
    s.canvas.undo()
    assert s.canvas.items[line.id] == line


async def test_the_pen_draws_a_stroke_and_stays_in_hand(make: MakeSetting) -> None:
    s = await make()
    s.view.hands.choose(Tool.PEN)
    s.mouse.drag((0, 0), (90, 30))
    item = only(s)
    assert isinstance(item, StrokeItem)
    assert (item.width, item.height, len(item.points)) == (90, 30, 2)
    assert s.view.hands.tool is Tool.PEN


async def test_a_frame_takes_along_what_it_holds(make: MakeSetting) -> None:
    s = await make([ShapeItem(id="s", x=-20, y=-20, width=40, height=40, fill="#fff")])
    s.view.hands.choose(Tool.FRAME)
    s.mouse.drag((-100, -100), (100, 100))
    (frame,) = (i for i in s.canvas.items.values() if isinstance(i, FrameItem))
    assert s.canvas.items["s"].frame == frame.id
    assert frame.z < s.canvas.items["s"].z
    s.mouse.drag((-80, -80), (-50, -80), Keys.ControlModifier)
    assert s.canvas.items["s"].x == 10
    s.view.action("delete").trigger()
    assert not s.canvas.items


async def test_a_text_is_written_where_it_was_clicked(make: MakeSetting) -> None:
    s = await make()
    s.view.hands.choose(Tool.TEXT)
    s.mouse.click(-100, -50)
    assert not s.canvas.items, "an empty text is nothing yet"
    QTest.keyClicks(s.view.viewport(), "Vho 1")
    assert s.view.hands.tool is Tool.SELECT, "a letter chose a tool"
    QTest.keyClick(s.view.viewport(), Qt.Key.Key_Escape)
    item = only(s)
    assert isinstance(item, TextItem)
    assert (item.text, item.x, item.y) == ("Vho 1", -100, -50)
    assert item.height > 20
    assert s.canvas.undo_label == "Write text"


async def test_a_text_left_empty_goes_away_by_name(make: MakeSetting) -> None:
    s = await make([TextItem(id="t", x=-50, y=-20, width=200, height=40, text="Hello")])
    s.mouse.double_click(0, 0)
    QTest.keyClick(s.view.viewport(), Qt.Key.Key_Delete)
    s.mouse.click(300, 200)
    assert not s.canvas.items
    assert s.canvas.undo_label == "Delete text"


async def test_a_note_is_edited_by_a_double_click_and_one_edit(make: MakeSetting) -> None:
    s = await make([NoteItem(id="n", x=-100, y=-100, width=200, height=200, text="Old")])
    s.mouse.double_click(0, 0)
    assert s.view.writing.item is not None
    QTest.keyClicks(s.view.viewport(), "New words")
    s.mouse.click(300, 200)
    item = s.canvas.items["n"]
    assert isinstance(item, NoteItem)
    assert item.text == "New words"
    assert s.canvas.undo_label == "Edit note"


def tablet(
    s: Setting,
    kind: QEvent.Type,
    x: float,
    y: float,
    pressure: float,
    pen: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen,
) -> None:
    """A tablet's event and the mouse event that Qt makes of it, at a place on the canvas."""
    device = QPointingDevice(
        "pen", 7, QInputDevice.DeviceType.Stylus, pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
    )  # fmt: skip
    at = s.view.camera.to_view(QPointF(x, y))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    event = QTabletEvent(
        kind, device, at, s.view.viewport().mapToGlobal(at), pressure, 0.0, 0.0, 0.0, 0.0, 0.0,
        Keys.NoModifier, left, none if kind == QEvent.Type.TabletRelease else left,
    )  # fmt: skip
    QApplication.sendEvent(s.view.viewport(), event)
    after = {
        QEvent.Type.TabletPress: s.mouse.press,
        QEvent.Type.TabletMove: s.mouse.move,
        QEvent.Type.TabletRelease: s.mouse.release,
    }
    after[kind](x, y)


def thickness(s: Setting, x: int) -> int:
    """How many pixels are painted over each other at a place, of the stroke's colour."""
    image = s.view.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    at = s.view.camera.to_view(QPointF(x, 0))
    column = (image.pixelColor(round(at.x() * ratio), y) for y in range(image.height()))
    return sum(c.red() > 150 and c.green() < 150 for c in column)


async def test_a_stroke_is_as_wide_as_the_pen_was_pressed(make: MakeSetting) -> None:
    s = await make()
    s.view.hands.choose(Tool.PEN)
    tablet(s, QEvent.Type.TabletPress, -200, 0, 0.1)
    for n in range(1, 41):
        tablet(s, QEvent.Type.TabletMove, -200 + 10 * n, 0, 0.1 if n < 20 else 1.0)
    tablet(s, QEvent.Type.TabletRelease, 200, 0, 0.0)
    item = only(s)
    assert isinstance(item, StrokeItem)
    pressed = [p for _, _, p in item.points]
    assert min(pressed) == 0.1
    assert max(pressed) == pytest.approx(1.0, abs=0.05)
    assert len(item.points) < 20
    s.canvas.apply("Thicker", {item.id: replace(item, stroke_width=40.0, stroke="#ff0000")})
    s.view.hands.choose(Tool.SELECT)
    s.view.selection.clear()
    await s.settle()
    assert thickness(s, 150) > 4 * thickness(s, -100) > 0


async def test_the_other_end_of_the_pen_erases_the_strokes_it_passes_as_one_step(
    make: MakeSetting,
) -> None:
    line = StrokeItem(id="s", x=0, y=0, width=100, height=0, points=((0, 0, 1), (100, 0, 1)))
    other = replace(line, id="t", y=60.0)
    s = await make([line, other, NoteItem(id="n", x=0, y=20, width=100, height=20)])
    eraser = QPointingDevice.PointerType.Eraser
    tablet(s, QEvent.Type.TabletPress, 50, -30, 0.5, eraser)
    for y in range(-20, 90, 4):
        tablet(s, QEvent.Type.TabletMove, 50, y, 0.5, eraser)
    assert set(s.canvas.items) == {"s", "t", "n"}
    tablet(s, QEvent.Type.TabletRelease, 50, 90, 0.0, eraser)
    assert set(s.canvas.items) == {"n"}
    assert s.canvas.undo_label == "Erase 2 items"
    s.mouse.click(50, 30)
    assert s.view.selection.ids == ["n"]


async def test_a_texts_side_wraps_it_anew_and_its_corner_scales_it(make: MakeSetting) -> None:
    words = TextItem(id="t", x=-200, y=0, width=300, height=29, text="Words to be wrapped anew")
    words = replace(words, height=text_height(words))
    s = await make([words])
    s.mouse.click(-190, 10)
    s.mouse.drag((100, words.height / 2), (-40, words.height / 2), Keys.ControlModifier)
    narrow = only(s)
    assert isinstance(narrow, TextItem)
    assert (narrow.width, narrow.font_size) == (160, 24)
    assert narrow.height > words.height
    s.canvas.undo()
    s.mouse.drag((100, words.height), (400, 2 * words.height), Keys.ControlModifier)
    large = only(s)
    assert isinstance(large, TextItem)
    assert large.font_size == pytest.approx(48, abs=1)
    assert large.width == pytest.approx(600, abs=5)


async def test_a_line_ends_at_the_middle_of_the_side_it_is_let_go_at(make: MakeSetting) -> None:
    s = await make([ShapeItem(id="b", x=100, y=0, width=100, height=100, fill="#336699")])
    s.view.hands.choose(Tool.LINE)
    s.mouse.drag((-200, -100), (152, 4))
    line = s.view.selection.items()[0]
    assert isinstance(line, LineItem)
    assert (line.end_item, line.end_side, line.arrow_end) == ("b", Side.TOP, False)


async def test_a_connector_sticks_inside_of_a_shape_that_is_not_filled(make: MakeSetting) -> None:
    s = await make([ShapeItem(id="b", x=100, y=0, width=100, height=100, fill=None)])
    s.view.hands.choose(Tool.CONNECTOR)
    s.mouse.drag((-200, 40), (140, 40))
    line = s.view.selection.items()[0]
    assert isinstance(line, LineItem)
    assert line.end_item == "b"
    assert line.x + line.width < 100
