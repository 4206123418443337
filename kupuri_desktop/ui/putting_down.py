"""Ends what somebody is typing, as a click elsewhere would: whoever leaves loses nothing of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QWidget


def put_down(within: QWidget) -> None:
    """Take the keyboard from the field in `within` that has it: what was typed there is taken."""
    field = within.window().focusWidget()
    if field is None or not (field is within or within.isAncestorOf(field)):
        return
    if not field.hasFocus():
        # In a window that is not in front, `clearFocus` tells the field nothing.
        QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusOut))
    field.clearFocus()
