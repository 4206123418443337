"""What is photographed of the rich board: guides while dragging, a group entered, bars open."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from board import board
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.view import CanvasView
from tests.e2e.desk import Desk, until


class Shooter(Protocol):
    """What takes the pictures."""

    async def shoot(self, studio: Desk, name: str) -> None: ...


async def show_board(studio: Desk, camera: Shooter) -> None:
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
