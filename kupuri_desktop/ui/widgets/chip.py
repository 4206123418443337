"""A chip: a coloured dot and a few words, for the state of something."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

_DOT = 7
_ICON = 14
_WIDEST = 190


class Level(Enum):
    """How something stands; the colour of its dot."""

    READY = "ok"
    STARTING = "warn"
    TROUBLE = "error"
    OFF = "off"


class Chip(PaintedButton):
    """A dot and words, with an icon between them that says of what; a click asks for more."""

    def __init__(
        self, look: Look, name: str, words: str, level: Level = Level.OFF, icon: str = "", *,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(look, parent)
        self.level = level
        self._icon = icon
        self._wordless = False
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(words, level)

    def show_state(self, words: str, level: Level, spoken: str = "") -> None:
        """Show `words` with the dot of `level`; `spoken` says in words what the dot means."""
        self.level = level
        self.setText(words)
        self.setAccessibleName(f"{words}, {spoken}" if spoken else words)
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def be_small(self, small: bool) -> None:
        """Small, a chip with an icon leaves its words to the tooltip and to screen readers."""
        wordless = small and bool(self._icon)
        if wordless != self._wordless:
            self._wordless = wordless
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        words = QFontMetrics(theme.font(theme.type.label)).horizontalAdvance(self.text())
        if self._wordless:
            words = 0
        width = theme.space.s + _DOT + theme.space.s - 2 + words + theme.space.s + 2
        if self._icon:
            width += _ICON + theme.space.xs
        return QSize(min(width, _WIDEST), theme.size.control - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        if self.isDown():
            ground = colours.pressed
        fill_round(painter, rect, theme.radius.control, ground)
        dot: QColor = getattr(colours, self.level.value)
        centre = QPointF(theme.space.s + _DOT / 2, rect.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.level is not Level.OFF:
            glow = QColor(dot)
            glow.setAlphaF(0.22)
            painter.setBrush(glow)
            painter.drawEllipse(centre, _DOT / 2 + 2.5, _DOT / 2 + 2.5)
        painter.setBrush(dot)
        painter.drawEllipse(centre, _DOT / 2, _DOT / 2)
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(mix(colours.text_second, colours.text, self._hover.value))
        x = theme.space.s + _DOT + theme.space.s - 2
        if self._icon:
            ink = mix(colours.text_second, colours.text, self._hover.value)
            icon = self._look.pixmap(self._icon, _ICON, ink, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(x, (rect.height() - _ICON) / 2), icon)
            x += _ICON + theme.space.xs
        if self._wordless:
            self._paint_ring(painter, rect)
            return
        room = int(rect.width() - x - theme.space.s + 2)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(x, 0, room + 4, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
        self._paint_ring(painter, rect)

    def _paint_ring(self, painter: QPainter, rect: QRectF) -> None:
        theme = self._look.theme
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)
