"""The inspector's looks: previews under the hand, mixed values, scrubbing, sums, fonts."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    LineForm,
    LineItem,
    NoteItem,
    ShapeItem,
    TextItem,
)
from tests.ui.colour.hand import move
from tests.ui.panels.test_inspector import bench, image

__all__ = ["bench"]

LEFT = Qt.MouseButton.LeftButton


def shape(key: str, **more: Any) -> ShapeItem:
    values: dict[str, Any] = {"x": 0.0, "y": 0.0, "width": 90.0, "height": 90.0}
    return ShapeItem(id=key, **(values | more))


def text(key: str, **more: Any) -> TextItem:
    return TextItem(id=key, x=0, y=0, width=300, height=30, text="Fox", **more)


def seen(desk: Any, key: str) -> Any:
    sheet = desk.setting.view.layer.sheet
    return sheet.items[sheet.row[key]]


async def test_a_colour_is_seen_on_the_canvas_while_it_is_dragged_and_is_one_step(bench) -> None:
    desk = await bench(shape("s", fill="#ff0000"))
    desk.select("s")
    field = desk.panel.looks.colours["fill"]
    QTest.mouseClick(field.swatch, LEFT)
    plane = field._colours.picker.plane
    QTest.mousePress(plane, LEFT, pos=QPoint(4, 4))
    move(plane, QPoint(plane.width() - 1, plane.height() - 1))
    assert seen(desk, "s").fill == "#000000"
    assert desk.item("s").fill == "#ff0000"
    assert desk.canvas.undo_label is None
    QTest.mouseRelease(plane, LEFT, pos=QPoint(plane.width() - 1, plane.height() - 1))
    assert desk.item("s").fill == "#000000"
    assert str(desk.canvas.undo_label) == "Change fill shape"
    desk.canvas.undo()
    assert desk.canvas.undo_label is None
    assert seen(desk, "s").fill == "#ff0000"


async def test_a_preview_given_up_leaves_everything_as_it_was(bench) -> None:
    desk = await bench(shape("s", fill="#ff0000"))
    desk.select("s")
    field = desk.panel.looks.colours["fill"]
    QTest.mouseClick(field.swatch, LEFT)
    plane = field._colours.picker.plane
    QTest.mousePress(plane, LEFT, pos=QPoint(40, 40))
    assert seen(desk, "s").fill != "#ff0000"
    QTest.keyClick(plane, Qt.Key.Key_Escape)
    QTest.mouseRelease(plane, LEFT, pos=QPoint(40, 40))
    assert (seen(desk, "s").fill, desk.canvas.undo_label) == ("#ff0000", None)


async def test_mixed_values_say_so_and_setting_one_sets_all(bench) -> None:
    desk = await bench(
        shape("a", fill="#111111", stroke_width=2.0),
        shape("b", fill="#222222", stroke_width=6.0, dash=(4.0, 2.0)),
    )
    desk.select("a", "b")
    looks = desk.panel.looks
    assert looks.colours["fill"].line.placeholderText() == "Mixed"
    assert looks.numbers["stroke_width"].placeholderText() == "Mixed"
    assert looks.dash.choice.placeholderText() == "Mixed"
    assert desk.type(looks.colours["fill"].line, "teal") == "Change fill 2 items"
    assert desk.type(looks.numbers["stroke_width"], "4*2") == "Change stroke width 2 items"
    looks.dash.choice.activated.emit(2)
    assert {(i.fill, i.stroke_width, i.dash) for i in desk.canvas.items.values()} == {
        ("#008080", 8.0, (0.1, 2.0))
    }


async def test_mixed_switches_and_alignments_show_neither(bench) -> None:
    desk = await bench(
        text("a", italic=True, align=Align.LEFT), text("b", italic=False, align=Align.RIGHT)
    )
    desk.select("a", "b")
    looks = desk.panel.looks
    assert looks.align.value == ""
    assert looks.letters.buttons["italic"].accessibleDescription() == "Mixed"
    QTest.mouseClick(looks.letters.buttons["italic"], LEFT)
    QTest.keyClick(looks.align, Qt.Key.Key_Right)
    assert all(item.italic and item.align is Align.LEFT for item in desk.canvas.items.values())


async def test_sums_are_worked_out_and_go_on_from_what_is_there(bench) -> None:
    desk = await bench(image("a"))
    desk.select("a")
    desk.type(desk.panel.left, "(64+36)*2")
    assert (desk.item("a").x, desk.panel.left.text()) == (200, "200")
    desk.type(desk.panel.left, "/4")
    assert desk.item("a").x == 50
    desk.type(desk.panel.wide, "50%")
    assert desk.item("a").width == 100


async def test_dragging_a_prefix_moves_live_and_is_one_step(bench) -> None:
    desk = await bench(image("a"))
    desk.select("a")
    field = desk.panel.left
    QTest.mousePress(field, LEFT, pos=QPoint(8, 12))
    for x in (18, 28, 38):
        move(field, QPoint(x, 12))
    assert (seen(desk, "a").x, desk.item("a").x) == (40, 10)
    QTest.mouseRelease(field, LEFT, pos=QPoint(38, 12))
    assert (desk.item("a").x, desk.canvas.undo_label) == (40, "Move image")
    desk.canvas.undo()
    assert desk.canvas.undo_label is None


async def test_a_scrub_is_given_up_by_escape(bench) -> None:
    desk = await bench(shape("s", stroke_width=4.0))
    desk.select("s")
    field = desk.panel.looks.numbers["stroke_width"]
    title = next(row.title for row in desk.panel.looks._rows if row.field is field)
    QTest.mousePress(title, LEFT, pos=QPoint(10, 8))
    move(title, QPoint(40, 8))
    assert seen(desk, "s").stroke_width == 34
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.mouseRelease(title, LEFT, pos=QPoint(40, 8))
    assert (seen(desk, "s").stroke_width, field.text()) == (4.0, "4")
    assert desk.canvas.undo_label is None


def wheel(widget: QWidget) -> None:
    at = QPointF(widget.rect().center())
    event = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


async def test_the_wheel_changes_nothing(bench) -> None:
    desk = await bench(text("t"), shape("s"), FrameItem(id="f", x=0, y=0, width=9, height=9))
    for key in "tsf":
        desk.select(key)
        for field in desk.panel.findChildren(QWidget):
            if field.isVisible() and field.objectName().startswith("inspector_"):
                wheel(field)
    assert desk.canvas.undo_label is None


async def test_dashes_of_ones_own_are_typed_and_nonsense_is_put_back(bench) -> None:
    desk = await bench(shape("s"))
    desk.select("s")
    dash = desk.panel.looks.dash
    dash.choice.activated.emit(3)
    assert desk.type(dash.own, "6 2, 1 2") == "Change line shape"
    assert desk.item("s").dash == (6.0, 2.0, 1.0, 2.0)
    assert dash.own.isVisible()
    for nonsense in ("a b", "-1 2", "0 0", " ".join("1" * 17)):
        desk.type(dash.own, nonsense)
        assert desk.item("s").dash == (6.0, 2.0, 1.0, 2.0)


async def test_a_line_takes_another_form_and_other_heads(bench) -> None:
    desk = await bench(
        LineItem(id="l", x=0, y=0, width=200, height=100, start=(0, 0), end=(200, 100))
    )
    desk.select("l")
    looks = desk.panel.looks
    looks.form.activated.emit(1)
    assert desk.canvas.undo_label == "Change form line"
    assert (desk.item("l").form, len(desk.item("l").bends) > 0) == (LineForm.ELBOW, True)
    looks.heads.activated.emit(3)
    assert (desk.item("l").arrow_start, desk.item("l").arrow_end) == (True, True)


async def test_lines_and_letters_are_spaced_and_the_box_follows(bench) -> None:
    desk = await bench(text("t"))
    desk.select("t")
    before = desk.item("t").height
    assert desk.type(desk.panel.looks.numbers["line_height"], "200") == "Change line height text"
    assert desk.item("t").line_height == 2.0
    assert desk.item("t").height > before
    desk.type(desk.panel.looks.numbers["letter_spacing"], "10 %")
    assert desk.item("t").letter_spacing == pytest.approx(0.1)


async def test_a_font_is_tried_by_arrow_and_taken_by_enter(bench) -> None:
    desk = await bench(text("t"))
    desk.select("t")
    field = desk.panel.looks.font_family
    field.showPopup()
    picker = field.picker
    QTest.keyClick(picker.search, Qt.Key.Key_Down)
    tried = seen(desk, "t").font_family
    assert tried != "Inter"
    assert desk.item("t").font_family == "Inter"
    QTest.keyClick(picker.search, Qt.Key.Key_Escape)
    assert (seen(desk, "t").font_family, desk.canvas.undo_label) == ("Inter", None)
    field.showPopup()
    QTest.keyClicks(picker.search, tried)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert (desk.item("t").font_family, desk.canvas.undo_label) == (tried, "Change font text")
    assert not picker.isVisible()


async def test_a_note_takes_one_of_six_papers(bench) -> None:
    desk = await bench(NoteItem(id="n", x=0, y=0, width=90, height=90))
    desk.select("n")
    papers = desk.panel.looks.papers
    assert (len(papers.shown), papers.marked) == (6, "#ffd66b")
    QTest.mouseClick(papers, LEFT, pos=papers.centre(4))
    assert desk.item("n").colour == papers.shown[4].colour


async def test_a_frame_takes_a_format_and_keeps_its_corner(bench) -> None:
    desk = await bench(FrameItem(id="f", x=30, y=40, width=1080, height=1080))
    desk.select("f")
    field = desk.panel.looks.format
    assert field.choice.currentText().startswith("Square post")
    index = field.choice.findText("A4   2480 × 3508")
    field.choice.activated.emit(index)
    frame = desk.item("f")
    assert (frame.x, frame.y, frame.width, frame.height) == (30, 40, 2480, 3508)
    assert desk.canvas.undo_label == "Resize frame"


async def test_a_picture_is_flipped_and_loses_its_colour(bench) -> None:
    desk = await bench(image("a"))
    desk.select("a")
    for name in ("flip_x", "flip_y", "grayscale"):
        QTest.mouseClick(desk.panel.looks.flips.buttons[name], LEFT)
    found = desk.item("a")
    assert isinstance(found, ImageItem)
    assert (found.flip_x, found.flip_y, found.grayscale) == (True, True, True)
    assert desk.canvas.undo_label == "Grayscale image"
