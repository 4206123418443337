"""What is photographed of the rich board: guides while dragging, a group entered, bars open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.workspace.incoming import Picture
from sittings.board import WISHES, board
from sittings.camera import Camera, new_project, seat
from sittings.pictures import painted, png
from tests.e2e.desk import Desk, until


async def editing(root: Path, camera: Camera) -> None:
    """Every kind of item, guides while dragging, a group entered, bars open."""
    async with seat(root / "editing") as studio:
        await new_project(studio)
        await studio.workspace.incoming.add_pictures(
            [Picture(png(painted(wish, seed, w, h)), wish) for wish, seed, w, h in WISHES]
        )
        await show_board(studio, camera)


async def show_board(studio: Desk, camera: Camera) -> None:
    """Lays the board out of the images that are there, and takes its pictures."""
    view, canvas = studio.room.canvas, studio.workspace.canvas
    images = [item for item in canvas.items.values() if isinstance(item, ImageItem)]
    canvas.delete([item.id for item in images])
    canvas.add("Board", board(images))
    view.fit_all()
    await until(lambda: not view.store.waiting and not view.frame_pending)
    await camera.shoot(studio, "board")
    mouse(view, QEvent.Type.MouseButtonPress, 705, 1500)
    for x, y in ((715, 1500), (740, 1520), (706, 1501)):
        mouse(view, QEvent.Type.MouseMove, x, y)
    await camera.shoot(studio, "guides")
    view.hands.cancel()
    view.selection.enter("sketch")
    view.selection.set(["k1", "m1", "h1"])
    studio.face.actions["toggle_layers"].trigger()
    await camera.shoot(studio, "group-entered")
    studio.face.actions["toggle_layers"].trigger()
    view.selection.clear()
    view.editing.find.open_(replace=True)
    view.editing.find.words.setText("pier")
    view.editing.find.other.setText("quay")
    await camera.shoot(studio, "find")
    view.editing.find.close_()
    view.selection.clear()
    view.fit_all()
    view.hands.choose(Tool.FRAME)
    await camera.shoot(studio, "frame-sizes")
    view.hands.choose(Tool.SELECT)


def mouse(view: CanvasView, kind: QEvent.Type, x: float, y: float) -> None:
    """A mouse event at a place on the canvas."""
    at = view.camera.to_view(QPointF(x, y))
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(port, QMouseEvent(kind, at, port.mapToGlobal(at), button, left, keys))
