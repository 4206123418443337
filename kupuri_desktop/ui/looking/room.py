"""Joins the ways of looking to the canvas of an open project and to the window's actions."""

from __future__ import annotations

from PySide6.QtCore import QObject

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.canvas.ports import Coming
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.looking.minimap import Minimap


class LookingRoom(QObject):
    """The map, comparing and presenting of one canvas. `leave` before it is thrown away."""

    def __init__(self, canvas: CanvasView, coming: Coming, actions: Actions) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._actions = actions
        self.minimap = Minimap(canvas, coming)
        self.minimap.want(actions["toggle_minimap"].isChecked())
        actions.on("toggle_minimap", self._toggle_map)

    def leave(self) -> None:
        """Lets go of the canvas."""
        self.minimap.close_canvas()

    def _toggle_map(self) -> None:
        self.minimap.want(self._actions["toggle_minimap"].isChecked(), at_once=True)
