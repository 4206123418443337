"""An open project: the top bar, the canvas, and the chat dock beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.top_bar import TopBar

_NARROWEST_CHAT = 300
_NARROWEST_CANVAS = 360


class ProjectView(QWidget):
    """Holds what others made: `canvas` fills, `chat` stands at its right and can be hidden.

    dock: the chat's width in logical pixels.
    """

    dock_resized = Signal(int)

    def __init__(
        self, look: Look, bar: TopBar, canvas: QWidget, chat: QWidget, dock: int, chat_shown: bool
    ) -> None:
        super().__init__()
        self.setObjectName("project_view")
        self.bar = bar
        self.canvas = canvas
        self.chat = chat
        self._dock = max(_NARROWEST_CHAT, dock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("project_split")
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        canvas.setMinimumWidth(_NARROWEST_CANVAS)
        chat.setMinimumWidth(_NARROWEST_CHAT)
        self._split.addWidget(canvas)
        self._split.addWidget(chat)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.splitterMoved.connect(self._on_moved)
        column.addWidget(self._split, 1)
        chat.setVisible(chat_shown)

    @property
    def dock(self) -> int:
        """The chat's width, also while it is hidden."""
        return self._dock

    def toggle_chat(self) -> bool:
        """Show or hide the chat; returns whether it is shown now."""
        shown = self.chat.isHidden()
        self.chat.setVisible(shown)
        if shown:
            self._apply()
        else:
            self.canvas.setFocus()
        return shown

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._apply()

    def _apply(self) -> None:
        width = self._split.width()
        chat = min(self._dock, max(_NARROWEST_CHAT, width - _NARROWEST_CANVAS))
        self._split.setSizes([width - chat, chat])

    def _on_moved(self) -> None:
        self._dock = self.chat.width()
        self.dock_resized.emit(self._dock)
