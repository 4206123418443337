"""After any edits, undo and redo the arrays say what the canvas says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.hits import extent, touches
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, ShapeItem
from kupuri_desktop.ui.canvas.painting.atlas import MicroAtlas
from kupuri_desktop.ui.canvas.painting.sheet import H, Sheet, W, X, Y
from tests.ui.canvas.board import canvas_of

APP = QApplication.instance() or QApplication([])
places = st.integers(-300, 300)
sizes = st.integers(10, 200)


class Edits(RuleBasedStateMachine):
    """Random edits of a canvas, with a sheet that follows its changes."""

    canvas: Canvas
    sheet: Sheet

    def __init__(self) -> None:
        super().__init__()
        self.canvas = canvas_of()
        self.made = 0
        self.sheet = Sheet(MicroAtlas(QColor("grey")))
        self.canvas.changed.connect(self._follow)

    def _follow(self, change: Change) -> None:
        for key, item in change.edit.after.items():
            if item is None:
                self.sheet.remove(key)
        there = [item for item in change.edit.after.values() if item is not None]
        areas = self.sheet.put_all(there).reshape(-1, 4)
        for item in there:
            rect = extent(item)
            covered = (areas[:, 0] <= rect.x + 1e-6) & (areas[:, 2] >= rect.right - 1e-6)
            covered &= (areas[:, 1] <= rect.y + 1e-6) & (areas[:, 3] >= rect.bottom - 1e-6)
            assert covered.any()

    def _some(self, data: st.DataObject) -> Item:
        return self.canvas.items[data.draw(st.sampled_from(sorted(self.canvas.items)))]

    @rule(x=places, y=places, w=sizes, h=sizes, z=st.integers(0, 3), kind=st.integers(0, 2))
    def add(self, x: int, y: int, w: int, h: int, z: int, kind: int) -> None:
        # Counted, not random: what is drawn by an item's place among the ids can be drawn again.
        self.made += 1
        place = {"id": f"item-{self.made}", "x": x, "y": y, "width": w, "height": h, "z": z}
        item: Item
        if kind == 0:
            item = ImageItem(**place, asset=f"a{w}", natural_width=w, natural_height=h)  # type: ignore[arg-type]
        elif kind == 1:
            item = ShapeItem(**place, fill="#fff")  # type: ignore[arg-type]
        else:
            item = FrameItem(**place)  # type: ignore[arg-type]
        self.canvas.add("Add", [item])

    @precondition(lambda self: self.canvas.items)
    @rule(data=st.data(), dx=places, turn=st.integers(-180, 180), z=st.integers(0, 3))
    def change(self, data: st.DataObject, dx: int, turn: int, z: int) -> None:
        item = self._some(data)
        new = replace(item, x=item.x + dx, rotation=turn, z=z)
        self.canvas.apply("Change", {item.id: new})

    @precondition(lambda self: self.canvas.items)
    @rule(dx=places, z=st.none() | st.integers(0, 3))
    def change_all(self, dx: int, z: int | None) -> None:
        items = self.canvas.items.values()
        new = [replace(i, x=i.x + dx, z=i.z if z is None else z) for i in items]
        self.canvas.add("Change all", new)

    @precondition(lambda self: self.canvas.items)
    @rule(data=st.data(), hidden=st.booleans())
    def hide(self, data: st.DataObject, hidden: bool) -> None:
        item = self._some(data)
        self.canvas.apply("Hide", {item.id: replace(item, hidden=hidden)})

    @precondition(lambda self: self.canvas.items)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        self.canvas.delete([self._some(data).id])

    @rule()
    def undo(self) -> None:
        self.canvas.undo()

    @rule()
    def redo(self) -> None:
        self.canvas.redo()

    @invariant()
    def the_sheet_holds_what_the_canvas_holds(self) -> None:
        assert self.sheet.row.keys() == self.canvas.items.keys()
        for key, row in self.sheet.row.items():
            item = self.canvas.items[key]
            assert self.sheet.items[row] == item
            place = tuple(self.sheet.columns[[X, Y, W, H], row])
            assert place == (item.x, item.y, item.width, item.height)

    @invariant()
    def what_is_seen_is_in_order_from_back_to_front(self) -> None:
        seen = [self.sheet.items[row] for row in self.sheet.visible(-1e6, -1e6, 1e6, 1e6)]
        assert seen == [item for item in self.canvas.in_order() if not item.hidden]

    @invariant()
    def a_point_finds_what_a_look_at_every_item_finds(self) -> None:
        for x, y in ((0, 0), (57, -31)):
            want = [
                item
                for item in reversed(self.canvas.in_order())
                if not item.hidden and touches(item, x, y, 3) and _near(item, x, y)
            ]
            assert self.sheet.at(x, y, 3) == want


def _near(item: Item, x: float, y: float) -> bool:
    rect = extent(item)
    return rect.x - 3 < x < rect.right + 3 and rect.y - 3 < y < rect.bottom + 3


def test_many_loaded_at_once_lie_as_if_put_one_by_one() -> None:
    items: list[Item] = [
        ImageItem(
            id=f"{n}", x=n * 7, y=n, width=20 + n, height=30, z=n % 3, asset=f"a{n % 4}",
            natural_width=40, natural_height=50, rotation=0.0 if n % 5 else 30.0,
            hidden=n % 7 == 1, opacity=0.5 if n % 11 == 3 else 1.0,
        )
        for n in range(300)
    ]  # fmt: skip
    items[4] = FrameItem(id="4", x=0, y=0, width=90, height=90, z=4, clip=True)
    items[9] = replace(items[9], frame="4")
    loaded, single = (Sheet(MicroAtlas(QColor("grey"))) for _ in range(2))
    loaded.load(items)
    for item in items:
        single.put(item)
    for item in items:
        a, b = loaded.row[item.id], single.row[item.id]
        assert loaded.columns[:, a].tolist() == single.columns[:, b].tolist()
        for name in ("alive", "shown", "plain", "image"):
            assert getattr(loaded, name)[a] == getattr(single, name)[b], (item.id, name)
    shown = [[s.items[row] for row in s.visible(-1e6, -1e6, 1e6, 1e6)] for s in (loaded, single)]
    assert shown[0] == shown[1]


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
