"""The verbs that look around rather than edit, the tools' keys, and what menus offer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.camera import Camera
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.hands.hands import Hands

TOOL_KEYS = {
    Tool.SELECT: "V",
    Tool.HAND: "H",
    Tool.FRAME: "F",
    Tool.TEXT: "T",
    Tool.NOTE: "N",
    Tool.RECTANGLE: "R",
    Tool.ELLIPSE: "O",
    Tool.LINE: "L",
    Tool.ARROW: "A",
    Tool.CONNECTOR: "Shift+A",
    Tool.PEN: "P",
    Tool.MASK: "M",
}

TOOL_ICONS = {
    Tool.SELECT: "mouse-pointer-2",
    Tool.HAND: "hand",
    Tool.FRAME: "frame",
    Tool.TEXT: "type",
    Tool.NOTE: "sticky-note",
    Tool.RECTANGLE: "square",
    Tool.ELLIPSE: "circle",
    Tool.LINE: "slash",
    Tool.ARROW: "move-up-right",
    Tool.CONNECTOR: "route",
    Tool.PEN: "pen-line",
    Tool.MASK: "brush",
}

ON_ITEMS = (
    "edit_with_ai",
    "send_to_chat",
    None,
    "edit_text",
    "mask",
    "crop",
    None,
    "cut",
    "copy",
    "copy_png",
    "copy_svg",
    "paste_here",
    "duplicate",
    "export_selection",
    None,
    "copy_style",
    "paste_style",
    "select_kind",
    "select_style",
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
ON_GROUND = (
    "paste_here",
    "paste_in_place",
    None,
    "select_all",
    "find",
    "replace",
    None,
    "fit_all",
    "show_all",
    "snap_to_grid",
    None,
    "undo",
    "redo",
    None,
    "deleted_items",
)

_VIEW = Section.VIEW


class Viewer(Protocol):
    """What these verbs need of a view."""

    canvas: Canvas
    camera: Camera
    hands: Hands

    def fit_all(self) -> None: ...

    def fit_selection(self) -> None: ...

    def undo(self) -> None: ...


def view_verbs(view: Viewer) -> list[Verb]:
    """Tools, undo and redo (the window may have them already), and zooms."""
    none, camera = Needs.NOTHING, view.camera

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
                Section.TOOLS,
            )
            for tool, keys in TOOL_KEYS.items()
        ),
        Verb("undo", "Undo", ("Ctrl+Z",), "undo-2", none, view.undo, Section.EDIT),
        Verb(
            "redo",
            "Redo",
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            "redo-2",
            none,
            view.canvas.redo,
            Section.EDIT,
        ),
        Verb(
            "zoom_100",
            "Zoom to 100 %",
            ("1",),
            "scan",
            none,
            lambda: camera.zoom_to(1.0),
            _VIEW,
        ),
        Verb("fit_all", "Fit everything", ("Shift+1",), "maximize", none, view.fit_all, _VIEW),
        Verb(
            "fit_selection",
            "Fit the selection",
            ("Shift+2",),
            "focus",
            Needs.ONE,
            view.fit_selection,
            _VIEW,
        ),
        Verb(
            "zoom_in",
            "Zoom in",
            ("Ctrl++", "Ctrl+=", "+", "="),
            "zoom-in",
            none,
            lambda: camera.step(True),
            _VIEW,
        ),
        Verb(
            "zoom_out",
            "Zoom out",
            ("Ctrl+-", "-"),
            "zoom-out",
            none,
            lambda: camera.step(False),
            _VIEW,
        ),
    ]
