"""Joins the panels to the canvas that they are about, and their actions to both."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.colour.room import ColourRoom
from kupuri_desktop.ui.panels.image_details import Assets
from kupuri_desktop.ui.panels.inspector import Inspector
from kupuri_desktop.ui.panels.layers import Layers
from kupuri_desktop.ui.panels.mask_line import MaskLine
from kupuri_desktop.ui.panels.panel import Panel, PanelColumn

_ON_LAYERS = (
    "delete", "duplicate", "copy", "group", "ungroup", "front", "forward", "backward", "back",
)  # fmt: skip


class PanelRoom(QObject):
    """The panels of one canvas. What is open stays so in the next project: the action knows it."""

    message_asked = Signal(str, str)
    """The chat and the run whose message is to be shown."""

    resized = Signal()
    """The column has come or gone."""

    def __init__(
        self, canvas: CanvasView, assets: Assets, actions: Actions, colours: ColourRoom
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._actions = actions
        self.column = PanelColumn()
        self.inspector = Inspector(
            canvas.look, canvas.board, assets, canvas.tasks, colours, colours.styles
        )
        self.inspector.item_asked.connect(lambda key: canvas.reveal([key]))
        self.inspector.message_asked.connect(self.message_asked)
        self.inspector.select_all_asked.connect(lambda: canvas.action("select_all").trigger())
        mask = MaskLine(canvas.look, canvas.canvas, canvas.pictures, canvas.tasks)
        mask.paint_asked.connect(lambda: canvas.action("mask").trigger())
        self.inspector.add_for_images("Mask", mask, mask.show_image)
        self.layers = Layers(canvas.look, canvas.board)
        self.layers.item_asked.connect(lambda key: canvas.reveal([key], select=False))
        self.layers.import_asked.connect(canvas.import_asked)
        self.layers.menu_asked.connect(lambda at: canvas.menu(None).popup(at))
        for name in _ON_LAYERS:
            # Their keys count here as they do on the canvas.
            self.layers.tree.addAction(canvas.action(name))
        self._take_in("toggle_layers", self.layers)
        self._take_in("toggle_inspector", self.inspector)

    def show_details(self) -> None:
        """Opens the inspector, where it is closed, at how the selected image was made."""
        toggle = self._actions["toggle_inspector"]
        if not toggle.isChecked():
            toggle.trigger()
        self.inspector.show_details()

    def leave(self) -> None:
        """Lets go of the canvas."""
        self.layers.close_canvas()
        self.inspector.close_canvas()

    def _take_in(self, action: str, panel: Panel) -> None:
        self.column.add(panel)
        toggle = self._toggler(action, panel)
        self._actions.on(action, toggle)
        panel.close_asked.connect(self._actions[action].trigger)
        toggle()

    def _toggler(self, action: str, panel: Panel) -> Callable[[], None]:
        def toggle() -> None:
            is_open = self._actions[action].isChecked()
            had_keyboard = panel.isAncestorOf(panel.window().focusWidget() or self._canvas)
            self.column.open(panel, is_open)
            if had_keyboard and not is_open:
                self._canvas.setFocus()
            self.resized.emit()

        return toggle
