"""The search panel: type, see what all projects have of it, press Enter to go there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from kupuri_desktop.storage.search import Hit
from kupuri_desktop.ui.search.rows import ROW, Row, Rows, grouped
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import SearchField
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.lists import make_plain
from kupuri_desktop.ui.widgets.popover import Popover
from kupuri_desktop.ui.widgets.row_pictures import RowPictures
from kupuri_desktop.ui.widgets.thumbnails import Source

_WIDTH = 680
_HEIGHT = 460
_PAGE = 8

BEGIN = "Prompts, messages, texts and names, in all projects"


class SearchPanel(Popover):
    """Over the window. It says what was typed and which hit was taken; it finds nothing itself."""

    typed = Signal(str)
    taken = Signal(object, bool)
    """The Hit, and whether its project as such is meant."""

    def __init__(self, look: Look, tasks: Tasks, source: Source, owner: QWidget) -> None:
        super().__init__(look, "search_panel", "Search everywhere", owner, width=_WIDTH)
        space = look.theme.space
        self.field = SearchField(look, "search_everywhere", "Search everywhere")
        self.field.setFixedHeight(40)
        self.list = QListView()
        self.list.setObjectName("search_results")
        self.list.setAccessibleName("What was found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        make_plain(self.list)
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        pictures = RowPictures(look, tasks, source, self.list)
        self.list.setItemDelegate(Rows(look, pictures, self.list))
        self._words = label(BEGIN, tone="second", wrap=True, name="search_words")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint = label(
            "↑ ↓ choose      Enter opens      Esc closes", tone="third", size="label"
        )
        self.body.setContentsMargins(space.s, space.s, space.s, space.s)
        self.body.setSpacing(space.s)
        self.body.addWidget(self.field)
        inside = QWidget()
        inside.setFixedHeight(_HEIGHT)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addWidget(self._words, 1)
        self.body.addWidget(inside)
        self.body.addWidget(self._hint, 0, Qt.AlignmentFlag.AlignHCenter)
        self.field.textChanged.connect(self.typed)
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._take(index.row()))
        self.list.entered.connect(self.list.setCurrentIndex)
        self.show_hits("", [])

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of `window`, with what was looked for last."""
        self.open_at(window, self.field)
        self.field.selectAll()
        self._place()

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        """Show what `text` found; nothing was typed yet where it is empty."""
        self._model.clear()
        for row in grouped(hits):
            item = QStandardItem(row.spoken)
            item.setData(row, ROW)
            item.setEditable(False)
            self._model.appendRow(item)
        self.list.setVisible(bool(hits))
        self._words.setVisible(not hits)
        nothing = f"Nothing in your projects has “{text.strip()}” in it."
        self._words.setText(nothing if text.strip() else BEGIN)
        if hits:
            self._go_to(0 if hits[0].kind == "project" else 1)
            self.list.scrollToTop()
        self.list.setAccessibleDescription(f"{len(hits)} found" if hits else self._words.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.field
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: _PAGE,
                Qt.Key.Key_PageUp: -_PAGE,
            }
            key = Qt.Key(event.key())
            if key in steps:
                self._step(steps[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentIndex().row())
                return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        count = self._model.rowCount()
        if count:
            row = self.list.currentIndex().row() + by
            self._go_to(row % count if abs(by) == 1 else max(0, min(row, count - 1)))

    def _go_to(self, row: int) -> None:
        index = self._model.index(row, 0)
        self.list.setCurrentIndex(index)
        self.field.setAccessibleDescription(str(index.data()))

    def _take(self, row: int) -> None:
        item = self._model.item(row) if row >= 0 else None
        if item is not None:
            chosen: Row = item.data(ROW)
            self.close_()
            self.taken.emit(chosen.hit, chosen.heading)

    def _place(self) -> None:
        self._lie_over_the_window(self.window().height() // 10)
