"""The options of cropping: the shape, back to the whole picture, and the two ways out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.cropping import PRESETS, Preset
from kupuri_desktop.ui.canvas.modes.options_bar import OptionsBar
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton


class CropBar(OptionsBar):
    """`shape_chosen` tells a core.cropping.Preset."""

    shape_chosen = Signal(object)
    reset_asked = Signal()

    def __init__(self, look: Look, view: QWidget, leave: Callable[[bool], None]) -> None:
        super().__init__(look, "crop_options", "Crop", view, leave)
        self._pills: dict[Preset, PillButton] = {}
        for preset in PRESETS:
            name = f"crop_{preset.words.replace(':', '_').lower()}"
            pill = PillButton(look, name, preset.words, kind="quiet", checkable=True)
            pill.setToolTip(f"Crop to {preset.words}")
            pill.clicked.connect(self._chooser(preset))
            self._pills[preset] = pill
        self.add_group(list(self._pills.values()))
        self.reset = IconButton(look, "crop_reset", "rotate-ccw", "Show the whole picture again")
        self.reset.clicked.connect(self.reset_asked)
        self.add_group([self.reset, *self.end_buttons()])
        self.setFocusProxy(self._pills[PRESETS[0]])
        self.show_shape(PRESETS[0])

    def show_shape(self, preset: Preset) -> None:
        """Marks the shape that holds."""
        for each, pill in self._pills.items():
            pill.setChecked(each is preset)

    def _chooser(self, preset: Preset) -> Callable[[], None]:
        return lambda: self.shape_chosen.emit(preset)
