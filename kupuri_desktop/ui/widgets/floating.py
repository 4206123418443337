"""A card that floats over what is repainted all the time, at next to no cost."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.card import SHADOW, Card
from kupuri_desktop.ui.widgets.paint import fill_round, soft_shadow


class Floating(Card):
    """Draws its ground and shadow once for each size; lets no press through to what is below."""

    def __init__(self, look: Look, name: str, words: str, parent: QWidget) -> None:
        super().__init__(look, name, radius=look.theme.radius.bar, floating=True, parent=parent)
        self.setAccessibleName(words)
        # The style sheet takes a frame's own margins away; a layout keeps its.
        self.setContentsMargins(0, 0, 0, 0)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._ground: QPixmap | None = None
        look.changed.connect(self._forget_ground)

    def _forget_ground(self) -> None:
        self._ground = None

    def ground(self) -> QPixmap:
        """The card with its shadow, in the widget's size."""
        ratio = self.devicePixelRatioF()
        size = (QSizeF(self.size()) * ratio).toSize()
        ground = self._ground
        if ground is None or ground.size() != size or ground.devicePixelRatio() != ratio:
            ground = QPixmap(size)
            ground.setDevicePixelRatio(ratio)
            ground.fill(Qt.GlobalColor.transparent)
            theme, rect = self._look.theme, QRectF(self.rect().marginsRemoved(SHADOW))
            painter = QPainter(ground)
            soft_shadow(painter, rect, theme.radius.bar, theme.colours.shadow)
            fill = theme.colours.raised if theme.dark else theme.colours.surface
            fill_round(painter, rect, theme.radius.bar, fill, theme.colours.hairline)
            painter.end()
            self._ground = ground
        return ground

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawPixmap(0, 0, self.ground())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
