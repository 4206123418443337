"""The bar over the selection: what is wanted most, as much of it as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.canvas.overlay import box
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_GRIP = "drag_out"
_ONLY_WHERE_FIT = ("mask", "crop")
_POP = (*_ONLY_WHERE_FIT, "duplicate", "copy", "export_selection", "front", "delete")
_LEAST = (
    "front", "copy", _GRIP, "duplicate", "image_info", "export_selection", "crop", "send_to_chat",
    "compare", "mask", "delete",
)  # fmt: skip
"""What goes into the menu first where there is little room; what is not here goes last."""

_POP_MORE = (
    "send_to_chat", None,
    "front", "forward", "backward", "back", None, "group", "ungroup", "lock", "hide", None,
    "flip_x", "flip_y", "grey", None, "align_left", "align_centre", "align_right", "align_top",
    "align_middle", "align_bottom", "distribute_x", "distribute_y", None, "same_width",
    "same_height", "tidy_grid", "tidy_row", "tidy_column", "tidy_packed",
)  # fmt: skip


class _Grip(IconButton):
    """Dragged, it takes the selection out of the window as files."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view.look, "canvas_drag_out", "grip-vertical", "Drag out as a file")
        self._view = view
        self._pressed: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        self._view.leaving.prepare(self._view.selection.ids)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if (event.position().toPoint() - self._pressed).manhattanLength() > 6:
            self._pressed = None
            self.setDown(False)
            whole = box(self._view.selection.items())
            at = QPointF(*whole[0]) if whole else QPointF()
            self._view.leaving.drag(self._view.selection.ids, at)


class PopBar(FloatingBar):
    """Over the selection: what is wanted most, the rest in a menu."""

    def __init__(self, view: CanvasView) -> None:
        self._row = QHBoxLayout()
        super().__init__(view.look, "canvas_pop_bar", "Selection", self._row, view)
        self._view = view
        self._buttons: dict[str, QWidget] = {_GRIP: _Grip(view)}
        self._row.addWidget(self._buttons[_GRIP])
        self._fitting: set[str] = set()
        self._left_out: list[str] = []
        for name in _POP:
            self._buttons[name] = self._button(name)
            self._row.addWidget(self._buttons[name])
        self._fitting.update(_ONLY_WHERE_FIT)
        self._more = IconButton(view.look, "canvas_pop_more", "ellipsis", "More")
        self._more.clicked.connect(self._open_menu)
        self._row.addWidget(self._more)
        self._outside = 0

    def offer(self, names: Sequence[str]) -> None:
        """Puts verbs from outside first, as words: they are what people come for."""
        for name in names:
            verb = self._view.commands.verb(name)
            button = PillButton(
                self._view.look, f"canvas_pop_{name}", verb.title, verb.icon, kind="quiet"
            )
            button.follow(self._view.action(name))
            if verb.fits is not None:
                self._fitting.add(name)
            self._buttons[name] = button
            self._row.insertWidget(self._outside, button)
            self._outside += 1

    def offer_icons(self, names: Sequence[str]) -> None:
        """Puts verbs from outside before the last ones, as icons, where they fit."""
        for name in names:
            self._buttons[name] = self._button(name)
            self._fitting.add(name)
            self._row.insertWidget(self._row.count() - 2, self._buttons[name])

    def show_what_fits(self, width: int) -> None:
        """Leaves out what is of no use for what is selected, and what is too much for a width.

        width: logical pixels, shadow included. What has no room is in the menu instead.
        """
        wanted = [
            name
            for name in self._buttons
            if name not in self._fitting or self._view.action(name).isEnabled()
        ]
        pads = self._row.contentsMargins()
        step = self._row.spacing()
        room = width - pads.left() - pads.right() - self._more.sizeHint().width()
        need = sum(self._buttons[name].sizeHint().width() + step for name in wanted)
        self._left_out = []
        for name in sorted(wanted, key=_importance) if need > room else ():
            if need <= room:
                break
            need -= self._buttons[name].sizeHint().width() + step
            self._left_out.append(name)
        for name, button in self._buttons.items():
            button.setVisible(name in wanted and name not in self._left_out)

    def _button(self, name: str) -> IconButton:
        verb = self._view.commands.verb(name)
        keys = verb.keys[0] if verb.keys else ""
        button = IconButton(
            self._view.look, f"canvas_pop_{name}", verb.icon, verb.title.rstrip("…"), keys,
            danger=name == "delete",
        )  # fmt: skip
        button.clicked.connect(self._view.action(name).trigger)
        return button

    def menu(self) -> QMenu:
        """What the bar has no button for, first what it had no room for."""
        first = [name for name in self._buttons if name in self._left_out and name != _GRIP]
        rest = [name for name in _POP_MORE if name is None or name not in first]
        return self._view.commands.menu([*first, *([None] if first else []), *rest])

    def _open_menu(self) -> None:
        self.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))


def _importance(name: str) -> int:
    return _LEAST.index(name) if name in _LEAST else len(_LEAST)
