"""The rows of the transcript as accessibility clients see them: a list, from top to bottom."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from kupuri_desktop.ui.chat.views import RowView


class AccessiblePaper(QAccessibleWidget):
    """The ground that rows lie on; Qt's own order of them is that of making."""

    def __init__(self, paper: QWidget) -> None:
        super().__init__(paper, QAccessible.Role.List, "Messages")

    def childCount(self) -> int:
        return len(self._rows())

    def child(self, index: int) -> QAccessibleInterface:
        rows = self._rows()
        if not 0 <= index < len(rows):
            return None  # type: ignore[return-value]
        return QAccessible.queryAccessibleInterface(rows[index])

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        rows, thing = self._rows(), child.object()
        return rows.index(thing) if thing in rows else -1

    def _rows(self) -> list[QWidget]:
        shown = [
            each
            for each in self.widget().children()
            if isinstance(each, RowView) and not each.isHidden()
        ]
        return sorted(shown, key=lambda row: row.y())
