"""Moves a pointer over one widget, whatever the real one does."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def move(widget: QWidget, to: QPoint) -> None:
    """QTest moves the pointer of the screen, which a window manager's move of the window spoils."""
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    at = QPointF(to)
    event = QMouseEvent(
        QEvent.Type.MouseMove, at, widget.mapToGlobal(at), none, Qt.MouseButton.LeftButton, keys
    )
    QApplication.sendEvent(widget, event)
