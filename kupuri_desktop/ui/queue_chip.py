"""The queue chip: how many images are in the making, and a list of them with stop buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.chip import Chip, Level
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label
from kupuri_desktop.ui.widgets.paint import across, fill_round
from kupuri_desktop.ui.widgets.popover import Popover


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One image in the making; fraction 0 to 1, waiting ones have not begun."""

    job: str
    words: str
    fraction: float
    waiting: bool
    note: str = ""


def queue_words(lines: Sequence[QueueLine]) -> str:
    """How many run and how many wait."""
    waiting = sum(line.waiting for line in lines)
    running = len(lines) - waiting
    parts = [f"{running} running"] if running else []
    if waiting:
        parts.append(f"{waiting} waiting")
    return " · ".join(parts)


class QueueChip(Chip):
    """Not there while nothing runs; a click lists what does."""

    stop_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "queue_chip", "", Level.STARTING)
        self._lines: tuple[QueueLine, ...] = ()
        self._rows: dict[str, _Row] = {}
        self._list = Popover(look, "queue_popover", "Images in the making", self, width=320)
        self._list.belong_to(self)
        space = look.theme.space
        self._list.body.setContentsMargins(space.l, space.m, space.s, space.m)
        self._list.body.setSpacing(space.xs)
        heading = label("In the making", tone="third", size="label", weight="medium")
        self._list.body.addWidget(heading)
        self.clicked.connect(lambda: self._list.toggle_at(self))
        self.hide()

    def show_lines(self, lines: Sequence[QueueLine]) -> None:
        """Show what runs and waits now."""
        self._lines = tuple(lines)
        self.setVisible(bool(lines))
        if not lines:
            self._list.close_()
        else:
            self.show_state(queue_words(lines), Level.STARTING, "images in the making")
        self._refresh()

    def _refresh(self) -> None:
        there = {line.job for line in self._lines}
        for job in [job for job in self._rows if job not in there]:
            row = self._rows.pop(job)
            row.hide()
            row.deleteLater()
        for line in self._lines:
            if line.job not in self._rows:
                row = self._rows[line.job] = _Row(self._look, line.job)
                row.stop_asked.connect(self.stop_asked)
                self._list.body.addWidget(row)
            self._rows[line.job].show_line(line)


class _Row(QWidget):
    stop_asked = Signal(str)

    def __init__(self, look: Look, job: str) -> None:
        super().__init__()
        self.setObjectName(f"queue_row_{job}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(look.theme.space.s)
        column = QVBoxLayout()
        column.setSpacing(5)
        head = QHBoxLayout()
        self._words = ElidedLabel(look)
        self._state = label("", tone="second", size="label")
        self._state.setFont(look.theme.font(look.theme.type.label, tabular=True))
        head.addWidget(self._words, 1)
        head.addWidget(self._state)
        self._bar = _Bar(look)
        column.addLayout(head)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        stop = IconButton(look, "queue_stop", "x", "Stop this image", size=28)
        stop.clicked.connect(lambda: self.stop_asked.emit(job))
        row.addWidget(stop)

    def show_line(self, line: QueueLine) -> None:
        self._words.set_words(line.words)
        state = "Waiting" if line.waiting else f"{round(line.fraction * 100)} %"
        self._state.setText(line.note or state)
        self._bar.show_fraction(0.0 if line.waiting else line.fraction)


class _Bar(QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._fraction = 0.0
        self.setFixedHeight(4)

    def show_fraction(self, fraction: float) -> None:
        self._fraction = fraction
        self.setAccessibleName(f"{round(fraction * 100)} per cent")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 2, theme.colours.pressed)
        if self._fraction > 0:
            done = QRectF(0, 0, max(4.0, rect.width() * self._fraction), rect.height())
            fill_round(painter, done, 2, across(rect, theme.gradient))
