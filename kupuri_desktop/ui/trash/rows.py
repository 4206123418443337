"""The list of what lies in the trash: rows with a picture, what it was, and how long it stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kupuri_desktop.core.trash import Discarded, Trashed
from kupuri_desktop.ui.home.listing import age
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.kinds import icon_of, words_of
from kupuri_desktop.ui.widgets.lists import make_plain
from kupuri_desktop.ui.widgets.paint import fill_round
from kupuri_desktop.ui.widgets.row_pictures import RowPictures
from kupuri_desktop.ui.widgets.thumbnails import Source

ENTRY = Qt.ItemDataRole.UserRole
_SPOKEN = Qt.ItemDataRole.DisplayRole
_NOWHERE = QModelIndex()
SOON = 3
"""Days: what goes for good so soon is told in another colour."""

_ROW = 60
_PICTURE = 44
_BUTTON = 28
_NARROW = 560


def kind_words(entry: Trashed, *, with_project: bool = True) -> str:
    """What it is and where it belongs."""
    match entry.kind:
        case Discarded.PROJECT:
            images = "1 image" if entry.count == 1 else f"{entry.count} images"
            return f"Project · {images}" if entry.count else "Project"
        case Discarded.SESSION:
            words = "Chat · 1 message" if entry.count == 1 else f"Chat · {entry.count} messages"
        case Discarded.ITEM:
            words = words_of(entry.item_kind)
    return f"{words} · {entry.project_name}" if with_project else words


def left_words(entry: Trashed) -> str:
    """How long it can be had back."""
    match entry.days_left():
        case 0:
            return "Goes today"
        case 1:
            return "1 day left"
        case days:
            return f"{days} days left"


class _Entries(QAbstractListModel):
    """Ten thousand rows come at once: none of them is an object of Qt's."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[Trashed, ...] = ()

    def show_entries(self, entries: Iterable[Trashed]) -> None:
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _SPOKEN) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == _SPOKEN:
            when = f"deleted {age(entry.trashed)}, {left_words(entry)}"
            return f"{entry.name}, {kind_words(entry)}, {when}"
        return None


