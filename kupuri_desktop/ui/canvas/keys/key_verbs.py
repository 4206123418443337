"""The verbs of the keyboard alone: each step, its name and its keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent

from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.overlay import box

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

NEAR, FAR = 1.0, 10.0
"""Canvas units of a step, and of one with Shift."""

FINE, COARSE = 1.0, 15.0
"""Degrees of a turn with Shift, and of one without."""

LOCAL_KEYS = frozenset(
    {
        Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up,
        Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space,
        Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Home, Qt.Key.Key_End,
    }
)  # fmt: skip
"""Keys that belong to a control on the canvas while the keyboard is in it."""

_SIDES = (
    ("left", "Left", "arrow-left", -1.0, 0.0),
    ("right", "Right", "arrow-right", 1.0, 0.0),
    ("up", "Up", "arrow-up", 0.0, -1.0),
    ("down", "Down", "arrow-down", 0.0, 1.0),
)
_SIZES = (
    ("narrower", "Narrower", "Left", -1.0, 0.0),
    ("wider", "Wider", "Right", 1.0, 0.0),
    ("shorter", "Shorter", "Up", 0.0, -1.0),
    ("taller", "Taller", "Down", 0.0, 1.0),
)


def key_verbs(view: CanvasView) -> list[Verb]:
    """What the mouse does by pointing and dragging, as steps."""
    none, one, two = Needs.NOTHING, Needs.ONE, Needs.TWO
    keys, reach = view.keyboard.hands, view.keyboard.reach
    return [
        _verb("next_item", "Next item", "Tab", none, lambda: view.focusNextPrevChild(True)),
        _verb("previous_item", "Previous item", "Shift+Tab", none,
              lambda: view.focusNextPrevChild(False)),
        _verb("reach_next", "Next item, keep the selection", "Ctrl+Tab", none,
              lambda: _go(view, 1)),
        _verb("reach_previous", "Previous item, keep the selection", "Ctrl+Shift+Tab", none,
              lambda: _go(view, -1)),
        Verb("take_item", "Select the item too, or let go of it", ("Ctrl+Space", "Shift+Space"),
             "square-dashed-mouse-pointer", none, reach.toggle, Section.KEYBOARD),
        Verb("item_menu", "Open the menu of the selection", ("Menu", "Shift+F10"),
             "ellipsis", none, lambda: open_menu(view), Section.KEYBOARD),
        Verb("draw_here", "Draw with the tool in the middle of the view", ("Ctrl+Return",),
             "pen-line", none, lambda: draw_here(view), Section.KEYBOARD),
        Verb("connect", "Connect with an arrow", ("Alt+C",), "move-up-right", two,
             lambda: keys.connect(view.look.theme.colours.accent), Section.KEYBOARD),
        *_moves(view, one),
        *_sizes(view, one),
        Verb("turn_left", "Turn left by 15 degrees", ("Alt+Left",), "undo-2", one,
             lambda: keys.turn(-COARSE), Section.KEYBOARD),
        Verb("turn_right", "Turn right by 15 degrees", ("Alt+Right",), "redo-2", one,
             lambda: keys.turn(COARSE), Section.KEYBOARD),
        Verb("turn_left_little", "Turn left by 1 degree", ("Alt+Shift+Left",), "undo-2", one,
             lambda: keys.turn(-FINE), Section.KEYBOARD),
        Verb("turn_right_little", "Turn right by 1 degree", ("Alt+Shift+Right",), "redo-2", one,
             lambda: keys.turn(FINE), Section.KEYBOARD),
    ]  # fmt: skip


def local(event: QKeyEvent) -> bool:
    """Whether a key belongs to the control on the canvas that has the keyboard."""
    plain = not event.modifiers() & (
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    return plain and event.key() in LOCAL_KEYS


def open_menu(view: CanvasView) -> None:
    """The menu of the selection, at its lower left corner; of the canvas, in its middle."""
    item = view.keyboard.reach.item
    if item is not None and item.id not in view.selection:
        view.selection.set(view.selection.whole(item))
    whole = box(view.selection.items())
    room = view.viewport().rect()
    at = room.center()
    if whole is not None:
        transform = view.viewportTransform()
        points = [transform.map(QPointF(x, y)).toPoint() for x, y in whole]
        left, bottom = min(p.x() for p in points), max(p.y() for p in points)
        at = QPoint(
            min(max(left, room.left()), room.right()), min(max(bottom, room.top()), room.bottom())
        )
    view.menu(item).popup(view.viewport().mapToGlobal(at))


def draw_here(view: CanvasView) -> bool:
    """What the tool draws, in the size of a click; False for a tool that draws nothing."""
    if view.hands.tool is Tool.ARROW and len(view.selection) > 1:
        view.hands.choose(Tool.SELECT)
        view.keyboard.hands.connect(view.look.theme.colours.accent)
        return True
    return view.hands.draw_at(view.keyboard.hands.free_place(view.camera.centre()))


def _verb(name: str, title: str, key: str, needs: Needs, run: Callable[[], object]) -> Verb:
    return Verb(name, title, (key,), "focus", needs, run, Section.KEYBOARD)


def _go(view: CanvasView, step: int) -> None:
    item = view.keyboard.reach.go(step)
    if item is not None:
        view.camera.reveal(view.layer.sheet.area(item.id))


def _moves(view: CanvasView, needs: Needs) -> list[Verb]:
    def mover(x: float, y: float) -> Callable[[], object]:
        return lambda: view.verbs.nudge(x, y)

    return [
        Verb(f"nudge_{side}{suffix}", f"Move {side} by {step:.0f}", (f"{held}{key}",), icon, needs,
             mover(x * step, y * step), Section.KEYBOARD)
        for side, key, icon, x, y in _SIDES
        for suffix, held, step in (("", "", NEAR), ("_far", "Shift+", FAR))
    ]  # fmt: skip


def _sizes(view: CanvasView, needs: Needs) -> list[Verb]:
    def sizer(x: float, y: float) -> Callable[[], object]:
        return lambda: view.keyboard.hands.resize(x, y)

    return [
        Verb(f"size_{name}{suffix}", f"{title} by {step:.0f}", (f"{held}{key}",), "scaling", needs,
             sizer(x * step, y * step), Section.KEYBOARD)
        for name, title, key, x, y in _SIZES
        for suffix, held, step in (("", "Ctrl+", NEAR), ("_far", "Ctrl+Shift+", FAR))
    ]  # fmt: skip
