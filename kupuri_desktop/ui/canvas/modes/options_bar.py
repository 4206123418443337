"""The bar of a mode's options: one row where there is room, two where there is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.card import SHADOW


class OptionsBar(FloatingBar):
    """Groups of controls beside or above each other. `first` gets the keyboard.

    leave: called with whether to keep what was done.
    """

    def __init__(
        self, look: Look, name: str, words: str, view: QWidget, leave: Callable[[bool], None]
    ) -> None:
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        super().__init__(look, name, words, self._rows, view)
        self._view = view
        self._leave = leave
        self._groups: list[QWidget] = []
        self._lines: list[QWidget] = []
        self.hide()

    def add_group(self, controls: Sequence[QWidget]) -> None:
        """Adds controls that stay in one row."""
        if self._groups:
            line = upright_line()
            self._lines.append(line)
            self._rows.addWidget(line)
        group = QWidget()
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for control in controls:
            row.addWidget(control)
        self._groups.append(group)
        self._rows.addWidget(group, 0, Qt.AlignmentFlag.AlignHCenter)

    def end_buttons(self) -> list[QWidget]:
        """Cancel and Done, which every mode has."""
        cancel = PillButton(self._look, f"{self.objectName()}_cancel", "Cancel", kind="quiet")
        cancel.setToolTip("Cancel   Esc")
        cancel.clicked.connect(lambda: self._leave(False))
        return [cancel, self.done_button()]

    def done_button(self) -> PillButton:
        """What ends the mode and keeps what was done."""
        done = PillButton(self._look, f"{self.objectName()}_done", "Done", kind="primary")
        done.setToolTip("Done   Enter")
        done.clicked.connect(lambda: self._leave(True))
        return done

    def sizeHint(self) -> QSize:
        """In one row, or in as many as there are groups where the view is too narrow for that."""
        self._stand(upright=False)
        wide = super().sizeHint()
        if wide.width() - SHADOW.left() - SHADOW.right() > self._view.width() - 24:
            self._stand(upright=True)
            return super().sizeHint()
        return wide

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave(False)
        else:
            # What no control wants must not reach the canvas below.
            event.accept()

    def _stand(self, *, upright: bool) -> None:
        way = QBoxLayout.Direction
        self._rows.setDirection(way.TopToBottom if upright else way.LeftToRight)
        for line in self._lines:
            line.setVisible(not upright)
        self._rows.invalidate()


def upright_line() -> QFrame:
    """A hairline between controls."""
    line = QFrame()
    line.setProperty("line", True)
    line.setFixedSize(1, 20)
    return line
