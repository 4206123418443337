"""The options of masking: what is drawn with, whether it adds or takes away, and how soft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from kupuri_desktop.ui.canvas.modes.options_bar import OptionsBar
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.numbers import NumberField
from kupuri_desktop.workspace.masks import LARGEST_FEATHER


class MaskTool(Enum):
    """What a press draws."""

    BRUSH = "brush"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    LASSO = "lasso"


_TOOLS = (
    (MaskTool.BRUSH, "brush", "Brush", "B"),
    (MaskTool.RECTANGLE, "square-dashed", "Rectangle", "R"),
    (MaskTool.ELLIPSE, "circle", "Ellipse", "O"),
    (MaskTool.LASSO, "lasso", "Lasso", "L"),
)


@dataclass(slots=True)
class MaskOptions:
    """What the hand was last set to; outlives the mode.

    size: the brush's diameter as a part of the picture's longer side. hardness: 0 to 1.
    """

    tool: MaskTool = MaskTool.BRUSH
    subtract: bool = False
    size: float = 0.08
    hardness: float = 0.8


class MaskBar(OptionsBar):
    """Shows what it is told and tells what is wished; sizes in the picture's pixels."""

    tool_chosen = Signal(object)
    subtract_chosen = Signal(bool)
    size_typed = Signal(float)
    hardness_typed = Signal(float)
    feather_typed = Signal(float)
    invert_asked = Signal()
    fill_asked = Signal()
    clear_asked = Signal()

    def __init__(
        self,
        look: Look,
        view: QWidget,
        leave: Callable[[bool], None],
        edit: QAction | None = None,
    ) -> None:
        super().__init__(look, "mask_options", "Mask", view, leave)
        self._tools: dict[MaskTool, IconButton] = {}
        for tool, icon, words, keys in _TOOLS:
            button = IconButton(look, f"mask_{tool.value}", icon, words, keys, checkable=True)
            button.clicked.connect(self._chooser(tool))
            self._tools[tool] = button
        self._add = IconButton(look, "mask_add", "plus", "Add to the mask", "X", checkable=True)
        self._add.clicked.connect(lambda: self.subtract_chosen.emit(False))
        self._take = IconButton(
            look, "mask_subtract", "eraser", "Erase from the mask", "E", checkable=True
        )
        self._take.clicked.connect(lambda: self.subtract_chosen.emit(True))
        self.add_group([*self._tools.values(), self._add, self._take])
        self.brush = self._field("mask_size", "Brush size", "Size", " px", 1, 10_000)
        self.brush.taken.connect(self.size_typed)
        self.hardness = self._field("mask_hardness", "Brush hardness", "Hard", " %", 0, 100)
        self.hardness.taken.connect(lambda percent: self.hardness_typed.emit(percent / 100))
        self.feather = self._field("mask_feather", "Feather", "Feather", " px", 0, LARGEST_FEATHER)
        self.feather.taken.connect(self.feather_typed)
        self.add_group([self.brush, self.hardness, self.feather])
        self.invert = IconButton(
            look, "mask_invert", "contrast", "Invert the mask", "I", checkable=True
        )
        self.invert.clicked.connect(self.invert_asked)
        fill = IconButton(look, "mask_fill", "paint-bucket", "Mask everything")
        fill.clicked.connect(self.fill_asked)
        clear = IconButton(look, "mask_clear", "trash-2", "Clear the mask")
        clear.clicked.connect(self.clear_asked)
        ends: list[QWidget] = [self.invert, fill, clear]
        if edit is not None:
            wand = PillButton(look, "mask_edit", "Edit with AI", "sparkles", kind="quiet")
            wand.follow(edit)
            ends.append(wand)
        self.add_group([*ends, self.done_button()])
        self.setFocusProxy(self._tools[MaskTool.BRUSH])

    def show_options(self, options: MaskOptions, longer: int) -> None:
        """Marks what holds. longer: the picture's longer side in pixels."""
        for tool, button in self._tools.items():
            button.setChecked(tool is options.tool)
        self._add.setChecked(not options.subtract)
        self._take.setChecked(options.subtract)
        self.brush.show_number(max(1, round(options.size * longer)))
        self.hardness.show_number(round(options.hardness * 100))

    def show_mask(self, feather: float, invert: bool) -> None:
        """Marks how the image's own mask is used."""
        self.feather.show_number(feather)
        self.invert.setChecked(invert)

    def _field(
        self, name: str, words: str, prefix: str, unit: str, low: float, high: float
    ) -> NumberField:
        field = NumberField(self._look, name, words, prefix, unit=unit, low=low, high=high)
        margins = field.textMargins()
        field.setFixedWidth(margins.left() + 66)
        return field

    def _chooser(self, tool: MaskTool) -> Callable[[], None]:
        return lambda: self.tool_chosen.emit(tool)
