"""The floating bars: tools that share a button, and a selection's bar that keeps to its room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtTest import QTest

from kupuri_desktop.core.items import Item, ShapeItem
from kupuri_desktop.ui.canvas.overlay import box, handle_places
from kupuri_desktop.ui.canvas.tool_bar import FamilyButton
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.card import SHADOW
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.canvas.conftest import MakeSetting, Setting

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def family(s: Setting, name: str) -> FamilyButton:
    found = s.view.findChild(FamilyButton, f"canvas_tools_{name}")
    assert found is not None
    return found


def bar(s: Setting) -> QRect:
    """The selection's bar without its shadow."""
    return s.view.bars.pop.geometry().marginsRemoved(SHADOW)


def offered(s: Setting) -> set[str]:
    menu = s.view.bars.pop.menu()
    names = {action.text() for action in menu.actions()}
    menu.deleteLater()
    return names


async def test_a_family_s_button_chooses_what_was_used_last(make: MakeSetting) -> None:
    s = await make()
    shapes = family(s, "shapes")
    QTest.mouseClick(shapes, LEFT)
    assert s.view.hands.tool.value == "rectangle"
    assert shapes.isChecked() and not shapes.flyout.isVisible()
    s.view.action("tool_ellipse").trigger()
    s.view.action("tool_select").trigger()
    assert not shapes.isChecked()
    QTest.mouseClick(shapes, LEFT)
    assert s.view.hands.tool.value == "ellipse"
    assert shapes.accessibleName() == "Ellipse"


async def test_a_second_click_or_a_right_one_lays_the_family_out(make: MakeSetting) -> None:
    s = await make()
    lines = family(s, "lines")
    QTest.mouseClick(lines, LEFT)
    QTest.mouseClick(lines, LEFT)
    assert lines.flyout.isVisible()
    assert s.view.hands.tool.value == "line" and lines.isChecked()
    arrow = s.view.findChild(IconButton, "canvas_tool_arrow")
    assert arrow is not None
    QTest.mouseClick(arrow, LEFT)
    assert s.view.hands.tool.value == "arrow"
    assert not lines.flyout.isVisible()
    QTest.mouseClick(lines, RIGHT)
    assert lines.flyout.isVisible()


async def test_a_family_is_laid_out_and_left_by_keys_alone(make: MakeSetting) -> None:
    s = await make()
    shapes = family(s, "shapes")
    shapes.setFocus()
    QTest.keyClick(shapes, Qt.Key.Key_Right)
    first = s.view.window().focusWidget()
    assert first is not None and first.objectName() == "canvas_tool_rectangle"
    QTest.keyClick(first, Qt.Key.Key_Right)
    second = s.view.window().focusWidget()
    assert second is not None and second.objectName() == "canvas_tool_ellipse"
    QTest.keyClick(second, Qt.Key.Key_Escape)
    assert not shapes.flyout.isVisible()
    assert s.view.window().focusWidget() is shapes
    QTest.keyClick(shapes, Qt.Key.Key_Right)
    QTest.keyClick(shapes.flyout.focusWidget() or first, Qt.Key.Key_Return)
    assert s.view.hands.tool.value == "rectangle"


async def test_on_a_narrow_canvas_the_bar_keeps_its_room_and_the_menu_has_the_rest(
    make: MakeSetting,
) -> None:
    pictures = MemoryPictures()
    wide = await make([image_item(pictures, "a", 0, 0)], pictures, (800, 600))
    wide.view.selection.set(["a"])
    assert "Duplicate" not in offered(wide)
    narrow = await make([image_item(pictures, "a", 0, 0)], pictures, (320, 600))
    narrow.view.selection.set(["a"])
    assert narrow.view.bars.pop.isVisible()
    tools = narrow.view.bars.tools.geometry().marginsRemoved(SHADOW)
    assert bar(narrow).left() > tools.right()
    assert bar(narrow).right() < 320
    assert offered(narrow) - offered(wide) == {"Copy"}


async def test_a_selection_in_sight_stays_in_sight_when_a_panel_takes_room(
    make: MakeSetting,
) -> None:
    items: list[Item] = [
        ShapeItem(id="left", x=-300, y=-50, width=100, height=100),
        ShapeItem(id="far", x=900, y=-50, width=100, height=100),
    ]
    s = await make(items)
    before = s.view.camera.look
    s.view.selection.set(["left"])
    s.view.resize(500, 600)
    assert s.view.camera.clear().contains(s.view.layer.sheet.area("left"))
    s.view.resize(800, 600)
    assert s.view.camera.look == before, "what was in the middle is there again"
    s.view.selection.set(["far"])
    s.view.resize(500, 600)
    assert s.view.camera.look.x == before.x, "what was out of sight moves nothing"


async def test_no_bar_lies_over_the_handles_of_the_selection(make: MakeSetting) -> None:
    item = ShapeItem(id="r", x=0, y=0, width=200, height=120, fill="#336699", stroke=None)
    view = (await make([item])).view
    view.selection.set(["r"])
    assert view.bars.pop.isVisible()
    corners = box([item])
    assert corners is not None
    transform = view.viewportTransform()
    for x, y in handle_places(corners).values():
        at = transform.map(QPointF(x, y)).toPoint()
        assert view.childAt(at) is view.viewport(), (x, y)
