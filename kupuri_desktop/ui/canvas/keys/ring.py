"""Shows where on the canvas the keyboard is, where the selection's outline does not."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
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
    """Around the item that the keyboard is at, dashed where that is not what is selected; with no

    item, around the canvas itself. A halo of the ground's colour parts it from any picture. Who
    uses the mouse sees it only where it tells more than the selection's outline.
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

    def stay(self, *, by_keyboard: bool) -> None:
        """The canvas has the keyboard, and this was used on it now."""
        if by_keyboard != self._by_keyboard:
            self._by_keyboard = by_keyboard
            self._view.viewport().update()

    def go(self) -> None:
        """It has left."""
        self._by_keyboard = False
        self._view.viewport().update()

    def paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None:
        """In the view's logical pixels."""
        if not self._view.hasFocus():
            return
        # One of several that the mouse has selected needs no other line than theirs.
        shown = self._by_keyboard or not self._reach.selected
        item = (self._reach.apart or self._reach.item) if shown else None
        if item is not None:
            points = QPolygonF([view.map(QPointF(x, y)) for x, y in corners(item)])
            area = points.boundingRect().adjusted(-_OFF, -_OFF, _OFF, _OFF)
            apart = item is self._reach.apart
            line = Qt.PenStyle.DashLine if apart else Qt.PenStyle.SolidLine
            self._draw(painter, theme, area, theme.colours.text, line)
        elif self._by_keyboard:
            room = QRectF(self._view.viewport().rect())
            room.adjust(_INSET, _INSET, -_INSET, -_INSET)
            self._draw(painter, theme, room, theme.colours.accent, Qt.PenStyle.SolidLine)

    @staticmethod
    def _draw(
        painter: QPainter, theme: Theme, area: QRectF, colour: QColor, style: Qt.PenStyle
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width, line in (
            (theme.colours.canvas, _HALO, Qt.PenStyle.SolidLine),
            (colour, _WIDTH, style),
        ):
            painter.setPen(QPen(ink, width, line))
            painter.drawRoundedRect(area, 4, 4)
