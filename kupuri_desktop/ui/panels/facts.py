"""Facts in the inspector: a name and what it is, to be read and copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label

_FACT_NAME = 76


class Fact(QWidget):
    """A name and what it is, in one line; `copies` puts a button behind that copies it."""

    def __init__(self, look: Look, name: str, words: str, *, copies: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.space.xs)
        title = label(words, tone="second", size="label")
        title.setFixedWidth(_FACT_NAME)
        row.addWidget(title)
        self.value = ElidedLabel(look, size=look.theme.type.label, middle=True)
        row.addWidget(self.value, 1)
        self.setFixedHeight(24)
        if copies:
            row.addWidget(copy_button(look, f"{name}_copy", words, lambda: self.value.words))

    def put(self, words: str) -> None:
        """Shows the fact; without words there is none, and the line goes."""
        self.value.set_words(words)
        self.setVisible(bool(words))


def copy_button(look: Look, name: str, words: str, text: Callable[[], str]) -> IconButton:
    """A small button that copies what `text` gives."""
    button = IconButton(look, name, "copy", f"Copy {words.lower()}", size=24, icon_size=14)
    button.clicked.connect(lambda: QApplication.clipboard().setText(text()))
    return button
