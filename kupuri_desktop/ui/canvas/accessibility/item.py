"""One item of the canvas as accessibility clients see it: role, name, place, states, actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QWindow,
)
from shiboken6 import Shiboken

from kupuri_desktop.core.items import (
    FrameItem,
    Item,
    LineItem,
    NoteItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.ui.canvas.accessibility.words import described, name_of

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.accessibility.voice import Voice

Role = QAccessible.Role

SELECT = QAccessibleActionInterface.pressAction()
TOGGLE = QAccessibleActionInterface.toggleAction()
MENU = QAccessibleActionInterface.showMenuAction()
OPEN = "Open"
DELETE = "Delete"

_EXPLAINED = {
    SELECT: "Selects the item alone",
    TOGGLE: "Adds the item to the selection, or takes it out",
    MENU: "Opens the menu of what can be done with the item",
    OPEN: "Edits the item's words, or enters its group",
    DELETE: "Deletes the item",
}


def role_of(item: Item) -> QAccessible.Role:
    """The nearest of what accessibility interfaces know."""
    match item:
        case TextItem():
            return Role.StaticText
        case NoteItem():
            return Role.Note
        case FrameItem():
            return Role.Grouping
        case LineItem() | StrokeItem():
            return Role.Graphic
        case _:
            return Role.Graphic


# Qt takes None where there is no such interface; the stubs of PySide6 deny it.


class AccessibleItem(QAccessibleInterface):
    """Made when a client first asks for the item, and let go by `Voice` when the item goes.

    It holds no item but asks for it by its id: items are values, and change by being replaced.
    """

    def __init__(self, voice: Voice, key: str) -> None:
        super().__init__()
        self._voice = voice
        self.key = key
        self._actions = ItemActions(voice, key)

    @property
    def item(self) -> Item | None:
        return self._voice.item(self.key)

    def isValid(self) -> bool:
        return self.item is not None

    def object(self) -> QObject:
        # Nothing of Qt's stands for an item.
        return None  # type: ignore[return-value]

    def window(self) -> QWindow:
        return self._voice.window()  # type: ignore[return-value]

    def parent(self) -> QAccessibleInterface:
        return self._voice.board()  # type: ignore[return-value]

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface:
        return None  # type: ignore[return-value]

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return None  # type: ignore[return-value]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        item = self.item
        return QRect() if item is None else self._voice.on_screen(item)

    def role(self) -> QAccessible.Role:
        item = self.item
        return Role.Graphic if item is None else role_of(item)

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """A client cannot rename an item."""

    def text(self, kind: QAccessible.Text) -> str:
        item = self.item
        if item is None:
            return ""
        match kind:
            case QAccessible.Text.Name:
                return name_of(item)
            case QAccessible.Text.Description:
                return described(item, self._voice.items())
            case QAccessible.Text.Identifier:
                return self.key
        return ""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        item = self.item
        if item is None:
            state.invalid = 1
            return state
        state.selectable = state.extSelectable = state.focusable = 1
        state.movable = state.sizeable = int(not item.locked)
        state.readOnly = int(item.locked)
        state.selected = int(self._voice.selected(self.key))
        state.focused = int(self._voice.focused() == self.key)
        state.offscreen = int(not self._voice.seen(item))
        state.invisible = int(item.hidden)
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        if kind == QAccessible.InterfaceType.ActionInterface:
            return pointer(self._actions)
        return pointer(None)


class ItemActions(QAccessibleActionInterface):
    """What can be done to an item; each is done by the event loop's next turn.

    A client's call is then over, whatever the action deletes or opens.
    """

    def __init__(self, voice: Voice, key: str) -> None:
        super().__init__()
        self._voice = voice
        self._key = key

    def actionNames(self) -> list[str]:
        item = self._voice.item(self._key)
        if item is None:
            return []
        names = [SELECT, TOGGLE, MENU]
        if self._voice.opens(item):
            names.append(OPEN)
        return names if item.locked else [*names, DELETE]

    def doAction(self, name: str) -> None:
        if name in self.actionNames():
            self._voice.act(self._key, name)

    def localizedActionName(self, name: str) -> str:
        return name

    def localizedActionDescription(self, name: str) -> str:
        return _EXPLAINED.get(name, "")

    def keyBindingsForAction(self, name: str) -> list[str]:
        return self._voice.keys(name)


def pointer(interface: Shiboken.Object | None) -> int:
    """The address that `interface_cast` owes Qt, as shiboken takes it: no number, and no None."""
    address = 0 if interface is None else Shiboken.getCppPointer(interface)[0]
    return Shiboken.VoidPtr(address)  # type: ignore[return-value]  # PySide's stubs say int
