"""The layers panel lists what lies on the canvas, and orders, names, hides and locks it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from kupuri_desktop.core.items import FrameItem, Item, NoteItem, ShapeItem
from kupuri_desktop.ui.panels.layer_tree import placed
from kupuri_desktop.ui.panels.layers import Layers
from tests.ui.canvas.conftest import MakeSetting
from tests.ui.finding import find


def shape(key: str, z: float, **more: Any) -> ShapeItem:
    return ShapeItem(id=key, name=key, x=z * 60, y=0, width=50, height=50, z=z, **more)


BOARD = (
    shape("back", 0),
    FrameItem(id="frame", name="Poster", x=0, y=200, width=300, height=300, z=1),
    NoteItem(id="inside", x=10, y=210, width=90, height=90, z=2, frame="frame", text="warmer"),
    shape("one", 3, group="g"),
    shape("two", 4, group="g"),
    shape("front", 5),
)


@pytest.fixture
async def layers(make: MakeSetting) -> AsyncIterator[Any]:
    panels: list[Layers] = []

    async def build(*items: Item) -> Layers:
        setting = await make(items)
        panel = Layers(setting.view.look, setting.view.board)
        panel.resize(272, 500)
        panel.show()
        panels.append(panel)
        return panel

    yield build
    for panel in panels:
        panel.close_canvas()
        panel.close()
        panel.deleteLater()
        panel.model.deleteLater()


def listed(panel: Layers, parent: QModelIndex | None = None) -> list[Any]:
    """The names as a tree: a list after a name is what it holds."""
    at = parent or QModelIndex()
    found: list[Any] = []
    for row in range(panel.model.rowCount(at)):
        index = panel.model.index(row, 0, at)
        found.append(index.data())
        if panel.model.rowCount(index):
            found.append(listed(panel, index))
    return found


def order(panel: Layers) -> list[str]:
    return [item.id for item in panel._board.canvas.in_order()]


def drop(panel: Layers, keys: list[str], row: int, home: str = "") -> None:
    indexes = [panel.model.index_of(key) for key in keys]
    data = panel.model.mimeData(indexes)
    parent = panel.model.index_of(home) if home else QModelIndex()
    panel.model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, parent)


async def test_frames_and_groups_hold_what_is_theirs_front_to_back(layers) -> None:
    panel = await layers(*BOARD)
    assert listed(panel) == ["front", "Group", ["two", "one"], "Poster", ["warmer"], "back"]
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert panel.tree.isExpanded(panel.model.index_of("frame"))


async def test_a_row_dropped_elsewhere_is_one_step_that_undo_takes_back(layers) -> None:
    panel = await layers(*BOARD)
    before = order(panel)
    drop(panel, ["back"], 0)
    assert order(panel)[-1] == "back"
    assert panel._board.canvas.undo_label == "Reorder shape"
    panel._board.canvas.undo()
    assert order(panel) == before
    drop(panel, ["front"], 3)
    assert order(panel)[:2] == ["back", "front"]
    assert listed(panel)[-2:] == ["front", "back"]


async def test_a_row_dropped_behind_the_last_is_the_last(layers) -> None:
    panel = await layers(*BOARD)
    drop(panel, ["front"], panel.model.rowCount())
    assert order(panel)[0] == "front"
    assert listed(panel)[-1] == "front"


async def test_a_row_dropped_on_a_frame_goes_into_it_and_out_again(layers) -> None:
    panel = await layers(*BOARD)
    drop(panel, ["back"], -1, "frame")
    assert panel._board.canvas.items["back"].frame == "frame"
    assert listed(panel)[-1] == ["back", "warmer"]
    drop(panel, ["back"], 0)
    assert panel._board.canvas.items["back"].frame is None


async def test_groups_within_groups_are_shown_moved_and_renamed(layers) -> None:
    def box(key: str, z: float, group: str | None = None) -> ShapeItem:
        return ShapeItem(id=key, x=0, y=0, width=9, height=9, z=z, name=key, group=group)

    panel = await layers(box("1", 4, "a/b"), box("2", 3, "a/b"), box("3", 2, "a"), box("4", 1))
    items = panel._board.canvas.items
    assert listed(panel) == ["Group", ["Group", ["1", "2"], "3"], "4"]
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    drop(panel, ["4"], -1, "group:a/b:")
    assert items["4"].group == "a/b"
    drop(panel, ["group:a/b:"], 0)
    assert {key: item.group for key, item in items.items()} == {
        "1": "b", "2": "b", "4": "b", "3": "a",
    }  # fmt: skip
    drop(panel, ["group:b:"], -1, "group:a:")
    assert items["1"].group == "a/b"
    drop(panel, ["group:a:"], -1, "group:a/b:")
    assert items["3"].group == "a"
    assert panel.model.setData(panel.model.index_of("group:a/b:"), "Sky")
    assert listed(panel) == ["Group", ["Sky", ["4", "1", "2"], "3"]]
    assert panel._board.canvas.undo_label == "Rename group"


async def test_a_frame_cannot_be_dropped_into_itself(layers) -> None:
    panel = await layers(*BOARD)
    drop(panel, ["frame"], 0, "frame")
    assert panel._board.canvas.undo_label is None


async def test_items_at_one_height_are_numbered_anew() -> None:
    items = [shape(key, 0) for key in "abc"]
    new = placed(items, ["a"], "b", in_front=True)
    heights = {item.id: item.z for item in [*items, *new]}
    assert heights["b"] < heights["a"] < heights["c"]


async def test_the_selection_goes_both_ways(layers) -> None:
    panel = await layers(*BOARD)
    selection = panel._board.selection
    group = next(key for key in panel.model.nodes if key.startswith("group:"))
    panel.tree.setCurrentIndex(panel.model.index_of(group))
    assert set(selection.ids) == {"one", "two"}
    asked: list[str] = []
    panel.item_asked.connect(asked.append)
    panel.tree.setCurrentIndex(panel.model.index_of("back"))
    assert (selection.ids, asked) == (["back"], ["back"])
    selection.set(["front", "inside"])
    panel.refresh()
    rows = {index.data() for index in panel.tree.selectionModel().selectedRows()}
    assert rows == {"front", "warmer"}


async def test_eye_and_lock_are_clicked_and_pressed(layers) -> None:
    panel = await layers(*BOARD)
    items = panel._board.canvas.items
    row = panel.tree.visualRect(panel.model.index_of("front"))
    left = Qt.MouseButton.LeftButton
    for inset in (10, 34):
        at = QPoint(row.right() - inset, row.center().y())
        QTest.mouseClick(panel.tree.viewport(), left, pos=at)
    assert (items["front"].hidden, items["front"].locked) == (True, True)
    assert panel._board.canvas.undo_label == "Lock shape"
    group = next(key for key in panel.model.nodes if key.startswith("group:"))
    panel.model.toggle_hidden(panel.model.index_of(group))
    assert items["one"].hidden
    assert items["two"].hidden
    assert panel._board.canvas.undo_label == "Hide 2 items"
    words = panel.model.index_of("front").data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "front, hidden, locked"


async def test_a_name_is_changed_where_it_stands(layers) -> None:
    panel = await layers(*BOARD)
    index = panel.model.index_of("inside")
    assert panel.model.setData(index, " Make  it warmer ")
    assert panel._board.canvas.items["inside"].name == "Make it warmer"
    assert not panel.model.setData(index, "Make it warmer")


async def test_a_search_lists_what_is_named_so_and_says_where_nothing_is(layers) -> None:
    panel = await layers(*BOARD)
    panel.search.setText("war")
    assert listed(panel) == ["warmer"]
    panel.search.setText("zebra")
    assert not panel.tree.isVisible()
    panel._nothing.button.click()
    assert panel.tree.isVisible()
    assert len(listed(panel)) == 6


async def test_new_and_deleted_items_come_and_go(layers) -> None:
    panel = await layers(*BOARD)
    panel._board.canvas.add("Add", [shape("newest", 9)])
    assert listed(panel)[0] == "newest"
    panel._board.canvas.delete(["newest", "front"])
    assert listed(panel)[0] == "Group"


def group_key(panel: Layers) -> str:
    return next(key for key in panel.model.nodes if key.startswith("group:"))


async def test_a_group_s_row_stands_for_its_members_and_is_chosen_when_they_all_are(layers) -> None:
    panel = await layers(*BOARD)
    selection = panel._board.selection
    selection.set(["one", "two", "back"])
    panel.refresh()
    rows = {index.data() for index in panel.tree.selectionModel().selectedRows()}
    assert rows == {"Group", "back"}
    selection.set(["one"])
    panel.refresh()
    rows = {index.data() for index in panel.tree.selectionModel().selectedRows()}
    assert rows == {"one"}


async def test_shift_takes_a_range_and_ctrl_one_more(layers) -> None:
    panel = await layers(*BOARD)
    left, view = Qt.MouseButton.LeftButton, panel.tree.viewport()
    keys = Qt.KeyboardModifier

    def click(key: str, modifier: Qt.KeyboardModifier) -> None:
        row = panel.tree.visualRect(panel.model.index_of(key))
        QTest.mouseClick(view, left, modifier, QPoint(row.left() + 40, row.center().y()))

    click("front", keys.NoModifier)
    click("two", keys.ShiftModifier)
    assert set(panel._board.selection.ids) == {"front", "one", "two"} - {"one"}
    click("back", keys.ControlModifier)
    assert set(panel._board.selection.ids) == {"front", "two", "back"}


async def test_a_name_is_typed_over_the_row_and_escape_leaves_it(layers) -> None:
    panel = await layers(*BOARD)
    panel.activateWindow()
    assert QTest.qWaitForWindowActive(panel)
    panel.tree.setFocus()
    panel.tree.setCurrentIndex(panel.model.index_of("back"))
    for end, name in ((Qt.Key.Key_Escape, "back"), (Qt.Key.Key_Return, "Sky")):
        QTest.keyClick(panel.tree, Qt.Key.Key_F2)
        editor = find(panel.tree, QLineEdit, "layers_name")
        editor.selectAll()
        QTest.keyClicks(editor, "Sky")
        QTest.keyClick(editor, end)
        # Qt takes the name in a turn of its own.
        QApplication.processEvents()
        assert panel._board.canvas.items["back"].name == name
        # The one that was closed goes in a turn of its own.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


async def test_what_was_shut_stays_shut_when_the_order_changes_and_over_a_search(layers) -> None:
    panel = await layers(*BOARD)
    panel.tree.collapse(panel.model.index_of("frame"))
    panel._board.canvas.add("Move", [shape("front", -1)])
    assert not panel.tree.isExpanded(panel.model.index_of("frame"))
    assert panel.tree.isExpanded(panel.model.index_of(group_key(panel)))
    panel.search.setText("war")
    panel.search.clear()
    assert not panel.tree.isExpanded(panel.model.index_of("frame"))


async def test_the_row_under_the_pointer_shows_its_marks(layers) -> None:
    panel = await layers(*BOARD)
    row = panel.tree.visualRect(panel.model.index_of("back"))
    calm = panel.tree.grab(row).toImage()
    at = QPointF(row.center())
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, panel.tree.viewport().mapToGlobal(at), none, none,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(panel.tree.viewport(), move)
    assert panel.tree.grab(row).toImage() != calm
