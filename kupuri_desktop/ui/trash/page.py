"""The trash of all projects as a page: what was deleted, found, restored, or ended for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.finding import marks
from kupuri_desktop.core.trash import TRASH_DAYS, Discarded, Trashed
from kupuri_desktop.ui.home.empty import Emptiness
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trash.rows import TrashList
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.fields import SearchField, Segmented
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.thumbnails import Source

_WIDEST = 960
_KEEPS = f"What you delete stays here for {TRASH_DAYS.days} days; then it goes for good."
EMPTY = f"The trash is empty. What you delete stays here for {TRASH_DAYS.days} days."


class Kinds(Enum):
    """What is shown of the trash."""

    ALL = "All"
    PROJECTS = "Projects"
    CHATS = "Chats"
    ITEMS = "Items"

    @property
    def discarded(self) -> Discarded | None:
        """The one kind of things that is meant; None for all."""
        return {
            Kinds.PROJECTS: Discarded.PROJECT,
            Kinds.CHATS: Discarded.SESSION,
            Kinds.ITEMS: Discarded.ITEM,
        }.get(self)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is asked of the trash. Every word of the search must be in the name or the project's."""

    kinds: Kinds = Kinds.ALL
    search: str = ""

    def of(self, entries: Sequence[Trashed]) -> list[Trashed]:
        """Those that fit, in their order."""
        words = self.search.split()
        wanted = self.kinds.discarded
        return [
            entry
            for entry in entries
            if (wanted is None or entry.kind is wanted)
            and all(marks(f"{entry.name} {entry.project_name}", [word]) for word in words)
        ]


class TrashPage(QWidget):
    """Shows what somebody gives it, and says what the person wants done."""

    restore_asked = Signal(list)
    delete_asked = Signal(list)
    empty_asked = Signal()

    def __init__(self, look: Look, tasks: Tasks, source: Source) -> None:
        super().__init__()
        self._look = look
        self._entries: tuple[Trashed, ...] | None = None
        self._sifted = Sifted()
        self.setObjectName("trash_page")
        self.setAccessibleName("Trash")
        self.setProperty("room", "canvas")
        space = look.theme.space
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addSpacing(space.xxl)
        self._column.addLayout(self._head())
        self._column.addSpacing(space.l)
        self._column.addLayout(self._bar())
        self._column.addSpacing(space.s)
        self.list = TrashList(look, tasks, source, "trash_list")
        self.list.restore_asked.connect(self.restore_asked)
        self.list.delete_asked.connect(self.delete_asked)
        self.list.selection_told.connect(self._show_selection)
        self._column.addWidget(self.list, 1)
        self._emptiness = Emptiness(look)
        self._emptiness.acted.connect(lambda: self.sift(Sifted()))
        self._column.addWidget(self._emptiness)
        self._rest = QWidget()
        self._column.addWidget(self._rest, 1)
        self._refresh()

    def show_entries(self, entries: Sequence[Trashed]) -> None:
        """Show these, the latest first; the choice of kinds and the search stay."""
        self._entries = tuple(entries)
        self._refresh()

    def sift(self, sifted: Sifted) -> None:
        """Show other kinds, or look for something."""
        self._sifted = sifted
        self._kinds.choose(sifted.kinds.value)
        if self._search.text() != sifted.search:
            self._search.setText(sifted.search)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(self._look.theme.space.xxl, (self.width() - _WIDEST) // 2)
        self._column.setContentsMargins(side, 0, side, self._look.theme.space.l)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(event.rect()), self._look.theme.colours.canvas)

    def _head(self) -> QHBoxLayout:
        look, space = self._look, self._look.theme.space
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(space.xs)
        words.addWidget(label("Trash", size="title", weight="strong"))
        words.addWidget(label(_KEEPS, tone="second", name="trash_words"))
        row.addLayout(words, 1)
        self._empty = PillButton(look, "trash_empty", "Empty trash…", "trash-2")
        self._empty.clicked.connect(self.empty_asked)
        row.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _bar(self) -> QHBoxLayout:
        look, space = self._look, self._look.theme.space
        row = QHBoxLayout()
        row.setSpacing(space.s)
        kinds = [(kind.value, kind.value) for kind in Kinds]
        self._kinds = Segmented(look, "trash_kinds", "What to show", kinds, Kinds.ALL.value)
        self._kinds.chosen.connect(
            lambda value: self.sift(Sifted(Kinds(value), self._sifted.search))
        )
        self._search = SearchField(look, "trash_search", "Search the trash")
        self._search.setMaximumWidth(240)
        self._search.textChanged.connect(lambda text: self.sift(Sifted(self._sifted.kinds, text)))
        self._selected = label("", tone="second", name="trash_selected")
        self._restore = PillButton(look, "trash_restore", "Restore", "archive-restore")
        self._restore.clicked.connect(lambda: self.restore_asked.emit(self.list.chosen()))
        self._delete = PillButton(look, "trash_delete", "Delete forever…", kind="danger")
        self._delete.clicked.connect(lambda: self.delete_asked.emit(self.list.chosen()))
        row.addWidget(self._kinds)
        row.addStretch()
        row.addWidget(self._selected)
        row.addWidget(self._restore)
        row.addWidget(self._delete)
        row.addWidget(self._search, 1)
        return row

    def _refresh(self) -> None:
        everything = self._entries or ()
        shown = self._sifted.of(everything)
        had_keyboard = self.list.hasFocus()
        self.list.show_entries(shown)
        self.list.setVisible(bool(shown))
        if had_keyboard and not shown:
            self._kinds.setFocus()
        nothing = not shown and self._entries is not None
        self._emptiness.setVisible(nothing)
        self._rest.setVisible(not shown)
        self._empty.setEnabled(bool(everything))
        if not everything:
            self._emptiness.say("trash-2", EMPTY)
        elif self._sifted.search:
            words = f"Nothing in the trash has “{self._sifted.search}” in it."
            self._emptiness.say("search", words, "Show all")
        else:
            words = f"No {self._sifted.kinds.value.lower()} in the trash."
            self._emptiness.say("trash-2", words, "Show all")

    def _show_selection(self, count: int) -> None:
        for each in (self._selected, self._restore, self._delete):
            each.setVisible(count > 0)
        self._selected.setText(f"{count} selected")
