"""Which gesture a press with a drawing tool begins."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from kupuri_desktop.core.colours import Colour, colour_in, contrast
from kupuri_desktop.core.items import FrameItem, ImageItem, LineItem, StrokeItem
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.ui.canvas.hands.connecting import DrawLine
from kupuri_desktop.ui.canvas.hands.drawing import DrawBox, Drawn, Tool, new_item
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.canvas.hands.penning import DrawStroke

_DARK, _LIGHT = Colour(0x17, 0x17, 0x1A), Colour(0xFF, 0xFF, 0xFF)
_READ = 4.5
"""The contrast that words want (WCAG 2.2, 1.4.3)."""


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
    item = new_item(tool, at, ink_on(board, at, ink) if tool is Tool.TEXT else ink, accent)
    if styles is not None:
        item = styles.dressed(item)
    if isinstance(item, LineItem):
        return DrawLine(board, item, drawn)
    if isinstance(item, StrokeItem):
        return DrawStroke(board, item, drawn, pressure)
    return DrawBox(board, item, drawn)


def ink_on(board: Board, at: QPointF, ink: QColor) -> QColor:
    """The theme's ink, or where that is not read on what lies there, the one of the two that is.

    A white frame on a dark canvas takes dark words. What lies on an image is left as it is.
    """
    for item in board.layer.sheet.at(at.x(), at.y(), 0.0):
        text = item.background if isinstance(item, FrameItem) else getattr(item, "fill", None)
        ground = None if text is None else colour_in(text)
        if ground is not None and ground.alpha > 127:
            mine = Colour(ink.red(), ink.green(), ink.blue())
            if contrast(mine, ground) >= _READ:
                return ink
            best = max((_DARK, _LIGHT), key=lambda colour: contrast(colour, ground))
            return QColor(best.text())
        if isinstance(item, ImageItem):
            return ink
    return ink
