"""Keeps what clients were told of the items true, and tells them what changes."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.transforms import writes
from kupuri_desktop.ui.canvas.accessibility.item import (
    DELETE,
    MENU,
    OPEN,
    SELECT,
    TOGGLE,
    AccessibleItem,
)
from kupuri_desktop.ui.canvas.accessibility.words import announce, name_of, spoken_selection

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

Event = QAccessible.Event

MANY = 50
"""So many items at once are told of as one change of the canvas, not one by one."""

MOVED_MS = 100
"""At most so often clients are told where items are now."""

_VERBS = {OPEN: "edit_text", DELETE: "delete", MENU: "item_menu", TOGGLE: "take_item"}


class Voice:
    """Between one canvas view and the accessibility clients of the system.

    An item has no interface until a client asks for it, and nothing is said while nobody listens.
    `close` before the view is thrown away.
    """

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._interfaces: dict[str, AccessibleItem] = {}
        self._leaving: list[AccessibleItem] = []
        # Qt's own list of interfaces knows nothing of Python's references to them.
        self._end = weakref.finalize(view, _end, self._interfaces, self._leaving)
        self._names: dict[str, str] = {}
        self._held: list[str] = []
        self._moved: set[str] = set()
        view.setAccessibleDescription(spoken_selection([], len(view.canvas.items)))
        self._soon = QTimer(view)
        self._soon.setSingleShot(True)
        self._soon.setInterval(MOVED_MS)
        self._soon.timeout.connect(self._tell_moved)
        self._links = [
            view.canvas.changed.connect(self._canvas_changed),
            view.selection.changed.connect(lambda _: self._selection_changed()),
            view.keyboard.reach.changed.connect(lambda _: self.tell_focus()),
        ]

    def close(self) -> None:
        """Lets go of the items' interfaces; the canvas has no items from now on."""
        for unlink in self._links:
            unlink()
        self._links = []
        self._soon.stop()
        self._end()

    # --- what the interfaces ask

    def item(self, key: str) -> Item | None:
        """An item that is shown; none of a view that was closed."""
        item = self._view.canvas.items.get(key) if self._links else None
        return None if item is None or item.hidden else item

    def items(self) -> Mapping[str, Item]:
        return self._view.canvas.items

    def order(self) -> list[str]:
        return self._view.keyboard.reach.order() if self._links else []

    def place(self, key: str) -> int | None:
        return self._view.keyboard.reach.place(key) if self._links else None

    def interface(self, key: str) -> AccessibleItem | None:
        """The one interface of an item, made now if need be."""
        item = self.item(key)
        if item is None:
            return None
        if key not in self._interfaces:
            self._interfaces[key] = AccessibleItem(self, key)
            self._names[key] = name_of(item)
            QAccessible.registerAccessibleInterface(self._interfaces[key])
        return self._interfaces[key]

    def board(self) -> QAccessibleInterface | None:
        return QAccessible.queryAccessibleInterface(self._view) if self._links else None

    def window(self) -> QWindow | None:
        return self._view.window().windowHandle() if self._links else None

    def widgets(self) -> list[QWidget]:
        """What floats on the canvas; the items themselves are no widgets."""
        view = self._view
        return [
            child
            for child in view.children()
            if isinstance(child, QWidget)
            and child.isVisible()
            and not child.isWindow()
            and child is not view.viewport()
            and not child.objectName().startswith("qt_scrollarea")
        ]

    def on_screen(self, item: Item) -> QRect:
        """The upright rectangle around an item, in logical pixels of the screen."""
        area = self._in_view(item).toAlignedRect()
        area.moveTopLeft(self._view.viewport().mapToGlobal(area.topLeft()))
        return area

    def seen(self, item: Item) -> bool:
        return self._in_view(item).intersects(QRectF(self._view.viewport().rect()))

    def at(self, point: QPoint) -> QAccessibleInterface | None:
        """The bar or the item at a point of the screen."""
        view = self._view
        local = view.viewport().mapFromGlobal(point)
        if not self._links or not view.viewport().rect().contains(local):
            return None
        for widget in reversed(self.widgets()):
            if widget.geometry().contains(local):
                return QAccessible.queryAccessibleInterface(widget)
        here = view.camera.to_canvas(QPointF(local))
        # A hollow shape counts too: what lies in its middle is what it looks like there.
        around = view.layer.sheet.within(Rect(here.x(), here.y(), 0.0, 0.0))
        item = view.hands.item_at(QPointF(local)) or (around[-1] if around else None)
        return None if item is None else self.interface(item.id)

    def selection(self) -> list[str]:
        return [key for key in self._view.selection.ids if self.item(key) is not None]

    def selected(self, key: str) -> bool:
        return key in self._view.selection

    def focused(self) -> str | None:
        """The item that has the keyboard."""
        item = self._view.keyboard.reach.item
        return item.id if item is not None and self._view.hasFocus() else None

    def opens(self, item: Item) -> bool:
        return item.group is not None or (writes(item) and not item.locked)

    def keys(self, action: str) -> list[str]:
        """The shortcuts of an item's action."""
        name = _VERBS.get(action)
        if name is None or name not in self._view.commands:
            return []
        return [key.toString() for key in self._view.action(name).shortcuts()]

    # --- what they ask for

    def act(self, key: str, name: str) -> None:
        """Does an item's action with the next turn of the loop."""
        QTimer.singleShot(0, self._view, lambda: self._do(key, name))

    def take(self, key: str, wanted: bool) -> bool:
        """Puts an item into the selection or out of it; False where there is no such item."""
        if self.item(key) is None:
            return False
        if wanted != self.selected(key):
            self._view.selection.toggle([key])
        return True

    def select_all(self) -> bool:
        self._view.verbs.select_all()
        return True

    def clear(self) -> bool:
        self._view.selection.clear()
        return True

    def _do(self, key: str, name: str) -> None:
        view, item = self._view, self.item(key)
        if item is None:
            return
        if name == TOGGLE:
            self.take(key, not self.selected(key))
            return
        if name == MENU and self.selected(key):
            pass
        else:
            view.selection.set([key] if name == DELETE else view.selection.whole(item))
        view.camera.reveal(view.layer.sheet.area(key))
        if name != SELECT:
            view.action(_VERBS[name]).trigger()

    # --- what is told

    def tell_focus(self) -> None:
        """The keyboard is at another item: clients read it out."""
        key = self.focused()
        if key is not None and QAccessible.isActive():
            self._tell(self.interface(key), Event.Focus)

    def _canvas_changed(self, change: Change) -> None:
        after = change.edit.after
        if not self._interfaces and not QAccessible.isActive():
            return
        shown = {key for key, item in after.items() if item is not None and not item.hidden}
        gone = [key for key in self._interfaces if key in after and key not in shown]
        self._lose(gone)
        new = [key for key in shown if not _was_shown(change.edit.before.get(key))]
        if not QAccessible.isActive():
            return
        if len(new) > MANY or len(gone) > MANY:
            self._tell(self.board(), Event.ObjectReorder)
        else:
            for key in new:
                self._tell(self.interface(key), Event.ObjectCreated)
        self._tell_names(shown)
        self._moved |= {key for key in shown if _elsewhere(change, key)}
        if self._moved and not self._soon.isActive():
            self._soon.start()

    def _lose(self, keys: Iterable[str]) -> None:
        told = list(keys)
        for key in told:
            if len(told) <= MANY:
                self._tell(self._interfaces[key], Event.ObjectDestroyed)
            self._leaving.append(self._interfaces.pop(key))
            self._names.pop(key, None)
        if told:
            # A client's call may be on its way out of one of them.
            QTimer.singleShot(0, self._view, lambda: _forget(self._leaving))

    def _tell_names(self, keys: Iterable[str]) -> None:
        for key in keys:
            item, known = self.item(key), self._names.get(key)
            if item is not None and known is not None and name_of(item) != known:
                self._names[key] = name_of(item)
                self._tell(self._interfaces[key], Event.NameChanged)

    def _tell_moved(self) -> None:
        moved, self._moved = self._moved, set()
        if len(moved) > MANY:
            self._tell(self.board(), Event.LocationChanged)
            return
        for key in moved:
            self._tell(self._interfaces.get(key), Event.LocationChanged)

    def _selection_changed(self) -> None:
        held, before = self._view.selection.ids, self._held
        self._held = held
        words = spoken_selection(self._view.selection.items(), len(self._view.canvas.items))
        if not QAccessible.isActive():
            self._view.setAccessibleDescription(words)
            return
        was = set(before)
        now = set(held)
        taken, left = [k for k in held if k not in was], [k for k in before if k not in now]
        if len(taken) + len(left) > MANY:
            self._tell(self.board(), Event.SelectionWithin)
        else:
            for key in left:
                self._tell(self._interfaces.get(key), Event.SelectionRemove)
            for key in taken:
                self._tell(self.interface(key), Event.SelectionAdd)
        # An item that the keyboard comes to is read out by its interface.
        if len(held) == 1 and taken and self._view.hasFocus():
            self._view.setAccessibleDescription(words)
        else:
            announce(self._view, words)

    def _tell(self, who: QAccessibleInterface | None, what: QAccessible.Event) -> None:
        if who is not None and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(who, what))

    def _in_view(self, item: Item) -> QRectF:
        rect = upright(item)
        area = QRectF(rect.x, rect.y, rect.width, rect.height)
        return self._view.viewportTransform().mapRect(area)


def _end(interfaces: dict[str, AccessibleItem], leaving: list[AccessibleItem]) -> None:
    leaving += interfaces.values()
    interfaces.clear()
    _forget(leaving)


def _forget(interfaces: list[AccessibleItem]) -> None:
    """Takes them off Qt's list, which would else hold on to what Python has let go."""
    for interface in interfaces:
        # Those that Qt has put away itself, at the end of the application, are gone.
        if Shiboken.isValid(interface):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(interface))
    interfaces.clear()


def _was_shown(item: Item | None) -> bool:
    return item is not None and not item.hidden


def _elsewhere(change: Change, key: str) -> bool:
    before, after = change.edit.before.get(key), change.edit.after.get(key)
    if before is None or after is None:
        return False
    return before.rect != after.rect or before.rotation != after.rotation
