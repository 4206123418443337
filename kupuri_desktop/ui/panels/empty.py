"""What a panel shows while it has nothing to show: a drawing, one sentence, one button."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round

_DRAWING = 72


class Nothing(QWidget):
    """Stands in the middle of a panel; `button` is the way on."""

    def __init__(self, look: Look, name: str, words: str, action: str, icon: str) -> None:
        super().__init__()
        self._look = look
        self.setObjectName(name)
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.xl, space.s, space.xl, space.l)
        column.setSpacing(space.m)
        column.addStretch(1)
        column.addSpacing(_DRAWING)
        self.words = label(words, tone="second", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.words)
        self.button = PillButton(look, f"{name}_button", action, icon)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, words: str, action: str) -> None:
        """Other words, and another way on."""
        self.words.setText(words)
        self.button.setText(action)
        self.button.setAccessibleName(action)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bottom = self.words.geometry().top() - theme.space.m
        middle = self.width() / 2
        sheet = QRectF(middle - 34, bottom - 50, 68, 46)
        fill_round(painter, sheet, 5, theme.colours.well, theme.colours.field_line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colours.field_line)
        painter.drawEllipse(QPointF(sheet.left() + 18, sheet.top() + 15), 6, 6)
        painter.drawPolygon(
            [
                QPointF(sheet.left() + 8, sheet.bottom() - 6),
                QPointF(sheet.left() + 32, sheet.top() + 18),
                QPointF(sheet.right() - 8, sheet.bottom() - 6),
            ]
        )
        painter.setPen(QPen(theme.colours.accent, 1.5))
        painter.setBrush(theme.colours.surface)
        for corner in (sheet.topLeft(), sheet.topRight(), sheet.bottomLeft(), sheet.bottomRight()):
            painter.drawRect(QRectF(corner.x() - 3, corner.y() - 3, 6, 6))
