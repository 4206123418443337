"""Which items are taken hold of, and which group has been entered."""

from __future__ import annotations

from collections.abc import Iterable

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.groups import common, members, parent, taken
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.signals import Signal


class Selection:
    """Ids in the order in which they were taken. Items that are deleted leave it."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._ids: dict[str, None] = {}
        self._held: list[Item] | None = None
        self._kinds: frozenset[type[Item]] | None = None
        self.group: str | None = None
        self.changed: Signal[None] = Signal()
        self._disconnect = canvas.changed.connect(self._canvas_changed)

    def close(self) -> None:
        self._disconnect()

    @property
    def ids(self) -> list[str]:
        return list(self._ids)

    def __contains__(self, key: object) -> bool:
        return key in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def items(self) -> list[Item]:
        if self._held is None:
            known = self._canvas.items
            self._held = [known[key] for key in self._ids if key in known]
        return list(self._held)

    @property
    def kinds(self) -> frozenset[type[Item]]:
        """The kinds among the items: asked by every verb, whatever many are selected."""
        if self._kinds is None:
            self._kinds = frozenset(map(type, self.items()))
        return self._kinds

    def movable(self) -> list[Item]:
        return [item for item in self.items() if not item.locked]

    def set(self, ids: Iterable[str]) -> None:
        new = {key: None for key in ids if key in self._canvas.items}
        if list(new) != list(self._ids):
            self._ids = new
            self._held = self._kinds = None
            if self.group and new:
                # What is taken outside the group that was entered leaves it.
                for item in self.items():
                    self.group = common(self.group, item.group)
            self.changed.emit(None)

    def add(self, ids: Iterable[str]) -> None:
        self.set([*self._ids, *ids])

    def toggle(self, ids: Iterable[str]) -> None:
        """Lets go of them where all are held; else takes the others too."""
        wanted = list(ids)
        if all(key in self._ids for key in wanted):
            self.set(key for key in self._ids if key not in wanted)
        else:
            self.add(wanted)

    def clear(self) -> None:
        self.group = None
        self.set(())

    def enter(self, group: str | None) -> None:
        """What lies in the group that is entered is taken one by one, or by its inner groups."""
        self.group = group

    def deeper(self, item: Item) -> bool:
        """Enters the group that a click on the item takes. False: it is not in a group there."""
        group = taken(item.group, self.group)
        if group is None:
            return False
        self.enter(group)
        self.set(self.whole(item))
        return True

    def leave(self) -> bool:
        """Goes one group out and takes the one that was entered. False: none was."""
        group = self.group
        if group is None:
            return False
        inner = members(self._canvas.in_order(), group)
        self.enter(parent(group))
        self.set(item.id for item in inner)
        return True

    def whole(self, item: Item) -> list[str]:
        """What a click on an item takes: the outermost of its groups that is not entered."""
        group = taken(item.group, self.group)
        if group is None:
            return [item.id]
        return [other.id for other in members(self._canvas.in_order(), group)]

    def _canvas_changed(self, change: Change) -> None:
        self._held = self._kinds = None
        touched = any(key in self._ids for key in change.edit.after)
        if not touched:
            return
        kept = [key for key in self._ids if key in self._canvas.items]
        if len(kept) != len(self._ids):
            self.set(kept)
        else:
            self.changed.emit(None)
