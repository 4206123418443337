"""Which gesture a press with a drawing tool begins."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from kupuri_desktop.core.items import LineItem, StrokeItem
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.ui.canvas.hands.connecting import DrawLine
from kupuri_desktop.ui.canvas.hands.drawing import DrawBox, Drawn, Tool, new_item
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.canvas.hands.penning import DrawStroke


def draw(
    board: Board,
    tool: Tool,
    at: QPointF,
    ink: QColor,
    accent: QColor,
    drawn: Drawn,
    pressure: float = 1.0,
    styles: Styles | None = None,
) -> DrawBox | DrawLine | DrawStroke:
    """pressure: the tablet's at the press, from 0 to 1. styles: what was set on its kind last."""
    item = new_item(tool, at, ink, accent)
    if styles is not None:
        item = styles.dressed(item)
    if isinstance(item, LineItem):
        return DrawLine(board, item, drawn)
    if isinstance(item, StrokeItem):
        return DrawStroke(board, item, drawn, pressure)
    return DrawBox(board, item, drawn)
