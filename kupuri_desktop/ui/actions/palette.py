"""The command palette: type a few letters of what you want, press Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import ActionSpec, Scope
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.fields import SearchField
from kupuri_desktop.ui.widgets.lists import make_plain
from kupuri_desktop.ui.widgets.paint import fill_round
from kupuri_desktop.ui.widgets.popover import Popover

_WIDTH = 560
_ROW = 38
_ROWS = 9
_ID = Qt.ItemDataRole.UserRole


def matches(query: str, words: str) -> int | None:
    """How well `words` fit what was typed, lower is better; None if a letter is missing.

    Every letter must come in order; letters that begin a word or follow each other fit better.
    """
    score, at = 0, -1
    lower = words.lower()
    for letter in query.lower().replace(" ", ""):
        found = lower.find(letter, at + 1)
        if found < 0:
            return None
        starts_word = found == 0 or not lower[found - 1].isalnum()
        follows = found == at + 1
        score += 0 if follows or starts_word else 2 + found - at
        at = found
    return score * 100 + len(words)


def ranked(query: str, specs: Sequence[ActionSpec]) -> list[ActionSpec]:
    """The actions that fit, best first; all of them for an empty query."""
    if not query.strip():
        return list(specs)
    scored = [(matches(query, spec.words), spec) for spec in specs]
    fitting = [(score, index) for index, (score, _) in enumerate(scored) if score is not None]
    return [specs[index] for _, index in sorted(fitting)]


class CommandPalette(Popover):
    """Ctrl+K: every action that can be done now, found by letters."""

    def __init__(self, look: Look, actions: Actions, owner: QWidget) -> None:
        super().__init__(look, "command_palette", "Commands", owner, width=_WIDTH)
        self._actions = actions
        space = look.theme.space
        self._field = SearchField(look, "command_search", "Type a command")
        self._field.setFixedHeight(40)
        self._list = QListWidget()
        self._list.setObjectName("command_list")
        self._list.setAccessibleName("Commands")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        make_plain(self._list)
        self._list.setItemDelegate(_Row(look, actions, self._list))
        self._list.setFixedHeight(_ROW * _ROWS)
        self.body.setContentsMargins(space.s, space.s, space.s, space.s)
        self.body.setSpacing(space.s)
        self.body.addWidget(self._field)
        self.body.addWidget(self._list)
        self._field.textChanged.connect(self._fill)
        self._field.installEventFilter(self)
        self._list.itemClicked.connect(self._take)
        self._list.itemEntered.connect(self._list.setCurrentItem)

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of `window`."""
        self._field.clear()
        self._fill("")
        self.open_at(window, self._field)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self._field
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            match event.key():
                case Qt.Key.Key_Down:
                    return self._step(1)
                case Qt.Key.Key_Up:
                    return self._step(-1)
                case Qt.Key.Key_PageDown:
                    return self._step(_ROWS)
                case Qt.Key.Key_PageUp:
                    return self._step(-_ROWS)
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    item = self._list.currentItem()
                    if item is not None:
                        self._take(item)
                    return True
        return super().eventFilter(watched, event)

    def _fill(self, query: str) -> None:
        self._list.clear()
        offered = [
            spec
            for spec in self._actions.specs()
            if spec.palette
            and self._actions[spec.id].isEnabled()
            and (spec.scope is Scope.APP or self._actions.project_open)
        ]
        for spec in ranked(query, offered):
            item = QListWidgetItem(spec.words)
            item.setData(_ID, spec)
            item.setSizeHint(QSize(0, _ROW))
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _step(self, by: int) -> bool:
        count = self._list.count()
        if count:
            row = self._list.currentRow() + by
            self._list.setCurrentRow(row % count if abs(by) == 1 else max(0, min(row, count - 1)))
        return True

    def _take(self, item: QListWidgetItem) -> None:
        spec: ActionSpec = item.data(_ID)
        self.close_()
        self._actions[spec.id].trigger()

    def _place(self) -> None:
        self._lie_over_the_window(self.window().height() // 9)


class _Row(QStyledItemDelegate):
    def __init__(self, look: Look, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._actions = actions

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        spec: ActionSpec = index.data(_ID)  # type: ignore[attr-defined]
        rect = QRectF(option.rect)
        painter.save()
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        if current:
            ground = colours.hover if not theme.dark else colours.pressed
            fill_round(painter, rect.adjusted(0, 1, 0, -1), theme.radius.control, ground)
        dpr = painter.device().devicePixelRatioF()
        ink = colours.text if current else colours.icon
        icon = self._look.pixmap(spec.icon, theme.icon.small, ink, dpr)
        top = rect.top() + (rect.height() - theme.icon.small) / 2
        painter.drawPixmap(QPointF(rect.left() + 10, top), icon)
        painter.setFont(theme.font())
        painter.setPen(colours.text)
        words = rect.adjusted(38, 0, -120, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, spec.words)
        x = words.left() + painter.fontMetrics().horizontalAdvance(spec.words) + 10
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(colours.text_third)
        painter.drawText(
            QRectF(x, rect.top(), 120, rect.height()),
            Qt.AlignmentFlag.AlignVCenter,
            spec.section.value,
        )
        painter.setFont(theme.font(theme.type.label, QFont.Weight.Medium))
        painter.setPen(colours.text_second)
        painter.drawText(
            rect.adjusted(0, 0, -12, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            self._actions.shortcut(spec.id),
        )
        painter.restore()
