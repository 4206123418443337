"""Groups within groups, by the mouse and the keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kupuri_desktop.core.items import ShapeItem
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from tests.ui.canvas.conftest import Keys, MakeSetting, Setting


def box(key: str, x: float, group: str | None = None) -> ShapeItem:
    return ShapeItem(
        id=key, x=x, y=0, width=50, height=50, fill="#336699", stroke=None, group=group
    )


async def nest(make: MakeSetting) -> Setting:
    return await make(
        [box("1", -300, "a/b"), box("2", -200, "a/b"), box("3", -100, "a"), box("4", 0)]
    )


async def test_double_clicks_go_in_level_by_level_and_escape_comes_out(make: MakeSetting) -> None:
    s = await nest(make)
    selection = s.view.selection
    s.mouse.click(-280, 20)
    assert set(selection.ids) == {"1", "2", "3"}
    s.mouse.double_click(-280, 20)
    assert (set(selection.ids), selection.group) == ({"1", "2"}, "a")
    s.mouse.double_click(-280, 20)
    assert (selection.ids, selection.group) == (["1"], "a/b")
    s.mouse.click(-180, 20)
    assert selection.ids == ["2"]
    s.mouse.click(-80, 20)
    assert (selection.ids, selection.group) == (["3"], "a")
    s.mouse.double_click(-180, 20)
    QTest.keyClick(s.view, Qt.Key.Key_Escape)
    assert (set(selection.ids), selection.group) == ({"1", "2"}, "a")
    QTest.keyClick(s.view, Qt.Key.Key_Escape)
    assert (set(selection.ids), selection.group) == ({"1", "2", "3"}, None)
    QTest.keyClick(s.view, Qt.Key.Key_Escape)
    assert not selection.ids


async def test_groups_of_groups_are_made_and_peeled_one_level_at_a_time(make: MakeSetting) -> None:
    s = await nest(make)
    s.mouse.click(-280, 20)
    s.mouse.click(20, 20, Keys.ShiftModifier)
    s.view.action("group").trigger()
    assert s.canvas.undo_label == "Group 4 items"
    s.mouse.click(20, 20)
    assert len(s.view.selection) == 4
    s.view.action("ungroup").trigger()
    assert {i.id: i.group for i in s.canvas.items.values()} == {
        "1": "a/b", "2": "a/b", "3": "a", "4": None,
    }  # fmt: skip
    s.mouse.click(-280, 20)
    s.view.action("ungroup").trigger()
    assert {i.group for i in s.canvas.items.values()} == {"b", None}


async def test_a_copy_of_a_member_stays_in_the_group_that_is_entered(make: MakeSetting) -> None:
    s = await nest(make)
    s.mouse.double_click(-80, 20)
    s.view.action("duplicate").trigger()
    (made,) = s.view.selection.items()
    assert made.group == "a"
    s.mouse.drag((-80, 20), (-80, 220), Keys.AltModifier)
    assert all(item.group == "a" for item in s.view.selection.items())


async def test_a_band_takes_whole_groups(make: MakeSetting) -> None:
    s = await nest(make)
    s.mouse.drag((-120, -50), (-90, 60))
    assert set(s.view.selection.ids) == {"1", "2", "3"}


async def test_a_group_that_is_dragged_takes_all_of_it_along(make: MakeSetting) -> None:
    """A rectangle, an ellipse and a connector between them, as they are drawn: not filled."""
    s = await make([])
    view, hands = s.view, s.view.hands
    hands.choose(Tool.RECTANGLE)
    s.mouse.drag((-300, -50), (-200, 50))
    hands.choose(Tool.ELLIPSE)
    s.mouse.drag((0, -50), (100, 50))
    hands.choose(Tool.CONNECTOR)
    s.mouse.drag((-200, 0), (0, 0))
    before = dict(s.canvas.items)
    assert len(before) == 3
    view.action("select_all").trigger()
    view.action("group").trigger()
    assert len({item.group for item in s.canvas.items.values()} - {None}) == 1
    s.mouse.drag((-250, -50), (-250, 150))
    assert [(item.x, item.y) for item in s.canvas.items.values()] == [
        (item.x, item.y + 200) for item in before.values()
    ]


async def test_grouping_gathers_the_members_behind_the_front_one(make: MakeSetting) -> None:
    s = await make(
        [replace(box(key, 60.0 * n), z=float(n)) for n, key in enumerate(("1", "2", "3", "4"))]
    )
    s.view.selection.set(["1", "3"])
    s.view.action("group").trigger()
    assert [item.id for item in s.canvas.in_order()] == ["2", "1", "3", "4"]
    s.canvas.undo()
    assert [item.id for item in s.canvas.in_order()] == ["1", "2", "3", "4"]
