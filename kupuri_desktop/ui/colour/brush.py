"""Paints colours as they are: over a chequered ground where they let it through."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from kupuri_desktop.core.colours import Colour
from kupuri_desktop.ui.theme import Theme
from kupuri_desktop.ui.widgets.paint import fill_round

_CELL = 4


def qcolor(colour: Colour) -> QColor:
    return QColor(colour.red, colour.green, colour.blue, colour.alpha)


def from_qcolor(colour: QColor) -> Colour:
    return Colour(colour.red(), colour.green(), colour.blue(), colour.alpha())


def chequers(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The ground that says: here one can see through."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    brush = QBrush(_chequered())
    painter.setBrushOrigin(rect.topLeft())
    painter.fillPath(path, brush)


def swatch(
    painter: QPainter, rect: QRectF, radius: float, colour: Colour | None, theme: Theme
) -> None:
    """A colour with a hairline that shows on any ground; None is a stroke through nothing."""
    colours = theme.colours
    if colour is None:
        fill_round(painter, rect, radius, colours.well, colours.field_line)
        painter.setPen(QPen(colours.error_text, 1.5))
        inner = rect.adjusted(4, 4, -4, -4)
        painter.drawLine(inner.bottomLeft(), inner.topRight())
        return
    if colour.alpha < 255:
        chequers(painter, rect, radius)
    fill_round(painter, rect, radius, qcolor(colour))
    rim = QColor(colours.text)
    rim.setAlpha(56)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(rim, 1))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)


def knob(painter: QPainter, rect: QRectF, fill: QColor) -> None:
    """The round mark that a hand drags, seen on light and dark."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
    painter.drawEllipse(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
    painter.setBrush(fill)
    painter.setPen(QPen(Qt.GlobalColor.white, 2))
    painter.drawEllipse(rect.adjusted(1, 1, -1, -1))


@lru_cache(maxsize=1)
def _chequered() -> QPixmap:
    pixmap = QPixmap(2 * _CELL, 2 * _CELL)
    pixmap.fill(QColor("#ffffff"))
    painter = QPainter(pixmap)
    for x, y in ((0, 0), (_CELL, _CELL)):
        painter.fillRect(x, y, _CELL, _CELL, QColor("#c8c8ce"))
    painter.end()
    return pixmap
