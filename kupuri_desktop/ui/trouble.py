"""The page for when the data folder is not open: why, what is kept, what can be done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kupuri_desktop.core.errors import KupuriError, Mend, Problem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.failures import KEPT
from kupuri_desktop.storage.newer import look_at_newer
from kupuri_desktop.ui.mending import choose_folder, open_folder
from kupuri_desktop.ui.newer import NewerFacts
from kupuri_desktop.ui.notices import as_text
from kupuri_desktop.ui.settings.backups import BackupList
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.card import Card
from kupuri_desktop.ui.widgets.labels import label

_WIDTH = 640
_SIGN = 72


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
        column.addSpacing(_SIGN)
        self._message = label(
            problem.message, size="title", weight="strong", wrap=True, name="trouble_message"
        )
        column.addWidget(self._message)
        # Nothing is open, so nothing waits in memory.
        kept = problem.kept if problem.kept != KEPT else ""
        more = " ".join(part for part in (problem.hint, kept) if part)
        self._more = label(more, tone="second", wrap=True, name="trouble_more")
        self._more.setVisible(bool(more))
        column.addWidget(self._more)
        column.addWidget(label(f"Data folder: {folder}", tone="third", size="label", wrap=True))
        column.addSpacing(space.m)
        self.choices = QVBoxLayout()
        self.choices.setSpacing(space.s)
        column.addLayout(self.choices)
        row = QHBoxLayout()
        row.setSpacing(space.s)
        other = problem.kind == "DatabaseNewer" or (
            problem.action is not None and problem.action.mend is Mend.CHOOSE_DATA_FOLDER
        )
        if other:
            choose = PillButton(look, "trouble_choose", "Choose another folder", kind="primary")
            choose.clicked.connect(lambda: choose_folder(self, self.leave_asked.emit))
            row.addWidget(choose)
        self.again = PillButton(
            look, "trouble_again", "Try again", kind="plain" if other else "primary"
        )
        self.again.clicked.connect(self.again_asked)
        show = PillButton(look, "trouble_folder", "Open the folder", "folder-open")
        show.clicked.connect(lambda: open_folder(folder))
        copy = PillButton(look, "trouble_copy", "Copy details", "copy", kind="quiet")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(as_text(problem)))
        leave = PillButton(look, "trouble_leave", "Quit", kind="quiet")
        leave.clicked.connect(self.leave_asked)
        self.buttons = [self.again, show, copy, leave]
        for button in self.buttons:
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
        outer.addLayout(across, 10)
        outer.addStretch(3)
        self._inside = inside

    def say(self, message: str, more: str = "") -> None:
        """Tell how it goes, or how it went."""
        self._message.setText(message)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(message)

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


class TroubleRoom(QWidget):
    """Offers the backups and the salvage, where the problem is mended by them, and does it.

    Nothing is open meanwhile. restore: the id of a backup to go back to at once.
    """

    again_asked = Signal()
    leave_asked = Signal()

    def __init__(
        self, look: Look, problem: Problem, folder: DataFolder, tasks: Tasks, restore: str = ""
    ) -> None:
        self.page = TroublePage(look, problem, str(folder.root))
        super().__init__(self.page)
        self.hide()
        self._look = look
        self._folder = folder
        self._tasks = tasks
        self._work: asyncio.Task[Any] | None = None
        self.page.again_asked.connect(self.again_asked)
        self.page.leave_asked.connect(self.leave_asked)
        self._choices: list[QWidget] = []
        action = problem.action
        if action is not None and action.mend is Mend.RESTORE_BACKUP:
            self._offer(damaged=problem.kind == "DatabaseDamaged")
        if problem.kind == "DatabaseNewer":
            self._tasks.spawn(self._tell_of_newer(), self, name="look at newer data")
        if restore:
            self._restore(restore)

    async def aclose(self) -> None:
        """Waits for what is being done to the folder: its end must not be overtaken."""
        if self._work is not None and not self._work.done():
            await asyncio.wait([self._work])

    def _offer(self, damaged: bool) -> None:
        self._add_backups()
        self.page.again.setText("Try again" if damaged else "Go back to the present state")
        if damaged:
            save = PillButton(self._look, "trouble_salvage", "Save all that can still be read")
            save.clicked.connect(self._salvage)
            self._add(save)
        self._tasks.spawn(self._list(), self, name="list backups")

    def _add_backups(self) -> None:
        card = Card(self._look, "trouble_backups")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        self.list = BackupList(self._look)
        self.list.restore_asked.connect(self._restore)
        self.list.verify_asked.connect(
            lambda key: self._tasks.spawn(self._verify(key), self, name="verify a backup")
        )
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.list)
        scroll.setMinimumHeight(180)
        inside.addWidget(scroll)
        self._add(card)

    async def _tell_of_newer(self) -> None:
        newer = await look_at_newer(self._folder)
        facts = NewerFacts(self._look, newer)
        # A small window scrolls what is to be read, and keeps its buttons in sight.
        around = QScrollArea()
        around.setFrameShape(QFrame.Shape.NoFrame)
        around.setWidgetResizable(True)
        around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around.setWidget(facts)
        around.setMinimumHeight(96)
        around.setMaximumHeight(facts.heightForWidth(_WIDTH))
        self._add(around)
        if newer.backups:
            self._add_backups()
            self.list.show_backups(newer.backups)

    def _add(self, widget: QWidget) -> None:
        self._choices.append(widget)
        self.page.choices.addWidget(widget)

    async def _list(self) -> None:
        from kupuri_desktop.storage.backups import Backups

        self.list.show_backups(await Backups(self._folder).list())

    async def _verify(self, key: str) -> None:
        from kupuri_desktop.storage.backups import Backups

        self.list.show_report(await Backups(self._folder).verify(key))

    def _restore(self, key: str) -> None:
        async def restore() -> None:
            from kupuri_desktop.storage.restoring import restore

            report = await restore(self._folder, key)
            before = "The state before is a backup now."
            if report.aside is not None:
                before = f"The file before is kept whole in {report.aside}."
            self._done("The backup is back.", before, "Images that were lost", report.lost)

        self._begin("Going back to the backup…", restore)

    def _salvage(self) -> None:
        async def salvage() -> None:
            from kupuri_desktop.storage.salvage import salvage

            report = await salvage(self._folder)
            count = sum(report.saved.values())
            more = f"{count} entries were saved. The damaged file is kept whole in {report.aside}."
            lost = [*report.lost, *report.altered]
            self._done("All that could be read is saved.", more, "What could not be read", lost)

        self._begin("Reading all that can be read…", salvage)

    def _begin(self, words: str, work: Callable[[], Awaitable[None]]) -> None:
        if self._work is not None and not self._work.done():
            return
        self.page.say(words, "This may take a while. Please do not switch the computer off.")
        self._show_choices(False)

        async def carry_out() -> None:
            await work()

        def fail(error: KupuriError) -> None:
            self.page.say(error.message, error.hint)
            self._show_choices(True)

        self._work = self._tasks.spawn(carry_out(), self, on_error=fail, name="recover")

    def _done(self, words: str, more: str, heading: str, lost: Sequence[str]) -> None:
        self.page.say(words, more)
        for button in self.page.buttons:
            button.setEnabled(True)
        self.page.again.setText("Open Kupuri")
        self.page.again.updateGeometry()
        if lost:
            self.page.choices.addWidget(label(f"{heading} ({len(lost)})", weight="medium"))
            text = QPlainTextEdit("\n".join(lost))
            text.setObjectName("trouble_lost")
            text.setAccessibleName(heading)
            text.setReadOnly(True)
            text.setMinimumHeight(140)
            self.page.choices.addWidget(text)
        else:
            self.page.choices.addWidget(label("Nothing was lost.", tone="ok", name="trouble_whole"))

    def _show_choices(self, shown: bool) -> None:
        for widget in self._choices:
            widget.setVisible(shown)
        for button in self.page.buttons:
            button.setEnabled(shown)
