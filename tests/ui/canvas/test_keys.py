"""The canvas by keys alone: every item is reached, taken, moved, sized, turned, joined, made."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from kupuri_desktop.core.items import (
    FrameItem,
    Item,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.ui.actions.catalogue import WINDOW_ACTIONS
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import MakeSetting, Setting

Key, Keys = Qt.Key, Qt.KeyboardModifier


def box(key: str, x: float, y: float, **more: object) -> ShapeItem:
    return ShapeItem(id=key, x=x, y=y, width=100, height=80, **more)  # type: ignore[arg-type]


async def row(make: MakeSetting, *more: Item) -> Setting:
    s = await make([box("a", -200, 0), box("b", 0, 0), box("c", 200, 0), *more])
    s.view.activateWindow()
    s.view.setFocus()
    return s


def press(s: Setting, key: Qt.Key, keys: Qt.KeyboardModifier = Keys.NoModifier) -> None:
    QTest.keyClick(s.view, key, keys)


async def test_items_apart_are_taken_together_by_going_on_without_selecting(
    make: MakeSetting,
) -> None:
    s = await row(make)
    press(s, Key.Key_Tab)
    press(s, Key.Key_Tab, Keys.ControlModifier)
    assert s.view.selection.ids == ["a"]
    press(s, Key.Key_Tab, Keys.ControlModifier)
    press(s, Key.Key_Space, Keys.ControlModifier)
    assert s.view.selection.ids == ["a", "c"]
    press(s, Key.Key_Space, Keys.ControlModifier)
    assert s.view.selection.ids == ["a"]


async def test_after_the_last_item_tab_leaves_the_items_and_shift_tab_comes_back(
    make: MakeSetting,
) -> None:
    s = await row(make)
    for _ in range(3):
        press(s, Key.Key_Tab)
    assert s.view.selection.ids == ["c"]
    press(s, Key.Key_Tab)
    assert s.view.selection.ids == []
    assert s.view.window().focusWidget() is not s.view
    s.view.setFocus()
    press(s, Key.Key_Backtab)
    assert s.view.selection.ids == ["c"]


async def test_tab_in_a_bar_goes_from_button_to_button(make: MakeSetting) -> None:
    s = await row(make)
    first, second, *_ = s.view.bars.tools._buttons.values()
    first.setFocus()
    QTest.keyClick(first, Key.Key_Tab)
    assert s.view.window().focusWidget() is second
    assert s.view.selection.ids == []
    QTest.keyClick(second, Key.Key_Escape)
    assert s.view.window().focusWidget() is s.view


async def test_return_in_the_selections_bar_presses_its_button(make: MakeSetting) -> None:
    s = await row(make)
    press(s, Key.Key_Tab)
    button = next(b for b in s.view.bars.pop.children() if b.objectName().endswith("duplicate"))
    button.setFocus()  # type: ignore[attr-defined]
    QTest.keyClick(button, Key.Key_Return)  # type: ignore[call-overload]
    assert len(s.canvas.items) == 4


async def test_arrows_move_and_with_ctrl_resize(make: MakeSetting) -> None:
    s = await row(make)
    press(s, Key.Key_Tab)
    press(s, Key.Key_Right)
    press(s, Key.Key_Down, Keys.ShiftModifier)
    assert (s.canvas.items["a"].x, s.canvas.items["a"].y) == (-199, 10)
    press(s, Key.Key_Right, Keys.ControlModifier)
    press(s, Key.Key_Up, Keys.ControlModifier | Keys.ShiftModifier)
    item = s.canvas.items["a"]
    assert (item.x, item.y, item.width, item.height) == (-199, 10, 101, 70)
    assert s.canvas.undo_label == "Resize shape"


async def test_an_image_keeps_its_proportions_when_keys_resize_it(make: MakeSetting) -> None:
    pictures = MemoryPictures()
    s = await make([image_item(pictures, "a", 0, 0)], pictures)
    s.view.setFocus()
    press(s, Key.Key_Tab)
    before = s.canvas.items["a"]
    press(s, Key.Key_Right, Keys.ControlModifier | Keys.ShiftModifier)
    item = s.canvas.items["a"]
    assert item.width == before.width + 10
    assert item.width / item.height == pytest.approx(before.width / before.height)


async def test_a_turned_item_grows_in_its_own_axes(make: MakeSetting) -> None:
    s = await row(make, box("d", 0, 200, rotation=90.0))
    s.view.selection.set(["d"])
    press(s, Key.Key_Right, Keys.ControlModifier | Keys.ShiftModifier)
    item = s.canvas.items["d"]
    assert (item.width, item.height, item.rotation) == (110, 80, 90)
    assert item.x == pytest.approx(-5)
    assert item.y == pytest.approx(205)


async def test_wider_lets_a_text_wrap_anew_and_taller_grows_its_letters(make: MakeSetting) -> None:
    text = TextItem(id="t", x=0, y=300, width=60, height=100, text="one two three four")
    s = await row(make, text)
    s.view.selection.set(["t"])
    for _ in range(20):
        press(s, Key.Key_Right, Keys.ControlModifier | Keys.ShiftModifier)
    wide = s.canvas.items["t"]
    assert isinstance(wide, TextItem)
    assert (wide.width, wide.font_size) == (260, text.font_size)
    assert wide.height < 100
    press(s, Key.Key_Down, Keys.ControlModifier | Keys.ShiftModifier)
    tall = s.canvas.items["t"]
    assert isinstance(tall, TextItem)
    assert tall.font_size > text.font_size


async def test_alt_and_arrows_turn(make: MakeSetting) -> None:
    s = await row(make)
    press(s, Key.Key_Tab)
    press(s, Key.Key_Right, Keys.AltModifier)
    assert s.canvas.items["a"].rotation == 15
    press(s, Key.Key_Left, Keys.AltModifier | Keys.ShiftModifier)
    assert s.canvas.items["a"].rotation == 14


async def test_return_enters_a_group_and_escape_leaves_it(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0, group="g"), box("b", 150, 0, group="g")])
    s.view.setFocus()
    press(s, Key.Key_A, Keys.ControlModifier)
    assert s.view.selection.ids == ["a", "b"]
    press(s, Key.Key_Return)
    assert s.view.selection.ids == ["a"]
    press(s, Key.Key_Escape)
    assert s.view.selection.ids == ["a", "b"]


@pytest.mark.parametrize(
    ("tool", "kind"),
    [
        (Tool.FRAME, FrameItem),
        (Tool.NOTE, NoteItem),
        (Tool.RECTANGLE, ShapeItem),
        (Tool.ARROW, LineItem),
        (Tool.PEN, StrokeItem),
    ],
)
async def test_return_draws_with_the_tool_in_the_middle_of_the_view(
    make: MakeSetting, tool: Tool, kind: type[Item]
) -> None:
    s = await make([])
    s.view.setFocus()
    s.view.hands.choose(tool)
    press(s, Key.Key_Return)
    s.view.writing.end()
    [item] = s.canvas.items.values()
    assert isinstance(item, kind)
    assert item.width >= 200
    middle = s.view.camera.centre()
    assert item.rect.x <= middle.x() + 1 <= item.rect.right + 2
    assert s.view.selection.ids == [item.id]


async def test_what_is_drawn_twice_does_not_lie_on_itself(make: MakeSetting) -> None:
    s = await make([])
    s.view.setFocus()
    for _ in range(2):
        s.view.hands.choose(Tool.ELLIPSE)
        press(s, Key.Key_Return)
    first, second = s.canvas.items.values()
    assert isinstance(second, ShapeItem)
    assert second.form is ShapeForm.ELLIPSE
    assert (second.x, second.y) == (first.x + 32, first.y + 32)


async def test_the_selected_are_connected_in_their_order_and_lines_follow(
    make: MakeSetting,
) -> None:
    s = await row(make)
    s.view.selection.set(["a", "b", "c"])
    press(s, Key.Key_C, Keys.AltModifier)
    lines = [item for item in s.canvas.items.values() if isinstance(item, LineItem)]
    assert [(line.start_item, line.end_item) for line in lines] == [("a", "b"), ("b", "c")]
    end = lines[0].x + lines[0].end[0]
    s.view.selection.set(["b"])
    press(s, Key.Key_Right, Keys.ShiftModifier)
    followed = s.canvas.items[lines[0].id]
    assert isinstance(followed, LineItem)
    assert followed.x + followed.end[0] == pytest.approx(end + 10)


async def test_a_loose_arrow_is_attached_to_the_item_that_is_selected_with_it(
    make: MakeSetting,
) -> None:
    arrow = LineItem(id="l", x=-100, y=-200, width=100, height=0, end=(100.0, 0.0))
    s = await row(make, arrow)
    s.view.selection.set(["l", "b"])
    press(s, Key.Key_C, Keys.AltModifier)
    line = s.canvas.items["l"]
    assert isinstance(line, LineItem)
    assert (line.start_item, line.end_item) == (None, "b")


@pytest.mark.parametrize("how", ["key", "event"])
async def test_the_menu_opens_at_the_item(make: MakeSetting, how: str) -> None:
    s = await row(make, box("d", -200, -250))
    press(s, Key.Key_Tab)
    if how == "key":
        press(s, Key.Key_F10, Keys.ShiftModifier)
    else:
        at = QPoint(3, 3)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, s.view.mapToGlobal(at))
        QApplication.sendEvent(s.view.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    local = s.view.viewport().mapFromGlobal(menu.pos())
    assert "Duplicate" in [action.text() for action in menu.actions()]
    menu.close()
    corner = s.view.viewportTransform().map(QPoint(-200, -170))
    assert (local - corner).manhattanLength() <= 2


async def test_every_step_is_named_and_no_two_actions_have_the_same_keys(
    make: MakeSetting,
) -> None:
    s = await row(make)
    actions = s.view.actions()
    own = {spec.id for spec in WINDOW_ACTIONS} & {action.objectName() for action in actions}
    keys = Counter(
        key.toString() for action in actions if action.isEnabled() for key in action.shortcuts()
    )
    keys.update(
        key for spec in WINDOW_ACTIONS if spec.id not in own
        for key in map(QKeySequence.toString, map(QKeySequence, spec.shortcuts))
    )  # fmt: skip
    assert {key: count for key, count in keys.items() if count > 1} == {}
    assert all(action.text() and action.toolTip() for action in actions)


async def test_the_mouse_selects_several_without_a_ring_around_one(make: MakeSetting) -> None:
    s = await row(make)
    s.view.selection.set(["a", "b"])
    assert s.view.keyboard.reach.item is not None

    def seen() -> bytes:
        return bytes(s.view.grab().toImage().constBits())

    plain = seen()
    s.view.keyboard.ring.stay(by_keyboard=True)
    assert seen() != plain, "the keyboard's place is told apart"
    s.view.keyboard.ring.stay(by_keyboard=False)
    assert seen() == plain


async def test_a_ring_shows_where_the_keyboard_is(make: MakeSetting) -> None:
    s = await row(make)
    accent = s.view.look.theme.colours.accent
    middle = s.view.width() // 2
    assert s.view.hasFocus()
    assert s.view.grab().toImage().pixelColor(middle, 3) != accent
    s.view.keyboard.ring.come(Qt.FocusReason.TabFocusReason)
    assert s.view.grab().toImage().pixelColor(middle, 3) == accent
    press(s, Key.Key_Tab)
    press(s, Key.Key_Tab, Keys.ControlModifier)
    apart = s.view.keyboard.reach.apart
    assert apart is not None
    assert apart.id == "b"
    corner = s.view.viewportTransform().map(QPoint(0, 0))
    ring = s.view.grab().toImage()
    line = {ring.pixelColor(x, corner.y() - 5).name() for x in range(corner.x(), corner.x() + 90)}
    assert s.view.look.theme.colours.text.name() in line
