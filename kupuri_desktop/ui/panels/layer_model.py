"""The canvas's items as a Qt model: a tree without a widget a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.groups import below, name_of, parent, renamed, under
from kupuri_desktop.core.items import Item, describe
from kupuri_desktop.ui.canvas.hands.gestures import count
from kupuri_desktop.ui.panels.layer_tree import Node, matching, placed, tree_of

_KEYS = "application/x-kupuri-layers"
Index = QModelIndex | QPersistentModelIndex

# Made once: Qt asks for the flags of every row, and joining three takes as long as ten rows.
_GROUND = Qt.ItemFlag.ItemIsDropEnabled
_FOUND = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
_ROW = _FOUND | Qt.ItemFlag.ItemIsDragEnabled
_HOME = _ROW | Qt.ItemFlag.ItemIsDropEnabled


class LayerModel(QAbstractItemModel):
    """Follows a canvas when it is told to; edits go to the canvas as one named step each.

    It is empty until the first `renew`: what is never shown costs nothing.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._words = ""
        self._root, self.nodes = tree_of(())

    # --- what there is

    def node(self, index: Index) -> Node:
        node: Node = index.internalPointer() if index.isValid() else self._root
        return node

    def index_of(self, key: str) -> QModelIndex:
        """Where an item or a group is; no index where it is not shown."""
        node = self.nodes.get(key)
        return QModelIndex() if node is None else self.createIndex(node.row, 0, node)

    def items(self, node: Node) -> list[Item]:
        known = self._canvas.items
        return [known[key] for key in node.items() if key in known]

    def own(self, node: Node) -> list[Item]:
        """The one item of a row, or the members of a group."""
        if node.item is None:
            return self.items(node)
        item = self._canvas.items.get(node.item)
        return [] if item is None else [item]

    def search(self, words: str) -> None:
        """Shows only what is named so, front to back without a tree; empty: everything."""
        self._words = words.strip()
        self.renew()

    def follow(self, change: Change) -> None:
        """Takes in a change: names and marks in place, anything else as a new tree."""
        edit = change.edit
        for key, after in edit.after.items():
            before = edit.before[key]
            if before is None or after is None or self._words:
                return self.renew()
            if (before.z, before.group, before.frame) != (
                after.z,
                after.group,
                after.frame,
            ) or type(before) is not type(after):
                return self.renew()
        # Qt paints all of a view for more than one row: a span for each parent will do.
        spans: dict[Node, tuple[Node, Node]] = {}
        for key in edit.after:
            node = self.nodes.get(key)
            if node is not None and node.parent is not None:
                first, last = spans.get(node.parent, (node, node))
                first = node if node.row < first.row else first
                spans[node.parent] = (first, node if node.row > last.row else last)
        for first, last in spans.values():
            self.dataChanged.emit(self.index_of(first.key), self.index_of(last.key))
        return None

    def renew(self) -> None:
        """Reads the canvas anew."""
        self.beginResetModel()
        items = self._canvas.in_order()
        if self._words:
            found = matching({item.id: describe(item) for item in items}, self._words)
            items = [replace(i, group=None, frame=None) for i in items if i.id in found]
        self._root, self.nodes = tree_of(items)
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        above: Node = parent.internalPointer() or self._root
        children = above.children
        if column != 0 or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, 0, children[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        above: Node = parent.internalPointer() or self._root
        return len(above.children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        own = self.own(node)
        if not own:
            return None
        match Qt.ItemDataRole(role):
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                if node.is_group:
                    return self._name(node) or "Group"
                return " ".join(describe(own[0]).split())
            case Qt.ItemDataRole.EditRole:
                return self._name(node) if node.is_group else own[0].name
            case Qt.ItemDataRole.AccessibleTextRole:
                marks = [self.data(index), "Group" if node.is_group and self._name(node) else ""]
                marks += ["hidden"] if own[0].hidden else []
                marks += ["locked"] if own[0].locked else []
                return ", ".join(str(mark) for mark in marks if mark)
            case _:
                return None

    # --- what can be done

    def flags(self, index: Index) -> Qt.ItemFlag:
        node: Node | None = index.internalPointer()
        if node is None:
            return _GROUND
        if self._words:
            return _FOUND
        return _HOME if node.children else _ROW

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node = self.node(index)
        own = self.own(node)
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not own:
            return False
        if node.group is not None and node.is_group:
            if self._name(node) == name:
                return False
            everything = self._canvas.items.values()
            return self._put("Rename group", renamed(everything, node.group, name))
        if own[0].name == name:
            return False
        return self._put(f"Rename {count(own[:1])}", [replace(own[0], name=name)])

    def toggle_hidden(self, index: Index) -> None:
        """The eye: a group's members follow its first."""
        own = self.own(self.node(index))
        hide = bool(own) and not own[0].hidden
        words = "Hide" if hide else "Show"
        self._put(f"{words} {count(own)}", [replace(item, hidden=hide) for item in own])

    def toggle_locked(self, index: Index) -> None:
        """The lock: a group's members follow its first."""
        own = self.own(self.node(index))
        lock = bool(own) and not own[0].locked
        words = "Lock" if lock else "Unlock"
        self._put(f"{words} {count(own)}", [replace(item, locked=lock) for item in own])

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_KEYS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        keys = "\n".join(self.node(index).key for index in indexes)
        data.setData(_KEYS, keys.encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        keys = bytes(data.data(_KEYS).data()).decode().split("\n")
        self.move([self.nodes[key] for key in keys if key in self.nodes], row, self.node(parent))
        # Never true: Qt would then take the rows out itself, and the canvas has told us already.
        return False

    def move(self, nodes: Sequence[Node], row: int, home: Node) -> None:
        """Puts rows before row `row` of `home` (-1: first), and into that frame or group."""
        moving = {key for node in nodes for key in node.items()}
        above: Node | None = home
        while above is not None:
            if above in nodes or above.item in moving:
                return
            above = above.parent
        if not moving:
            return
        rest = [child for child in home.children if not set(child.items()) & moving]
        behind = home.children[max(row, 0) :]
        anchor = next((child for child in behind if child in rest), None)
        order = self._canvas.in_order()
        ranks = {item.id: n for n, item in enumerate(order)}
        if anchor is not None:
            front = max(anchor.items(), key=lambda key: ranks[key])
            new = placed(order, moving, front, in_front=True)
        else:
            back = min(
                (key for child in rest for key in child.items()),
                key=lambda key: ranks[key],
                default=None,
            )
            new = placed(order, moving, back or home.item, in_front=back is None)
        after: dict[str, Item | None] = {item.id: item for item in new}
        self._rehome(nodes, home, after)
        items = [self._canvas.items[key] for key in moving]
        self._canvas.apply(f"Reorder {count(items)}", after)

    def _rehome(self, nodes: Sequence[Node], home: Node, after: dict[str, Item | None]) -> None:
        frame_node: Node | None = home
        while frame_node is not None and frame_node.is_group:
            frame_node = frame_node.parent
        frame = frame_node.item if frame_node is not None else None
        group = home.group if home.is_group else None
        for node in nodes:
            if node.parent is home:
                continue
            for item in self.own(node):
                there = after.get(item.id) or item
                # A group that is moved keeps its own id and all that is inside it.
                rest = below(item.group, parent(node.group)) if node.is_group else None
                after[item.id] = replace(there, frame=frame, group=under(group, rest))

    @staticmethod
    def _name(node: Node) -> str:
        return " ".join(name_of(node.group or "").split())

    def _put(self, label: str, items: Iterable[Item]) -> bool:
        return self._canvas.add(label, items) is not None
