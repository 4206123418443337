"""The window: home beside its rail, or an open project with its canvas and chat."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from kupuri_desktop.ui.home.page import HomePage
from kupuri_desktop.ui.home.rail import Rail, Room
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.window_state import WindowState

_SIZE = QSize(1280, 820)
_SMALLEST = QSize(800, 560)


class MainWindow(QMainWindow):
    """The shell. It shows at once and knows nothing of what its rooms hold.

    Pages beside the rail are made by the factories given to `furnish` when they are first
    visited; a project comes as one ready widget.
    """

    first_painted = Signal()
    close_asked = Signal()
    room_shown = Signal(object)

    def __init__(self, look: Look, state: WindowState) -> None:
        super().__init__()
        self._look = look
        self._painted = False
        self._may_close = False
        self._makers: dict[Room, Callable[[], QWidget]] = {}
        self._pages: dict[Room, QWidget] = {}
        self._project: QWidget | None = None
        self.setObjectName("main_window")
        self.setWindowTitle("Kupuri")
        self.setMinimumSize(_SMALLEST)
        self.home = HomePage(look)
        self.rail = Rail(look)
        self.rail.chosen.connect(self.show_room)
        self._rooms = QStackedWidget()
        self._rooms.addWidget(self.home)
        self._pages[Room.HOME] = self.home
        self._outer = QStackedWidget()
        self._house = QWidget()
        row = QHBoxLayout(self._house)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._rooms, 1)
        self._outer.addWidget(self._house)
        self._frame = QWidget()
        self._frame_column = QVBoxLayout(self._frame)
        self._frame_column.setContentsMargins(0, 0, 0, 0)
        self._frame_column.setSpacing(0)
        self._frame_column.addWidget(self._outer, 1)
        self.setCentralWidget(self._frame)
        self.resize(_SIZE)
        if state.geometry:
            self.restoreGeometry(QByteArray.fromHex(state.geometry.encode()))

    @property
    def project_shown(self) -> bool:
        """Whether a project is in front."""
        return self._project is not None and self._outer.currentWidget() is self._project

    @property
    def room(self) -> Room:
        """The page beside the rail that is (or was last) shown."""
        shown = self._rooms.currentWidget()
        return next(room for room, page in self._pages.items() if page is shown)

    def furnish(self, room: Room, make: Callable[[], QWidget]) -> None:
        """Have `make` called once, when `room` is first shown."""
        self._makers[room] = make

    def add_bar(self, bar: QWidget) -> None:
        """Put a bar above everything (the notices)."""
        self._frame_column.insertWidget(0, bar)

    def show_room(self, room: Room) -> None:
        """Go to a page beside the rail. A room that nobody furnished yet stays closed."""
        if room not in self._pages and room in self._makers:
            page = self._pages[room] = self._makers[room]()
            self._rooms.addWidget(page)
        if room not in self._pages:
            self.rail.show_room(self.room)
            return
        self.rail.show_room(room)
        self._rooms.setCurrentWidget(self._pages[room])
        self._outer.setCurrentWidget(self._house)
        self.setWindowTitle("Kupuri" if room is Room.HOME else f"{room.words} – Kupuri")
        self.room_shown.emit(room)

    def show_project(self, project: QWidget, name: str) -> None:
        """Put an open project in front, in place of the one before."""
        if self._project is not None and self._project is not project:
            self.remove_project()
        self._project = project
        if self._outer.indexOf(project) < 0:
            self._outer.addWidget(project)
        self._outer.setCurrentWidget(project)
        self.setWindowTitle(f"{name} – Kupuri")

    def show_instead(self, page: QWidget) -> None:
        """Put a page in place of everything else."""
        self._outer.addWidget(page)
        self._outer.setCurrentWidget(page)

    def show_house(self) -> None:
        """Put home and its rail in front."""
        self._outer.setCurrentWidget(self._house)

    def remove_project(self) -> None:
        """Let go of the project's widget and go home."""
        project, self._project = self._project, None
        if project is not None:
            self._outer.setCurrentWidget(self._house)
            self._outer.removeWidget(project)
            project.deleteLater()

    def geometry_text(self) -> str:
        """Where the window is, for the next start."""
        return bytes(self.saveGeometry().toHex().data()).decode()

    def allow_close(self) -> None:
        """From now on closing the window closes it: everything is stored."""
        self._may_close = True
        self.close()

    def come_to_front(self) -> None:
        """Show the window above others and give it the keyboard."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.close_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()
