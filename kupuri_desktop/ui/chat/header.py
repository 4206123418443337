"""The head of the dock: which chat this is, its menu, renaming in place, and a new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from kupuri_desktop.core.chat import Session
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

_ARROW = 14
_MOST_LISTED = 12


class _TitleButton(PaintedButton):
    double_clicked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._font()).horizontalAdvance(self.text())
        return QSize(words + _ARROW + 24, self._look.theme.size.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._look.theme.size.control)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()

    def _font(self) -> QFont:
        return self._look.theme.font(self._look.theme.type.body, QFont.Weight.DemiBold)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        ground = colours.pressed if self.isDown() else ground
        fill_round(painter, rect, theme.radius.control, ground)
        painter.setFont(self._font())
        painter.setPen(colours.text)
        room = QRectF(8, 0, rect.width() - _ARROW - 20, rect.height())
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room.width()) + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        x = 8 + painter.fontMetrics().horizontalAdvance(words) + 4
        arrow = self._look.pixmap(
            "chevron-down", _ARROW, colours.text_third, self.devicePixelRatioF()
        )
        painter.drawPixmap(QPointF(x, (rect.height() - _ARROW) / 2 + 1), arrow)
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)


class _NameField(QLineEdit):
    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class Header(QWidget):
    """Tells what is wanted of the chats: ids of sessions, and the new name."""

    new_requested = Signal()
    switch_requested = Signal(str)
    rename_requested = Signal(str, str)
    trash_requested = Signal(str)
    restore_requested = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._session: Session | None = None
        self._sessions: Sequence[Session] = ()
        self._trashed: Sequence[Session] = ()
        self.setObjectName("chat_header")
        self.setFixedHeight(look.theme.size.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.theme.space.s, 0, look.theme.space.s, 0)
        row.setSpacing(4)
        self.title = _TitleButton(look)
        describe(self.title, "session_menu", "Chats")
        self.title.clicked.connect(self.open_menu)
        self.title.double_clicked.connect(self.begin_rename)
        self.field = _NameField()
        describe(self.field, "session_name", "Name of this chat")
        self.field.setMaxLength(120)
        self.field.hide()
        self.field.editingFinished.connect(self._end_rename)
        self.field.cancelled.connect(self._cancel_rename)
        self.new = IconButton(look, "new_chat", "square-pen", "New chat")
        self.new.clicked.connect(self.new_requested)
        row.addWidget(self.title)
        row.addWidget(self.field, 1)
        row.addStretch()
        row.addWidget(self.new)

    def show_sessions(
        self, session: Session, sessions: Sequence[Session], trashed: Sequence[Session] = ()
    ) -> None:
        """The chat at hand, all there are, and those that were deleted."""
        self._session = session
        self._sessions = sessions
        self._trashed = trashed
        self.title.setText(session.name)
        self.title.setAccessibleName(f"Chat: {session.name}")
        self.title.setToolTip(session.name)
        self.title.updateGeometry()
        self.title.update()

    def open_menu(self) -> QMenu:
        """New, the other chats, rename, trash."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._look.icon("square-pen"), "New chat", self.new_requested.emit)
        menu.addSeparator()
        latest = sorted(self._sessions, key=lambda session: session.changed, reverse=True)
        for session in latest[:_MOST_LISTED]:
            action = menu.addAction(_shortened(session.name))
            action.setCheckable(True)
            action.setChecked(self._session is not None and session.id == self._session.id)
            action.triggered.connect(
                lambda _=False, key=session.id: self.switch_requested.emit(key)
            )
        if len(latest) > _MOST_LISTED:
            older = menu.addMenu("Older chats")
            for session in latest[_MOST_LISTED:]:
                older.addAction(_shortened(session.name)).triggered.connect(
                    lambda _=False, key=session.id: self.switch_requested.emit(key)
                )
        menu.addSeparator()
        menu.addAction(self._look.icon("pencil"), "Rename", self.begin_rename)
        menu.addAction(self._look.icon("trash-2"), "Move to trash", self._trash)
        if self._trashed:
            gone = menu.addMenu(self._look.icon("archive-restore"), "Deleted chats")
            for session in self._trashed[:_MOST_LISTED]:
                gone.addAction(_shortened(session.name)).triggered.connect(
                    lambda _=False, key=session.id: self.restore_requested.emit(key)
                )
        menu.popup(self.title.mapToGlobal(QPoint(0, self.title.height() + 2)))
        return menu

    def begin_rename(self) -> None:
        """Makes the name a field to type in."""
        if self._session is None:
            return
        self.field.setText(self._session.name)
        self.title.hide()
        self.field.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_rename(self) -> None:
        if self.field.isHidden():
            return
        name = " ".join(self.field.text().split())
        self._cancel_rename()
        if self._session is not None and name and name != self._session.name:
            self.rename_requested.emit(self._session.id, name)

    def _cancel_rename(self) -> None:
        had_focus = self.field.hasFocus()
        self.field.hide()
        self.title.show()
        if had_focus:
            self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _trash(self) -> None:
        if self._session is not None:
            self.trash_requested.emit(self._session.id)

    def paintEvent(self, event: QPaintEvent) -> None:
        line = self._look.theme.colours.hairline
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, line)


def _shortened(name: str) -> str:
    # An ampersand would become a shortcut's underline.
    name = name.replace("&", "&&")
    return name if len(name) <= 44 else name[:43].rstrip() + "…"
