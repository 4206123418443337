"""The left rail: the rooms of the house that are not a project."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix


class Room(Enum):
    """A page beside the rail: its words and its icon."""

    HOME = ("Home", "house")
    MODELS = ("Models", "box")
    TRASH = ("Trash", "trash-2")
    SETTINGS = ("Settings", "settings")

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def icon(self) -> str:
        return self.value[1]


class Rail(QWidget):
    """The name of the program and its rooms, top to bottom; up and down move between them."""

    chosen = Signal(object)
    theme_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("rail")
        self.setAccessibleName("Rooms")
        make_region(self)
        self.setFixedWidth(look.theme.size.rail)
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.m, space.l, space.m, space.m)
        column.setSpacing(2)
        column.addWidget(_Mark(look))
        column.addSpacing(space.l)
        self.search = _SearchButton(look)
        column.addWidget(self.search)
        column.addSpacing(space.s)
        self._entries = {room: _Entry(look, room) for room in Room}
        for room, entry in self._entries.items():
            entry.clicked.connect(lambda _=False, room=room: self._take(room))
            column.addWidget(entry)
        column.addStretch()
        foot = QHBoxLayout()
        self._theme = IconButton(look, "rail_theme", "sun", "Dark or light", "Ctrl+Shift+L")
        self._theme.clicked.connect(self.theme_asked)
        foot.addWidget(self._theme)
        foot.addStretch()
        column.addLayout(foot)
        look.changed.connect(self._refresh)
        self._refresh()
        self.show_room(Room.HOME)

    def show_room(self, room: Room) -> None:
        """Mark a room as the one that is shown."""
        for each, entry in self._entries.items():
            entry.setChecked(each is room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        entries = list(self._entries.values())
        focused = [index for index, entry in enumerate(entries) if entry.hasFocus()]
        if step and focused:
            index = max(0, min(focused[0] + step, len(entries) - 1))
            entries[index].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), colours.hairline)

    def _take(self, room: Room) -> None:
        self.show_room(room)
        self.chosen.emit(room)

    def _refresh(self) -> None:
        self._theme.set_icon("sun" if self._look.theme.dark else "moon")


class _Entry(PaintedButton):
    def __init__(self, look: Look, room: Room) -> None:
        super().__init__(look)
        self._room = room
        self.setCheckable(True)
        self.setObjectName(f"rail_{room.name.lower()}")
        self.setAccessibleName(room.words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, self._look.theme.size.row)

    def nextCheckState(self) -> None:
        # The rail says which room is shown; a second click on it changes nothing.
        return

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        if self.isChecked():
            ground = colours.hover
        fill_round(painter, rect, theme.radius.control, ground)
        ink = colours.text if self.isChecked() else colours.text_second
        icon_ink = colours.accent if self.isChecked() else mix(colours.icon, ink, 0.4)
        size = theme.icon.small
        icon = self._look.pixmap(self._room.icon, size, icon_ink, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(theme.space.s + 2, (rect.height() - size) / 2), icon)
        painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium))
        painter.setPen(ink)
        words = rect.adjusted(theme.space.s + size + 12, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._room.words)
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)


class _SearchButton(PaintedButton):
    """Looks like a field and opens one: what is searched is more than has room here."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        describe(self, "rail_search", "Search everywhere")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, self._look.theme.size.row)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        line = mix(colours.field_line, colours.text_off, self._hover.value)
        fill_round(painter, rect, theme.radius.control, colours.well, line)
        size = theme.icon.small
        icon = self._look.pixmap("search", size, colours.text_third, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(theme.space.s + 2, (rect.height() - size) / 2), icon)
        painter.setFont(theme.font(theme.type.body))
        painter.setPen(colours.text_third)
        words = rect.adjusted(theme.space.s + size + 12, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "Search")
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)


class _Mark(QWidget):
    """The program's sign and name."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName("Kupuri")
        self.setFixedHeight(28)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, QRectF(6, 3, 22, 22), theme.palette.gradient)
        painter.setFont(theme.font(theme.type.chat, QFont.Weight.DemiBold))
        painter.setPen(theme.colours.text)
        words = QRectF(38, 0, self.width() - 38, 28)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "Kupuri")


def paint_mark(painter: QPainter, rect: QRectF, colours: Sequence[QColor]) -> None:
    """The sign: three overlapping brush dabs, in the three colours of the gradient."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.width() * 0.31
    centre = rect.center()
    reach = rect.width() * 0.19
    for colour, (x, y) in zip(colours, ((0.0, -1.0), (0.92, 0.55), (-0.92, 0.55)), strict=True):
        dab = QColor(colour)
        dab.setAlphaF(0.88)
        painter.setBrush(dab)
        painter.drawEllipse(centre + QPointF(x * reach, y * reach), radius, radius)
    painter.restore()
