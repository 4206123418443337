"""Colours and looks: the picker, the palette, the eyedropper, the styles beside the tools."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kupuri_desktop.core.items import ImageItem, LineItem, TextItem, kind_of
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.workspace.incoming import Picture
from sittings.camera import Camera, new_project, seat
from sittings.looking import BOARD
from sittings.pictures import RIDGES, painted, png
from tests.e2e.desk import Desk


async def colour(root: Path, camera: Camera) -> None:
    async with seat(root / "colour") as studio:
        await new_project(studio)
        ridge = painted(RIDGES[0], 5, 1024, 640)
        await studio.workspace.incoming.add_pictures([Picture(png(ridge), "Ridge")])
        await show_colours(studio, camera)


async def show_colours(studio: Desk, camera: Camera) -> None:
    """On an open project with one image: the inspector of each kind, picker, loupe, styles."""
    canvas, view = studio.workspace.canvas, studio.room.canvas
    (image,) = (item for item in canvas.items.values() if isinstance(item, ImageItem))
    canvas.add("Board", [*BOARD, replace(image, x=80, y=60, frame="cover")])
    palette = Palette().added("#1f3a5f", "Night").added("#ff6b4a", "Coral").added("#f2e3c6")
    studio.workspace.colours.put(palette.added("#3fb27f", "Fern").added("#8a63d2"))
    view.fit_all()
    studio.face.actions["toggle_inspector"].trigger()
    inspector = studio.room.panels.inspector
    way = LineItem(id="way", x=1500, y=300, width=600, height=200, start=(0, 0), end=(600, 200),
                   z=23, stroke="#ffd66b", stroke_width=8.0, dash=(4.0, 2.0))  # fmt: skip
    canvas.add("Line", [way])
    for item in (*BOARD[1:], way, image):
        view.selection.set([item.id])
        await camera.shoot(studio, f"colour-inspector-{kind_of(item)}")
    view.selection.set([item.id for item in BOARD])
    await camera.shoot(studio, "colour-inspector-mixed")
    words = next(item for item in BOARD if isinstance(item, TextItem))
    view.selection.set([words.id])
    await asyncio.sleep(0.1)
    studio.click(inspector.looks.colours["colour"].swatch)
    await asyncio.sleep(0.3)
    await camera.shoot(studio, "colour-picker")
    studio.room.colours.pick()
    dropper = studio.room.colours.dropper
    for _ in range(12):
        QTest.keyClick(dropper, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    await camera.shoot(studio, "colour-eyedropper")
    dropper.leave()
    studio.room.colours.picker.close_()
    inspector.looks.font_family.showPopup()
    await camera.shoot(studio, "colour-fonts")
    inspector.looks.font_family.picker.close_()
    studio.face.actions["toggle_inspector"].trigger()
    view.selection.clear()
    for tool in (Tool.RECTANGLE, Tool.PEN, Tool.TEXT, Tool.NOTE):
        view.hands.choose(tool)
        await camera.shoot(studio, f"colour-style-{tool.value}")
