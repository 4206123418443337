"""What an empty chat shows: a drawing, one sentence, and examples to click."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

EXAMPLES = (
    "Generate a sunset landscape",
    "Four logo ideas for a small bakery",
    "A poster of a lighthouse in a storm, 3:4",
)


class _Drawing(QWidget):
    """Three prints fanned out; the one on top is a landscape at dusk."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(168, 124)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(84, 66)
        for angle, shift in ((-13, -26), (11, 26)):
            painter.save()
            painter.translate(shift, 4)
            painter.rotate(angle)
            ground = theme.colours.raised if theme.dark else theme.colours.well
            fill_round(painter, QRectF(-40, -46, 80, 92), 8, ground, theme.colours.field_line)
            painter.restore()
        self._paint_dusk(painter, QRectF(-44, -52, 88, 104))

    def _paint_dusk(self, painter: QPainter, card: QRectF) -> None:
        theme = self._look.theme
        coral, magenta, violet = theme.gradient
        sky = QLinearGradient(card.topLeft(), card.bottomLeft())
        sky.setColorAt(0, violet)
        sky.setColorAt(0.5, magenta)
        sky.setColorAt(0.85, coral)
        shape = QPainterPath()
        shape.addRoundedRect(card, 10, 10)
        painter.save()
        painter.setClipPath(shape)
        painter.fillPath(shape, sky)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(255, 236, 214, 235))
        painter.drawEllipse(QPointF(12, 4), 13, 13)
        far, near = QColor(58, 28, 92, 150), QColor(30, 16, 56, 225)
        for colour, points in (
            (far, ((-50, 30), (-22, 6), (0, 26), (24, 10), (54, 34))),
            (near, ((-50, 40), (-30, 26), (-6, 42), (22, 24), (54, 46))),
        ):
            hills = QPainterPath(QPointF(-60, 70))
            for x, y in points:
                hills.lineTo(x, y)
            hills.lineTo(60, 70)
            painter.fillPath(hills, colour)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(255, 255, 255, 40))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)


class _Example(PaintedButton):
    def __init__(self, look: Look, words: str) -> None:
        super().__init__(look)
        self.setObjectName("example")
        self.setText(words)
        self.setAccessibleName(f"Try: {words}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(240, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        fill_round(painter, rect, theme.radius.card, ground, colours.hairline)
        painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium))
        painter.setPen(mix(colours.text_second, colours.text, self._hover.value))
        room = rect.adjusted(theme.space.m, 0, -36, 0)
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        ink = mix(colours.text_third, colours.accent_text, self._hover.value)
        arrow = self._look.pixmap("arrow-up", 14, ink, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(rect.width() - 26, (rect.height() - 14) / 2), arrow)
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.card, theme)


class EmptyChat(QWidget):
    """Tells which example was clicked."""

    example_chosen = Signal(str)

    def __init__(self, look: Look, examples: tuple[str, ...] = EXAMPLES) -> None:
        super().__init__()
        self.setObjectName("empty_chat")
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.l, space.l, space.l, space.l)
        column.setSpacing(space.s)
        column.addStretch(2)
        column.addWidget(_Drawing(look), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(space.l)
        words = label(
            "Say what you would like to see, and it appears on the canvas.",
            tone="second",
            size="chat",
            wrap=True,
            name="empty_words",
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setFixedWidth(270)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        for example in examples:
            button = _Example(look, example)
            button.clicked.connect(lambda _=False, text=example: self.example_chosen.emit(text))
            column.addWidget(button)
