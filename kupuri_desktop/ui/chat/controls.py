"""The small controls that only the chat has: copying, and a line that opens and folds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look, Theme
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix


def draw_focus(painter: QPainter, rect: QRectF, theme: Theme, radius: float) -> None:
    """The ring around what the keyboard speaks to."""
    focus_ring(painter, rect, radius, theme)


class CopyButton(IconButton):
    """Copies a text, and shows that it did until the pointer or the keyboard leaves."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, what: str) -> None:
        super().__init__(
            look, f"copy_{what}", "copy", f"Copy {what}", size=24, icon_size=14, parent=parent
        )
        self.text_wanted: Callable[[], str] = str
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text_wanted())
        self.set_icon("check")

    def leaveEvent(self, event: QEvent) -> None:
        self.set_icon("copy")
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.set_icon("copy")
        super().focusOutEvent(event)


class FoldLine(PaintedButton):
    """An icon, a word, the first line of what is folded away, and an arrow that says so."""

    def __init__(self, look: Look, name: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._icon = icon
        self._line = ""
        self.setObjectName(name)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str, line: str) -> None:
        """`words` says what it is; `line` is the beginning of what is inside."""
        if (words, line) == (self.text(), self._line):
            return
        self.setText(words)
        self._line = line
        self.setAccessibleName(f"{words}: {line}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        fill_round(painter, rect.adjusted(-6, 0, 6, 0), theme.radius.control, ground)
        ink = mix(colours.text_second, colours.text, self._hover.value)
        dpr = self.devicePixelRatioF()
        middle = int((self.height() - 14) / 2)
        painter.drawPixmap(0, middle, self._look.pixmap(self._icon, 14, ink, dpr))
        arrow = "chevron-down" if self.isChecked() else "chevron-right"
        painter.drawPixmap(self.width() - 14, middle, self._look.pixmap(arrow, 14, ink, dpr))
        centred = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font(theme.type.body, theme.font().Weight.Medium))
        painter.setPen(ink)
        words = painter.fontMetrics().horizontalAdvance(self.text())
        painter.drawText(QRectF(22, 0, words + 2, self.height()), centred, self.text())
        if self._line and not self.isChecked():
            room = QRectF(22 + words + 8, 0, self.width() - words - 52, self.height())
            painter.setFont(theme.font(theme.type.body))
            painter.setPen(colours.text_third)
            line = painter.fontMetrics().elidedText(
                self._line, Qt.TextElideMode.ElideRight, int(room.width())
            )
            painter.drawText(room, centred, line)
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)
