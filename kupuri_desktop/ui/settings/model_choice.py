"""A setting that names a model: chosen among those that the providers have now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker

from kupuri_desktop.core.models import ModelInfo
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import Choice

_BEST = "The best there is"


class ModelChoice(Choice):
    """The value of an entry is `PROVIDER:MODEL`, or nothing for the best one.

    A model that is away stays chosen, and the list says that it is away.
    """

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._models: Sequence[ModelInfo] = ()
        self._ref = ""
        self._fill()

    def offer(self, models: Sequence[ModelInfo]) -> None:
        """Take these models for the list; what is chosen stays so."""
        if list(models) != list(self._models):
            self._models = models
            self._fill()

    def show_ref(self, ref: str) -> None:
        """Show `PROVIDER:MODEL` as chosen."""
        self._ref = ref
        self._fill()

    def _fill(self) -> None:
        with QSignalBlocker(self):
            self.clear()
            self.addItem(_BEST, "")
            for model in self._models:
                self.addItem(model.name, str(model.ref))
            if self.findData(self._ref) < 0:
                self.addItem(f"{self._ref.partition(':')[2]} (away)", self._ref)
            self.setCurrentIndex(self.findData(self._ref))
