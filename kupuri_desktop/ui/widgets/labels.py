"""Words: labels by tone and size, a label that shortens, keys of a shortcut."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.paint import fill_round

Tone = Literal["first", "second", "third", "error", "warn", "ok"]
Measure = Literal["label", "body", "chat", "title"]
Weight = Literal["normal", "medium", "strong"]


def label(
    words: str,
    *,
    tone: Tone = "first",
    size: Measure = "body",
    weight: Weight = "normal",
    wrap: bool = False,
    name: str = "",
) -> QLabel:
    """A label of plain words in the theme's type."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("tone", tone)
    made.setProperty("measure", size)
    made.setProperty("weight", weight)
    made.setWordWrap(wrap)
    made.setObjectName(name)
    return made


class ElidedLabel(QWidget):
    """One line that ends in an ellipsis where there is no room; the tooltip has it all."""

    def __init__(
        self,
        look: Look,
        words: str = "",
        *,
        tone: Tone = "first",
        size: int = 0,
        weight: QFont.Weight = QFont.Weight.Normal,
        middle: bool = False,
        tabular: bool = False,
    ) -> None:
        """tabular: for words with numbers that change in place."""
        super().__init__()
        self._look = look
        self._tone = tone
        self._font = look.theme.font(size or look.theme.type.body, weight, tabular=tabular)
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Change the text."""
        self.words = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font)
        return QSize(metrics.horizontalAdvance(self.words) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, QFontMetrics(self._font).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        ink = {"first": colours.text, "second": colours.text_second, "third": colours.text_third}
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(ink.get(self._tone, colours.error_text))
        text = painter.fontMetrics().elidedText(self.words, self._mode, self.width())
        self.setToolTip(self.words if text != self.words else "")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)


class Keys(QWidget):
    """The keys of a shortcut, each on its own small cap."""

    def __init__(self, look: Look, shortcut: str) -> None:
        super().__init__()
        self._look = look
        self._caps = [part or "+" for part in shortcut.split("+")] if shortcut else []
        self.setAccessibleName(shortcut)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 4 * max(0, len(self._caps) - 1), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.setFont(theme.font(theme.type.label - 1, QFont.Weight.Medium))
        x = 0.0
        for cap, width in zip(self._caps, self._widths(), strict=True):
            rect = QRectF(x, 0, width, 20)
            fill_round(painter, rect, 5, colours.hover, colours.field_line)
            painter.setPen(colours.text_second)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, cap)
            x += width + 4

    def _widths(self) -> list[int]:
        theme = self._look.theme
        metrics = QFontMetrics(theme.font(theme.type.label - 1, QFont.Weight.Medium))
        return [max(20, metrics.horizontalAdvance(cap) + 10) for cap in self._caps]
