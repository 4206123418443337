"""The ground of a panel, and the column in which panels stand over each other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.labels import label

WIDTH = 272
"""Logical pixels."""

_HEAD = 40


class Panel(QWidget):
    """A titled ground; what a panel shows goes into `column`."""

    close_asked = Signal()

    def __init__(self, look: Look, name: str, title: str) -> None:
        super().__init__()
        self._look = look
        self.setObjectName(name)
        self.setAccessibleName(title)
        make_region(self)
        self.setMinimumHeight(140)
        space = look.theme.space
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 0, 0, 0)
        self.column.setSpacing(0)
        self.head = QWidget()
        self.head.setFixedHeight(_HEAD)
        row = QHBoxLayout(self.head)
        row.setContentsMargins(space.m, 0, space.s - 2, 0)
        row.setSpacing(2)
        row.addWidget(label(title, weight="strong"))
        row.addStretch(1)
        close = IconButton(look, f"{name}_close", "x", f"Close {title.lower()}", size=26)
        close.clicked.connect(self.close_asked)
        row.addWidget(close)
        self.column.addWidget(self.head)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(0, 0, 1, self.height(), colours.hairline)


class PanelColumn(QSplitter):
    """Panels of one width over each other; without an open panel there is no column."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setObjectName("panels")
        self.setAccessibleName("Panels")
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.setFixedWidth(WIDTH)
        self._panels: list[Panel] = []
        self.hide()

    def add(self, panel: Panel, place: int) -> None:
        """Takes a panel in, closed. place: from the top."""
        panel.hide()
        self.insertWidget(place, panel)
        self._panels.append(panel)

    def open(self, panel: Panel, is_open: bool) -> None:
        """Opens or closes a panel."""
        panel.setVisible(is_open)
        self.setVisible(any(not each.isHidden() for each in self._panels))
