"""The keys of the canvas: what is no verb of its own, and where the keyboard goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent

from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.keys.changing import KeyHands
from kupuri_desktop.ui.canvas.keys.key_verbs import draw_here, local
from kupuri_desktop.ui.canvas.keys.reach import Reach
from kupuri_desktop.ui.canvas.keys.ring import FocusRing

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Keyboard:
    """`reach`: which item it is at. `hands`: what its steps change. `ring`: how that shows."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.reach = Reach(view.canvas, view.selection)
        self.hands = KeyHands(view.board)
        self.ring = FocusRing(view, self.reach)

    def close(self) -> None:
        """Lets go of the canvas."""
        self.reach.close()

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is no shortcut now: words are being written, or a bar has the keyboard."""
        # A single letter is a tool's key, but not while words are being written.
        return self._view.writing.item is not None or (self._in_bar() and local(event))

    def press(self, event: QKeyEvent) -> bool:
        """False: the key means nothing of its own on the canvas."""
        view, key = self._view, Qt.Key(event.key())
        if view.writing.item is not None:
            return view.writing.takes(event)
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            view.hands.hold_space(True)
        elif key not in _RETURN or not draw_here(view):
            return False
        return True

    def open(self) -> None:
        """Return: draws with the tool, enters the group, or opens the one item."""
        view = self._view
        items = view.selection.items()
        if draw_here(view) or (items and view.selection.deeper(items[0])):
            return
        if len(items) == 1 and not items[0].locked:
            view.open(items[0])

    def step(self, following: bool) -> bool:
        """Takes the next item in reading order. False after the last: the keyboard goes on."""
        view = self._view
        if self._in_bar() or view.writing.item is not None:
            return False
        self.ring.stay(by_keyboard=True)
        item = self.reach.select_next(1 if following else -1)
        if item is None:
            view.selection.clear()
            self.reach.leave()
            return False
        view.camera.reveal(view.layer.sheet.area(item.id))
        return True

    def come(self, event: QFocusEvent) -> None:
        """The keyboard has come to the canvas."""
        self.ring.come(event.reason())
        self._view.voice.tell_focus()

    def go(self) -> None:
        """It has left."""
        self._view.hands.hold_space(False)
        self.ring.go()

    def _in_bar(self) -> bool:
        focus = self._view.window().focusWidget()
        return focus is not None and focus is not self._view and self._view.isAncestorOf(focus)

    def _escape(self) -> None:
        view = self._view
        if view.hands.cancel():
            view.bars.place()
            view.viewport().update()
        elif view.hands.tool is not Tool.SELECT:
            view.hands.choose(Tool.SELECT)
        elif not view.selection.leave():
            view.selection.clear()
            self.reach.leave()
