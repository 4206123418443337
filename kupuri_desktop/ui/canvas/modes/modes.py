"""Puts the canvas into a mode for one image, hands it pointer and keys, and takes it out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QTabletEvent, QTransform

from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.hands.gestures import Keys
from kupuri_desktop.ui.canvas.modes.crop_mode import CropMode
from kupuri_desktop.ui.canvas.modes.mask_bar import MaskOptions
from kupuri_desktop.ui.canvas.modes.mask_marks import MaskMarks
from kupuri_desktop.ui.canvas.modes.mask_mode import MaskMode
from kupuri_desktop.ui.canvas.modes.mode import Mode
from kupuri_desktop.ui.canvas.ports import Masks
from kupuri_desktop.ui.theme import Theme
from kupuri_desktop.ui.widgets.card import SHADOW

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_MARGIN = 12
_LEAVE = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SWALLOWED = frozenset({
    Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_Right,
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Backtab,
})  # fmt: skip
_SWALLOWED_WITH_CTRL = frozenset({
    Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_D, Qt.Key.Key_E, Qt.Key.Key_G, Qt.Key.Key_V,
    Qt.Key.Key_X,
})  # fmt: skip


class Modes(QObject):
    """At most one mode at a time. While there is none, nothing is listened to."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.mode: Mode | None = None
        self.mask_options = MaskOptions()
        self._masks: Masks | None = None
        self._entering = False
        self._painted: MaskMode | None = None
        self._marks = MaskMarks(
            view.canvas,
            view.layer,
            view.look,
            lambda: self.mode.item if self.mode is not None else None,
        )
        view.overlay.marks = self._marks.paint
        self.changed: Signal[Mode | None] = Signal()
        self._pressed = False
        self._links = [
            view.canvas.changed.connect(self._canvas_changed),
            view.camera.moved.connect(lambda _: self.place()),
            view.hands.tool_changed.connect(self._tool_changed),
            view.selection.changed.connect(lambda _: self._selection_changed()),
        ]

    def close(self) -> None:
        """Leaves the mode, keeping what was done in it, and lets go of the view."""
        self.leave()
        self._marks.close()
        for unlink in self._links:
            unlink()
        self._links = []

    def verbs(self) -> list[Verb]:
        """What enters a mode, for keys, menus and bars."""
        one, fits = Needs.ONE, self._has_image
        return [
            Verb("mask", "Mask", (), "brush", one, self.mask, fits=fits),
            Verb("crop", "Crop", ("C",), "crop", one, self.crop, fits=fits),
        ]

    def keep_masks_in(self, masks: Masks) -> None:
        """Where masks go; before this is known none can be painted."""
        self._masks = masks

    def open(self, item: Item) -> bool:
        """What a double click does to an item, or a click with the mask tool.

        False for what has no mode.
        """
        if not isinstance(item, ImageItem):
            return False
        if self._view.hands.tool is Tool.MASK:
            self.mask(item)
        else:
            self.crop(item)
        return True

    def mask(self, item: ImageItem | None = None) -> None:
        """Paints the mask of an image, or of the one that is selected."""
        image = item or self.image()
        if image is not None and self._masks is not None:
            masks, options = self._masks, self.mask_options
            self.enter(lambda: MaskMode(self._view, image, masks, options, self.leave))
            self._painted = self.mode if isinstance(self.mode, MaskMode) else None

    def crop(self, item: ImageItem | None = None) -> None:
        """Crops an image, or the one that is selected."""
        image = item or self.image()
        if image is not None:
            self.enter(lambda: CropMode(self._view, image, self.leave))

    def image(self) -> ImageItem | None:
        """The one image that is selected and may be changed."""
        items = self._view.selection.items()
        only = items[0] if len(items) == 1 else None
        return only if isinstance(only, ImageItem) and not only.locked else None

    def enter(self, make: Callable[[], Mode]) -> None:
        """Ends the mode that there was, as Enter does, and begins another."""
        view = self._view
        self._entering = True
        self.leave(apply=True)
        view.writing.end()
        view.hands.cancel()
        mode = make()
        view.hands.choose(mode.tool)
        self._entering = False
        self.mode = mode
        view.overlay.guest = self._paint
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        view.selection.set([mode.item])
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        mode.bar.show()
        mode.bar.raise_()
        self.place()
        self.changed.emit(mode)
        self._refresh()

    def leave(self, *, apply: bool = True) -> None:
        """Back to the canvas; `apply` keeps what is not a step of the canvas yet."""
        mode, self.mode = self.mode, None
        if mode is None:
            return
        view = self._view
        view.removeEventFilter(self)
        view.viewport().removeEventFilter(self)
        view.overlay.guest = None
        self._pressed = False
        if apply:
            mode.apply()
        had_keyboard = mode.bar.isAncestorOf(view.window().focusWidget() or view)
        mode.close()
        mode.bar.hide()
        mode.bar.deleteLater()
        if had_keyboard:
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._entering and view.hands.tool is Tool.MASK:
            view.hands.choose(Tool.SELECT)
        self.changed.emit(None)
        self._refresh()

    async def settled(self) -> None:
        """Returns once all that was painted has become steps of the canvas."""
        if self._painted is not None:
            await self._painted.settled()

    def take_back(self) -> bool:
        """Undoes what the mode has not made a step of yet."""
        return self.mode is not None and self.mode.take_back()

    def place(self) -> None:
        """Puts the options where they belong: above, in the middle."""
        if self.mode is None:
            return
        bar, room = self.mode.bar, self._view.viewport().rect()
        bar.resize(bar.sizeHint())
        left = (room.width() - bar.width()) // 2
        bar.move(QPoint(max(left, _MARGIN - SHADOW.left()), _MARGIN - SHADOW.top()))

    def _refresh(self) -> None:
        self._view.bars.place()
        self._view.viewport().update()
        at = self._view.viewport().mapFromGlobal(self._view.cursor().pos())
        self._show_cursor(QPointF(at))

    def _has_image(self) -> bool:
        return self.image() is not None

    def _tool_changed(self, tool: Tool) -> None:
        if self._entering:
            return
        if self.mode is not None and tool is not self.mode.tool:
            self.leave()
        if self.mode is None and tool is Tool.MASK:
            self.mask()

    def _selection_changed(self) -> None:
        """Whoever takes something else has done with the image."""
        if self.mode is not None and self._view.selection.ids not in ([], [self.mode.item]):
            self.leave()

    def _canvas_changed(self, change: Change) -> None:
        mode = self.mode
        if mode is None or mode.item not in change.edit.after:
            return
        if not mode.item_changed(change.edit.after[mode.item]):
            self.leave(apply=False)

    def _paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None:
        if self.mode is not None:
            self.mode.paint(painter, view, theme)

    # --- pointer and keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        mode = self.mode
        if mode is None:
            return False
        if watched is self._view:
            return isinstance(event, QKeyEvent) and self._key(mode, event)
        if isinstance(event, QTabletEvent):
            mode.press_harder(event.pressure())
            # Not taken: the mouse event that Qt makes of it does the rest.
            return False
        if isinstance(event, QMouseEvent):
            return self._pointer(mode, event)
        if event.type() == QEvent.Type.Resize:
            self.place()
        return event.type() == QEvent.Type.ContextMenu

    def _pointer(self, mode: Mode, event: QMouseEvent) -> bool:
        view, at, keys = self._view, event.position(), event.modifiers()
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                if event.button() == Qt.MouseButton.MiddleButton or view.hands.panning:
                    return False
                view.setFocus(Qt.FocusReason.MouseFocusReason)
                if self._pressed:
                    return True
                self._pressed = mode.press(at, event.button(), keys)
                if not self._pressed and event.button() == Qt.MouseButton.LeftButton:
                    self.leave()
            case QEvent.Type.MouseMove:
                if view.hands.busy:
                    return False
                mode.move(at, keys)
                self._show_cursor(at)
            case QEvent.Type.MouseButtonRelease:
                if view.hands.busy:
                    return False
                if self._pressed:
                    self._pressed = False
                    mode.release(at, keys)
                self._show_cursor(at)
            case _:
                return False
        return True

    def _show_cursor(self, at: QPointF) -> None:
        view = self._view
        if self.mode is None or view.hands.panning or view.hands.busy:
            view._show_cursor(at)
        else:
            view.viewport().setCursor(self.mode.cursor(at))

    def _key(self, mode: Mode, event: QKeyEvent) -> bool:
        key, keys = Qt.Key(event.key()), event.modifiers()
        ctrl = bool(keys & Keys.ControlModifier)
        plain = not ctrl and not keys & Keys.AltModifier
        leaves = key in _LEAVE and plain
        to_bar = key == Qt.Key.Key_Tab and plain
        swallowed = key in _SWALLOWED or (ctrl and key in _SWALLOWED_WITH_CTRL)
        if not (leaves or to_bar or swallowed or mode.wants(key, keys)):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            if mode.wants(key, keys):
                mode.key(key, keys)
            elif leaves:
                self.leave(apply=key != Qt.Key.Key_Escape)
            elif to_bar:
                mode.bar.setFocus(Qt.FocusReason.TabFocusReason)
        return True
