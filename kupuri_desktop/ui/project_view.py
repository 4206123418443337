"""An open project: the top bar, the canvas, and the chat dock beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from kupuri_desktop.ui.top_bar import TopBar

_NARROWEST_CHAT = 300
_NARROWEST_CANVAS = 360


class ProjectView(QWidget):
    """Holds what others made: `canvas` fills, `chat` stands at its right and can be hidden.

    dock: the chat's width in logical pixels. panels: a column of its own width between the two.
    """

    dock_resized = Signal(int)

    def __init__(
        self, bar: TopBar, canvas: QWidget, chat: QWidget, dock: int, chat_shown: bool,
        *, panels: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("project_view")
        self.bar = bar
        self.canvas = canvas
        self.chat = chat
        self.panels = panels
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
        self._split.setStretchFactor(0, 1)
        for beside in (panels, chat):
            if beside is not None:
                self._split.addWidget(beside)
                self._split.setStretchFactor(self._split.indexOf(beside), 0)
        self._split.splitterMoved.connect(self._on_moved)
        column.addWidget(self._split, 1)
        chat.setVisible(chat_shown)

    def add_bar(self, bar: QWidget) -> None:
        """Put a bar between the top bar and the canvas, for as long as it shows itself."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, bar)

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

    def lay_out(self) -> None:
        """Give everybody their width again, as when the panels have come or gone."""
        self._apply()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._apply()

    def _apply(self) -> None:
        width = self._split.width()
        panels = [] if self.panels is None else [self.panels.minimumWidth()]
        if self.panels is not None and self.panels.isHidden():
            panels = [0]
        width -= sum(panels)
        chat = min(self._dock, max(_NARROWEST_CHAT, width - _NARROWEST_CANVAS))
        self._split.setSizes([width - chat, *panels, chat])

    def _on_moved(self) -> None:
        self._dock = self.chat.width()
        self.dock_resized.emit(self._dock)
