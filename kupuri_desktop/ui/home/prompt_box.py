"""The big box for a wish, and examples that fill it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kupuri_desktop.ui.drops import files_in
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.motion import Glide
from kupuri_desktop.ui.widgets.paint import across, fill_round, mix, soft_shadow

_LINES = (2, 8)
_SHADOW = 18


class WelcomeLine(QWidget):
    """The one line in the gradient."""

    def __init__(self, look: Look, words: str) -> None:
        super().__init__()
        self._look = look
        self._words = words
        self.setObjectName("welcome_line")
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(300, round(self._look.theme.type.welcome * 1.4))

    def _font(self) -> QFont:
        theme = self._look.theme
        font = theme.font(theme.type.welcome, QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 97)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._font()
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(self._words)
        if width > self.width():
            font.setPixelSize(max(20, int(font.pixelSize() * self.width() / width)))
            painter.setFont(font)
            width = painter.fontMetrics().horizontalAdvance(self._words)
        written = QRectF((self.width() - width) / 2, 0, width, self.height())
        gradient = across(written, self._look.theme.palette.welcome)
        painter.setPen(QPen(QBrush(gradient), 1))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)


class PromptBox(QWidget):
    """A wish of one to eight lines. Enter sends, Shift+Enter makes a new line.

    The row below the words has room for what the window puts there (the model chips).
    """

    submitted = Signal(str)

    def __init__(self, look: Look, placeholder: str) -> None:
        super().__init__()
        self._look = look
        self._glow = Glide(self, look)
        self.setObjectName("prompt_box")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(
            _SHADOW + space.l, _SHADOW + space.m, _SHADOW + space.s, _SHADOW + space.s
        )
        column.setSpacing(space.xs)
        self.field = _Field()
        self.field.setObjectName("prompt_field")
        self.field.setAccessibleName("What shall be made")
        self.field.setPlaceholderText(placeholder)
        self.field.setProperty("bare", True)
        self.field.setFrameShape(QFrame.Shape.NoFrame)
        self.field.setFont(look.theme.font(look.theme.type.chat))
        self.field.setTabChangesFocus(True)
        self.field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.field.document().setDocumentMargin(2)
        self.field.viewport().setAutoFillBackground(False)
        self.field.textChanged.connect(self._grow)
        self.field.installEventFilter(self)
        column.addWidget(self.field)
        self.row = QHBoxLayout()
        self.row.setSpacing(space.xs)
        self.row.addStretch()
        self._send = IconButton(
            look, "prompt_send", "arrow-up", "Make it", "Enter", size=34, icon_size=20, primary=True
        )
        self._send.clicked.connect(self._submit)
        self.row.addWidget(self._send)
        column.addLayout(self.row)
        self._grow()

    def set_words(self, words: str) -> None:
        """Put words into the box and the cursor behind them."""
        self.field.setPlainText(words)
        cursor = self.field.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.field.setTextCursor(cursor)
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if isinstance(event, QFocusEvent):
                self._glow.to(1.0 if event.gotFocus() else 0.0)
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                    self._submit()
                    return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        soft_shadow(painter, box, theme.radius.bar, colours.shadow, spread=14, drop=4)
        line = mix(colours.field_line, colours.accent, self._glow.value)
        fill_round(painter, box, theme.radius.bar, colours.surface, line)

    def _submit(self) -> None:
        words = self.field.toPlainText().strip()
        if words:
            self.field.clear()
            self.submitted.emit(words)

    def _grow(self) -> None:
        words = self.field.toPlainText()
        self._send.setEnabled(bool(words.strip()))
        line = self.field.fontMetrics().lineSpacing()
        count = int(self.field.document().size().height()) if words else 1
        lines = max(_LINES[0], min(count, _LINES[1]))
        self.field.setFixedHeight(lines * line + 8)


class _Field(QPlainTextEdit):
    """Leaves files to what it lies on: their addresses are no wish."""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not files_in(source) and super().canInsertFromMimeData(source)


class Examples(QWidget):
    """A row of wishes to click; those that do not fit are not shown."""

    chosen = Signal(str)

    def __init__(self, look: Look, wishes: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("examples")
        self._buttons: list[PillButton] = []
        for index, (words, wish) in enumerate(wishes):
            button = PillButton(look, f"example_{index}", words, round_=True)
            button.setParent(self)
            button.setToolTip(wish)
            button.clicked.connect(lambda _=False, wish=wish: self.chosen.emit(wish))
            self._buttons.append(button)
        self.setFixedHeight(look.theme.size.control)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        gap = self._look.theme.space.s
        shown: list[PillButton] = []
        used = 0
        for button in self._buttons:
            needed = button.sizeHint().width() + (gap if shown else 0)
            fits = used + needed <= self.width()
            button.setVisible(fits)
            if fits:
                shown.append(button)
                used += needed
        x = (self.width() - used) // 2
        for button in shown:
            width = button.sizeHint().width()
            button.setGeometry(x, 0, width, self.height())
            x += width + gap
