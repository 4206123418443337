"""The bar above an open project: its name, undo, what runs, how the engines stand."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.models.chips import EngineChips
from kupuri_desktop.ui.queue_chip import QueueChip
from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.saving import SavedSign
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.naming import describe

_ROOMY = 1000
"""Logical pixels of width from which on the engines say their names."""


class NameField(QLineEdit):
    """A name that is edited where it stands. Enter takes it, Escape and an empty name leave it."""

    renamed = Signal(str)

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__()
        self._look = look
        self._kept = ""
        describe(self, name, words)
        self.setProperty("quiet", True)
        self.setMaxLength(120)
        self.setFont(look.theme.font(look.theme.type.body, QFont.Weight.DemiBold))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.editingFinished.connect(self._take)
        self.textChanged.connect(lambda _: self.updateGeometry())

    def show_name(self, name: str) -> None:
        """Show the name as it is now; what is being typed stays."""
        self._kept = name
        if not self.hasFocus():
            self.setText(name)
            self.setCursorPosition(0)

    def edit(self) -> None:
        """Begin to edit."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.font()).horizontalAdvance(self.text() or " ")
        return QSize(max(64, min(words + 26, 360)), self._look.theme.size.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self._look.theme.size.control)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
            self.clearFocus()
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.clearFocus()

    def _take(self) -> None:
        name = " ".join(self.text().split())
        if not name or name == self._kept:
            self.setText(self._kept)
            return
        self._kept = name
        self.renamed.emit(name)


class TopBar(QWidget):
    """Left: home, name, undo, redo, saved. Right: queue, engines, export, theme, chat, settings."""

    renamed = Signal(str)

    def __init__(self, look: Look, actions: Actions) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("top_bar")
        self.setAccessibleName("Top bar")
        make_region(self)
        self.setFixedHeight(look.theme.size.bar)
        space = look.theme.space
        row = QHBoxLayout(self)
        row.setContentsMargins(space.s, 0, space.s, 1)
        row.setSpacing(2)
        self.name = NameField(look, "project_name", "Project name")
        self.name.renamed.connect(self.renamed)
        self.saved = SavedSign(look)
        self.queue = QueueChip(look)
        self.engines = EngineChips(look)
        self._theme = IconButton(look, "top_theme", "sun", "")
        buttons = {
            "go_home": IconButton(look, "top_home", "house", ""),
            "undo": IconButton(look, "top_undo", "undo-2", ""),
            "redo": IconButton(look, "top_redo", "redo-2", ""),
            "present": IconButton(look, "top_present", "presentation", ""),
            "export": IconButton(look, "top_export", "download", ""),
            "toggle_theme": self._theme,
            "toggle_layers": IconButton(look, "top_layers", "layers", ""),
            "toggle_inspector": IconButton(look, "top_inspector", "sliders-horizontal", ""),
            "toggle_chat": IconButton(look, "top_chat", "panel-right", ""),
            "open_settings": IconButton(look, "top_settings", "settings", ""),
        }
        self.export = buttons["export"]
        for id_, button in buttons.items():
            button.follow(actions[id_])
            # A click leaves the keyboard where it is: the canvas's keys go on working.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(buttons["go_home"])
        row.addSpacing(space.xs)
        row.addWidget(self.name)
        row.addSpacing(space.xs)
        row.addWidget(buttons["undo"])
        row.addWidget(buttons["redo"])
        row.addSpacing(space.s)
        row.addWidget(self.saved)
        row.addStretch(1)
        row.addWidget(self.queue)
        row.addWidget(self.engines)
        row.addSpacing(space.s)
        for id_ in ("present", "export", "toggle_layers", "toggle_inspector", "toggle_chat"):
            row.addWidget(buttons[id_])
        row.addSpacing(space.s)
        for id_ in ("toggle_theme", "open_settings"):
            row.addWidget(buttons[id_])
        look.changed.connect(self._refresh)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.engines.be_small(self.width() < _ROOMY)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colours.hairline)

    def _refresh(self) -> None:
        self._theme.set_icon("sun" if self._look.theme.dark else "moon")
