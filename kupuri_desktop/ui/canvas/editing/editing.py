"""Joins what edits beyond the hands to one view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from kupuri_desktop.core.items import FrameItem, Item
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.editing.choosing import Choosing
from kupuri_desktop.ui.canvas.editing.clipboard import Clipboard
from kupuri_desktop.ui.canvas.editing.find_bar import FindBar
from kupuri_desktop.ui.canvas.editing.frame_sizes import Framing, SizeList
from kupuri_desktop.ui.canvas.editing.naming import Naming
from kupuri_desktop.ui.canvas.editing.styling import Styling

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_FOR_TEXT = ("bold", "italic", "underline")
_FOR_LINES = ("line_straight", "line_elbow", "line_curve", "head_start", "head_end")
_FOR_FRAMES = ("frame_rename", "frame_swap", "frame_clip", "select_held")


class Editing:
    """Made before the view's bars; `dress` when they are there."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.clipboard = Clipboard(view)
        self.styling = Styling(view.board, view.verbs)
        self.choosing = Choosing(view.board)
        self.framing = Framing(view)
        self.find = FindBar(view)
        self.sizes = SizeList(view, self.framing)
        self.naming = Naming(view)

    def verbs(self) -> list[Verb]:
        none, edit = Needs.NOTHING, Section.EDIT
        return [
            *self.clipboard.verbs(),
            Verb("find", "Find on the canvas", ("Ctrl+F",), "search", none,
                 lambda: self.find.open_(replace=False), edit),
            Verb("replace", "Find and replace", ("Ctrl+H",), "text-cursor-input", none,
                 lambda: self.find.open_(replace=True), edit),
            Verb("snap_to_grid", "Snap to the grid", ("Ctrl+'",), "grid-3x3", none,
                 self.follow_grid, Section.VIEW, checkable=True),
            *self.styling.verbs(),
            *self.choosing.verbs(),
            *self.framing.verbs(),
        ]  # fmt: skip

    def follow_grid(self) -> None:
        """Snaps to the grid as the action says."""
        self._view.board.grid.on = self._view.action("snap_to_grid").isChecked()

    def place(self) -> None:
        """The view, the tool or the camera has changed."""
        self.find.place()
        self.sizes.place()
        if self.naming.isVisible():
            self.naming.place()

    def follow(self) -> None:
        """The canvas has changed."""
        self.find.follow()
        if self.naming.isVisible():
            self.naming.place()

    def frame_named_at(self, point: QPointF) -> FrameItem | None:
        """The frame whose name stands at a point of the view."""
        view = self._view
        return view.overlay.frame_named_at(
            view._frames_seen(), view.viewportTransform(), view.look.theme, point
        )

    def add_to(self, menu: QMenu, item: Item | None, at: QPointF | None) -> None:
        """What is offered for the kinds that are selected. at: canvas units, where known."""
        self.clipboard.pointed = at
        if item is None:
            return
        commands = self._view.commands
        for names in (_FOR_TEXT, _FOR_LINES, _FOR_FRAMES):
            fitting = [name for name in names if commands[name].isEnabled()]
            if fitting:
                menu.addSeparator()
                for name in fitting:
                    menu.addAction(commands[name])
        if commands["frame_swap"].isEnabled():
            self.framing.menu(menu)
