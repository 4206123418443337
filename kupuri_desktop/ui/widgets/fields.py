"""Fields to type into and to switch: search, a switch, a choice of few."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.motion import Glide
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring, mix


class SearchField(QLineEdit):
    """A line with a magnifying glass; Escape empties it first, then leaves it."""

    def __init__(self, look: Look, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        describe(self, name, words)
        self.setToolTip("")
        self.setPlaceholderText(words)
        self.setClearButtonEnabled(False)
        self.setTextMargins(look.theme.icon.small + look.theme.space.xs, 0, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = self._look.theme
        painter = QPainter(self)
        pixmap = self._look.pixmap(
            "search", theme.icon.small, theme.colours.text_third, self.devicePixelRatioF()
        )
        painter.drawPixmap(QPointF(theme.space.s, (self.height() - theme.icon.small) / 2), pixmap)


class Choice(QComboBox):
    """One of many, in a list that drops down."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = self._look.theme
        size = theme.icon.small
        pixmap = self._look.pixmap(
            "chevron-down", size, theme.colours.text_third, self.devicePixelRatioF()
        )
        at = QPointF(self.width() - size - theme.space.s, (self.height() - size) / 2)
        QPainter(self).drawPixmap(at, pixmap)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the page must not change a setting on the way.
        event.ignore()


class Switch(PaintedButton):
    """On or off, at once."""

    def __init__(
        self, look: Look, name: str, words: str, on: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._slide = Glide(self, look)
        self.setCheckable(True)
        self.setChecked(on)
        self._slide.to(float(on))
        self.toggled.connect(lambda checked: self._slide.to(float(checked)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        describe(self, name, words)

    def put(self, on: bool, mixed: bool = False) -> None:
        """Shows that it is on or off; between the two where it is on for some."""
        self.setChecked(on and not mixed)
        self._slide.to(0.5 if mixed else float(on))
        self.setAccessibleDescription("Mixed" if mixed else "")

    def sizeHint(self) -> QSize:
        return QSize(40, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        track = QRectF(2, 2, self.width() - 4, self.height() - 4)
        off = mix(colours.pressed, colours.off, 0.35 + 0.3 * self._hover.value)
        on = mix(colours.accent_fill, colours.accent_hover, self._hover.value)
        fill_round(painter, track, track.height() / 2, mix(off, on, self._slide.value))
        radius = track.height() / 2 - 2.5
        travel = track.width() - 2 * (radius + 2.5)
        centre = QPointF(
            track.left() + radius + 2.5 + travel * self._slide.value, track.center().y()
        )
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawEllipse(centre, radius, radius)
        if self.shows_ring():
            focus_ring(painter, QRectF(self.rect()), self.height() / 2, theme)


class Segmented(QWidget):
    """One of a few, all in sight; the arrow keys move the choice.

    options: (value, words) in order.
    """

    chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        name: str,
        words: str,
        options: Sequence[tuple[str, str]],
        value: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._options = tuple(options)
        self._value = value
        self._hot = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        describe(self, name, words)
        self.setToolTip("")
        self._speak()

    @property
    def value(self) -> str:
        """The value chosen now."""
        return self._value

    def choose(self, value: str) -> None:
        """Choose without telling anybody; what is no option shows that there are several."""
        self._value = value
        self._speak()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        widest = max(metrics.horizontalAdvance(words) for _, words in self._options)
        cell = widest + 2 * self._look.theme.space.m
        return QSize(cell * len(self._options) + 4, self._look.theme.size.control)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self._take(max(0, min(self._index() + step, len(self._options) - 1)))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._take(self._at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hot = self._at(event.position().x())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hot = -1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        whole = QRectF(self.rect())
        fill_round(painter, whole, theme.radius.control, colours.well, colours.hairline)
        painter.setFont(self._font())
        width = (whole.width() - 4) / len(self._options)
        for index, (value, words) in enumerate(self._options):
            cell = QRectF(2 + index * width, 2, width, whole.height() - 4)
            chosen = value == self._value
            if chosen:
                ground = colours.pressed if theme.dark else colours.surface
                line = None if theme.dark else colours.field_line
                fill_round(painter, cell, theme.radius.control - 1, ground, line)
            ink = colours.text if chosen or index == self._hot else colours.text_second
            painter.setPen(ink)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, words)
        if self.hasFocus():
            focus_ring(painter, whole, theme.radius.control, theme)

    def _font(self) -> QFont:
        theme = self._look.theme
        return theme.font(theme.type.label, QFont.Weight.Medium)

    def _index(self) -> int:
        values = [value for value, _ in self._options]
        return values.index(self._value) if self._value in values else -1

    def _at(self, x: float) -> int:
        cell = self.width() / len(self._options)
        return max(0, min(int(x / cell), len(self._options) - 1))

    def _take(self, index: int) -> None:
        value = self._options[index][0]
        if value != self._value:
            self.choose(value)
            self.chosen.emit(value)

    def _speak(self) -> None:
        words = dict(self._options).get(self._value, "")
        self.setAccessibleDescription(words)
