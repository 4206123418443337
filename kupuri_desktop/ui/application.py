"""Starts the window: paints the shell first, and loads everything else behind it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.ui.home.rail import paint_mark
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trace import mark
from kupuri_desktop.ui.window_state import WindowState

# A window that is started hidden or on another desktop may never be painted.
_PAINT_PATIENCE_MS = 1000

_ICON_SIZES = (32, 64, 128, 256)


def run(folder: DataFolder, files: Sequence[str], environment: Mapping[str, str]) -> int:
    """Open the window on a data folder, with `files` placed where they belong; the exit code.

    Where the folder is open in another Kupuri, that one gets the files and comes to the front.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Kupuri")
    app.setDesktopFileName("kupuri")
    # Asyncio, the database and the single instance are imported after the first paint: they
    # would make the window wait for longer than Qt itself takes.
    state = WindowState.read(folder.window_state)
    look = Look(app, state.theme, reduce_motion=state.reduce_motion)
    if _is_open_elsewhere(folder):
        from kupuri_desktop.ui.second_start import hand_over

        if (code := hand_over(folder.root, files)) is not None:
            return code
    window = MainWindow(look, state)
    app.setWindowIcon(_icon(look))
    _paint_first(window)
    mark("painted")

    from kupuri_desktop.ui.running import run_face

    return run_face(app, look, window, state, folder, files, environment)


def _is_open_elsewhere(folder: DataFolder) -> bool:
    """A cheap look; the claim to the folder itself comes after the first paint."""
    return os.path.exists(folder.root / "instance.lock")


def _paint_first(window: MainWindow) -> None:
    waiting = QEventLoop()
    window.first_painted.connect(waiting.quit)
    patience = QTimer()
    patience.setSingleShot(True)
    patience.timeout.connect(waiting.quit)
    patience.start(_PAINT_PATIENCE_MS)
    window.show()
    waiting.exec()
    patience.stop()


def _icon(look: Look) -> QIcon:
    icon = QIcon()
    for size in _ICON_SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill("transparent")
        painter = QPainter(pixmap)
        paint_mark(painter, pixmap.rect().toRectF(), look.theme.gradient)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
