"""Keeps plain keys in a field on the canvas: there, each is a tool's shortcut as well."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

_OTHERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def kept(event: QEvent) -> bool:
    """Accepts the question whether a plain key is meant for a field. False: it is not asked."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.modifiers() & _OTHERS:
        return False
    event.accept()
    return True
