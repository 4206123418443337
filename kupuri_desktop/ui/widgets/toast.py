"""A short message at the foot of the window that goes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMargins, QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QLabel, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.card import SHADOW, Card

# Long enough to read two lines twice.
_SHOWN_MS = 5000


class Toast(Card):
    """Says what was done ("Moved to the trash") and offers one way back ("Undo").

    It stays while the pointer is on it or its button has the keyboard.
    """

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, "toast", radius=look.theme.radius.bar, floating=True, parent=parent)
        space = look.theme.space
        self._window = parent
        row = self._row = QHBoxLayout(self)
        row.setSpacing(space.m)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._button = PillButton(look, "toast_action", "", kind="quiet")
        self._button.clicked.connect(self._act)
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._action: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        parent.installEventFilter(self)
        self.hide()

    def say(self, words: str, action: str = "", do: Callable[[], object] | None = None) -> None:
        """Show `words`; `action` is the button's word and `do` its effect."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self._action = do
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
        space = self._look.theme.space
        inside = QMargins(space.l, space.s, space.s if action else space.l, space.s)
        self._row.setContentsMargins(inside + SHADOW)
        self._button.updateGeometry()
        self._row.activate()
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._fade_in()
        self._timer.start(_SHOWN_MS)

    def dismiss(self) -> None:
        """Go."""
        if self.underMouse() or self._button.hasFocus():
            self._timer.start(_SHOWN_MS)
            return
        self._timer.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.start(_SHOWN_MS)
        super().enterEvent(event)

    def _act(self) -> None:
        self._timer.stop()
        self.hide()
        if self._action is not None:
            self._action()

    def _place(self) -> None:
        window = self._window
        self.move(
            (window.width() - self.width()) // 2,
            window.height() - self.height() - self._look.theme.space.l,
        )

    def _fade_in(self) -> None:
        duration = self._look.theme.motion.panel
        if duration == 0:
            return
        effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(effect)
        fade = QPropertyAnimation(effect, b"opacity", self)
        fade.setDuration(duration)
        fade.setStartValue(0.0)
        fade.setEndValue(1.0)
        # An effect that stays would cost an extra buffer at every paint.
        fade.finished.connect(lambda: self.setGraphicsEffect(None))  # type: ignore[arg-type]
        fade.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
