"""The whole program under a window manager, as a screen reader finds and works it over AT-SPI."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.ui.canvas.board import picture
from tests.x11 import atspi
from tests.x11.atspi import FOCUSED, SELECTED, Client, Gone, Node
from tests.x11.display import Display, display, wait_for

pytestmark = pytest.mark.x11

NAMES = ("Sunset over the bay", "Harbour")
SIZE = (200, 150)


class Reader:
    """Kupuri with a project of two images, and a client that reads it."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.screen: Display = stack.enter_context(display(1400, 900))
        environment = self.screen.environment
        session = stack.enter_context(atspi.session_bus(environment))
        environment |= {
            "DBUS_SESSION_BUS_ADDRESS": session,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHONFAULTHANDLER": "1",
        }
        files = []
        for seed, name in enumerate(NAMES):
            files.append(str(folder / f"{name}.png"))
            assert picture(*SIZE, seed).save(files[-1])
        data = str(folder / "data")
        command = (sys.executable, "-m", "kupuri_desktop", "--data", data, *files)
        self.program = self.screen.start(*command)
        self.client: Client = stack.enter_context(atspi.client(session))
        self.root = atspi.program(self.client, "Kupuri")
        wait_for(lambda: set(NAMES) <= set(self.items()), "the images as items of the canvas")

    @property
    def canvas(self) -> Node:
        return self.root.find("Canvas", "canvas")

    def items(self) -> list[str]:
        """The names of what lies on the canvas, as it is read; empty before there is one."""
        with suppress(Gone):
            for node in self.root.walk():
                if node.role == "canvas":
                    return [each.name for each in node.children() if each.role != "tool bar"]
        return []

    def hears_focus_of(self, item: Node) -> bool:
        """Whether an event said that the item has the keyboard now."""
        return self.client.heard(
            lambda event, path, body: (
                event == "StateChanged" and path == item.path and body[:2] == ("focused", 1)
            )
        )

    def key(self, *keys: str) -> None:
        self.screen.xdotool("key", *keys)

    def go_to_canvas(self) -> None:
        """As a screen reader does it: the keyboard is put there by the focus action."""
        canvas = self.canvas
        canvas.ask(atspi.COMPONENT, "GrabFocus")
        wait_for(lambda: canvas.has(FOCUSED), "the canvas's focus")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with ExitStack() as stack:
        yield Reader(stack, tmp_path)


def test_the_items_are_listed_by_name_kind_and_place(reader: Reader) -> None:
    canvas = reader.canvas
    left, top, width, height = canvas.extents()
    found = [canvas.find(name, "graphic") for name in NAMES]
    for item in found:
        assert "image" in item.description.split(", ")
        assert "200 by 150 pixels" in item.description
        x, y, wide, tall = item.extents()
        assert (wide, tall) == SIZE
        assert left < x < x + wide < left + width
        assert top < y < y + tall < top + height
        assert item.parent() == canvas
    first, second = (item.extents() for item in found)
    assert first != second
    middle = (first[0] + SIZE[0] // 2, first[1] + SIZE[1] // 2)
    at = canvas.ask(atspi.COMPONENT, "GetAccessibleAtPoint", *middle, 0)
    assert Node(reader.client, *at) == found[0]


def test_items_are_selected_and_deleted_by_their_actions_and_by_a_button(reader: Reader) -> None:
    canvas = reader.canvas
    sunset, harbour = (canvas.find(name) for name in NAMES)
    sunset.do("Press")
    wait_for(lambda: canvas.selected() == [NAMES[0]], "the selection of the first")
    assert sunset.has(SELECTED)
    assert not harbour.has(SELECTED)
    harbour.do("Toggle")
    wait_for(lambda: canvas.selected() == list(NAMES), "the selection of both")
    canvas.find("Duplicate", "push button").do("Press")
    wait_for(lambda: len(reader.items()) == 4, "the copies")
    sunset.do("Delete")
    wait_for(lambda: len(reader.items()) == 3, "the deletion")
    assert NAMES[1] in reader.items()


def test_tab_moves_the_focus_from_item_to_item_and_says_so(reader: Reader) -> None:
    canvas = reader.canvas
    by_place = sorted(NAMES, key=lambda name: canvas.find(name).extents()[0])
    reader.client.listen()
    canvas.find("Harbour").do("Press")
    reader.go_to_canvas()
    reader.key("Escape")
    for name in by_place:
        item = canvas.find(name)
        reader.client.events.clear()
        reader.key("Tab")
        wait_for(partial(reader.hears_focus_of, item), f"the focus of {name}")
        assert item.has(FOCUSED)
        assert canvas.selected() == [name]


def test_a_note_is_drawn_written_and_moved_by_keys_alone(reader: Reader) -> None:
    reader.go_to_canvas()
    reader.key("n", "Return")
    wait_for(lambda: len(reader.items()) == 3, "the note")
    reader.key("F2")
    reader.screen.xdotool("type", "Less sky")
    reader.key("Escape")
    wait_for(lambda: "Less sky" in reader.items(), "the words")
    note = reader.canvas.find("Less sky")
    x, y, width, height = note.extents()
    reader.key("shift+Right", "shift+Down", "ctrl+shift+Right")
    wait_for(lambda: note.extents() == (x + 10, y + 10, width + 10, height), "the move")


def test_closing_the_window_while_a_client_reads_it_ends_the_program_in_peace(
    reader: Reader,
) -> None:
    for node in reader.canvas.walk():
        assert node.role
    reader.go_to_canvas()
    reader.key("ctrl+q")
    assert reader.program.wait(30) == 0
