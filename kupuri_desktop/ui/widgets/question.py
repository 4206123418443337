"""Asks once before something is done that cannot be taken back."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round

_WIDTH = 440


class Question(QDialog):
    """A sentence, what it means, and two buttons. Show it with `open()`; `accepted` is the yes.

    The keyboard is on the button that changes nothing.
    """

    def __init__(
        self, look: Look, name: str, words: str, more: str, yes: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName(name)
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(more)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.xl, space.xl, space.xl, space.l)
        column.setSpacing(space.s)
        column.addWidget(label(words, size="title", weight="strong", wrap=True))
        column.addWidget(label(more, tone="second", wrap=True, name=f"{name}_more"))
        column.addSpacing(space.l)
        row = QHBoxLayout()
        row.setSpacing(space.s)
        keep = PillButton(look, f"{name}_keep", "Cancel")
        go = PillButton(look, f"{name}_yes", yes, kind="danger")
        keep.clicked.connect(self.reject)
        go.clicked.connect(self.accept)
        row.addStretch()
        row.addWidget(keep)
        row.addWidget(go)
        column.addLayout(row)
        keep.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_round(QPainter(self), QRectF(self.rect()), 0, self._look.theme.colours.surface)
