"""What was deleted from the open project, on a card over its canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.trash import Trashed
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trash.rows import TrashList
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.popover import Popover
from kupuri_desktop.ui.widgets.thumbnails import Source

_WIDTH, _HEIGHT = 520, 380
NOTHING = "Nothing was deleted from this project in the last 30 days."


class TrashPanel(Popover):
    """Says what is to come back; the card stays open, for there may be more to have back."""

    restore_asked = Signal(list)
    delete_asked = Signal(list)
    page_asked = Signal()
    """The trash of all projects."""

    def __init__(self, look: Look, tasks: Tasks, source: Source, owner: QWidget) -> None:
        super().__init__(look, "trash_panel", "Deleted from this project", owner, width=_WIDTH)
        space = look.theme.space
        self.list = TrashList(look, tasks, source, "project_trash", with_project=False)
        self.list.restore_asked.connect(self.restore_asked)
        self.list.delete_asked.connect(self.delete_asked)
        self._nothing = label(NOTHING, tone="second", wrap=True, name="project_trash_empty")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.setContentsMargins(space.m, space.m, space.m, space.m)
        self.body.setSpacing(space.s)
        self.body.addWidget(label("Deleted from this project", weight="strong"))
        inside = QWidget()
        inside.setFixedHeight(_HEIGHT)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addWidget(self._nothing, 1)
        self.body.addWidget(inside)
        row = QHBoxLayout()
        row.setSpacing(space.s)
        page = PillButton(look, "trash_of_all", "Trash of all projects", "trash-2", kind="quiet")
        page.clicked.connect(self._go)
        self._restore = PillButton(
            look, "project_trash_restore", "Restore", "archive-restore", kind="primary"
        )
        self._restore.clicked.connect(lambda: self.restore_asked.emit(self.list.chosen()))
        self.list.selection_told.connect(lambda count: self._restore.setEnabled(count > 0))
        row.addWidget(page)
        row.addStretch()
        row.addWidget(self._restore)
        self.body.addLayout(row)
        self.show_entries([])

    def open_over(self, window: QWidget) -> None:
        """Open at the right of `window`: what comes back is seen on the canvas beside it."""
        self.open_at(window, self.list)
        self._place()

    def show_entries(self, entries: Sequence[Trashed]) -> None:
        """Show the chats and items of one project, the latest first."""
        self.list.show_entries(entries)
        self.list.setVisible(bool(entries))
        self._nothing.setVisible(not entries)

    def _go(self) -> None:
        self.close_()
        self.page_asked.emit()

    def _place(self) -> None:
        self._lie_over_the_window(self._look.theme.size.bar, right=True)
