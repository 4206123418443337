"""What stands for widgets that Qt's own accessibility does not know."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


def answer(name: str, thing: object) -> QAccessibleInterface | None:
    """Asked for each class that `thing` is of, the nearest first; None leaves it to Qt.

    For `QAccessible.installFactory`, once for the whole application. It is called only while an
    accessibility client listens, and the rooms it knows are loaded only then.
    """
    if not isinstance(thing, QWidget):
        return None
    match name:
        case "CanvasView":
            from kupuri_desktop.ui.canvas.accessibility.board import AccessibleCanvas

            return AccessibleCanvas(thing)
        case "FloatingBar":
            return QAccessibleWidget(thing, QAccessible.Role.ToolBar, "")
        case "RowView":
            return QAccessibleWidget(thing, QAccessible.Role.ListItem, "")
        case "Prose":
            return QAccessibleWidget(thing, QAccessible.Role.StaticText, "")
        case "QWidget" if thing.objectName() == "transcript_paper":
            from kupuri_desktop.ui.chat.accessible import AccessiblePaper

            return AccessiblePaper(thing)
    return None
