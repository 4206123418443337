"""Tells a person what went wrong in the background: the notice bar, and the crash dialog."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kupuri_desktop.core.errors import Problem
from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round


def as_text(problem: Problem) -> str:
    """The whole problem as plain text, for the clipboard."""
    parts = (problem.message, problem.hint, problem.kept, problem.details)
    return "\n".join([f"{problem.kind}: {parts[0]}", *(part for part in parts[1:] if part)])


class NoticeBar(QWidget):
    """One problem at a time, the newest first; stays until it is mended or dismissed.

    The same problem again does not stand there twice. A mending button takes its problem off
    the bar: if the mending fails, the problem comes back by itself.
    """

    mend_chosen = Signal(object, object)
    """The Action, and the Problem that it is to mend."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._problems: list[Problem] = []
        self.setObjectName("notice_bar")
        self.setAccessibleName("Notice")
        make_region(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        space = look.theme.space
        row = QHBoxLayout(self)
        row.setContentsMargins(space.l, space.s + 2, space.s, space.s + 2)
        row.setSpacing(space.s)
        self._sign = QLabel()
        self._sign.setFixedSize(look.theme.icon.small, look.theme.icon.small)
        self._message = label("", weight="medium", name="notice_message")
        self._more = label("", tone="second", wrap=True, name="notice_more")
        self._more.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._count = label("", tone="third", size="label", name="notice_count")
        self._mend = PillButton(look, "notice_mend", "")
        self._copy = IconButton(look, "notice_copy", "copy", "Copy details")
        self._dismiss = IconButton(look, "notice_dismiss", "x", "Dismiss")
        row.addWidget(self._sign)
        row.addSpacing(space.xs)
        row.addWidget(self._message)
        row.addWidget(self._more, 1)
        for widget in (self._count, self._mend, self._copy, self._dismiss):
            row.addWidget(widget)
        self._mend.clicked.connect(self._on_mend)
        self._copy.clicked.connect(self._on_copy)
        self._dismiss.clicked.connect(self._drop)
        self.hide()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is not dismissed yet, the newest first."""
        return tuple(self._problems)

    def show_problem(self, problem: Problem) -> None:
        """Put a problem on the bar."""
        self._problems = [problem, *(old for old in self._problems if old != problem)]
        self._refresh()

    def withdraw(self, problem: Problem) -> None:
        """Take a problem off: it is mended."""
        self._problems = [old for old in self._problems if old != problem]
        self._refresh()

    def _refresh(self) -> None:
        if not self._problems:
            self.hide()
            return
        problem = self._problems[0]
        more = " ".join(part for part in (problem.hint, problem.kept) if part)
        self._message.setText(problem.message)
        self._more.setText(more)
        self._count.setText(f"1 of {len(self._problems)}")
        self._count.setVisible(len(self._problems) > 1)
        self._mend.setVisible(problem.action is not None)
        if problem.action is not None:
            self._mend.setText(problem.action.label)
            self._mend.setAccessibleName(problem.action.label)
            self._mend.updateGeometry()
        self.setAccessibleDescription(f"{problem.message} {more}")
        self._sign.setPixmap(
            self._look.pixmap(
                "triangle-alert",
                colour=self._look.theme.colours.error_text,
                dpr=self.devicePixelRatioF(),
            )
        )
        self.show()

    def _on_mend(self) -> None:
        problem = self._problems[0]
        self._drop()
        self.mend_chosen.emit(problem.action, problem)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._problems[0]))

    def _drop(self) -> None:
        self.withdraw(self._problems[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.fillRect(rect, colours.surface)
        painter.fillRect(rect, colours.error_soft)
        painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), colours.hairline)


class CrashDialog(QDialog):
    """For what nobody foresaw: says so, keeps the details at hand, lets the person go on.

    Show it with `open()`: `exec()` inside a task would stop the loop.
    """

    def __init__(
        self, look: Look, error: BaseException, parent: QWidget | None, leave: Callable[[], object]
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("crash_dialog")
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(QSize(560, 380))
        self.report = crash_report(error)
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.xl, space.xl, space.xl, space.l)
        column.setSpacing(space.m)
        column.addWidget(label("Something went wrong in Kupuri", size="title", weight="strong"))
        column.addWidget(
            label(
                "What the window shows as saved is saved. You can go on; if it happens again, "
                "these details help whoever mends it. They hold no prompts and no keys.",
                tone="second",
                wrap=True,
            )
        )
        details = QPlainTextEdit(self.report)
        details.setObjectName("crash_details")
        details.setAccessibleName("Details")
        details.setReadOnly(True)
        font = QFont(["JetBrains Mono", "DejaVu Sans Mono", "Menlo", "Consolas", "monospace"])
        font.setPixelSize(look.theme.type.label)
        details.setFont(font)
        column.addWidget(details, 1)
        row = QHBoxLayout()
        row.setSpacing(space.s)
        copy = PillButton(look, "crash_copy", "Copy details", "copy", kind="quiet")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        quit_ = PillButton(look, "crash_quit", "Close Kupuri")
        quit_.clicked.connect(leave)
        go_on = PillButton(look, "crash_continue", "Go on", kind="primary")
        go_on.clicked.connect(self.accept)
        row.addWidget(copy)
        row.addStretch()
        row.addWidget(quit_)
        row.addWidget(go_on)
        column.addLayout(row)
        go_on.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_round(QPainter(self), QRectF(self.rect()), 0, self._look.theme.colours.surface)


def crash_report(error: BaseException) -> str:
    """Where it happened and on what system: the stack's places, and no values.

    An exception's own words may carry a prompt or a key, so only its type is told.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {_file(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return "\n".join([type(error).__name__, *places, "", system])


def _file(name: str) -> str:
    """The end of a path, from the package on: what lies before it tells who and where one is."""
    parts = Path(name).parts
    for root in ("kupuri_desktop", "site-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) :])
    return parts[-1]
