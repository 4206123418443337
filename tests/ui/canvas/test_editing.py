"""The clipboard, styles, words found and replaced, and frames in sizes and by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    LineForm,
    LineItem,
    NoteItem,
    ShapeItem,
    TextItem,
)
from kupuri_desktop.ui.canvas.editing.frame_sizes import Framing
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.hands.writing import Emphasis
from kupuri_desktop.ui.canvas.painting.vectors import text_height
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import Keys, MakeSetting, Setting


@pytest.fixture(autouse=True)
def plain_clipboard(qapp: object) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


def box(key: str, x: float = 0, **more: object) -> ShapeItem:
    return ShapeItem(id=key, x=x, y=0, width=100, height=100, fill="#336699", **more)  # type: ignore[arg-type]


def text(key: str, words: str, y: float = 0) -> TextItem:
    return TextItem(id=key, x=-300, y=y, width=200, height=30, text=words)


def do(s: Setting, *names: str) -> None:
    for name in names:
        s.view.action(name).trigger()


# --- the clipboard


async def test_a_board_is_pasted_in_place_into_another_project_with_all_that_hangs_on_it(
    make: MakeSetting,
) -> None:
    pictures = MemoryPictures()
    here = await make(
        [
            FrameItem(id="f", x=-20, y=-20, width=600, height=300, z=-1, name="Poster"),
            box("a", frame="f", group="g/h"),
            box("b", 300, frame="f", group="g"),
            LineItem(id="l", x=106, y=50, width=188, height=0, end=(188.0, 0.0),
                     start_item="a", end_item="b", frame="f"),
            image_item(pictures, "i", 100, 150, (200, 100), frame="f"),
        ],
        pictures,
    )  # fmt: skip
    there = await make([], pictures)
    here.view.selection.set(["f"])
    do(here, "copy")
    await here.settle()
    do(there, "paste_in_place")
    known = {getattr(i, "kind", "") + f"{i.x:.0f}": i for i in there.canvas.items.values()}
    assert set(known) == {"frame-20", "shape0", "shape300", "line106", "image100"}
    frame = known["frame-20"]
    assert {i.frame for i in known.values()} == {None, frame.id}
    assert not set(there.canvas.items) & set(here.canvas.items)
    a, b, line = known["shape0"], known["shape300"], known["line106"]
    assert str(a.group).startswith(f"{b.group}/")
    assert isinstance(line, LineItem)
    assert (line.start_item, line.end_item) == (a.id, b.id)
    assert there.canvas.undo_label == "Paste 5 items"


async def test_paste_here_pastes_where_the_menu_was_opened(make: MakeSetting) -> None:
    s = await make([box("a")])
    s.view.selection.set(["a"])
    do(s, "copy")
    menu = s.view.menu(None, s.view.camera.to_view(QPointF(-150, 120)))
    do(s, "paste_here")
    (item,) = s.view.selection.items()
    assert (item.x, item.y) == (-200, 70)
    menu.deleteLater()


async def test_a_style_is_copied_from_one_item_and_given_to_others(make: MakeSetting) -> None:
    s = await make([box("a", stroke="#ff0000", stroke_width=12.0), box("b", 200), box("c", 300)])
    s.view.selection.set(["a"])
    do(s, "copy_style")
    s.view.selection.set(["b", "c"])
    do(s, "paste_style")
    for key in "bc":
        item = s.canvas.items[key]
        assert isinstance(item, ShapeItem)
        assert (item.stroke, item.stroke_width) == ("#ff0000", 12.0)
    assert s.canvas.undo_label == "Paste style to 2 items"


# --- words


async def test_find_goes_from_place_to_place_and_replaces_all_as_one_step(
    make: MakeSetting,
) -> None:
    s = await make(
        [text("1", "red fox, red hen"), text("2", "Red barn", 4000),
         FrameItem(id="f", x=0, y=0, width=90, height=90, name="Redwood")]
    )  # fmt: skip
    find = s.view.editing.find
    QTest.keyClick(s.view, Qt.Key.Key_H, Keys.ControlModifier)
    assert find.isVisible()
    QTest.keyClicks(find.words, "red")
    assert find.count.text() == "1 of 4"
    assert s.view.selection.ids == ["1"]
    QTest.keyClick(find.words, Qt.Key.Key_Return, Keys.ShiftModifier)
    assert find.count.text() == "4 of 4"
    assert s.view.selection.ids == ["2"]
    assert s.view.camera.shown().intersects(s.view.layer.sheet.area("2"))
    QTest.mouseClick(find.case, Qt.MouseButton.LeftButton)
    assert find.count.text() == "1 of 2"
    find.other.setFocus()
    find.other.setText("blue")
    QTest.keyClick(find.other, Qt.Key.Key_Return)
    assert getattr(s.canvas.items["1"], "text", "") == "blue fox, red hen"
    assert s.canvas.undo_label == "Replace “red”"
    QTest.mouseClick(find.case, Qt.MouseButton.LeftButton)
    find.replace_all()
    assert getattr(s.canvas.items["1"], "text", "") == "blue fox, blue hen"
    assert s.canvas.items["f"].name == "bluewood"
    assert s.canvas.undo_label == "Replace “red” 3 times"
    assert find.count.text() == "None"
    QTest.keyClick(find.words, Qt.Key.Key_Escape)
    QTest.keyClick(find.words, Qt.Key.Key_Escape)
    assert not find.isVisible()


async def test_ctrl_b_while_writing_makes_the_text_bold_and_keeps_what_was_written(
    make: MakeSetting,
) -> None:
    s = await make([text("1", "Hello")])
    s.mouse.double_click(-280, 10)
    field = s.view.writing._field
    assert field is not None
    QTest.keyClick(s.view.viewport(), Qt.Key.Key_End)
    QTest.keyClicks(s.view.viewport(), " you")
    QTest.keyClick(s.view, Qt.Key.Key_B, Keys.ControlModifier)
    assert field.document().defaultFont().bold()
    assert s.canvas.undo_label == "Bold text"
    QTest.keyClick(s.view, Qt.Key.Key_Escape)
    item = s.canvas.items["1"]
    assert isinstance(item, TextItem)
    assert (item.text, Emphasis.BOLD.held_by(item)) == ("Hello you", True)
    do(s, "bold", "italic", "underline")
    item = s.canvas.items["1"]
    assert isinstance(item, TextItem)
    assert (item.font_weight, item.italic, item.underline) == (400, True, True)


async def test_words_stand_in_the_field_where_they_are_painted(make: MakeSetting) -> None:
    item = replace(
        text("1", "Some words that wrap\nand more of them"),
        align=Align.CENTRE, line_height=1.5, letter_spacing=0.1, capitals=True,
    )  # fmt: skip
    s = await make([item])
    s.view.selection.set(["1"])
    s.view.writing.begin(item)
    field = s.view.writing._field
    assert field is not None
    assert field.boundingRect().height() == text_height(item)
    assert text_height(item) > 1.4 * text_height(replace(item, line_height=1.0))


async def test_pasted_words_lose_their_looks_and_keep_their_lines(make: MakeSetting) -> None:
    s = await make([text("1", "x")])
    s.view.writing.begin(s.canvas.items["1"])
    QGuiApplication.clipboard().setText("one\r\ntwo")
    QTest.keyClick(s.view.viewport(), Qt.Key.Key_V, Keys.ControlModifier)
    s.view.writing.end()
    assert getattr(s.canvas.items["1"], "text", "") == "one\ntwo"


async def test_undo_of_a_text_being_written_does_not_bring_an_old_look_back(
    make: MakeSetting,
) -> None:
    s = await make([text("1", "x")])
    s.view.writing.begin(s.canvas.items["1"])
    s.canvas.delete(["1"])
    assert s.view.writing.item is None
    assert not s.canvas.items


# --- lines


async def test_a_line_becomes_an_elbow_and_gets_a_second_head(make: MakeSetting) -> None:
    s = await make([box("a"), box("b", 300)])
    s.view.hands.choose(Tool.CONNECTOR)
    s.mouse.drag((50, 50), (350, 50))
    (line,) = s.view.selection.items()
    assert isinstance(line, LineItem)
    assert (line.form, line.start_item, line.end_item) == (LineForm.ELBOW, "a", "b")
    do(s, "line_curve", "head_start")
    line = s.canvas.items[line.id]
    assert isinstance(line, LineItem)
    assert (line.form, line.arrow_start, line.start_item) == (LineForm.CURVE, True, "a")
    assert len(line.bends) == 2
    assert not s.view.action("bold").isEnabled()


# --- frames


async def test_the_frame_tool_lists_sizes_and_a_click_makes_one(make: MakeSetting) -> None:
    s = await make([NoteItem(id="n", x=-50, y=-50, width=100, height=100, text="held")])
    sizes = s.view.editing.sizes
    assert not sizes.isVisible()
    QTest.keyClick(s.view, Qt.Key.Key_F)
    assert sizes.isVisible()
    row = next(row for row in sizes.rows if row.format.name == "A5")
    QTest.mouseClick(sizes.turned, Qt.MouseButton.LeftButton)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    (frame,) = s.view.selection.items()
    assert (frame.name, frame.width, frame.height) == ("A5", 2480, 1748)
    assert s.canvas.items["n"].frame == frame.id
    assert not sizes.isVisible()
    assert s.canvas.undo_label == "Add frame"


async def test_a_frame_is_given_a_size_and_turned(make: MakeSetting) -> None:
    s = await make([FrameItem(id="f", x=0, y=0, width=90, height=50, name="Frame")])
    s.view.selection.set(["f"])
    framing: Framing = s.view.editing.framing
    framing.give(framing.groups[0].sizes[0])
    assert (s.canvas.items["f"].width, s.canvas.items["f"].name) == (1080, "Square post")
    framing.give(framing.groups[2].sizes[1])
    do(s, "frame_swap", "frame_clip")
    frame = s.canvas.items["f"]
    assert isinstance(frame, FrameItem)
    assert (frame.width, frame.height, frame.clip) == (3508, 2480, False)


async def test_a_frame_is_taken_moved_and_renamed_by_its_name(make: MakeSetting) -> None:
    s = await make(
        [FrameItem(id="f", x=-200, y=-100, width=400, height=300, name="Old"), box("a", frame="f")]
    )
    over = s.view.camera.to_canvas(s.view.camera.to_view(QPointF(-200, -100)) + QPointF(8, -10))
    s.mouse.click(over.x(), over.y())
    assert s.view.selection.ids == ["f"]
    s.view.selection.clear()
    s.mouse.drag((over.x(), over.y()), (over.x() + 33, over.y() + 44), Keys.ControlModifier)
    assert (s.canvas.items["f"].x, s.canvas.items["a"].x, s.canvas.items["a"].y) == (-167, 33, 44)
    s.canvas.undo()
    s.mouse.double_click(over.x(), over.y())
    naming = s.view.editing.naming
    assert naming.isVisible()
    QTest.keyClicks(naming, "New name")
    QTest.keyClick(naming, Qt.Key.Key_Return)
    assert s.canvas.items["f"].name == "New name"
    assert s.canvas.undo_label == "Rename frame"
    assert not naming.isVisible()


async def test_a_frame_is_dissolved_and_what_it_held_stays(make: MakeSetting) -> None:
    s = await make(
        [FrameItem(id="f", x=-50, y=-50, width=400, height=300, z=-1), box("a", frame="f")]
    )
    s.view.selection.set(["f"])
    do(s, "ungroup")
    assert (list(s.canvas.items), s.canvas.items["a"].frame) == (["a"], None)
    s.canvas.undo()
    s.view.selection.set(["f"])
    do(s, "front")
    assert [item.id for item in s.canvas.in_order()] == ["f", "a"]
    do(s, "select_held")
    assert s.view.selection.ids == ["a"]
    do(s, "select_frame")
    assert s.view.selection.ids == ["f"]


async def test_the_same_kind_is_selected(make: MakeSetting) -> None:
    s = await make([box("a"), box("b", 200), text("t", "x")])
    s.view.selection.set(["a"])
    do(s, "select_kind")
    assert set(s.view.selection.ids) == {"a", "b"}


async def test_the_picture_of_what_was_copied_does_not_replace_what_was_copied_since(
    make: MakeSetting,
) -> None:
    s = await make([box("a"), box("b", 200, stroke="#00ff00")])
    s.view.selection.set(["a"])
    do(s, "copy")
    s.view.selection.set(["b"])
    do(s, "copy_style")
    await s.settle()
    s.view.selection.set(["a"])
    do(s, "paste_style")
    assert getattr(s.canvas.items["a"], "stroke", "") == "#00ff00"
