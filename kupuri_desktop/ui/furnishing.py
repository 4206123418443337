"""Puts home into the window, in place of the sketch that was painted first."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from kupuri_desktop.ui.home.page import HomePage
from kupuri_desktop.ui.home.rail import Rail, Room, paint_mark
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.screen_readers import answer
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.window_state import WindowState

_ICON_SIZES = (32, 64, 128, 256)


def furnish(app: QApplication, window: MainWindow, state: WindowState) -> Look:
    """Dress the application and move home in; the look that everything else is drawn with."""
    look = Look(app, state.theme, reduce_motion=state.reduce_motion)
    QAccessible.installFactory(answer)
    refurnish(window, look)
    app.setWindowIcon(_icon(look))
    return look


def refurnish(window: MainWindow, look: Look) -> None:
    """Move a new home in: whatever was joined to the one before is gone with it."""
    window.move_in(Rail(look), HomePage(look), Room.HOME)
    window.home.prompt.field.setFocus(Qt.FocusReason.OtherFocusReason)


def _icon(look: Look) -> QIcon:
    icon = QIcon()
    for size in _ICON_SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_mark(painter, QRectF(0, 0, size, size), look.theme.gradient)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
