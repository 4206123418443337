"""The canvas itself as accessibility clients see it: its bars, then its items as they are read."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QAccessibleSelectionInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from kupuri_desktop.ui.canvas.accessibility.item import AccessibleItem, pointer

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.accessibility.voice import Voice


# Qt takes None where there is no such interface; the stubs of PySide6 deny it.


class AccessibleCanvas(QAccessibleWidget):
    """Its children: the widgets that float on the view, then each item that is shown.

    Qt owns it from the moment it is answered to a query, and PySide never lets go of its Python
    half: so it holds on to nothing.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view, QAccessible.Role.Canvas, "")
        known = weakref.ref(view)

        def voice() -> Voice | None:
            # Qt may ask while the view is still being made.
            return getattr(known(), "voice", None)

        self._voice = voice
        self._selection = CanvasSelection(voice)

    def childCount(self) -> int:
        voice = self._voice()
        return 0 if voice is None else len(voice.widgets()) + len(voice.order())

    def child(self, index: int) -> QAccessibleInterface:
        voice = self._voice()
        if voice is None or index < 0:
            return None  # type: ignore[return-value]
        widgets = voice.widgets()
        if index < len(widgets):
            return QAccessible.queryAccessibleInterface(widgets[index])
        order = voice.order()
        index -= len(widgets)
        return voice.interface(order[index]) if index < len(order) else None  # type: ignore[return-value]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        voice = self._voice()
        if voice is None:
            return -1
        widgets = voice.widgets()
        if isinstance(child, AccessibleItem):
            place = voice.place(child.key)
            return -1 if place is None else len(widgets) + place
        thing = child.object()
        return widgets.index(thing) if thing in widgets else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        voice = self._voice()
        return None if voice is None else voice.at(QPoint(x, y))  # type: ignore[return-value]

    def focusChild(self) -> QAccessibleInterface:
        voice = self._voice()
        key = None if voice is None else voice.focused()
        if voice is None or key is None:
            return super().focusChild()
        return voice.interface(key)  # type: ignore[return-value]

    def state(self) -> QAccessible.State:
        state = super().state()
        state.multiSelectable = state.extSelectable = 1
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        if kind == QAccessible.InterfaceType.SelectionInterface:
            return pointer(self._selection)
        own = super().interface_cast(kind)
        # An address counts as false; no address comes as None, which must not go back.
        return pointer(None) if own is None else own


class CanvasSelection(QAccessibleSelectionInterface):
    """The selection, read and set by a client."""

    def __init__(self, voice: Callable[[], Voice | None]) -> None:
        super().__init__()
        self._voice = voice

    def selectedItemCount(self) -> int:
        voice = self._voice()
        return 0 if voice is None else len(voice.selection())

    def selectedItems(self) -> list[QAccessibleInterface]:
        voice = self._voice()
        if voice is None:
            return []
        found = [voice.interface(key) for key in voice.selection()]
        return [each for each in found if each is not None]

    def selectedItem(self, selectionIndex: int) -> QAccessibleInterface:
        voice = self._voice()
        keys = [] if voice is None else voice.selection()
        if voice is None or not 0 <= selectionIndex < len(keys):
            return None  # type: ignore[return-value]
        return voice.interface(keys[selectionIndex])  # type: ignore[return-value]

    def isSelected(self, childItem: QAccessibleInterface) -> bool:
        voice = self._voice()
        if voice is None or not isinstance(childItem, AccessibleItem):
            return False
        return voice.selected(childItem.key)

    def select(self, childItem: QAccessibleInterface) -> bool:
        return self._change(childItem, True)

    def unselect(self, childItem: QAccessibleInterface) -> bool:
        return self._change(childItem, False)

    def selectAll(self) -> bool:
        voice = self._voice()
        return voice is not None and voice.select_all()

    def clear(self) -> bool:
        voice = self._voice()
        return voice is not None and voice.clear()

    def _change(self, child: QAccessibleInterface, wanted: bool) -> bool:
        voice = self._voice()
        if voice is None or not isinstance(child, AccessibleItem):
            return False
        return voice.take(child.key, wanted)
