"""A designer at the real window: works with mouse and keys, and reads what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from kupuri_desktop.core.items import ImageItem, Item
from tests.x11.desk import Area, Colour, Desk, Point
from tests.x11.display import settle, wait_for

WINDOW: Area = (0, 0, 1380, 690)
BOARD: Area = (64, 50, 1300, 630)
"""What is seen of the canvas beside the tools and the top bar."""

DUNES, MEADOW, NIGHT = (255, 0, 200), (0, 190, 60), (20, 60, 230)
COLOURS: dict[str, Colour] = {"dunes": DUNES, "meadow": MEADOW, "night": NIGHT}
SIZE = (160, 120)
GROUND: Point = (700, 620)
"""A place of the screen where nothing lies."""


class Designer:
    """Every verb is done, taken back and done again, and compared with what is stored."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.screen = desk.screen
        self.off: Point = (0, 0)

    def open_pictures(self) -> None:
        """Three pictures of one colour each, side by side, at 100 per cent."""
        files = [self.desk.paint(name, colour, size=SIZE) for name, colour in COLOURS.items()]
        self.desk.open(*files)
        wait_for(lambda: len(self.items) == len(files), "the pictures in the project")
        self.desk.key("ctrl+backslash")
        self.screen.click(GROUND)
        self.desk.key("1")
        self.find_off()

    def open_empty(self) -> None:
        """An empty canvas with the keyboard in it."""
        self.desk.open()
        self.desk.new_project()
        self.desk.key("ctrl+backslash")
        self.screen.click(GROUND)

    def find_off(self) -> None:
        settle(self.desk.program)
        x, y = self.desk.find(BOARD, "the first picture", DUNES)
        item = self["dunes"]
        self.off = round(x - item.x - item.width / 2), round(y - item.y - item.height / 2)

    # --- what is there

    @property
    def items(self) -> dict[str, Item]:
        return self.desk.items()

    def __getitem__(self, name: str) -> ImageItem:
        item = next(item for item in self.items.values() if item.name == name)
        assert isinstance(item, ImageItem)
        return item

    def at(self, name: str, fx: float = 0.5, fy: float = 0.5) -> Point:
        """A point of an item on the screen, in parts of its width and height."""
        return self.spot(self[name], fx, fy)

    def spot(self, item: Item, fx: float = 0.5, fy: float = 0.5) -> Point:
        x, y = item.x + fx * item.width, item.y + fy * item.height
        return round(x) + self.off[0], round(y) + self.off[1]

    @property
    def step(self) -> tuple[int, str]:
        """The newest step that is not undone: its number and name."""
        rows = self.desk.ask(
            "SELECT number, label FROM step WHERE undone = 0 ORDER BY number DESC LIMIT 1"
        )
        return (int(str(rows[0][0])), str(rows[0][1])) if rows else (0, "")

    # --- what is done

    def click(self, name: str, held: str = "") -> None:
        if held:
            self.screen.xdotool("keydown", held)
        self.screen.click(self.at(name))
        if held:
            self.screen.xdotool("keyup", held)

    def select(self, *names: str) -> None:
        self.screen.click(GROUND)
        for name in names:
            self.click(name, held="" if name == names[0] else "shift")

    def select_front(self) -> None:
        """What lies in front of all."""
        self.screen.click(self.spot(list(self.items.values())[-1]))

    def drag(self, start: Point, by: Point, *held: str) -> None:
        self.screen.drag(start, (start[0] + by[0], start[1] + by[1]), held=held)

    def key(self, *keys: str) -> None:
        self.desk.key(*keys)

    def type(self, words: str) -> None:
        self.screen.xdotool("type", words)

    def command(self, words: str) -> None:
        """By its name in the palette."""
        self.key("ctrl+k")
        self.type(words)
        self.key("Return")

    def does(self, label: str, work: Callable[[], object], *, again: bool = True) -> None:
        """Does one thing, and waits for its step in the project's file.

        label: a regular expression for its name. again: it is also undone and redone, and what is
        stored must be as before and as after it.
        """
        before, number = self.items, self.step[0]
        work()
        wait_for(lambda: self.step[0] > number, f"a step named {label!r}")
        assert re.fullmatch(label, self.step[1]), self.step[1]
        after = self.items
        if again:
            self.key("ctrl+z")
            wait_for(lambda: self.items == before, f"the undo of {label!r}")
            self.key("ctrl+shift+z")
            wait_for(lambda: self.items == after, f"the redo of {label!r}")

    def presses(self, label: str, *keys: str) -> None:
        """One thing that is done by keys."""
        self.does(label, lambda: self.key(*keys))
