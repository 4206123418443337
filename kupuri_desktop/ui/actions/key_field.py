"""The keys of an action as a button: clicked, it takes the next keys that are pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.labels import Keys
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
)
_ERASERS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_WAITING, _NONE = "Press keys…", "None"


class KeyField(PaintedButton):
    """Escape leaves the keys as they are; Backspace takes them away."""

    keys_chosen = Signal(str)
    """In Qt's portable text; empty for none."""

    # Qt sends events to a widget that is still being made.
    listening = False

    def __init__(self, look: Look, name: str, words: str, shortcut: str) -> None:
        super().__init__(look)
        self._shortcut = shortcut
        describe(self, name, f"Change the keys of {words}: {shortcut or 'none'}")
        self._keys = Keys(look, shortcut)
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 6, 3)
        row.addStretch()
        row.addWidget(self._keys)
        self.clicked.connect(self._listen)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        least = max(metrics.horizontalAdvance(_WAITING), self._keys.sizeHint().width())
        return QSize(least + 14, 26)

    def event(self, event: QEvent) -> bool:
        if self.listening and event.type() == QEvent.Type.ShortcutOverride:
            # What is pressed now is meant for this field, also if it is somebody's shortcut.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.listening:
            super().keyPressEvent(event)
            return
        key = event.key()
        if key in _MODIFIERS:
            return
        self._stop()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if key in _ERASERS and plain:
            self.keys_chosen.emit("")
        elif not (key == Qt.Key.Key_Escape and plain):
            keys = QKeySequence(event.keyCombination())
            self.keys_chosen.emit(keys.toString(QKeySequence.SequenceFormat.PortableText))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._stop()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        line = colours.accent if self.listening else None
        fill_round(painter, rect, theme.radius.control, ground, line)
        if self.listening or not self._shortcut:
            painter.setFont(theme.font(theme.type.label))
            painter.setPen(colours.accent_text if self.listening else colours.text_third)
            words = _WAITING if self.listening else _NONE
            inside = rect.adjusted(7, 0, -7, 0)
            painter.drawText(
                inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words
            )
        if self.shows_ring() and not self.listening:
            focus_ring(painter, rect, theme.radius.control, theme)

    def _listen(self) -> None:
        self.listening = True
        self._keys.hide()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.update()

    def _stop(self) -> None:
        self.listening = False
        self._keys.show()
        self.update()
