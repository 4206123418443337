"""Which items are taken hold of, and which group has been entered."""

from __future__ import annotations

from collections.abc import Iterable

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.signals import Signal


class Selection:
    """Ids in the order in which they were taken. Items that are deleted leave it."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._ids: dict[str, None] = {}
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
        return [self._canvas.items[key] for key in self._ids if key in self._canvas.items]

    def movable(self) -> list[Item]:
        return [item for item in self.items() if not item.locked]

    def set(self, ids: Iterable[str]) -> None:
        new = {key: None for key in ids if key in self._canvas.items}
        if list(new) != list(self._ids):
            self._ids = new
            if self.group and not any(i.group == self.group for i in self.items()):
                self.group = None
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
        """Members of a group that is entered are taken one by one."""
        self.group = group

    def whole(self, item: Item) -> list[str]:
        """What a click on an item takes: its group, unless that has been entered."""
        if item.group is None or item.group == self.group:
            return [item.id]
        return [other.id for other in self._canvas.in_order() if other.group == item.group]

    def _canvas_changed(self, change: Change) -> None:
        touched = any(key in self._ids for key in change.edit.after)
        if not touched:
            return
        kept = [key for key in self._ids if key in self._canvas.items]
        if len(kept) != len(self._ids):
            self.set(kept)
        else:
            self.changed.emit(None)
