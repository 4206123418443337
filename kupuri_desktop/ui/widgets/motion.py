"""Moves a number from 0 to 1 and back in the theme's own time."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QWidget

from kupuri_desktop.ui.theme import Look

Pace = Literal["hover", "panel", "settle"]


class Glide(QVariantAnimation):
    """A value between 0.0 and 1.0 that repaints its widget while it moves.

    Jumps at once where motion is reduced and while the widget is hidden.
    """

    def __init__(self, widget: QWidget, look: Look, pace: Pace = "hover") -> None:
        super().__init__(widget)
        self._widget = widget
        self._look = look
        self._pace: Pace = pace
        self.value = 0.0
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._take)

    def to(self, target: float) -> None:
        """Move to `target`."""
        self.stop()
        duration = getattr(self._look.theme.motion, self._pace)
        if duration == 0 or not self._widget.isVisible():
            self._take(target)
            return
        self.setStartValue(self.value)
        self.setEndValue(float(target))
        self.setDuration(duration)
        self.start()

    def _take(self, value: float) -> None:
        self.value = float(value)
        self._widget.update()
