"""Reads the colours that items are stored with."""

from __future__ import annotations

from PySide6.QtGui import QColor


def colour(text: str) -> QColor:
    """#rrggbb or #rrggbbaa (as CSS has it; Qt's own eight digits begin with alpha)."""
    if len(text) == 9 and text.startswith("#"):
        return QColor("#" + text[7:9] + text[1:7])
    return QColor(text)
