"""What is drawn where there is no project to show: a picture, one sentence, one button."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.ui.home.listing import Filter, Listing
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round


class Emptiness(QWidget):
    """Explains an empty list and offers the way out of it."""

    acted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("emptiness")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.theme.space.l, 0, look.theme.space.l)
        column.setSpacing(look.theme.space.m)
        self._drawing = _Drawing(look)
        self._sentence = label("", tone="second", name="emptiness_words")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button = PillButton(look, "emptiness_button", "")
        self._button.clicked.connect(self.acted)
        column.addLayout(_middle(self._drawing))
        column.addWidget(self._sentence)
        column.addLayout(_middle(self._button))

    def show_for(self, listing: Listing) -> None:
        """Choose the words for why nothing is shown."""
        icon = "image"
        match listing:
            case Listing(search=search) if search:
                icon, words, button = "search", f"No project is called “{search}”.", "Show all"
            case Listing(filter=Filter.STARRED):
                icon, words, button = "star", "Star a project to find it here.", "Show all"
            case _:
                words = "Your projects will stand here."
                button = "Start with an empty canvas"
        self.say(icon, words, button)

    def say(self, icon: str, words: str, button: str = "") -> None:
        """Say why nothing is here; without a word for the button there is none."""
        self._drawing.show_icon(icon)
        self._sentence.setText(words)
        self._button.setText(button)
        self._button.setAccessibleName(button)
        self._button.setVisible(bool(button))
        self._button.updateGeometry()


class _Drawing(QWidget):
    """Three leaning sheets, the front one with an icon."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._icon = "image"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 118)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2 + 4)
        tints = (theme.gradient[2], theme.gradient[0])
        for angle, shift, tint in ((-10, -46, tints[0]), (10, 46, tints[1])):
            painter.save()
            painter.translate(middle + QPointF(shift, 4))
            painter.rotate(angle)
            sheet = QRectF(-44, -34, 88, 68)
            fill_round(painter, sheet, theme.radius.card, colours.surface, colours.hairline)
            wash = QColor(tint)
            wash.setAlphaF(0.10)
            fill_round(painter, sheet, theme.radius.card, wash)
            painter.restore()
        front = QRectF(middle.x() - 52, middle.y() - 42, 104, 78)
        fill_round(painter, front, theme.radius.card, colours.raised, colours.field_line)
        painter.setPen(QPen(colours.hairline, 1))
        size = 26
        icon = self._look.pixmap(self._icon, size, colours.icon, self.devicePixelRatioF())
        painter.drawPixmap(front.center() - QPointF(size / 2, size / 2), icon)


def _middle(widget: QWidget | QLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(widget)
    row.addStretch()
    return row
