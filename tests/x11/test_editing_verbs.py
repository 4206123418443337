"""What a designer does, each thing once, by mouse and keys in the real window."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineForm,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from tests.x11.designer import BOARD, DUNES, GROUND, MEADOW, WINDOW, Designer
from tests.x11.desk import Desk, Point
from tests.x11.display import display, wait_for

pytestmark = pytest.mark.x11

NEAR = 8
"""Units by which a hand that snaps may be off."""


@pytest.fixture
def designer(tmp_path: Path) -> Iterator[Designer]:
    with display() as screen:
        yield Designer(Desk(screen, tmp_path, WINDOW))


def near(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR


DRAWN: list[tuple[str, Point, Point, str, type[Item], dict[str, object]]] = [
    ("r", (200, 150), (120, 80), "Draw shape", ShapeItem, {"form": ShapeForm.RECTANGLE}),
    ("o", (500, 150), (120, 80), "Draw shape", ShapeItem, {"form": ShapeForm.ELLIPSE}),
    ("l", (700, 150), (120, 80), "Draw line", LineItem, {"arrow_end": False}),
    ("a", (900, 150), (120, 80), "Draw line", LineItem, {"arrow_end": True}),
    ("p", (1100, 150), (120, 80), "Draw stroke", StrokeItem, {}),
    ("f", (400, 360), (180, 160), "Draw frame", FrameItem, {"clip": True}),
]


def test_every_tool_draws_what_it_is_named_after(designer: Designer) -> None:
    d = designer
    d.open_empty()
    for keys, start, by, label, kind, fields in DRAWN:
        known = set(d.items)

        def draw(keys: str = keys, start: Point = start, by: Point = by) -> None:
            d.key(keys)
            d.drag(start, by)

        d.does(label, draw)
        (new,) = (item for key, item in d.items.items() if key not in known)
        assert isinstance(new, kind)
        assert (near(new.width, by[0]), near(new.height, by[1])) == (True, True), new
        assert {name: getattr(new, name) for name in fields} == fields
        # The pen stays in the hand.
        d.key("v")

    def connect() -> None:
        d.key("shift+a")
        d.drag((320, 190), (180, 0))

    d.does("Draw line", connect)
    shapes = {item.id for item in d.items.values() if isinstance(item, ShapeItem)}
    connectors = [
        item
        for item in d.items.values()
        if isinstance(item, LineItem) and item.form is LineForm.ELBOW
    ]
    assert [{line.start_item, line.end_item} for line in connectors] == [shapes]

    def write() -> None:
        d.key("t")
        d.screen.click((660, 420))
        d.type("Less sky")
        d.key("Escape")

    d.does("Write text", write)
    assert [i.text for i in d.items.values() if isinstance(i, TextItem)] == ["Less sky"]

    def stick() -> None:
        d.key("n")
        d.drag((900, 380), (160, 160))

    d.does("Draw note", stick, again=False)

    def note() -> None:
        d.type("More sand, less sky")
        d.key("Escape")

    d.does("Edit note", note)
    assert [i.text for i in d.items.values() if isinstance(i, NoteItem)] == ["More sand, less sky"]

    def replace() -> None:
        d.key("ctrl+h")
        d.type("sky")
        d.key("Tab", "Tab", "Tab", "Tab", "Tab")
        d.type("wind")
        d.key("Tab", "Tab", "space")

    d.does("Replace “sky” 2 times", replace)
    words = {i.text for i in d.items.values() if isinstance(i, TextItem | NoteItem)}
    assert words == {"Less wind", "More sand, less wind"}


def test_things_are_taken_hold_of_one_by_one_and_together(designer: Designer) -> None:
    d = designer
    d.open_pictures()
    left, top = d.at("dunes", -0.4, -0.2)
    right, bottom = d.at("meadow", 1.2)[0], d.at("night", 0.5, 1.2)[1]
    whole = (right - left, bottom - top)
    for label, take in (
        ("Nudge image", lambda: d.click("dunes")),
        ("Nudge 2 items", lambda: d.click("meadow", held="shift")),
        ("Nudge 3 items", lambda: d.drag((left, top), whole)),
        ("Nudge image", lambda: d.click("night")),
        ("Nudge 2 items", lambda: d.key("ctrl+alt+i")),
        ("Nudge 3 items", lambda: d.key("ctrl+a")),
    ):
        take()
        d.presses(label, "Right")


def test_things_are_moved_and_reshaped(designer: Designer) -> None:
    d = designer
    d.open_pictures()
    was = d["dunes"]
    d.does("Move image", lambda: d.drag(d.at("dunes"), (-250, 60)))
    now = d["dunes"]
    assert (near(now.x - was.x, -250), near(now.y - was.y, 60)) == (True, True)

    d.does("Duplicate image", lambda: d.drag(d.at("night"), (250, 60), "alt"))
    assert len(d.items) == 4
    d.select_front()
    d.presses("Delete image", "Delete")

    d.select("dunes")
    d.does("Resize image", lambda: d.drag(d.at("dunes", 1, 1), (80, 30)))
    now = d["dunes"]
    assert now.width > was.width
    assert abs(now.width / now.height - was.width / was.height) < 0.02, "the aspect is not kept"

    d.select("dunes")
    x, y = d.at("dunes", 1, 1)
    d.does("Rotate image", lambda: d.drag((x + 11, y + 11), (-60, 60), "shift"))
    assert d["dunes"].rotation != 0
    assert d["dunes"].rotation % 15 == 0

    for label, keys, field in (
        ("Flip horizontally image", "shift+h", "flip_x"),
        ("Flip vertically image", "shift+v", "flip_y"),
    ):
        d.presses(label, keys)
        assert getattr(d["dunes"], field)


def test_things_are_put_in_order(designer: Designer) -> None:
    d = designer
    d.open_pictures()
    d.does("Move image", lambda: d.drag(d.at("dunes"), (-200, 40)))
    d.does("Move image", lambda: d.drag(d.at("night"), (60, 60)))

    def three(name: str) -> list[float]:
        return sorted(getattr(item, name) for item in d.items.values())

    d.key("ctrl+a")
    d.presses("Align top 3 items", "alt+w")
    assert len(set(three("y"))) == 1
    d.presses("Distribute horizontally 3 items", "alt+shift+h")
    a, b, c = three("x")
    assert abs((b - a) - (c - b)) <= 1
    d.does("Tidy into column 3 items", lambda: d.command("Tidy into a column"))
    assert len(set(three("x"))) == 1
    d.presses("Tidy into grid 3 items", "ctrl+alt+t")
    d.select("dunes")
    d.does("Resize image", lambda: d.drag(d.at("dunes", 0, 0), (-40, -30)))
    d.key("ctrl+a")
    d.does("Same width 3 items", lambda: d.command("Same width"))
    assert len(set(three("width"))) == 1

    d.select("dunes")
    order = [item.name for item in d.items.values()]
    assert order[0] == "dunes"
    d.presses("Bring forward", "bracketright")
    assert [item.name for item in d.items.values()] == [order[1], order[0], order[2]]
    d.presses("Send backward", "bracketleft")
    assert [item.name for item in d.items.values()] == order
    d.presses("Bring to front", "shift+bracketright")
    assert [item.name for item in d.items.values()] == [*order[1:], order[0]]
    d.presses("Send to back", "shift+bracketleft")
    assert [item.name for item in d.items.values()] == order


LINED_UP: list[tuple[str, str, str, Callable[[Item], float]]] = [
    ("Align left 3 items", "alt+a", "", lambda item: item.x),
    ("Align centres 3 items", "alt+h", "", lambda item: item.x + item.width / 2),
    ("Align right 3 items", "alt+d", "", lambda item: item.x + item.width),
    ("Align middles 3 items", "alt+v", "", lambda item: item.y + item.height / 2),
    ("Align bottom 3 items", "alt+s", "", lambda item: item.y + item.height),
    ("Same height 3 items", "", "Same height", lambda item: item.height),
    ("Tidy into row 3 items", "", "Tidy into a row", lambda item: item.y),
]


def test_things_are_lined_up_in_every_other_way(designer: Designer) -> None:
    d = designer
    d.open_pictures()
    d.does("Move image", lambda: d.drag(d.at("dunes"), (-200, 40)))
    d.does("Move image", lambda: d.drag(d.at("night"), (60, 60)))
    d.select("dunes")
    d.does("Resize image", lambda: d.drag(d.at("dunes", 0, 0), (-40, -30)))
    spread = d.items
    for label, keys, command, place in LINED_UP:
        d.key("ctrl+a")
        d.does(label, partial(d.key, keys) if keys else partial(d.command, command))
        places = [place(item) for item in d.items.values()]
        assert max(places) - min(places) < 0.01, label
        d.key("ctrl+z")
        wait_for(lambda: d.items == spread, f"the undo of {label}")
    d.key("ctrl+a")
    d.presses("Distribute vertically 3 items", "alt+shift+v")
    rows = sorted(d.items.values(), key=lambda item: item.y)
    gaps = [low.y - high.y - high.height for high, low in itertools.pairwise(rows)]
    assert abs(gaps[0] - gaps[1]) <= 1
    d.does("Tidy into packed 3 items", lambda: d.command("Pack by size"))


def test_things_are_grouped_locked_and_hidden(designer: Designer) -> None:
    d = designer
    d.open_pictures()
    d.select("dunes", "meadow")
    d.presses("Group 2 items", "ctrl+g")
    d.select("dunes")
    d.presses("Nudge 2 items", "Right")
    d.screen.click(d.at("meadow"), times=2)
    d.presses("Nudge image", "Right")
    d.screen.click(GROUND)
    d.select("dunes")
    d.presses("Ungroup 2 items", "ctrl+shift+g")
    assert {item.group for item in d.items.values()} == {None}

    d.select("night")
    d.presses("Lock image", "ctrl+alt+l")
    place = (d["night"].x, d["night"].y)
    d.drag(d.at("night"), (0, 140))
    d.select("dunes")
    d.presses("Nudge image", "Left")
    assert (d["night"].x, d["night"].y) == place
    d.click("night")
    d.presses("Unlock image", "ctrl+alt+l")

    d.select("meadow")
    d.presses("Hide image", "alt+shift+e")
    wait_for(lambda: d.desk.seen(BOARD, MEADOW) is None, "the picture's going from the screen")
    d.presses("Show image", "alt+shift+r")
    d.desk.find(BOARD, "the picture again", MEADOW)


def test_things_and_their_looks_are_copied(designer: Designer) -> None:
    d = designer
    d.open_pictures()
    d.select("dunes")
    d.key("ctrl+c")
    d.presses("Paste image", "ctrl+v")
    assert sorted(item.name for item in d.items.values()) == ["dunes", "dunes", "meadow", "night"]
    d.select_front()
    d.presses("Delete image", "Delete")

    d.select("dunes")
    d.key("alt+2")
    # The view is narrower now, and keeps what was in its middle there.
    d.find_off()
    d.does("Change opacity image", lambda: opacity(d, "40"))
    assert d["dunes"].opacity == pytest.approx(0.4)
    d.select("dunes")
    d.key("ctrl+alt+c")
    d.select("night")
    d.presses("Paste style to image", "ctrl+alt+v")
    assert d["night"].opacity == pytest.approx(0.4)


def opacity(d: Designer, per_cent: str) -> None:
    """Into the inspector's field, the third on its right."""
    d.screen.click((1310, 244), times=2)
    d.key("ctrl+a")
    d.type(per_cent)
    d.key("Return")


