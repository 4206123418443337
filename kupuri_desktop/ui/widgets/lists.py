"""Lists that belong to a card: no frame, no bar below, rows that light up under the pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QListView


def make_plain(view: QListView) -> None:
    """Rows are cut or wrapped by their delegate, so there is nothing to scroll to at the right."""
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setMouseTracking(True)
