"""The bars that float over the canvas: a floating ground with controls laid out on it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLayout, QWidget

from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.floating import Floating


class FloatingBar(Floating):
    """A floating bar of buttons; what lies beside them lets nothing through to the canvas."""

    def __init__(self, look: Look, name: str, words: str, layout: QLayout, view: QWidget) -> None:
        super().__init__(look, name, words, view)
        make_region(self)
        pad = look.theme.space.xs
        layout.setContentsMargins(SHADOW + pad)
        layout.setSpacing(2)
        self.setLayout(layout)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the canvas."""
        view = self.parentWidget()
        if event.key() == Qt.Key.Key_Escape and view is not None:
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """A bar that goes gives the keyboard back, not to whatever Qt has next in line."""
        focus, view = self.window().focusWidget(), self.parentWidget()
        if focus is not None and view is not None and self.isAncestorOf(focus):
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        super().hideEvent(event)
