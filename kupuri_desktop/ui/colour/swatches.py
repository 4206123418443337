"""Rows of small colours to choose from; those that somebody saved can be put in order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QToolTip, QWidget

from kupuri_desktop.core.colours import colour_in
from kupuri_desktop.core.palette import SavedColour
from kupuri_desktop.ui.colour.brush import swatch
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import focus_ring

EDGE, GAP, COLUMNS = 22, 5, 9

_PAD = 2
"""Room for the ring around a colour at the edge."""


class Swatches(QWidget):
    """A grid of colours. Arrow keys go about in it, Enter takes one.

    ordered: they are somebody's own. Dragging and Alt with the arrow keys move them, F2 renames,
    Delete removes; the menu has it all.
    """

    chosen = Signal(str)
    moved = Signal(str, int)
    """A colour, and its place among the others."""

    removed = Signal(str)
    rename_asked = Signal(str)

    def __init__(self, look: Look, name: str, words: str, *, ordered: bool = False) -> None:
        super().__init__()
        self._look = look
        self._ordered = ordered
        self._shown: tuple[SavedColour, ...] = ()
        self._current = 0
        self._pressed: int | None = None
        self._start = QPoint()
        self._drop: int | None = None
        self.marked: str | None = None
        describe(self, name, words)
        self.setToolTip("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def shown(self) -> tuple[SavedColour, ...]:
        return self._shown

    def put(self, colours: Sequence[SavedColour], marked: str | None = None) -> None:
        """Shows colours; `marked` is the one that is chosen now."""
        self._shown = tuple(colours)
        self.marked = marked
        self._current = min(self._current, max(len(self._shown) - 1, 0))
        self._speak()
        self.setFixedSize(self.sizeHint())
        self.update()

    def centre(self, index: int) -> QPoint:
        """The middle of a colour, in the widget's coordinates."""
        return self._cell(index).center().toPoint()

    def sizeHint(self) -> QSize:
        columns = max(1, min(len(self._shown), COLUMNS))
        rows = max(1, -(-len(self._shown) // COLUMNS))
        return QSize(*(n * (EDGE + GAP) - GAP + 2 * _PAD for n in (columns, rows)))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(event.pos())
            words = "" if at is None else self._shown[at].words
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self._pressed, self._start, self._current = at, event.position().toPoint(), at
            self._speak()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not self._ordered:
            return
        far = (event.position().toPoint() - self._start).manhattanLength()
        if self._drop is not None or far >= QApplication.startDragDistance():
            self._drop = self._place_at(event.position().toPoint())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        drop, self._drop = self._drop, None
        self.unsetCursor()
        if pressed is None:
            return
        if drop is not None:
            self._move(pressed, drop if drop <= pressed else drop - 1)
        elif self._at(event.position().toPoint()) == pressed:
            self.chosen.emit(self._shown[pressed].colour)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._shown:
            super().keyPressEvent(event)
            return
        here = self._shown[self._current].colour
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -COLUMNS,
            Qt.Key.Key_Down: COLUMNS,
        }
        key = Qt.Key(event.key())
        if key in steps:
            place = min(max(self._current + steps[key], 0), len(self._shown) - 1)
            if self._ordered and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move(self._current, place)
            self._current = place
            self._speak()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(here)
        elif self._ordered and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(here)
        elif self._ordered and key == Qt.Key.Key_F2:
            self.rename_asked.emit(here)
        elif key == Qt.Key.Key_Escape and self._drop is not None:
            self._pressed = self._drop = None
            self.unsetCursor()
            self.update()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self._current if by_key else self._at(event.pos())
        if at is None or at >= len(self._shown):
            return
        colour = self._shown[at].colour
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        copy = menu.addAction("Copy")
        copy.triggered.connect(lambda: QApplication.clipboard().setText(colour))
        if self._ordered:
            menu.addAction("Rename…").triggered.connect(lambda: self.rename_asked.emit(colour))
            menu.addAction("Remove").triggered.connect(lambda: self.removed.emit(colour))
        menu.popup(self.mapToGlobal(self.centre(at)) if by_key else event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        for index, each in enumerate(self._shown):
            painter.setOpacity(0.35 if self._drop is not None and index == self._pressed else 1.0)
            cell = self._cell(index)
            swatch(painter, cell, theme.radius.control - 1, colour_in(each.colour), theme)
            if each.colour == self.marked:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colours.text, 1.5))
                painter.drawRoundedRect(cell.adjusted(-1.5, -1.5, 1.5, 1.5), 6, 6)
            if self.hasFocus() and index == self._current:
                focus_ring(painter, cell.adjusted(-2, -2, 2, 2), theme.radius.control + 1, theme)
        if self._drop is not None:
            painter.setOpacity(1)
            cell = self._cell(min(self._drop, len(self._shown)))
            line = QRectF(cell.left() - GAP / 2 - 1, cell.top(), 2, cell.height())
            painter.fillRect(line, theme.colours.accent)

    def _move(self, index: int, place: int) -> None:
        if place != index:
            self._current = place
            self.moved.emit(self._shown[index].colour, place)

    def _cell(self, index: int) -> QRectF:
        row, column = divmod(index, COLUMNS)
        return QRectF(_PAD + column * (EDGE + GAP), _PAD + row * (EDGE + GAP), EDGE, EDGE)

    def _at(self, point: QPoint) -> int | None:
        for index in range(len(self._shown)):
            if self._cell(index).contains(point):
                return index
        return None

    def _place_at(self, point: QPoint) -> int:
        """Between which two a colour would be let go."""
        row = min(max(point.y() // (EDGE + GAP), 0), (len(self._shown) - 1) // COLUMNS)
        column = min(max(round(point.x() / (EDGE + GAP)), 0), COLUMNS)
        return min(row * COLUMNS + column, len(self._shown))

    def _speak(self) -> None:
        if self._shown:
            here = self._shown[self._current]
            self.setAccessibleDescription(
                f"{here.words}, {self._current + 1} of {len(self._shown)}"
            )
        else:
            self.setAccessibleDescription("None yet")
