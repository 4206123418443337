"""The verbs that look around rather than edit, the tools' keys, and the context menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.ui.canvas.camera import Camera
from kupuri_desktop.ui.canvas.drawing import Tool
from kupuri_desktop.ui.canvas.hands import Hands
from kupuri_desktop.ui.canvas.verbs import Needs, Verb

TOOL_KEYS = {
    Tool.SELECT: "V",
    Tool.HAND: "H",
    Tool.FRAME: "F",
    Tool.TEXT: "T",
    Tool.NOTE: "N",
    Tool.RECTANGLE: "R",
    Tool.ELLIPSE: "O",
    Tool.ARROW: "A",
    Tool.PEN: "P",
}

TOOL_ICONS = {
    Tool.SELECT: "mouse-pointer-2",
    Tool.HAND: "hand",
    Tool.FRAME: "frame",
    Tool.TEXT: "type",
    Tool.NOTE: "sticky-note",
    Tool.RECTANGLE: "square",
    Tool.ELLIPSE: "circle",
    Tool.ARROW: "move-up-right",
    Tool.PEN: "pen-line",
}

_ON_ITEMS = (
    "edit_text",
    "copy",
    "export",
    "duplicate",
    None,
    "front",
    "forward",
    "backward",
    "back",
    None,
    "group",
    "ungroup",
    "lock",
    "hide",
    None,
    "delete",
)
_ON_GROUND = ("paste", "select_all", "fit_all", "show_all", None, "undo", "redo")


class Viewer(Protocol):
    """What these verbs need of a view."""

    canvas: Canvas
    camera: Camera
    hands: Hands

    def fit_all(self) -> None: ...

    def fit_selection(self) -> None: ...


def view_verbs(view: Viewer) -> list[Verb]:
    """Tools, undo and redo, and the zooms."""
    none, canvas, camera = Needs.NOTHING, view.canvas, view.camera

    def chooser(tool: Tool) -> Callable[[], object]:
        return lambda: view.hands.choose(tool)

    return [
        *(
            Verb(
                f"tool_{tool.value}",
                tool.value.capitalize(),
                (keys,),
                TOOL_ICONS[tool],
                none,
                chooser(tool),
            )
            for tool, keys in TOOL_KEYS.items()
        ),
        Verb("undo", "Undo", ("Ctrl+Z",), "undo-2", none, canvas.undo),
        Verb("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", none, canvas.redo),
        Verb("zoom_100", "Zoom to 100 %", ("1",), "scan", none, lambda: camera.zoom_to(1.0)),
        Verb("fit_all", "Fit everything", ("Shift+1", "!"), "maximize", none, view.fit_all),
        Verb(
            "fit_selection",
            "Fit the selection",
            ("Shift+2", "@", '"'),
            "focus",
            Needs.ONE,
            view.fit_selection,
        ),
        Verb(
            "zoom_in",
            "Zoom in",
            ("Ctrl++", "Ctrl+=", "+", "="),
            "zoom-in",
            none,
            lambda: camera.step(True),
        ),
        Verb(
            "zoom_out",
            "Zoom out",
            ("Ctrl+-", "-"),
            "zoom-out",
            none,
            lambda: camera.step(False),
        ),
    ]


def open_menu(parent: QWidget, actions: Mapping[str, QAction], on_items: bool) -> QMenu:
    """What can be done here, as a menu that is thrown away when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for name in _ON_ITEMS if on_items else _ON_GROUND:
        if name is None:
            menu.addSeparator()
        elif name in actions:
            menu.addAction(actions[name])
    return menu
