"""The tools that draw, and words edited where they stand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kupuri_desktop.core.items import (
    FrameItem,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.ui.canvas.hands.drawing import Tool
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
