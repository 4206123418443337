"""Gives a control what every control must have: a name, spoken words and a tooltip."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def describe(widget: QWidget, name: str, words: str, shortcut: str = "", hint: str = "") -> None:
    """Name a control `name`; say `words` to a screen reader and, with the shortcut, on hover.

    hint: a second line of the tooltip, for what the words alone do not say.
    """
    widget.setObjectName(name)
    widget.setAccessibleName(words)
    if hint:
        widget.setAccessibleDescription(hint)
    widget.setToolTip(tooltip(words, shortcut, hint))


def tooltip(words: str, shortcut: str = "", hint: str = "") -> str:
    """The tooltip of an action: its words, its shortcut, and a line more if there is one."""
    first = f"{words}   {shortcut}" if shortcut else words
    return f"{first}\n{hint}" if hint else first