def test_a_picture_is_cropped_and_masked_in_place(designer: Designer) -> None:
    d = designer
    d.open_pictures()

    def crop() -> None:
        d.select("dunes")
        d.key("c")
        d.drag(d.at("dunes", 1, 0.5), (-60, 0))
        d.key("Return")

    d.does("Crop image", crop)
    cut = d["dunes"]
    assert cut.crop is not None
    assert (near(cut.width, 100), cut.natural_width) == (True, 160)

    def mask() -> None:
        d.screen.click(GROUND)
        d.key("m")
        d.click("meadow")
        d.drag(d.at("meadow", 0.3, 0.5), (60, 0))

    d.does("Mask: .*", mask)
    assert d["meadow"].mask is not None
    d.key("Return")
    assert isinstance(d["meadow"], ImageItem)


def test_the_view_is_zoomed_and_moved_and_guides_are_seen(designer: Designer) -> None:
    d = designer
    d.open_pictures()
    before = d.items
    here = d.desk.find(BOARD, "the picture", DUNES)
    d.screen.xdotool("mousemove", "700", "300", "click", "5")
    wait_for(lambda: (d.desk.seen(BOARD, DUNES) or here)[1] < here[1], "the wheel's scrolling")
    d.screen.xdotool("click", "4")
    wait_for(lambda: d.desk.seen(BOARD, DUNES) == here, "the wheel's scrolling back")

    def large(colour: tuple[int, int, int]) -> int:
        return int((np.abs(d.desk.shot(BOARD) - colour).sum(axis=2) < 60).sum())

    size = large(MEADOW)
    d.screen.xdotool("keydown", "ctrl", "click", "4", "keyup", "ctrl")
    wait_for(lambda: large(MEADOW) > size * 1.2, "the wheel's zooming")
    d.key("1")
    wait_for(lambda: abs(large(MEADOW) - size) < 50, "the zoom to 100 per cent")
    here = d.desk.find(BOARD, "the picture", DUNES)
    d.screen.xdotool("keydown", "space")
    d.drag(GROUND, (50, -80))
    d.screen.xdotool("keyup", "space")
    wait_for(lambda: d.desk.seen(BOARD, DUNES) == (here[0] + 50, here[1] - 80), "the hand's moving")
    assert d.items == before, "looking around has changed something"

    d.find_off()
    x, y = d.at("dunes")
    d.screen.click(GROUND)
    below = (x - 120, y + 61, 240, 70)
    plain = d.desk.shot(below)
    d.screen.press((x, y))
    d.screen.glide((x, y), (x + 3, y + 200))

    def guided() -> bool:
        # What lies below shines through the line, so that it has no colour of its own.
        return int((np.abs(d.desk.shot(below) - plain).sum(axis=2) > 60).sum()) > 30

    wait_for(guided, "a guide along the edges")
    d.does("Move image", lambda: d.screen.xdotool("mouseup", "1"))
    assert d["dunes"].x == before[d["dunes"].id].x
