"""A ground that other things lie on: a flat card, or a floating bar with the soft shadow."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.paint import fill_round, soft_shadow

# Room for the shadow around a floating card: left, top, right, bottom.
SHADOW = QMargins(16, 12, 16, 21)


class Card(QFrame):
    """A rounded surface with a hairline.

    floating: casts the shadow; the widget is then larger than the card by `SHADOW`, which its
    layout must leave free (a frame's own margins do not survive the style sheet).
    """

    def __init__(
        self,
        look: Look,
        name: str = "",
        *,
        radius: int | None = None,
        floating: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._radius = radius if radius is not None else look.theme.radius.card
        self._floating = floating
        self.setObjectName(name)

    def card_rect(self) -> QRectF:
        """Where the card itself is, without its shadow."""
        rect = self.rect()
        return QRectF(rect.marginsRemoved(SHADOW) if self._floating else rect)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        rect = self.card_rect()
        if self._floating:
            soft_shadow(painter, rect, self._radius, colours.shadow)
        ground = colours.raised if self._floating and self._look.theme.dark else colours.surface
        fill_round(painter, rect, self._radius, ground, colours.hairline)
