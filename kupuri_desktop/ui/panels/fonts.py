"""Chooses a font family from a list in which each is written in itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontDatabase, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.panels.edits import shared
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import Choice, SearchField
from kupuri_desktop.ui.widgets.lists import make_plain
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.numbers import MIXED
from kupuri_desktop.ui.widgets.paint import fill_round
from kupuri_desktop.ui.widgets.popover import Popover

_ROW, _ROWS = 32, 10
_SAMPLE = 16


def families() -> list[str]:
    """The families that text can be written in, without the ones that are for the system."""
    return [
        family
        for family in QFontDatabase.families()
        if not QFontDatabase.isPrivateFamily(family) and not family.startswith(".")
    ]


class FontPicker(Popover):
    """The arrow keys try the fonts out, Enter takes one, Escape puts the one before back."""

    sought = Signal(str)
    taken = Signal(str)
    given_up = Signal()

    def __init__(self, look: Look, owner: QWidget) -> None:
        super().__init__(look, "font_picker", "Font", owner, width=252)
        self._opened = False
        self._names = QStringListModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._names)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = SearchField(look, "font_search", "Find a font")
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.list = _List(look)
        self.list.setModel(self._found)
        self.list.clicked.connect(lambda index: self._take(str(index.data())))
        self.list.activated.connect(lambda index: self._take(str(index.data())))
        self.list.selectionModel().currentChanged.connect(self._tried)
        space = look.theme.space
        self.body.setContentsMargins(space.s, space.s, space.s, space.s)
        self.body.setSpacing(space.s)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self.closed.connect(self._leave)
        self._settled = True

    def begin(self, anchor: QWidget, family: str) -> None:
        """Opens at `anchor`, at the family in use."""
        if not self._names.rowCount():
            self._names.setStringList(families())
        self._opened = False
        self._settled = False
        self.search.clear()
        self.open_at(anchor, self.search)
        self._go_to(family)
        self._opened = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            index = self.list.currentIndex()
            if not index.isValid():
                index = self._found.index(0, 0)
            if index.isValid():
                self._take(str(index.data()))
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = min(max(self.list.currentIndex().row() + step, 0), self._found.rowCount() - 1)
            self.list.setCurrentIndex(self._found.index(row, 0))
        else:
            super().keyPressEvent(event)

    def _search(self, words: str) -> None:
        opened, self._opened = self._opened, False
        self._found.setFilterFixedString(words)
        self.list.setCurrentIndex(QModelIndex())
        self._opened = opened

    def _go_to(self, family: str) -> None:
        for row in range(self._found.rowCount()):
            index = self._found.index(row, 0)
            if str(index.data()).casefold() == family.casefold():
                self.list.setCurrentIndex(index)
                self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
                return

    def _tried(self, index: QModelIndex) -> None:
        if self._opened and index.isValid():
            self.sought.emit(str(index.data()))

    def _take(self, family: str) -> None:
        self._settled = True
        self.taken.emit(family)
        self.close_()

    def _leave(self) -> None:
        if not self._settled:
            self._settled = True
            self.given_up.emit()


class FontField(Choice):
    """The family in use; dropped down it is a picker."""

    sought = Signal(str)
    taken = Signal(str)
    given_up = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setProperty("panel", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._picker: FontPicker | None = None
        self._family = ""
        describe(self, "inspector_font_family", "Font")

    @property
    def picker(self) -> FontPicker:
        """Made when it is first asked for: listing the fonts takes a while."""
        if self._picker is None:
            self._picker = FontPicker(self._look, self)
            self._picker.sought.connect(self.sought)
            self._picker.taken.connect(self.taken)
            self._picker.given_up.connect(self.given_up)
            self._picker.belong_to(self)
        return self._picker

    def show_items(self, items: Sequence[Item]) -> None:
        family, mixed = shared(items, "font_family")
        self._family = "" if mixed else family
        self.setPlaceholderText(MIXED if mixed else family)
        self.setCurrentIndex(-1)
        self.setAccessibleDescription(MIXED if mixed else family)

    def showPopup(self) -> None:
        self.picker.begin(self, self._family)


class _List(QListView):
    def __init__(self, look: Look) -> None:
        super().__init__()
        describe(self, "font_list", "Fonts")
        self.setToolTip("")
        self.setUniformItemSizes(True)
        make_plain(self)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(_Row(look, self))
        self.setFixedHeight(_ROW * _ROWS)
        self.setStyleSheet("QListView { background: transparent; }")
        self.viewport().setAutoFillBackground(False)


class _Row(QStyledItemDelegate):
    """Only the rows in sight are painted, so only their fonts are loaded."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        rect = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            fill_round(painter, rect, theme.radius.control, colours.accent_soft)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, rect, theme.radius.control, colours.hover)
        family = str(index.data())
        font = QFont([family, theme.type.family])
        font.setPixelSize(_SAMPLE)
        # A font of signs alone cannot write its own name.
        systems = QFontDatabase.writingSystems(family)
        if systems and QFontDatabase.WritingSystem.Latin not in systems:
            font = theme.font()
        painter.setFont(font)
        painter.setPen(colours.text)
        inside = rect.adjusted(8, 0, -8, 0)
        text = painter.fontMetrics().elidedText(
            family, Qt.TextElideMode.ElideRight, int(inside.width())
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
