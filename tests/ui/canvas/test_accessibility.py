"""What accessibility clients see of the canvas, asked as Qt's bridges ask it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from shiboken6 import Shiboken

from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    Making,
    NoteItem,
    ShapeItem,
    TextItem,
)
from kupuri_desktop.ui.canvas.accessibility import voice
from kupuri_desktop.ui.canvas.accessibility.words import described
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.screen_readers import answer
from tests.ui.canvas.board import MemoryPictures, canvas_of, image_item
from tests.ui.canvas.conftest import MakeSetting, Setting

Role, Text, Event = QAccessible.Role, QAccessible.Text, QAccessible.Event

Heard: TypeAlias = list[tuple[QAccessible.Event, str]]


@pytest.fixture(scope="module", autouse=True)
def speaking() -> None:
    # Qt cannot take a factory back; one more answers the same.
    QAccessible.installFactory(answer)


@pytest.fixture
def listening() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, listening: None) -> Heard:
    """Every event that is told, with the name of whom it is about."""
    heard: Heard = []

    class Told:
        isActive = staticmethod(QAccessible.isActive)
        Event = QAccessible.Event

        def __getattr__(self, name: str) -> Any:
            return getattr(QAccessible, name)

        def updateAccessibility(self, event: QAccessibleEvent) -> None:
            heard.append((event.type(), event.accessibleInterface().text(Text.Name)))

    monkeypatch.setattr(voice, "QAccessible", Told())
    return heard


def box(key: str, x: float, y: float, **more: Any) -> ShapeItem:
    return ShapeItem(id=key, x=x, y=y, width=100, height=80, name=key.upper(), **more)


def board(s: Setting) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(s.view)


def shown(s: Setting) -> list[QAccessibleInterface]:
    """The items' interfaces, in the order in which a client walks them."""
    whole = board(s)
    children = [whole.child(n) for n in range(whole.childCount())]
    return [each for each in children if each.role() != Role.ToolBar and each.object() is None]


def names(s: Setting) -> list[str]:
    return [each.text(Text.Name) for each in shown(s)]


def specimen(pictures: MemoryPictures) -> list[Item]:
    making = Making(prompt="A fox in snow", model="sdxl", seed=1, width=1024, height=768)
    frame = FrameItem(id="f", x=-300, y=-250, width=600, height=150, name="Poster")
    image = replace(image_item(pictures, "i", -290, -240), making=making, frame="f", name="")
    return [
        frame,
        image,
        TextItem(id="t", x=-300, y=0, width=90, height=30, text="Open\nlate", rotation=45.0),
        NoteItem(id="n", x=-100, y=0, width=90, height=90, text="Less sky", locked=True),
        LineItem(id="l", x=50, y=0, width=90, height=50, end=(90.0, 50.0), start_item="n"),
        box("hidden", 200, 0, hidden=True),
    ]


async def test_every_shown_item_is_a_child_with_name_role_and_description(
    make: MakeSetting, listening: None
) -> None:
    pictures = MemoryPictures()
    s = await make(specimen(pictures), pictures)
    found = {each.text(Text.Identifier): each for each in shown(s)}
    assert set(found) == set("fitnl")
    assert found["i"].text(Text.Name) == "A fox in snow"
    assert found["t"].text(Text.Name) == "Open late"
    assert {key: each.role() for key, each in found.items()} == {
        "f": Role.Grouping,
        "i": Role.Graphic,
        "t": Role.StaticText,
        "n": Role.Note,
        "l": Role.Graphic,
    }
    told = {key: each.text(Text.Description) for key, each in found.items()}
    assert told["i"].endswith("made by sdxl, 1024 by 768 pixels, in the frame Poster")
    assert told["t"] == "text, at -300, 0, 90 by 30, turned by 45 degrees"
    assert told["n"] == "sticky note, at -100, 0, 90 by 90, locked"
    assert told["l"].startswith("arrow, ")
    assert told["l"].endswith("from Less sky")
    assert told["f"].endswith("holds 1 item")


async def test_a_child_knows_its_number_its_parent_and_its_place_on_the_screen(
    make: MakeSetting, listening: None
) -> None:
    s = await make([box("b", 0, 0), box("a", -150, 0)])
    whole = board(s)
    assert whole.role() == Role.Canvas
    assert names(s) == ["A", "B"]
    for number in range(whole.childCount()):
        assert whole.indexOfChild(whole.child(number)) == number
    first = shown(s)[0]
    assert first.parent() is whole
    corner = s.view.viewportTransform().map(QPoint(-150, 0))
    place = first.rect()
    assert place.topLeft() == s.view.viewport().mapToGlobal(corner)
    assert (place.width(), place.height()) == (100, 80)
    assert whole.childAt(place.center().x(), place.center().y()) is first
    bar = s.view.bars.zoom
    middle = bar.mapToGlobal(bar.rect().center())
    assert whole.childAt(middle.x(), middle.y()).object() is bar
    assert whole.child(whole.childCount()) is None
    assert whole.childAt(-5000, -5000) is None


async def test_states_follow_selection_sight_and_lock(make: MakeSetting, listening: None) -> None:
    s = await make([box("a", 0, 0), box("b", 150, 0, locked=True), box("far", 9000, 0)])
    a, b, far = shown(s)
    s.view.selection.set(["a"])
    assert (a.state().selected, b.state().selected) == (1, 0)
    assert (a.state().movable, b.state().movable) == (1, 0)
    assert (a.state().offscreen, far.state().offscreen) == (0, 1)
    assert board(s).state().multiSelectable == 1


