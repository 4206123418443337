"""Shows where on the canvas the keyboard is, where the selection's outline does not."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsView

from kupuri_desktop.core.hits import corners
from kupuri_desktop.ui.canvas.keys.reach import Reach
from kupuri_desktop.ui.theme import Theme

_WIDTH = 2.0
_HALO = 4.0
_INSET = 3.0
_OFF = 5.0
"""Logical pixels between an item and the ring around it."""

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusRing:
    """A dashed ring around the item that is reached but not selected alone; with no item, a ring

    around the canvas itself. Each has a halo of the ground's colour: it may lie on any picture.
    """

    def __init__(self, view: QGraphicsView, reach: Reach) -> None:
        self._view = view
        self._reach = reach
        self._by_keyboard = False
        reach.changed.connect(lambda _: view.viewport().update())

    def come(self, reason: Qt.FocusReason) -> None:
        """The keyboard has come to the canvas."""
        self._by_keyboard = reason in _BY_KEYBOARD
        self._view.viewport().update()

    def go(self) -> None:
        """It has left."""
        self._by_keyboard = False
        self._view.viewport().update()

    def paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None:
        """In the view's logical pixels."""
        if not self._view.hasFocus():
            return
        apart = self._reach.apart
        if apart is not None:
            points = QPolygonF([view.map(QPointF(x, y)) for x, y in corners(apart)])
            area = points.boundingRect().adjusted(-_OFF, -_OFF, _OFF, _OFF)
            self._draw(painter, theme, area, Qt.PenStyle.DashLine)
        elif self._by_keyboard and self._reach.item is None:
            room = QRectF(self._view.viewport().rect())
            room.adjust(_INSET, _INSET, -_INSET, -_INSET)
            self._draw(painter, theme, room, Qt.PenStyle.SolidLine)

    @staticmethod
    def _draw(painter: QPainter, theme: Theme, area: QRectF, style: Qt.PenStyle) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        solid = style == Qt.PenStyle.SolidLine
        for colour, width, line in (
            (theme.colours.canvas, _HALO, Qt.PenStyle.SolidLine),
            (theme.colours.accent if solid else theme.colours.text, _WIDTH, style),
        ):
            painter.setPen(QPen(colour, width, line))
            painter.drawRoundedRect(area, 4, 4)
