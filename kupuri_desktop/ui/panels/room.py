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
        self._assets = assets
        self._colours = colours
        self._actions = actions
        self._layers: Layers | None = None
        self._inspector: Inspector | None = None
        self.column = PanelColumn()
        self._follow("toggle_layers", lambda: self._layers, lambda: self.layers)
        self._follow("toggle_inspector", lambda: self._inspector, lambda: self.inspector)

    @property
    def layers(self) -> Layers:
        """Made when it is first asked for: opening a project does not wait for what is closed."""
        if self._layers is None:
            self._layers = self._make_layers()
            self.column.add(self._layers, 0)
            self._layers.close_asked.connect(self._actions["toggle_layers"].trigger)
        return self._layers

    @property
    def inspector(self) -> Inspector:
        """The same."""
        if self._inspector is None:
            self._inspector = self._make_inspector()
            self.column.add(self._inspector, 1)
            self._inspector.close_asked.connect(self._actions["toggle_inspector"].trigger)
        return self._inspector

    def _make_layers(self) -> Layers:
        canvas = self._canvas
        layers = Layers(canvas.look, canvas.board)
        layers.item_asked.connect(lambda key: canvas.reveal([key], select=False))
        layers.import_asked.connect(canvas.import_asked)
        layers.menu_asked.connect(lambda at: canvas.menu(None).popup(at))
        for name in _ON_LAYERS:
            # Their keys count here as they do on the canvas.
            layers.tree.addAction(canvas.action(name))
        return layers

    def _make_inspector(self) -> Inspector:
        canvas, colours = self._canvas, self._colours
        inspector = Inspector(
            canvas.look, canvas.board, self._assets, canvas.tasks, colours, colours.styles
        )
        inspector.item_asked.connect(lambda key: canvas.reveal([key]))
        inspector.message_asked.connect(self.message_asked)
        inspector.select_all_asked.connect(lambda: canvas.action("select_all").trigger())
        mask = MaskLine(canvas.look, canvas.canvas, canvas.pictures, canvas.tasks)
        mask.paint_asked.connect(lambda: canvas.action("mask").trigger())
        inspector.add_for_images("Mask", mask, mask.show_image)
        return inspector

    def show_details(self) -> None:
        """Opens the inspector, where it is closed, at how the selected image was made."""
        toggle = self._actions["toggle_inspector"]
        if not toggle.isChecked():
            toggle.trigger()
        self.inspector.show_details()

    def leave(self) -> None:
        """Lets go of the canvas."""
        if self._layers is not None:
            self._layers.close_canvas()
        if self._inspector is not None:
            self._inspector.close_canvas()

    def _follow(
        self, action: str, made: Callable[[], Panel | None], make: Callable[[], Panel]
    ) -> None:
        """Opens and closes a panel as its action says."""

        def toggle() -> None:
            is_open = self._actions[action].isChecked()
            if made() is None and not is_open:
                return
            panel = make()
            had_keyboard = panel.isAncestorOf(panel.window().focusWidget() or self._canvas)
            self.column.open(panel, is_open)
            if had_keyboard and not is_open:
                self._canvas.setFocus()
            self.resized.emit()

        self._actions.on(action, toggle)
        toggle()
