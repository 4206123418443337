"""A panel that opens beside what was clicked, inside the window, and closes when left."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QMargins, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import Shiboken

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.card import SHADOW, Card

_GAP = 6


class Popover(Card):
    """Content on a floating card over the window of its anchor.

    It is a child of the window and no window of its own: its rounded corners and shadow need no
    compositor, and no platform moves it elsewhere. Escape, a click outside and a switch to another
    window close it, and give the keyboard back to whoever had it. Tab stays inside.

    owner: whose it is, and with whom it goes, while it is closed.
    """

    opened = Signal()
    closed = Signal()

    def __init__(
        self, look: Look, name: str, words: str, owner: QWidget, *, width: int = 0
    ) -> None:
        super().__init__(look, name, radius=look.theme.radius.bar, floating=True, parent=owner)
        self._owner = owner
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._anchor: QWidget | None = None
        self._before: QWidget | None = None
        self.held = False
        """While it is, clicks elsewhere do not close it."""
        self._width = width
        around = QVBoxLayout(self)
        around.setContentsMargins(SHADOW)
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        around.addLayout(self.body)
        self.hide()

    def belong_to(self, owner: QObject) -> None:
        """Go when `owner` goes: before it is opened for the first time it has no window."""
        owner.destroyed.connect(self.deleteLater)

    def open_at(self, anchor: QWidget, focus: QWidget | None = None) -> None:
        """Open below (or above) `anchor`; the keyboard goes to `focus` or the first control."""
        self._anchor = anchor
        self._before = QApplication.focusWidget()
        self.setParent(anchor.window())
        self._place()
        self.show()
        # Shown for the first time only now, its content has got its fonts and heights.
        self._place()
        self.raise_()
        target = focus or self._first_control()
        if target is not None:
            target.setFocus(Qt.FocusReason.PopupFocusReason)
        _application().installEventFilter(self)
        self.opened.emit()

    def toggle_at(self, anchor: QWidget, focus: QWidget | None = None) -> None:
        """Open at `anchor`, or close if it is open."""
        if self.isVisible():
            self.close_()
        else:
            self.open_at(anchor, focus)

    def close_(self) -> None:
        """Close and give the keyboard back."""
        if self.isHidden():
            return
        _application().removeEventFilter(self)
        inside = self._contains(QApplication.focusWidget())
        self.hide()
        if Shiboken.isValid(self._owner):
            self.setParent(self._owner)
        before = self._before
        if inside and before is not None and Shiboken.isValid(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        taken = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        return taken

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress if isinstance(event, QMouseEvent):
                outside = isinstance(watched, QWidget) and self._is_outside(watched, event)
                if outside and not self.held:
                    on_anchor = watched is self._anchor
                    self.close_()
                    # The click that closes it must not open it again at once.
                    return on_anchor
            case QEvent.Type.Resize if watched is self.parentWidget():
                self._place()
            case QEvent.Type.WindowDeactivate if watched is self.window():
                if QApplication.activePopupWidget() is None:
                    self.close_()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_()
        else:
            # Keys that nobody here wants must not reach the window's own shortcuts' widgets.
            event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        controls = self._controls()
        if not controls:
            return True
        now = QApplication.focusWidget()
        index = controls.index(now) if now in controls else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        controls[(index + (1 if forward else -1)) % len(controls)].setFocus(reason)
        return True

    def _controls(self) -> list[QWidget]:
        return [
            child
            for child in self.findChildren(QWidget)
            if child.isVisibleTo(self)
            and child.isEnabled()
            and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]

    def _first_control(self) -> QWidget | None:
        controls = self._controls()
        return controls[0] if controls else None

    def _contains(self, widget: QWidget | None) -> bool:
        return widget is not None and (widget is self or self.isAncestorOf(widget))

    def _is_outside(self, watched: QWidget, event: QMouseEvent) -> bool:
        if watched.window() is not self.window():
            return False
        if self._opened_from_here(watched):
            return False
        point = self.mapFromGlobal(event.globalPosition().toPoint())
        return not self.card_rect().toRect().contains(point)

    def _opened_from_here(self, watched: QWidget) -> bool:
        """Whether that is in a popover that hangs on a control of this one."""
        above: QWidget | None = watched
        while above is not None and not isinstance(above, Popover):
            above = above.parentWidget()
        return above is not None and above is not self and self._contains(above._anchor)

    def _lie_over_the_window(self, top: int, *, right: bool = False) -> None:
        """At `top` logical pixels, or higher where it would not fit: in the middle or at the right.

        For `_place` of a card that belongs to its window rather than to a control.
        """
        window = self.parentWidget()
        if window is None:
            return
        size = self.sizeHint()
        around = SHADOW.left() + SHADOW.right()
        width = min(max(size.width(), self._width + around), window.width())
        height = min(size.height(), window.height())
        left = window.width() - width
        self.setGeometry(
            left if right else left // 2, min(top, window.height() - height), width, height
        )

    def _place(self) -> None:
        anchor, window = self._anchor, self.parentWidget()
        if anchor is None or window is None:
            return
        self.setMaximumHeight(max(80, window.height()))
        margins = QMargins(SHADOW)
        width = self._width + margins.left() + margins.right() if self._width else 0
        size = self.sizeHint().expandedTo(self.minimumSizeHint())
        width = min(width or size.width(), window.width())
        height = size.height()
        if self.hasHeightForWidth():
            height = self.heightForWidth(width)
        at = QRect(anchor.mapTo(window, QPoint(0, 0)), anchor.size())
        below = at.bottom() + _GAP - margins.top()
        room_below = window.height() - below
        room_above = at.top() - _GAP + margins.bottom()
        if height <= room_below or room_below >= room_above:
            y, height = below, min(height, room_below)
        else:
            height = min(height, room_above)
            y = at.top() - _GAP + margins.bottom() - height
        x = at.left() - margins.left()
        if x + width > window.width():
            x = at.right() + 1 - width + margins.right()
        x = max(0, min(x, window.width() - width))
        self.setGeometry(x, y, width, height)


def _application() -> QCoreApplication:
    app = QCoreApplication.instance()
    assert app is not None
    return app
