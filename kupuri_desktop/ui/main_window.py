"""The window: first a sketch of home, then home beside its rail, or an open project.

Imported before the first paint: classes of Qt are named through their modules, because each is
built when it is first named, and `Qt` with its thousand keys takes as long as a whole paint.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui, QtWidgets

from kupuri_desktop.core.paths import resource

if TYPE_CHECKING:
    from kupuri_desktop.ui.home.page import HomePage
    from kupuri_desktop.ui.home.rail import Rail, Room
    from kupuri_desktop.ui.theme import ThemeChoice
    from kupuri_desktop.ui.window_state import WindowState

_SIZE = (1280, 820)
_SMALLEST = (800, 560)


class MainWindow(QtWidgets.QMainWindow):
    """The shell. It shows at once and knows nothing of what its rooms hold.

    `move_in` gives it its home. Other pages beside the rail are made by the factories given to
    `furnish` when they are first visited; a project comes as one ready widget.
    """

    first_painted = QtCore.Signal()
    close_asked = QtCore.Signal()
    room_shown = QtCore.Signal(object)

    home: HomePage
    rail: Rail

    def __init__(self, state: WindowState) -> None:
        super().__init__()
        self._may_close = False
        self._makers: dict[Room, Callable[[], QtWidgets.QWidget]] = {}
        self._pages: dict[Room, QtWidgets.QWidget] = {}
        self._project: QtWidgets.QWidget | None = None
        self.setObjectName("main_window")
        self.setWindowTitle("Kupuri")
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_SIZE)
        if state.geometry:
            self.restoreGeometry(QtCore.QByteArray.fromHex(state.geometry.encode()))
        self.setCentralWidget(_Sketch(state.theme, self.first_painted))

    def move_in(self, rail: Rail, home: HomePage, first: Room) -> None:
        """Put a rail and a home page in place of the sketch, or of those that were there."""
        self.rail, self.home = rail, home
        rail.chosen.connect(self.show_room)
        self._rooms = QtWidgets.QStackedWidget()
        # Loaded after the first paint.
        from kupuri_desktop.ui.regions import make_region

        make_region(self._rooms, "Page")
        self._rooms.addWidget(home)
        self._pages = {first: home}
        self._project = None
        self._house = QtWidgets.QWidget()
        row = QtWidgets.QHBoxLayout(self._house)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addWidget(self._rooms, 1)
        self._outer = QtWidgets.QStackedWidget()
        self._outer.addWidget(self._house)
        frame = QtWidgets.QWidget()
        self._frame_column = QtWidgets.QVBoxLayout(frame)
        self._frame_column.setContentsMargins(0, 0, 0, 0)
        self._frame_column.setSpacing(0)
        self._frame_column.addWidget(self._outer, 1)
        self.setCentralWidget(frame)

    @property
    def project_shown(self) -> bool:
        """Whether a project is in front."""
        return self._project is not None and self._outer.currentWidget() is self._project

    @property
    def room(self) -> Room:
        """The page beside the rail that is (or was last) shown."""
        shown = self._rooms.currentWidget()
        return next(room for room, page in self._pages.items() if page is shown)

    def furnish(self, room: Room, make: Callable[[], QtWidgets.QWidget]) -> None:
        """Have `make` called once, when `room` is first shown."""
        self._makers[room] = make

    def strip(self, rooms: Callable[[Room], bool]) -> None:
        """Forget the makers and pages of rooms: what they show is gone."""
        for room in [room for room in self._makers if rooms(room)]:
            del self._makers[room]
            page = self._pages.pop(room, None)
            if page is not None:
                self._rooms.removeWidget(page)
                page.deleteLater()

    def add_bar(self, bar: QtWidgets.QWidget) -> None:
        """Put a bar above everything (the notices)."""
        self._frame_column.insertWidget(0, bar)

    def show_room(self, room: Room) -> None:
        """Go to a page beside the rail. A room that nobody furnished yet stays closed."""
        # Loaded after the first paint.
        from kupuri_desktop.ui.putting_down import put_down

        put_down(self)
        if room not in self._pages and room in self._makers:
            page = self._pages[room] = self._makers[room]()
            self._rooms.addWidget(page)
        if room not in self._pages:
            self.rail.show_room(self.room)
            return
        self.rail.show_room(room)
        self._rooms.setCurrentWidget(self._pages[room])
        self._outer.setCurrentWidget(self._house)
        is_home = self._pages[room] is self.home
        self.setWindowTitle("Kupuri" if is_home else f"{room.words} – Kupuri")
        self.room_shown.emit(room)

    def show_project(self, project: QtWidgets.QWidget, name: str) -> None:
        """Put an open project in front, in place of the one before."""
        if self._project is not None and self._project is not project:
            self.remove_project()
        self._project = project
        if self._outer.indexOf(project) < 0:
            self._outer.addWidget(project)
        self._outer.setCurrentWidget(project)
        self.setWindowTitle(f"{name} – Kupuri")

    def remove_project(self) -> None:
        """Let go of the project's widget and go home."""
        project, self._project = self._project, None
        if project is not None:
            self.show_house()
            self._outer.removeWidget(project)
            project.deleteLater()

    def show_instead(self, page: QtWidgets.QWidget) -> None:
        """Put a page in place of everything else."""
        self._outer.addWidget(page)
        self._outer.setCurrentWidget(page)

    def show_house(self) -> None:
        """Put home and its rail in front."""
        self._outer.setCurrentWidget(self._house)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop filling it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

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

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.close_asked.emit()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        if event.key() == QtCore.Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        else:
            super().keyPressEvent(event)


class _Sketch(QtWidgets.QFrame):
    """The outlines of home in the theme's colours, for the tenth of a second until it is there.

    A style sheet draws them: any brush or pen of a painter would have `Qt` built first.
    """

    def __init__(self, theme: ThemeChoice, painted: QtCore.SignalInstance) -> None:
        super().__init__()
        self._painted: QtCore.SignalInstance | None = painted
        name = "light" if theme == "light" else "dark"
        colours = json.loads(resource("styles", f"{name}.json").read_bytes())["colours"]
        metrics = json.loads(resource("styles", "metrics.json").read_bytes())
        self._rail_width: int = metrics["size"]["rail"]
        self._rail = QtWidgets.QFrame(self)
        self._rail.setObjectName("rail")
        self._box = QtWidgets.QFrame(self)
        self._box.setObjectName("box")
        line = f"1px solid {colours['hairline']}"
        self.setStyleSheet(
            f"_Sketch {{ background: {colours['canvas']} }}"
            f"#rail, #box {{ background: {colours['surface']} }}"
            f"#rail {{ border-right: {line} }}"
            f"#box {{ border: {line}; border-radius: {metrics['radius']['bar']}px }}"
        )

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        rail = self._rail_width
        self._rail.setGeometry(0, 0, rail, self.height())
        width = min(724, self.width() - rail - 64)
        self._box.setGeometry(rail + (self.width() - rail - width) // 2, 126, width, 87)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        super().paintEvent(event)
        if self._painted is not None:
            painted, self._painted = self._painted, None
            painted.emit()
