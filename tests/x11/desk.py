"""The whole program on one side of a screen, and what can be seen of it there."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image, ImageGrab

from kupuri_desktop.core.items import Item, items_from_json
from tests.x11.display import Display, settle, wait_for

Area = tuple[int, int, int, int]
Point = tuple[int, int]
Colour = tuple[int, int, int]

KUPURI: Area = (0, 0, 800, 680)
PICTURE: Colour = (255, 0, 200)
SIDE = 320


class Desk:
    """Kupuri at its place, with a data folder of its own."""

    def __init__(self, screen: Display, folder: Path, place: Area = KUPURI) -> None:
        self.screen = screen
        self.folder = folder
        self.data = folder / "data"
        self._place = place
        for name in ("home", "run", "pictures"):
            (folder / name).mkdir(mode=0o700)
        screen.environment.update(
            KUPURI_DATA=str(self.data),
            HOME=str(folder / "home"),
            XDG_RUNTIME_DIR=str(folder / "run"),
            # No program may start a bus of its own that outlives the test.
            DBUS_SESSION_BUS_ADDRESS="disabled:",
        )
        self.picture = self.paint("dunes", PICTURE)

    def paint(
        self,
        name: str,
        colour: Colour,
        folder: str = "pictures",
        size: tuple[int, int] = (SIDE, SIDE),
    ) -> Path:
        """A picture of one colour, as a file."""
        path = self.folder / folder / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", size, colour).save(path)
        return path

    def open(self, *files: Path) -> None:
        """Starts Kupuri; files come to lie on the canvas of a new project."""
        command = (sys.executable, "-m", "kupuri_desktop", *map(str, files))
        self.program = self.screen.start(*command)
        title = "Untitled – Kupuri" if files else "Kupuri"
        window = self.window(title)
        self.place(window, self._place)
        self.screen.xdotool("windowactivate", "--sync", window)
        settle(self.program)

    def new_project(self) -> None:
        """An empty one, in place of Home."""
        self.key("ctrl+n")
        self.window("Untitled – Kupuri")
        settle(self.program)

    def key(self, *keys: str) -> None:
        self.screen.xdotool("key", *keys)

    def window(self, title: str) -> str:
        """The id of the window with that title, once it is there."""
        found: list[str] = []

        def seen() -> bool:
            found[:] = self.screen.search(title)
            return bool(found)

        wait_for(seen, f"the window “{title}”")
        return found[-1]

    def place(self, window: str, at: Area) -> None:
        x, y, width, height = map(str, at)
        self.screen.xdotool("windowmove", window, x, y, "windowsize", window, width, height)

    # --- what is stored

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Rows of the database, read beside the window."""
        with closing(sqlite3.connect(f"file:{self.data / 'kupuri.db'}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    def originals(self) -> list[bytes]:
        """The bytes of the images on canvases."""
        rows = self.ask(
            "SELECT original.data FROM item JOIN asset ON asset.id = item.asset"
            " JOIN original ON original.number = asset.number"
        )
        return sorted(bytes(data) for (data,) in rows if isinstance(data, bytes))

    def items(self) -> dict[str, Item]:
        """What lies on the canvases, by id, from back to front."""
        found = items_from_json(str(body) for (body,) in self.ask("SELECT body FROM item"))
        return {item.id: item for item in sorted(found, key=lambda item: item.z)}

    # --- what is seen

    def shot(self, area: Area) -> np.ndarray:
        """Pixels of the screen: height, width, red green blue."""
        x, y, width, height = area
        shot = ImageGrab.grab((x, y, x + width, y + height), xdisplay=self.screen.name)
        return np.asarray(shot.convert("RGB"), int)

    def seen(self, area: Area, colour: Colour = PICTURE, least: int = 200) -> Point | None:
        """The middle of what has the colour there, if there are so many pixels of it."""
        close = np.abs(self.shot(area) - colour).sum(axis=2) < 60
        rows, columns = np.nonzero(close)
        if len(rows) < least:
            return None
        return area[0] + int(np.median(columns)), area[1] + int(np.median(rows))

    def find(self, area: Area, what: str, colour: Colour = PICTURE) -> Point:
        """Where it is seen, at rest."""
        found: list[Point | None] = [None]

        def rests() -> bool:
            found.append(self.seen(area, colour))
            return found[-1] is not None and found[-1] == found[-2]

        wait_for(rests, what)
        assert found[-1] is not None
        return found[-1]