async def test_a_client_reads_and_sets_the_selection(make: MakeSetting, listening: None) -> None:
    s = await make([box("a", 0, 0), box("b", 150, 0)])
    a, b = shown(s)
    selection = board(s).selectionInterface()
    assert selection.select(a)
    assert selection.select(b)
    assert s.view.selection.ids == ["a", "b"]
    assert [each.text(Text.Name) for each in selection.selectedItems()] == ["A", "B"]
    assert selection.unselect(a)
    assert (selection.isSelected(a), selection.isSelected(b)) == (False, True)
    assert selection.selectedItem(0) is b
    assert selection.selectAll()
    assert selection.selectedItemCount() == 2
    assert selection.clear()
    assert s.view.selection.ids == []


async def test_actions_are_done_by_the_next_turn_of_the_loop(
    make: MakeSetting, listening: None
) -> None:
    note = NoteItem(id="n", x=0, y=200, width=90, height=90, text="Less sky")
    s = await make([box("a", 0, 0), box("b", 150, 0, locked=True), note])
    a, b, n = (each.actionInterface() for each in shown(s))
    assert "Delete" in a.actionNames()
    assert "Delete" not in b.actionNames()
    assert a.localizedActionDescription("Delete") == "Deletes the item"
    assert "Del" in a.keyBindingsForAction("Delete")
    a.doAction("Press")
    assert s.view.selection.ids == []
    await asyncio.sleep(0.01)
    assert s.view.selection.ids == ["a"]
    b.doAction("Toggle")
    await asyncio.sleep(0.01)
    assert s.view.selection.ids == ["a", "b"]
    n.doAction("Open")
    await asyncio.sleep(0.01)
    assert s.view.writing.item is not None
    s.view.writing.end()
    a.doAction("Delete")
    await asyncio.sleep(0.01)
    assert set(s.canvas.items) == {"b", "n"}


async def test_what_changes_is_told(make: MakeSetting, told: Heard) -> None:
    s = await make([box("a", 0, 0), box("b", 150, 0)])
    shown(s)
    told.clear()
    s.view.selection.set(["a"])
    assert (Event.SelectionAdd, "A") in told
    s.view.verbs.rename("Door")
    assert (Event.NameChanged, "Door") in told
    s.view.verbs.nudge(10, 0)
    s.view.verbs.nudge(10, 0)
    await asyncio.sleep(voice.MOVED_MS / 1000 * 1.5)
    assert told.count((Event.LocationChanged, "Door")) == 1
    s.view.verbs.delete()
    assert [event for event, _ in told][-1] == Event.ObjectDestroyed
    assert names(s) == ["B"]
    s.canvas.undo()
    assert (Event.ObjectCreated, "Door") in told
    assert names(s) == ["Door", "B"]


async def test_many_at_once_are_told_as_one(make: MakeSetting, told: Heard) -> None:
    s = await make([])
    told.clear()
    made = [box(f"k{n}", n % 40 * 120, n // 40 * 100) for n in range(1000)]
    s.canvas.add("Paste", made)
    s.view.verbs.select_all()
    assert [event for event, _ in told] == [Event.ObjectReorder, Event.SelectionWithin]
    assert len(s.view.voice._interfaces) == 0


async def test_nothing_is_made_or_told_while_nobody_listens(make: MakeSetting) -> None:
    s = await make([box("a", 0, 0)])
    s.view.selection.set(["a"])
    s.view.verbs.nudge(1, 0)
    s.view.verbs.delete()
    assert s.view.voice._interfaces == {}
    assert not s.view.voice._soon.isActive()


async def test_interfaces_of_what_is_gone_are_empty_and_then_gone_too(
    make: MakeSetting, listening: None
) -> None:
    s = await make([box("a", 0, 0), box("b", 150, 0)])
    a, b = shown(s)
    key = QAccessible.uniqueId(a)
    s.canvas.delete(["a"])
    assert not a.isValid()
    assert (a.text(Text.Name), a.rect().isEmpty(), a.state().invalid) == ("", True, 1)
    assert a.actionInterface().actionNames() == []
    await asyncio.sleep(0.01)
    assert QAccessible.accessibleInterface(key) is None
    assert s.view.voice._leaving == []
    other = QAccessible.uniqueId(b)
    s.view.close_canvas()
    assert QAccessible.accessibleInterface(other) is None
    assert board(s).childCount() == len(s.view.voice.widgets())


async def test_views_that_come_and_go_while_a_client_looks_leave_nothing_behind(
    make: MakeSetting, tasks: Any, look: Any, listening: None
) -> None:
    keys: list[int] = []
    for turn in range(200):
        view = CanvasView(canvas_of([box("a", 0, 0), box("b", 150, 0)]), MemoryPictures(),
                          tasks, look)  # fmt: skip
        whole = QAccessible.queryAccessibleInterface(view)
        keys += [QAccessible.uniqueId(whole.child(n)) for n in range(whole.childCount())]
        view.selection.set(["b"])
        whole.child(whole.childCount() - 1).actionInterface().doAction("Press")
        if turn % 3:
            view.canvas.delete(["a"])
        view.close_canvas()
        if turn % 4:
            view.deleteLater()
        else:
            # As when a window is destroyed with all that it holds.
            Shiboken.delete(view)
        del whole, view
        if turn % 20 == 0:
            gc.collect()
            await asyncio.sleep(0)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [key for key in keys if QAccessible.accessibleInterface(key) is not None]
    assert left == []


def test_an_image_from_elsewhere_is_described_by_its_pixels_and_what_it_is_in() -> None:
    item = ImageItem(
        id="i", x=0, y=0, width=10, height=10, asset="x", natural_width=20, natural_height=20,
        opacity=0.5, group="g",
    )  # fmt: skip
    assert described(item, {}) == (
        "image, at 0, 0, 10 by 10, 50% opaque, 20 by 20 pixels, in a group"
    )
