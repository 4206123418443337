"""A bar under the notices for what takes its time: how far it is, and a button that ends it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label
from kupuri_desktop.ui.widgets.paint import fill_round


class DownloadBar(QWidget):
    """Shows one download, export or the like; not there while there is none."""

    cancel_asked = Signal()

    def __init__(
        self, look: Look, parent: QWidget | None = None, *, name: str = "download"
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.fraction: float | None = None
        self.setObjectName(f"{name}_bar")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        space = look.theme.space
        row = QHBoxLayout(self)
        row.setContentsMargins(space.l, space.s, space.s, space.s)
        row.setSpacing(space.m)
        self._words = ElidedLabel(look)
        self._words.setObjectName(f"{name}_words")
        self._percent = label("", tone="second", name=f"{name}_percent")
        cancel = PillButton(look, f"{name}_cancel", "Cancel")
        cancel.clicked.connect(self.cancel_asked)
        row.addWidget(self._words, 1)
        row.addWidget(self._percent)
        row.addWidget(cancel)
        self.hide()

    def show_progress(self, words: str, fraction: float | None) -> None:
        """fraction: 0 to 1; None where nobody knows yet how much there is. No words: it is over."""
        if not words:
            self.hide()
            return
        self.fraction = fraction
        self._words.set_words(words)
        self._percent.setText("" if fraction is None else f"{round(fraction * 100)} %")
        self.setAccessibleName(f"{words} {self._percent.text()}")
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        line = QRectF(0, self.height() - 2, self.width(), 2)
        fill_round(painter, line, 0, colours.hairline)
        line.setWidth(line.width() * (self.fraction or 0.0))
        fill_round(painter, line, 0, colours.accent)
