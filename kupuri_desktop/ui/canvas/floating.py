"""The bars that float over the canvas: a floating ground with controls laid out on it."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.floating import Floating


class FloatingBar(Floating):
    """A floating bar of buttons; what lies beside them lets nothing through to the canvas."""

    def __init__(self, look: Look, name: str, words: str, layout: QLayout, view: QWidget) -> None:
        super().__init__(look, name, words, view)
        pad = look.theme.space.xs
        layout.setContentsMargins(SHADOW + pad)
        layout.setSpacing(2)
        self.setLayout(layout)
