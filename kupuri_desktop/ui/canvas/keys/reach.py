"""The item that the keyboard is at, which may be another than those selected."""

from __future__ import annotations

from kupuri_desktop.core.arrange import in_reading_order
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.canvas.selection import Selection


class Reach:
    """Goes through the shown items in reading order, and knows where in it each is.

    It follows the selection, but can leave it: to take items that lie apart, one by one.
    """

    def __init__(self, canvas: Canvas, selection: Selection) -> None:
        self._canvas = canvas
        self._selection = selection
        self._key: str | None = None
        self._order: list[str] | None = None
        self._places: dict[str, int] = {}
        self._choosing = False
        self.changed: Signal[None] = Signal()
        self._links = [
            canvas.changed.connect(self._canvas_changed),
            selection.changed.connect(lambda _: self._follow()),
        ]

    def close(self) -> None:
        for unlink in self._links:
            unlink()
        self._links = []

    @property
    def item(self) -> Item | None:
        item = self._canvas.items.get(self._key) if self._key else None
        return None if item is None or item.hidden else item

    @property
    def apart(self) -> Item | None:
        """The item, where the selection alone does not show that the keyboard is at it."""
        item = self.item
        if item is None or (item.id in self._selection and len(self._selection) == 1):
            return None
        return item

    @property
    def selected(self) -> bool:
        """Whether the item is one of those that are selected."""
        item = self.item
        return item is not None and item.id in self._selection

    def order(self) -> list[str]:
        """All items that are shown, row by row: found out when it is asked for."""
        if self._order is None:
            shown = [item for item in self._canvas.in_order() if not item.hidden]
            self._order = [item.id for item in in_reading_order(shown, upright)]
            self._places = {key: n for n, key in enumerate(self._order)}
        return self._order

    def place(self, key: str) -> int | None:
        """Where in the order an item comes; None for one that is not shown."""
        self.order()
        return self._places.get(key)

    def go(self, step: int) -> Item | None:
        """To the next item, or the one before; the selection stays. None: there is none."""
        order = self.order()
        at = None if self._key is None else self._places.get(self._key)
        number = (0 if step > 0 else len(order) - 1) if at is None else at + step
        if not 0 <= number < len(order):
            return None
        self._be_at(order[number])
        return self.item

    def select_next(self, step: int) -> Item | None:
        """Like `go`, and takes the item alone. After the last comes nothing."""
        item = self.go(step)
        if item is not None:
            self._selection.enter(item.group)
            self._selection.set([item.id])
        return item

    def toggle(self) -> None:
        """Takes the item that the keyboard is at into the selection, or out of it."""
        item = self.item
        if item is not None:
            self._choosing = True
            self._selection.toggle([item.id])
            self._choosing = False

    def leave(self) -> None:
        """The keyboard is at no item any more."""
        self._be_at(None)

    def _be_at(self, key: str | None) -> None:
        if key != self._key:
            self._key = key
            self.changed.emit(None)

    def _follow(self) -> None:
        ids = self._selection.ids
        if self._choosing or (self._key is not None and self._key in self._selection):
            return
        self._be_at(ids[-1] if ids else None)

    def _canvas_changed(self, change: Change) -> None:
        self._order = None
        if self._key is not None and self.item is None:
            self._be_at(None)
