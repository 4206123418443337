"""The way of the keyboard through the dock: from top to bottom, as the eye goes."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from kupuri_desktop.ui.chat.prose import Prose


def step_focus(dock: QWidget, transcript: QWidget, now: QWidget, forward: bool) -> bool:
    """Moves the keyboard one control on; out of the dock at its ends.

    Qt's own order is that of making, and rows of the transcript are made as they come into sight.
    """
    if isinstance(now, Prose) and now.step_link(forward):
        return True
    stops = sorted(_stops(dock), key=lambda widget: _place(dock, transcript, widget))
    if now not in stops:
        return False
    number = stops.index(now) + (1 if forward else -1)
    target = stops[number] if 0 <= number < len(stops) else _beyond(dock, forward)
    if target is None:
        return False
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    target.setFocus(reason)
    return True


def _stops(room: QWidget) -> Iterator[QWidget]:
    for widget in room.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and _takes_tab(widget):
            yield widget


def _place(dock: QWidget, transcript: QWidget, widget: QWidget) -> tuple[int, int, int]:
    point = widget.mapTo(dock, QPoint(0, 0))
    if widget is transcript:
        return point.y(), -1_000_000, 0
    if transcript.isAncestorOf(widget):
        # Rows above and below the visible part belong between the transcript and what follows it.
        return transcript.mapTo(dock, QPoint(0, 0)).y(), point.y(), point.x()
    return point.y(), 0, point.x()


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _beyond(dock: QWidget, forward: bool) -> QWidget | None:
    step = QWidget.nextInFocusChain if forward else QWidget.previousInFocusChain
    widget: QWidget | None = step(dock)
    while widget is not None and widget is not dock:
        inside = dock.isAncestorOf(widget)
        if not inside and widget.isVisible() and widget.isEnabled() and _takes_tab(widget):
            return widget
        widget = step(widget)
    return None
