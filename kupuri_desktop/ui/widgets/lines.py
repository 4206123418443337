"""A line to type into that stands among others in a panel: typed is not yet taken."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.naming import describe


class PanelField(QLineEdit):
    """A line in a panel. Enter takes what was typed, Escape puts back what was there.

    prefix: a letter or two, drawn before the text.
    """

    edited = Signal(str)
    """What was typed, where it differs from what was there."""

    def __init__(self, look: Look, name: str, words: str, prefix: str = "") -> None:
        super().__init__()
        self._look = look
        self._prefix = prefix
        self._kept = ""
        describe(self, name, words)
        self.setProperty("panel", True)
        self.setFont(look.theme.font(tabular=True))
        self.setMinimumWidth(40)
        if prefix:
            metrics = QFontMetrics(self._prefix_font())
            room = max(metrics.horizontalAdvance(prefix), 10) + look.theme.space.xs
            self.setTextMargins(room, 0, 0, 0)
        self.editingFinished.connect(self._finish)

    def sizeHint(self) -> QSize:
        return QSize(80, self._look.theme.size.control)

    def prefix_room(self) -> int:
        """How far the prefix reaches, in logical pixels from the left."""
        return self._look.theme.space.s + self.textMargins().left() if self._prefix else 0

    def put_back(self) -> None:
        """Shows again what was there."""
        self.setText(self._kept)

    def keep(self, text: str) -> None:
        """Takes a text as what is there from now on."""
        self._kept = text
        self.setText(text)

    def put(self, text: str, hint: str = "") -> None:
        """Shows what is so now; what is being typed stays."""
        self.setPlaceholderText(hint)
        untouched = self.text() == self._kept
        self._kept = text
        if untouched or not self.hasFocus():
            self.setText(text)
            self.setCursorPosition(0)
            if self.hasFocus():
                self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_back()
            self.clearFocus()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.selectAll()

    def event(self, event: QEvent) -> bool:
        # Where nothing is being typed, undo is the canvas's and not the line's.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.text() == self._kept
            and any(
                event.matches(key)
                for key in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            )
        ):
            event.ignore()
            return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._prefix:
            colours = self._look.theme.colours
            painter = QPainter(self)
            painter.setFont(self._prefix_font())
            painter.setPen(colours.text_second if self.isEnabled() else colours.text_off)
            rect = QRectF(self._look.theme.space.s + 1, 0, self.width(), self.height())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self._prefix)

    def _prefix_font(self) -> QFont:
        return self._look.theme.font(self._look.theme.type.label)

    def _finish(self) -> None:
        if self.text() != self._kept:
            self.edited.emit(self.text())


class NameField(PanelField):
    """A name; spaces at its ends go."""

    taken = Signal(str)

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__(look, name, words)
        self.setMaxLength(200)
        self.edited.connect(self._take)

    def _take(self, text: str) -> None:
        name = " ".join(text.split())
        self.keep(name)
        self.taken.emit(name)
