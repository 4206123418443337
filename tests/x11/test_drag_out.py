"""Images leave the canvas by the mouse, under a window manager, into another program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.x11.display import Display, display, wait_for

HERE = Path(__file__).parent
RECEIVER = (1180, 300)

pytestmark = pytest.mark.x11


class Stage:
    """The canvas on the left, the other program on the right."""

    def __init__(self, screen: Display, folder: Path) -> None:
        self.screen = screen
        self.folder = folder
        screen.python(HERE / "receiver.py", str(folder), "940", "80")
        wait_for((folder / "receiver.ready").exists, "the receiver's window")
        screen.python(HERE / "sender.py", str(folder))
        self.places = self.read("sender.json")

    def read(self, name: str) -> dict[str, Any]:
        wait_for((self.folder / name).exists, name)
        known: dict[str, Any] = json.loads((self.folder / name).read_text())
        return known

    def drag_out(self, start: tuple[int, int]) -> None:
        """Over the receiver the hand lingers, moving a little, until that has noticed."""
        self.screen.press(start)
        self.screen.glide(start, RECEIVER, steps=40)

        aside = (RECEIVER[0] + 6, RECEIVER[1])

        def noticed() -> bool:
            self.screen.glide(RECEIVER, aside, steps=1)
            self.screen.glide(aside, RECEIVER, steps=1)
            return (self.folder / "entered").exists()

        wait_for(noticed, "the drag's arrival over the other window")
        self.screen.xdotool("mouseup", "1")

    def place(self, key: str) -> tuple[int, int]:
        x, y = self.places[key]
        return x, y


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with display() as screen:
        yield Stage(screen, tmp_path)


def test_an_image_dragged_onto_another_program_arrives_byte_for_byte(stage: Stage) -> None:
    stage.drag_out(stage.place("a"))
    about = stage.read("dropped.json")
    original = (stage.folder / "a.original").read_bytes()
    assert about["names"] == ["Sunset over the bay.png"]
    assert (stage.folder / "file0.bin").read_bytes() == original
    assert (stage.folder / "image.png").read_bytes() == original
    assert about["image"] == [200, 150]
    assert not (stage.folder / "canvas.json").exists(), "the drag out moved the item"


def test_two_selected_images_arrive_as_two_files(stage: Stage) -> None:
    a, b = stage.place("a"), stage.place("b")
    stage.screen.xdotool("mousemove", str(a[0]), str(a[1]), "click", "1")
    stage.screen.xdotool("keydown", "shift")
    stage.screen.xdotool("mousemove", str(b[0]), str(b[1]), "click", "1")
    stage.screen.xdotool("keyup", "shift")
    stage.drag_out(b)
    about = stage.read("dropped.json")
    assert about["names"] == ["Sunset over the bay.png", "Harbour.png"]
    for n, key in enumerate("ab"):
        original = (stage.folder / f"{key}.original").read_bytes()
        assert (stage.folder / f"file{n}.bin").read_bytes() == original


def test_a_drag_within_the_canvas_moves_the_image_and_gives_nothing_away(stage: Stage) -> None:
    x, y = stage.place("a")
    stage.screen.drag((x, y), (x + 60, y + 130))
    moved = stage.read("canvas.json")
    assert moved["label"] == "Move image"
    dx, dy = moved["places"]["a"][0] + 220, moved["places"]["a"][1] + 75
    assert (abs(dx - 60) <= 8, abs(dy - 130) <= 8) == (True, True)
    assert not (stage.folder / "dropped.json").exists()
