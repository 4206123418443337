"""The canvas as a widget: hands what pointer, keys and drops do to the hands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPointingDevice,
    QResizeEvent,
    QShowEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.canvas.accessibility.voice import Voice
from kupuri_desktop.ui.canvas.arrivals import Arrivals
from kupuri_desktop.ui.canvas.bars import Bars
from kupuri_desktop.ui.canvas.board_view import BoardView
from kupuri_desktop.ui.canvas.commands import Commands, Needs, Verb
from kupuri_desktop.ui.canvas.editing.editing import Editing
from kupuri_desktop.ui.canvas.hands.gestures import Move
from kupuri_desktop.ui.canvas.hands.hands import Hands
from kupuri_desktop.ui.canvas.hands.writing import Writing
from kupuri_desktop.ui.canvas.keys.key_verbs import key_verbs, open_menu
from kupuri_desktop.ui.canvas.keys.keyboard import Keyboard
from kupuri_desktop.ui.canvas.modes.modes import Modes
from kupuri_desktop.ui.canvas.ports import Coming, Intake, Outgoing, Pictures
from kupuri_desktop.ui.canvas.traffic.carrying import carries
from kupuri_desktop.ui.canvas.traffic.incoming import Incoming, taken_back
from kupuri_desktop.ui.canvas.traffic.leaving import Leaving
from kupuri_desktop.ui.canvas.verbs import Verbs, table
from kupuri_desktop.ui.canvas.view_verbs import ON_GROUND, ON_ITEMS, view_verbs
from kupuri_desktop.ui.drops import accept_copy
from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look


class CanvasView(BoardView):
    """Bound to one canvas. Items change by `canvas.apply` alone.

    `commands` are its actions by name, for menus and bars; `hands`, `selection` and `camera` say
    what is going on through their signals. actions: the window's, to which its own are added.
    """

    export_asked = Signal(list)
    """Ids of items that the user wants as files."""

    import_asked = Signal()
    """The empty canvas's button: choose files to place."""

    mending = Signal(object, str)
    """The core.errors.Action of a failed image's button."""

    def __init__(
        self,
        canvas: Canvas,
        pictures: Pictures,
        tasks: Tasks,
        look: Look,
        *,
        coming: Coming | None = None,
        intake: Intake | None = None,
        outgoing: Outgoing | None = None,
        actions: Actions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(canvas, pictures, tasks, look, parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Canvas")
        make_region(self)
        self.setAcceptDrops(True)
        self.hands = Hands(self.board)
        self.verbs = Verbs(self.board)
        self.keyboard = Keyboard(self)
        self.incoming = Incoming(self.board, intake, tasks, self)
        self.leaving = Leaving(self, self.board, pictures, outgoing, tasks)
        self.writing = Writing(self.board, self)
        self.commands = Commands(actions or Actions(look, self), self)
        self.modes = Modes(self)
        self.editing = Editing(self)
        self.commands.add(
            [
                *self._traffic(),
                *self.editing.verbs(),
                *self.modes.verbs(),
                *table(self.verbs, view_verbs(self)),
                *key_verbs(self),
            ]
        )
        self.voice = Voice(self)
        self.arrivals: Arrivals | None = None
        if coming is not None:
            self.arrivals = Arrivals(self, canvas, self.store, coming, tasks, look)
            self.arrivals.mending.connect(self.mending)
            self._links.append(coming.changed.connect(lambda _: self.bars.place()))
            self._links.append(coming.removed.connect(lambda _: self.bars.place()))
        self.bars = Bars(self)
        self._links += [
            self.selection.changed.connect(lambda _: self._selection_changed()),
            self.hands.tool_changed.connect(lambda _: self._show_cursor()),
            self.hands.opened.connect(self.open),
            self.hands.naming.connect(self.editing.naming.begin),
            self.hands.drawn.connect(self._drawn),
            self.hands.grabbed.connect(self.leaving.prepare),
            self.camera.moved.connect(lambda _: self._looked()),
        ]
        self.hands.named = self.editing.frame_named_at
        self.editing.follow_grid()
        self._dress()
        self._selection_changed()
        self.camera.hold()

    def put_down(self) -> None:
        """Takes what is in hand as it is seen: a gesture, words, what a mode has begun."""
        self.hands.put_down()
        self.writing.end()
        self.modes.leave()

    def close_canvas(self) -> None:
        self.put_down()
        self.modes.close()
        if self.arrivals is not None:
            self.arrivals.close()
        self.commands.close()
        self.voice.close()
        self.keyboard.close()
        super().close_canvas()

    def action(self, name: str) -> QAction:
        """An action by its verb's name: for menus and bars. Raises KeyError."""
        return self.commands[name]

    def add_verbs(self, verbs: Sequence[Verb], *, bar: bool = False) -> None:
        """Takes in verbs from outside, such as Variations; `bar` shows them over a selection."""
        self.commands.add(verbs)
        self._enable()
        if bar:
            self.bars.offer([verb.name for verb in verbs])

    def _traffic(self) -> list[Verb]:
        one = Needs.ONE
        return [
            Verb("edit_text", "Edit text", ("Return", "F2"), "text-cursor", one,
                 self.keyboard.open),
            Verb("export_selection", "Export selection…", ("Ctrl+E",), "download", one,
                 lambda: self.export_asked.emit(self.selection.ids)),
        ]  # fmt: skip

    def open(self, item: Item) -> None:
        """Enters the item's mode, or begins to write in it."""
        if not self.modes.open(item):
            self.writing.begin(item)

    def undo(self) -> None:
        """Takes the newest step back, or what a mode has not made a step of yet."""
        if not self.modes.take_back():
            self.canvas.undo()

    # --- what changed

    def _canvas_changed(self, change: Change) -> None:
        held = self.hands.gesture is not None
        if held and any(key in self.selection for key in change.edit.after):
            self.hands.cancel()
        super()._canvas_changed(change)
        self.writing.follow(change)
        self.editing.follow()
        self._enable()
        self.bars.place()

    def _enable(self) -> None:
        self.commands.enable(len(self.selection))
        self.commands.name_step("undo", self.canvas.undo_label)
        self.commands.name_step("redo", self.canvas.redo_label)

    def _selection_changed(self) -> None:
        self._enable()
        self.bars.place()
        self.viewport().update()

    def _looked(self) -> None:
        self.bars.place()
        if self.arrivals is not None:
            self.arrivals.place()

    def _drawn(self, item: Item) -> None:
        if self.writing.writes(item):
            self.writing.begin(item)
        self.bars.place()

    def _dress(self) -> None:
        colours = self.look.theme.colours
        self.hands.ink, self.hands.accent = colours.text, colours.accent
        self.incoming.ink = colours.text
        self.writing.accent = colours.accent
        super()._dress()

    def _outlined(self) -> tuple[Sequence[Item], tuple[float, float]]:
        gesture = self.hands.gesture
        shown = getattr(gesture, "shown", None)
        if isinstance(gesture, Move):
            # Not a thousand new items at each frame of a drag.
            return gesture.held, gesture.off
        if shown is not None:
            return shown(), (0.0, 0.0)
        return [] if self.writing.item is not None else self.selection.items(), (0.0, 0.0)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawForeground(painter, rect)
        painter.save()
        painter.resetTransform()
        self.keyboard.ring.paint(painter, self.viewportTransform(), self.look.theme)
        painter.restore()

    # --- pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._belongs_to_scene(event.position()):
            super().mousePressEvent(event)
            return
        self.writing.end()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.keyboard.ring.stay(by_keyboard=False)
        self.hands.press(event.position(), event.button(), event.modifiers())
        self._after_pointer(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.hands.busy and self._belongs_to_scene(event.position()):
            super().mouseMoveEvent(event)
            return
        if self.hands.move(event.position(), event.modifiers()):
            self.viewport().update()
            self.bars.place()
        self._show_cursor(event.position())
        moving = self.hands.moving
        if moving is not None and not QRectF(self.viewport().rect()).contains(event.position()):
            self.hands.cancel()
            self._after_pointer(event.position())
            self.leaving.drag(self.selection.ids, moving.start)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self.hands.busy:
            super().mouseReleaseEvent(event)
            return
        self.hands.release(event.position(), event.modifiers())
        self._after_pointer(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._belongs_to_scene(event.position()):
            super().mouseDoubleClickEvent(event)
            return
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self.hands.double_click(event.position(), event.modifiers()):
            self._after_pointer(event.position())
        else:
            # The second press of two quick ones may begin a drag like any other.
            self.mousePressEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        # A pen that hovers or is lifted says nothing about the mouse that may come next.
        down = event.type() != QEvent.Type.TabletRelease and event.pressure() > 0
        eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        pressure = max(event.pressure(), 0.05) if down else 1.0
        self.hands.press_harder(pressure, eraser=eraser and down)
        # Not accepted: Qt goes on with the mouse event that it makes of it.
        event.ignore()

    def _after_pointer(self, point: QPointF) -> None:
        self._show_cursor(point)
        self.bars.place()
        self.viewport().update()

    def _belongs_to_scene(self, point: QPointF) -> bool:
        """Whether the words being written are there and take the pointer."""
        return self.writing.holds(self.camera.to_canvas(point))

    def _show_cursor(self, point: QPointF | None = None) -> None:
        at = point or QPointF(self.viewport().mapFromGlobal(self.cursor().pos()))
        self.viewport().setCursor(self.hands.cursor(at))

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.keyboard.press(event):
            self._show_cursor()
            event.accept()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hands.hold_space(False)
            self._show_cursor()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab goes through the items in reading order, and then on to the next widget."""
        return self.keyboard.step(following) or super().focusNextPrevChild(following)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.keyboard.come(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.keyboard.go()

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.keyboard.takes(event):
            event.accept()
            return True
        if isinstance(event, QDropEvent | QDragLeaveEvent):
            # What a bar or the empty state lets fall comes here and not to the viewport, and the
            # scroll area would refuse it: the other program would take its drag for unwelcome.
            return QWidget.event(self, event)
        return super().event(event)

    # --- in by drop, and the menu

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries(event.mimeData()):
            accept_copy(event)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        accept_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        # The base class would miss the beginning of the drag, which it was not told of.
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        at = self.camera.to_canvas(event.position())
        out = self.leaving.dragging
        if out is not None and event.source() is self:
            step = at - out.at
            taken_back(self.canvas, self.board, out.ids, step.x(), step.y())
            accept_copy(event)
        elif self.incoming.take(event.mimeData(), at):
            accept_copy(event)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            open_menu(self)
            return
        at = QPointF(event.pos())
        self.menu(self.hands.item_at(at), at).popup(event.globalPos())

    def menu(self, item: Item | None, at: QPointF | None = None) -> QMenu:
        """What can be done at a point of the view, as a menu that goes when it closes."""
        if item is not None and item.id not in self.selection:
            self.selection.set(self.selection.whole(item))
        menu = self.commands.menu(ON_GROUND if item is None else ON_ITEMS)
        self.editing.add_to(menu, item, self.camera.to_canvas(at) if at else None)
        return menu

    # --- size and sight

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bars.place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._looked()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.arrivals is not None:
            self.arrivals.place()
