"""The page for when the data folder cannot be opened: why, what is kept, what can be done."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.errors import Problem
from kupuri_desktop.ui.notices import as_text
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label

_WIDTH = 520


class TroublePage(QWidget):
    """Fills the window in place of home until the folder opens or the person leaves."""

    again_asked = Signal()
    leave_asked = Signal()

    def __init__(self, look: Look, problem: Problem, folder: str) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("trouble_page")
        self.setAccessibleName(problem.message)
        space = look.theme.space
        column = QVBoxLayout()
        column.setSpacing(space.s)
        column.addSpacing(72)
        column.addWidget(label(problem.message, size="title", weight="strong", wrap=True))
        more = " ".join(part for part in (problem.hint, problem.kept) if part)
        if more:
            column.addWidget(label(more, tone="second", wrap=True, name="trouble_more"))
        column.addWidget(label(f"Data folder: {folder}", tone="third", size="label", wrap=True))
        column.addSpacing(space.m)
        row = QHBoxLayout()
        row.setSpacing(space.s)
        again = PillButton(look, "trouble_again", "Try again", kind="primary")
        again.clicked.connect(self.again_asked)
        show = PillButton(look, "trouble_folder", "Open the folder", "folder-open")
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(folder)))
        copy = PillButton(look, "trouble_copy", "Copy details", "copy", kind="quiet")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(as_text(problem)))
        leave = PillButton(look, "trouble_leave", "Quit", kind="quiet")
        leave.clicked.connect(self.leave_asked)
        for button in (again, show, copy, leave):
            row.addWidget(button)
        row.addStretch()
        column.addLayout(row)
        inside = QWidget()
        inside.setLayout(column)
        inside.setMaximumWidth(_WIDTH)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inside, 1000)
        across.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(3)
        self._inside = inside

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.canvas)
        corner = QPointF(self._inside.pos()) + QPointF(theme.space.m, theme.space.s)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.error_soft)
        painter.drawEllipse(QRectF(corner, corner + QPointF(52, 52)))
        sign = self._look.pixmap("hard-drive", 24, colours.error_text, self.devicePixelRatioF())
        painter.drawPixmap(corner + QPointF(14, 14), sign)
