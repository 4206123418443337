"""Renames a frame where its name stands, over its upper edge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from kupuri_desktop.core.items import FrameItem, describe
from kupuri_desktop.ui.canvas.editing.keys import kept
from kupuri_desktop.ui.widgets.naming import describe as name_widget

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_HEIGHT = 26
_NARROWEST, _WIDEST = 140, 360


class Naming(QLineEdit):
    """One field for all frames. Enter and a click elsewhere keep the name, Escape the old one."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._frame = ""
        name_widget(self, "frame_name", "Name of the frame")
        self.setToolTip("")
        self.setFixedHeight(_HEIGHT)
        self.returnPressed.connect(self._keep)
        self.hide()

    def begin(self, frame: FrameItem) -> None:
        """Opens the field over a frame, with its name selected."""
        self._frame = frame.id
        self.setText(describe(frame))
        self.place()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def place(self) -> None:
        """Follows the frame when the view moves; goes with it."""
        frame = self._view.canvas.items.get(self._frame)
        if frame is None:
            self._leave()
            return
        at = self._view.viewportTransform().map(QPointF(frame.x, frame.y))
        width = frame.width * self._view.camera.zoom
        self.setFixedWidth(round(min(max(width, _NARROWEST), _WIDEST)))
        self.move(round(at.x()) - 4, round(at.y()) - _HEIGHT - 1)

    def event(self, event: QEvent) -> bool:
        return kept(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._keep()

    def _keep(self) -> None:
        frame = self._view.canvas.items.get(self._frame)
        name = " ".join(self.text().split())
        self._leave()
        if frame is not None and name and name != describe(frame):
            self._view.canvas.add("Rename frame", [replace(frame, name=name)])

    def _leave(self) -> None:
        if not self._frame:
            return
        self._frame = ""
        had_keys = self.hasFocus()
        self.hide()
        if had_keys:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
