"""The layers panel: every item by name, front to back, with its eye and its lock."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.groups import common, parent
from kupuri_desktop.core.items import ShapeForm, ShapeItem, kind_of
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.panels.empty import Nothing
from kupuri_desktop.ui.panels.layer_model import LayerModel
from kupuri_desktop.ui.panels.layer_tree import Node
from kupuri_desktop.ui.panels.panel import Panel
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import SearchField
from kupuri_desktop.ui.widgets.naming import describe as name_widget
from kupuri_desktop.ui.widgets.paint import fill_round

_ROW = 30
_MARK = 24
_ICONS = {
    "image": "image",
    "text": "type",
    "note": "sticky-note",
    "shape": "square",
    "line": "move-up-right",
    "stroke": "pen-line",
    "frame": "frame",
}


class Layers(Panel):
    """Selects both ways with the canvas. `close_canvas` before it is thrown away."""

    item_asked = Signal(str)
    """An item that was chosen here: the canvas is to show it."""

    import_asked = Signal()
    """The empty panel's button."""

    def __init__(self, look: Look, board: Board) -> None:
        super().__init__(look, "layers", "Layers")
        self._board = board
        self._telling = False
        self.model = LayerModel(board.canvas)
        self.tree = _Tree(look, self.model)
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
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        self.tree.selectionModel().selectionChanged.connect(lambda *_: self._selected_here())
        self._links = [
            board.canvas.changed.connect(self._canvas_changed),
            board.selection.changed.connect(lambda _: self._later()),
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
            self._keep_open(self.model.renew)
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
        self._keep_open(lambda: self.model.search(words))
        self._show_selection()

    def _keep_open(self, change: Callable[[], object]) -> None:
        self._telling = True
        shut = (
            {
                key
                for key, node in self.model.nodes.items()
                if node.children and not self.tree.isExpanded(self.model.index_of(key))
            }
            if self.tree.opened
            else set()
        )
        change()
        self.tree.opened = True
        for key, node in self.model.nodes.items():
            if node.children and key not in shut:
                self.tree.setExpanded(self.model.index_of(key), True)
        self._telling = False

    def _canvas_changed(self, change: Change) -> None:
        if self.isVisible() and not self._stale:
            self._keep_open(lambda: self.model.follow(change))
        else:
            self._stale = True
        self._later()

    def _later(self) -> None:
        if self.isVisible() and not self._telling:
            self._soon.start()

    def _show_selection(self) -> None:
        self._show_emptiness()
        last = QModelIndex()
        rows: dict[Node, list[int]] = {}
        for key in self._board.selection.ids:
            node = self.model.nodes.get(key)
            if node is not None and node.parent is not None:
                rows.setdefault(node.parent, []).append(node.row)
                last = self.model.index_of(key)
        chosen = QItemSelection()
        for above, numbers in rows.items():
            for first, end in runs(numbers):
                top, bottom = above.children[first], above.children[end]
                chosen.select(self.model.index_of(top.key), self.model.index_of(bottom.key))
        self._telling = True
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.tree.selectionModel().select(chosen, flags)
        if last.isValid():
            self.tree.scrollTo(last)
        self._telling = False

    def _selected_here(self) -> None:
        if self._telling:
            return
        nodes = [self.model.node(index) for index in self.tree.selectionModel().selectedRows()]
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


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours: Qt is slow with ten thousand single rows."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


class _Tree(QTreeView):
    def __init__(self, look: Look, model: LayerModel) -> None:
        super().__init__()
        self.opened = False
        self._model = model
        name_widget(self, "layers_tree", "Layers, front to back")
        self.setToolTip("")
        self.setModel(model)
        self.setItemDelegate(_Row(look, model, self))
        self.setHeaderHidden(True)
        # A row paints its own ground; Qt's would show beside it, under the indentation.
        self.setStyleSheet("QTreeView { selection-background-color: transparent; }")
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)

    def mark_at(self, index: QModelIndex, x: float) -> str:
        """Which of a row's marks lies there: `eye`, `lock` or none."""
        right = self.visualRect(index).right()
        if x > right - _MARK:
            return "eye"
        return "lock" if x > right - 2 * _MARK else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        mark = self.mark_at(index, event.position().x()) if index.isValid() else ""
        if mark == "eye":
            self._model.toggle_hidden(index)
        elif mark == "lock":
            self._model.toggle_locked(index)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.mark_at(index, event.position().x()):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        alone = not event.modifiers()
        if index.isValid() and alone and event.key() == Qt.Key.Key_H:
            self._model.toggle_hidden(index)
        elif index.isValid() and alone and event.key() == Qt.Key.Key_L:
            self._model.toggle_locked(index)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.viewport().update()


class _Row(QStyledItemDelegate):
    def __init__(self, look: Look, model: LayerModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, _ROW)

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(22, 0, -2 * _MARK, 0))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        node = self._model.node(index)
        own = self._model.own(node)
        if not own:
            return
        theme, colours = self._look.theme, self._look.theme.colours
        rect = QRectF(option.rect)
        state = option.state
        painter.save()
        hot = bool(state & QStyle.StateFlag.State_MouseOver)
        if state & QStyle.StateFlag.State_Selected:
            fill_round(painter, rect.adjusted(0, 1, 0, -1), 6, colours.accent_soft)
        elif hot:
            fill_round(painter, rect.adjusted(0, 1, 0, -1), 6, colours.hover)
        item = own[0]
        shape = isinstance(item, ShapeItem) and item.form is ShapeForm.ELLIPSE
        icon = "group" if node.is_group else "circle" if shape else _ICONS[kind_of(item)]
        quiet = item.hidden
        ink = colours.text_third if quiet else colours.icon
        self._icon(painter, icon, QPointF(rect.left() + 4, rect.center().y() - 7), ink)
        if item.locked or hot:
            lock = "lock" if item.locked else "lock-open"
            at = QPointF(rect.right() - 2 * _MARK + 5, rect.center().y() - 7)
            self._icon(painter, lock, at, colours.text_second)
        if item.hidden or hot:
            eye = "eye-off" if item.hidden else "eye"
            at = QPointF(rect.right() - _MARK + 5, rect.center().y() - 7)
            self._icon(painter, eye, at, colours.text_second)
        painter.setFont(theme.font())
        painter.setPen(colours.text_second if quiet else colours.text)
        marks = 2 if item.locked or hot else 1 if item.hidden else 0
        words = rect.adjusted(26, 0, -_MARK * marks - 4, 0)
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _icon(self, painter: QPainter, name: str, at: QPointF, ink: object) -> None:
        device = painter.device()
        ratio = 1.0 if device is None else device.devicePixelRatioF()
        painter.drawPixmap(at, self._look.pixmap(name, 14, ink, ratio))  # type: ignore[arg-type]
