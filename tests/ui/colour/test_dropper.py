"""The eyedropper reads exactly what is painted, by mouse and by keys."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import ShapeItem
from kupuri_desktop.ui.colour.ports import Wish
from tests.ui.colour.hand import move

LEFT = Qt.MouseButton.LeftButton
ROOT = Path(__file__).parents[3]


def square(key: str, x: float, fill: str, **more: Any) -> ShapeItem:
    return ShapeItem(id=key, x=x, y=0, width=40, height=40, fill=fill, stroke=None, **more)


def over(desk: Any, x: float, y: float) -> QPoint:
    return desk.view.camera.to_view(QPointF(x, y)).toPoint()


def begin(desk: Any) -> None:
    """Begins to pick, and waits for what X says of the pointer that is really there."""
    desk.view.action("pick_colour").trigger()
    for _ in range(3):
        QApplication.processEvents()


async def test_a_click_takes_the_pixel_and_copies_it(studio) -> None:
    desk = await studio(square("a", 0, "#ff8000"), square("b", 40, "#123456"))
    desk.view.selection.set(["a"])
    picked: list[str] = []
    desk.room.picked.connect(picked.append)
    begin(desk)
    move(desk.room.dropper, over(desk, 60, 20))
    assert desk.room.dropper.accessibleDescription() == "#123456"
    # On the edge of what is selected: the outline is no part of the picture.
    QTest.mouseClick(desk.room.dropper, LEFT, pos=over(desk, 39, 20))
    assert picked == ["#ff8000"]
    assert QApplication.clipboard().text() == "#ff8000"
    assert not desk.room.dropper.isVisible()
    assert desk.room.styles.get("shape", "stroke") == "#ff8000"


async def test_shift_saves_and_stays_and_escape_leaves(studio) -> None:
    desk = await studio(square("a", 0, "#ff8000"))
    begin(desk)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(desk.room.dropper, LEFT, shift, pos=over(desk, 20, 20))
    assert "#ff8000" in desk.room.shelf.palette
    assert desk.room.dropper.isVisible()
    QTest.keyClick(desk.room.dropper, Qt.Key.Key_Escape)
    assert not desk.room.dropper.isVisible()


async def test_arrow_keys_go_pixel_by_pixel_and_enter_takes(studio) -> None:
    desk = await studio(square("a", 0, "#ff8000"), square("b", 40, "#123456"))
    picked: list[str] = []
    desk.room.picked.connect(picked.append)
    begin(desk)
    dropper = desk.room.dropper
    move(dropper, over(desk, 35, 20))
    for _ in range(3):
        QTest.keyClick(dropper, Qt.Key.Key_Right)
    assert dropper.colour.text() == "#ff8000"
    QTest.keyClick(dropper, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(dropper, Qt.Key.Key_Return)
    assert picked == ["#123456"]


async def test_in_the_picker_it_takes_for_whoever_asked(studio) -> None:
    desk = await studio(square("a", 0, "#ff8000"))
    taken: list[object] = []
    desk.room.ask(desk.anchor, Wish("#000000", lambda _: None, taken.append, lambda: None))
    QTest.mouseClick(desk.picker.pick, LEFT)
    QTest.mouseClick(desk.room.dropper, LEFT, pos=over(desk, 20, 20))
    assert taken == ["#ff8000"]
    assert desk.picker.isVisible()
    assert not desk.picker.held


async def test_a_change_under_it_is_seen_at_once(studio) -> None:
    desk = await studio(square("a", 0, "#ff8000"))
    begin(desk)
    move(desk.room.dropper, over(desk, 20, 20))
    desk.canvas.apply("Fill", {"a": square("a", 0, "#00ff00")})
    assert desk.room.dropper.colour.text() == "#00ff00"


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_at_every_scale_it_reads_the_very_pixels_that_are_painted(scale: str) -> None:
    """Qt reads its scale when it starts, so each has a process of its own."""
    child = Path(__file__).with_name("every_pixel.py")
    done = subprocess.run(
        [sys.executable, str(child)],
        env=os.environ | {"QT_SCALE_FACTOR": scale, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["ratio", str(float(scale)), "differing", "0"]


async def test_another_theme_under_it_is_seen_at_once(studio) -> None:
    desk = await studio(square("a", 0, "#ff8000"))
    begin(desk)
    move(desk.room.dropper, over(desk, 60, 60))
    dark = desk.view.look.theme.colours.canvas.name()
    assert desk.room.dropper.colour.text() == dark
    desk.view.look.choose("light")
    assert desk.room.dropper.colour.text() == desk.view.look.theme.colours.canvas.name() != dark
