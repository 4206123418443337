"""The layers panel: every item by name, front to back, with its eye and its lock."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QTimer,
    Signal,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QVBoxLayout,
    QWidget,
)

from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.groups import common, parent
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.panels.empty import Nothing
from kupuri_desktop.ui.panels.layer_model import LayerModel
from kupuri_desktop.ui.panels.layer_rows import meant, rows_for, runs
from kupuri_desktop.ui.panels.layer_tree import Node
from kupuri_desktop.ui.panels.layer_view import LayerView
from kupuri_desktop.ui.panels.panel import Panel
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import SearchField


class Layers(Panel):
    """Selects both ways with the canvas. `close_canvas` before it is thrown away."""

    item_asked = Signal(str)
    """An item that was chosen here: the canvas is to show it."""

    import_asked = Signal()
    """The empty panel's button."""

    menu_asked = Signal(QPoint)
    """What can be done with the selection is to be offered there, on the screen."""

    def __init__(self, look: Look, board: Board) -> None:
        super().__init__(look, "layers", "Layers")
        self._board = board
        self._telling = False
        self.model = LayerModel(board.canvas)
        self.tree = LayerView(look, self.model, board.layer.store.atlas)
        self.tree.menu_asked.connect(self.menu_asked)
        self.search = SearchField(look, "layers_search", "Search layers")
        self.search.textChanged.connect(self._search)
        space = look.theme.space
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(space.s, 0, space.s, space.s)
        column.setSpacing(space.s)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        self._nothing = Nothing(
            look, "layers_nothing", "What lies on the canvas is listed here, front to back.",
            "Place images", "image-plus",
        )  # fmt: skip
        self._nothing.button.clicked.connect(self._find_more)
        column.addWidget(self._nothing, 1)
        self.column.addWidget(body, 1)
        self._stale = True
        self._shut: set[str] = set()
        self._open_again()
        self.model.modelAboutToBeReset.connect(self._note_open)
        self.model.modelReset.connect(self._open_again)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        self.tree.selectionModel().selectionChanged.connect(lambda *_: self._selected_here())
        self._links = [
            board.canvas.changed.connect(self._canvas_changed),
            board.selection.changed.connect(lambda _: self._later()),
            board.layer.store.micros_came.connect(lambda _: self.tree.viewport().update()),
        ]

    def close_canvas(self) -> None:
        """Lets go of the board's signals."""
        for unlink in self._links:
            unlink()
        self._links = []
        self._soon.stop()

    def refresh(self) -> None:
        """Shows the items and the selection as they are now."""
        if self._stale:
            self._stale = False
            self.model.renew()
        self._show_selection()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _find_more(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.import_asked.emit()

    def _show_emptiness(self) -> None:
        empty = self.model.rowCount() == 0
        self.tree.setVisible(not empty)
        self._nothing.setVisible(empty)
        searched = bool(self.search.text())
        self._nothing.say(
            "Nothing here is named so." if searched
            else "What lies on the canvas is listed here, front to back.",
            "Clear the search" if searched else "Place images",
        )  # fmt: skip

    def _search(self, words: str) -> None:
        self.model.search(words)
        self._show_selection()

    def _note_open(self) -> None:
        self._telling = True
        # A search has no groups: what was shut before it stays so.
        self._shut = {key for key in self._shut if key not in self.model.nodes} | {
            key
            for key, node in self.model.nodes.items()
            if node.children and not self.tree.isExpanded(self.model.index_of(key))
        }

    def _open_again(self) -> None:
        # All at once is one layout; one by one is a layout each.
        if any(node.children for node in self.model.nodes.values()):
            self.tree.expandAll()
        for key in self._shut:
            self.tree.collapse(self.model.index_of(key))
        self._telling = False

    def _canvas_changed(self, change: Change) -> None:
        if self.isVisible() and not self._stale:
            self.model.follow(change)
        else:
            self._stale = True
        self._later()

    def _later(self) -> None:
        if self.isVisible() and not self._telling:
            self._soon.start()

    def _show_selection(self) -> None:
        self._show_emptiness()
        last: Node | None = None
        rows: dict[Node, list[int]] = {}
        for node in rows_for(self.model.nodes, self._board.selection.ids):
            if node.parent is not None:
                rows.setdefault(node.parent, []).append(node.row)
                last = node
        chosen = QItemSelection()
        for above, numbers in rows.items():
            for first, end in runs(numbers):
                top, bottom = above.children[first], above.children[end]
                chosen.select(self.model.index_of(top.key), self.model.index_of(bottom.key))
        self._telling = True
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.tree.selectionModel().select(chosen, flags)
        if last is not None:
            self.tree.scrollTo(self.model.index_of(last.key))
        self._telling = False

    def _selected_here(self) -> None:
        if self._telling:
            return
        rows = self.tree.selectionModel().selectedRows()
        nodes = meant([self.model.node(index) for index in rows])
        keys = [item.id for node in nodes for item in self.model.own(node)]
        self._telling = True
        self._board.selection.enter(_group_around(nodes))
        self._board.selection.set(keys)
        self._telling = False
        if len(keys) == 1:
            self.item_asked.emit(keys[0])


def _group_around(nodes: Sequence[Node]) -> str | None:
    """The innermost group that all rows lie in: on the canvas it is as if it had been entered."""
    found = [parent(node.group) if node.is_group else node.group for node in nodes]
    return functools.reduce(common, found) if found else None
