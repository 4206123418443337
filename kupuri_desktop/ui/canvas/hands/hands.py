"""Decides what a press means, by the tool, the keys and what lies under the pointer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from kupuri_desktop.core.items import FrameItem, ImageItem, Item, LineItem
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.core.transforms import Handle, writes
from kupuri_desktop.ui.canvas.hands.beginning import draw
from kupuri_desktop.ui.canvas.hands.connecting import MoveEnd
from kupuri_desktop.ui.canvas.hands.drawing import DrawBox, Tool
from kupuri_desktop.ui.canvas.hands.gestures import Band, Board, Gesture, Keys, Move, Pan
from kupuri_desktop.ui.canvas.hands.penning import DrawStroke, Erase
from kupuri_desktop.ui.canvas.hands.reshaping import Resize, Turn

REACH = 5.0
"""Logical pixels: so near counts as on a line."""

_DRAWN_LENGTH, _DRAWN_STEPS = 200.0, 8

DRAG = 4
"""Logical pixels before a press becomes a drag."""

_RESIZE_CURSORS = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)


class Hands:
    """One press at a time. `opened`: an item was double-clicked to be changed in place.

    named: which frame's name stands at a point of the view. naming: it was double-clicked.
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        self.tool = Tool.SELECT
        self.ink = QColor("white")
        self.accent = QColor("red")
        self.tool_changed: Signal[Tool] = Signal()
        self.opened: Signal[Item] = Signal()
        self.drawn: Signal[Item] = Signal()
        self.grabbed: Signal[list[str]] = Signal()
        self.naming: Signal[FrameItem] = Signal()
        self.named: Callable[[QPointF], FrameItem | None] = lambda _: None
        self.gesture: Gesture | None = None
        self._pressed: QPointF | None = None
        self._under: Item | None = None
        self._keys = Keys.NoModifier
        self._panning = False
        self._by_name = False
        self.styles = Styles()
        self.pressure = 1.0
        self.erasing = False

    def choose(self, tool: Tool) -> None:
        if tool is not self.tool:
            self.cancel()
            self.tool = tool
            self.tool_changed.emit(tool)

    @property
    def busy(self) -> bool:
        return self.gesture is not None or self._pressed is not None

    @property
    def moving(self) -> Move | None:
        return self.gesture if isinstance(self.gesture, Move) else None

    def item_at(self, view: QPointF) -> Item | None:
        """The front item under a point of the view; a frame also where its name stands."""
        named = self.named(view)
        if named is not None:
            return named
        at = self.board.camera.to_canvas(view)
        found = self.board.layer.sheet.at(at.x(), at.y(), REACH / self.board.camera.zoom)
        return found[0] if found else None

    @property
    def panning(self) -> bool:
        """Whether a press would move the view."""
        return self._panning or self.tool is Tool.HAND

    def hold_space(self, held: bool) -> None:
        """While space is held a press pans."""
        self._panning = held

    def press_harder(self, pressure: float, *, eraser: bool) -> None:
        """What a tablet's pen says along with its place; 1 and no eraser for a mouse."""
        self.pressure, self.erasing = pressure, eraser
        if isinstance(self.gesture, DrawStroke):
            self.gesture.pressure = pressure

    # --- the pointer; points in the view's logical pixels

    def press(self, view: QPointF, button: Qt.MouseButton, keys: Keys) -> None:
        if self.gesture is not None:
            self.cancel()
            return
        at = self.board.camera.to_canvas(view)
        if (
            button == Qt.MouseButton.MiddleButton
            or self._panning
            or (self.tool is Tool.HAND and button == Qt.MouseButton.LeftButton)
        ):
            self.gesture = Pan(self.board, at)
            return
        if button != Qt.MouseButton.LeftButton:
            return
        if self.erasing:
            self.gesture = Erase(self.board, at)
            return
        if self.tool is Tool.MASK:
            item = self.item_at(view)
            if isinstance(item, ImageItem) and not item.locked:
                self.opened.emit(item)
            return
        if self.tool is not Tool.SELECT:
            self.gesture = draw(
                self.board, self.tool, at, self.ink, self.accent, self._after_drawing,
                self.pressure, self.styles,
            )  # fmt: skip
            return
        taken = self._take_handle(view, at)
        if taken is not None:
            self.gesture = taken
            return
        self._pressed, self._keys = view, keys
        self._under = self.item_at(view)
        self._by_name = self.named(view) is not None
        if self._under is not None and not (keys & Keys.ShiftModifier or self._loose_frame()):
            whole = self.board.selection.whole(self._under)
            if self._under.id not in self.board.selection:
                self.board.selection.set(whole)
            self.grabbed.emit(self.board.selection.ids)

    def draw_at(self, at: QPointF) -> bool:
        """Draws at a point of the canvas, in the size of a click. False: the tool draws nothing."""
        if self.tool in (Tool.SELECT, Tool.HAND, Tool.MASK) or self.erasing or self.busy:
            return False
        gesture = draw(self.board, self.tool, at, self.ink, self.accent, self._after_drawing)
        if not isinstance(gesture, DrawBox):
            # What a click leaves empty becomes as long as a box is wide; Ctrl: it sticks nowhere.
            far = _DRAWN_LENGTH / _DRAWN_STEPS
            for step in range(1, _DRAWN_STEPS + 1):
                gesture.move(at + QPointF(step * far, 0.0), Keys.ControlModifier)
        gesture.finish()
        return True

    def move(self, view: QPointF, keys: Keys) -> bool:
        """True where something on the screen may have changed."""
        if self.gesture is None and self._pressed is not None:
            far = view - self._pressed
            if abs(far.x()) + abs(far.y()) < DRAG:
                return False
            self._begin_drag(keys)
        if self.gesture is None:
            return False
        self.gesture.move(self.board.camera.to_canvas(view), keys)
        return True

    def release(self, view: QPointF, keys: Keys) -> None:
        gesture, self.gesture = self.gesture, None
        pressed, self._pressed = self._pressed, None
        if gesture is not None:
            gesture.finish()
        elif pressed is not None:
            self._click(keys)

    def put_down(self) -> None:
        """Ends what is under way where it is, as letting go of the button would."""
        gesture, self.gesture, self._pressed = self.gesture, None, None
        if gesture is not None:
            gesture.finish()

    def cancel(self) -> bool:
        """Puts everything back. False where there was nothing to cancel."""
        gesture, self.gesture = self.gesture, None
        was_pressed, self._pressed = self._pressed is not None, None
        if gesture is not None:
            gesture.cancel()
        return gesture is not None or was_pressed

    def double_click(self, view: QPointF, keys: Keys) -> bool:
        """Enters a group, or opens words or an image. False: nothing there that opens."""
        if self.tool is not Tool.SELECT:
            return False
        named = self.named(view)
        if named is not None:
            self.naming.emit(named)
            return True
        item = self.item_at(view)
        if item is None:
            return False
        if self.board.selection.deeper(item):
            return True
        # Taken together with others by the click before, it is about to be dragged with them.
        alone = self.board.selection.ids == [item.id]
        if (writes(item) or isinstance(item, ImageItem)) and alone and not item.locked:
            self.opened.emit(item)
            return True
        return False

    def cursor(self, view: QPointF) -> Qt.CursorShape:
        """What the pointer should look like there."""
        if self.gesture is not None:
            return self.gesture.cursor
        if self.panning:
            return Qt.CursorShape.OpenHandCursor
        if self.tool is Tool.TEXT:
            return Qt.CursorShape.IBeamCursor
        if self.tool is not Tool.SELECT:
            return Qt.CursorShape.CrossCursor
        items = self.board.selection.movable()
        transform = self.board.camera.transform
        if items and not isinstance(items[0], LineItem):
            handle = self.board.overlay.handle_at(items, transform, view)
            if handle is not None:
                return _handle_cursor(handle, items)
            if self.board.overlay.turns_at(items, transform, view):
                return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.ArrowCursor

    # --- inside

    def _take_handle(self, view: QPointF, at: QPointF) -> Gesture | None:
        items = self.board.selection.movable()
        if not items:
            return None
        transform = self.board.camera.transform
        if len(items) == 1 and isinstance(items[0], LineItem):
            line = items[0]
            for first in (True, False):
                end = line.start if first else line.end
                there = transform.map(QPointF(line.x + end[0], line.y + end[1]))
                if (there - view).manhattanLength() <= REACH * 2:
                    return MoveEnd(self.board, line, first=first)
            return None
        handle = self.board.overlay.handle_at(items, transform, view)
        if handle is not None:
            return Resize(self.board, handle, at)
        if self.item_at(view) is None and self.board.overlay.turns_at(items, transform, view):
            return Turn(self.board, at)
        return None

    def _begin_drag(self, keys: Keys) -> None:
        assert self._pressed is not None
        at = self.board.camera.to_canvas(self._pressed)
        loose = self._loose_frame()
        if not loose:
            self._pressed_item_joins()
        movable = self.board.selection.movable()
        if self._under is None or self._under.locked or loose or not movable:
            self.gesture = Band(self.board, at, add=bool(self._keys & Keys.ShiftModifier))
        else:
            self.gesture = Move(self.board, at, copy=bool(keys & Keys.AltModifier))
        self._pressed = None

    def _pressed_item_joins(self) -> None:
        item = self._under
        if item is not None and item.id not in self.board.selection:
            self.board.selection.add(self.board.selection.whole(item))

    def _loose_frame(self) -> bool:
        """A drag inside a frame that is not selected draws a band; it does not take the frame."""
        item = self._under
        selected = item is not None and item.id in self.board.selection
        return isinstance(item, FrameItem) and not selected and not self._by_name

    def _click(self, keys: Keys) -> None:
        item, selection = self._under, self.board.selection
        if item is None:
            if not keys & Keys.ShiftModifier:
                selection.clear()
        elif keys & Keys.ShiftModifier:
            selection.toggle(selection.whole(item))
        else:
            selection.set(selection.whole(item))

    def _after_drawing(self, item: Item) -> None:
        if self.tool is not Tool.PEN:
            self.choose(Tool.SELECT)
        self.drawn.emit(item)


def _handle_cursor(handle: Handle, items: list[Item]) -> Qt.CursorShape:
    return resize_cursor(handle, items[0].rotation if len(items) == 1 else 0.0)


def resize_cursor(handle: Handle, rotation: float) -> Qt.CursorShape:
    """The arrows that say where a handle goes, of something turned by so many degrees."""
    hx, hy = handle.value
    eighth = {(1, 0): 0, (1, 1): 1, (0, 1): 2, (-1, 1): 3}.get((hx, hy))
    if eighth is None:
        eighth = {(-1, 0): 0, (-1, -1): 1, (0, -1): 2, (1, -1): 3}[(hx, hy)]
    return _RESIZE_CURSORS[(eighth + round(rotation / 45)) % 4]