class TrashList(QListView):
    """Rows of Trashed. Enter restores what is selected, Delete ends it, Ctrl+A selects all."""

    restore_asked = Signal(list)
    """The Trashed that are to come back."""

    delete_asked = Signal(list)
    """The Trashed that are to go for good; nobody has asked the person yet."""

    selection_told = Signal(int)
    """How many are selected."""

    def __init__(
        self, look: Look, tasks: Tasks, source: Source, name: str, *, with_project: bool = True
    ) -> None:
        super().__init__()
        self._look = look
        self.setObjectName(name)
        self.setAccessibleName("Trash")
        make_plain(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self._model = _Entries(self)
        self.setModel(self._model)
        pictures = RowPictures(look, tasks, source, self)
        self._rows = _Rows(look, pictures, self, with_project)
        self.setItemDelegate(self._rows)
        self.selectionModel().selectionChanged.connect(
            lambda *_: self.selection_told.emit(len(self.chosen()))
        )

    def show_entries(self, entries: Iterable[Trashed]) -> None:
        """Show these; what stays selected stays so."""
        kept = {entry.key for entry in self.chosen()}
        self._model.show_entries(entries)
        select = self.selectionModel().SelectionFlag.Select
        for row, entry in enumerate(self._model.entries if kept else ()):
            if entry.key in kept:
                self.selectionModel().select(self._model.index(row, 0), select)
        if self._model.entries and not self.currentIndex().isValid():
            flag = self.selectionModel().SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._model.index(0, 0), flag)
        self.selection_told.emit(len(self.chosen()))

    @property
    def entries(self) -> list[Trashed]:
        """All that is shown, from top to bottom."""
        return list(self._model.entries)

    def chosen(self) -> list[Trashed]:
        """What is selected, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._model.entries[row] for row in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._ask(self.restore_asked)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._ask(self.delete_asked)
            case Qt.Key.Key_Escape if self.chosen():
                self.clearSelection()
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._button_at(event.position().toPoint()) is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed = self._button_at(event.position().toPoint())
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        entry, asked = pressed
        asked.emit([entry])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._button_at(event.position().toPoint()) is None:
            self._ask(self.restore_asked)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        on_button = self._button_at(point) is not None
        shape = Qt.CursorShape.PointingHandCursor if on_button else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self._rows.pointer = point
        self.viewport().update()

    def leaveEvent(self, event: object) -> None:
        self._rows.pointer = QPoint(-1, -1)
        self.viewport().update()
        super().leaveEvent(event)  # type: ignore[arg-type]

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with what is selected."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        restore = menu.addAction(self._look.icon("archive-restore"), "Restore")
        restore.triggered.connect(lambda: self._ask(self.restore_asked))
        delete = menu.addAction(self._look.icon("trash-2"), "Delete forever…")
        delete.triggered.connect(lambda: self._ask(self.delete_asked))
        return menu

    def _ask(self, signal: SignalInstance) -> None:
        chosen = self.chosen()
        if not chosen and self.currentIndex().isValid():
            chosen = [self.currentIndex().data(ENTRY)]
        if chosen:
            signal.emit(chosen)

    def _button_at(self, point: QPoint) -> tuple[Trashed, SignalInstance] | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        restore, delete = button_places(QRectF(self.visualRect(index)))
        if restore.contains(point):
            return index.data(ENTRY), self.restore_asked
        if delete.contains(point):
            return index.data(ENTRY), self.delete_asked
        return None


def button_places(row: QRectF) -> tuple[QRectF, QRectF]:
    """Where a row has its two buttons: restore, and delete forever."""
    top = row.top() + (row.height() - _BUTTON) / 2
    delete = QRectF(row.right() - _BUTTON - 10, top, _BUTTON, _BUTTON)
    return delete.translated(-_BUTTON - 4, 0), delete


class _Rows(QStyledItemDelegate):
    def __init__(
        self, look: Look, pictures: RowPictures, parent: QWidget, with_project: bool
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._pictures = pictures
        self._with_project = with_project
        self.pointer = QPoint(-1, -1)

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
        entry: Trashed = index.data(ENTRY)
        rect = QRectF(option.rect)
        state = option.state
        hot = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        ground = rect.adjusted(0, 1, 0, -1)
        if state & QStyle.StateFlag.State_Selected:
            fill_round(painter, ground, theme.radius.control, colours.accent_soft)
        elif hot or focused:
            fill_round(painter, ground, theme.radius.control, colours.hover)
        top = rect.top() + (rect.height() - _PICTURE) / 2
        place = QRectF(rect.left() + 8, top, _PICTURE, _PICTURE)
        kind = entry.item_kind or entry.kind.value
        self._pictures.paint(painter, place, entry.asset, icon_of(kind))
        right = rect.right() - 2 * _BUTTON - 26
        if rect.width() > _NARROW:
            self._paint_when(painter, QRectF(right - 130, rect.top(), 122, rect.height()), entry)
            right -= 142
        words = QRectF(place.right() + 12, top + 2, right - place.right() - 20, 20)
        self._paint_words(painter, words, entry, rect.width() <= _NARROW)
        self._paint_buttons(painter, rect, shown=hot or focused)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRectF, entry: Trashed, narrow: bool) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        second = kind_words(entry, with_project=self._with_project)
        if narrow:
            second = f"{second} · {left_words(entry)}"
        for place, text, font, ink in (
            (rect, entry.name, theme.font(theme.type.body, QFont.Weight.Medium), colours.text),
            (
                rect.translated(0, 20),
                second,
                theme.font(theme.type.label, tabular=True),
                colours.text_second,
            ),
        ):
            painter.setFont(font)
            painter.setPen(ink)
            line = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_when(self, painter: QPainter, rect: QRectF, entry: Trashed) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(theme.type.label, tabular=True))
        middle = rect.center().y()
        soon = entry.days_left() <= SOON
        painter.setPen(colours.warn_text if soon else colours.text)
        painter.drawText(
            QRectF(rect.left(), middle - 20, rect.width(), 20), side, left_words(entry)
        )
        painter.setPen(colours.text_second)
        painter.drawText(QRectF(rect.left(), middle, rect.width(), 20), side, age(entry.trashed))

    def _paint_buttons(self, painter: QPainter, rect: QRectF, *, shown: bool) -> None:
        if not shown:
            return
        theme, colours = self._look.theme, self._look.theme.colours
        dpr = painter.device().devicePixelRatioF()
        for place, icon, danger in zip(
            button_places(rect), ("archive-restore", "trash-2"), (False, True), strict=True
        ):
            under = place.contains(self.pointer)
            if under:
                ground = colours.error_soft if danger else colours.pressed
                fill_round(painter, place, theme.radius.control, ground)
            ink = colours.icon
            if under:
                ink = colours.error_text if danger else colours.text
            size = theme.icon.small
            inset = (_BUTTON - size) / 2
            pixmap = self._look.pixmap(icon, size, ink, dpr)
            painter.drawPixmap(place.topLeft() + QPoint(round(inset), round(inset)), pixmap)


def named(entries: Sequence[Trashed]) -> str:
    """A few words for what was done something to."""
    if len(entries) == 1:
        name = entries[0].name
        return f"“{name if len(name) <= 40 else name[:39].rstrip() + '…'}”"
    return f"{len(entries)} things"
