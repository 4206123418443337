"""All settings on one page, in the order and words of `core.settings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.core.models import ModelInfo, ModelKind
from kupuri_desktop.core.settings import Group, Settings
from kupuri_desktop.ui.settings.controls import Control, control_for
from kupuri_desktop.ui.settings.model_choice import ModelChoice
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.card import Card
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label

_WIDEST = 760


class SettingsPage(QScrollArea):
    """Each change counts at once: `changed` says which setting and its new value."""

    changed = Signal(str, object)
    folder_asked = Signal()

    def __init__(self, look: Look, settings: Settings, data_folder: str) -> None:
        super().__init__()
        self._look = look
        self._controls: dict[str, Control] = {}
        self._problems: dict[str, QLabel] = {}
        self.setObjectName("settings_page")
        self.setAccessibleName("Settings")
        self.setProperty("room", "canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = _Ground(look)
        self._column = QVBoxLayout(body)
        self._column.setSpacing(look.theme.space.s)
        self._column.addWidget(label("Settings", size="title", weight="strong"))
        for group in Group:
            names = [
                name
                for name, field in Settings.model_fields.items()
                if isinstance(field.json_schema_extra, dict)
                and field.json_schema_extra.get("group") == group.value
            ]
            if names:
                self._add_group(group.value, [self._row(name, settings) for name in names])
        self._add_group("Data", [self._folder_row(data_folder)])
        self._column.addStretch()
        self.setWidget(body)

    def add_section(self, words: str, section: QWidget) -> None:
        """Put another section at the end of the page."""
        self._column.takeAt(self._column.count() - 1)
        self._add_group(words, [section])
        self._column.addStretch()

    def show_settings(self, settings: Settings) -> None:
        """Show other values without telling anybody; a setting that was refused goes back."""
        for name, control in self._controls.items():
            control.show_value(getattr(settings, name))

    def offer_models(self, kind: ModelKind, models: Sequence[ModelInfo]) -> None:
        """Put these models into the lists of the settings that name one of that kind."""
        for name, control in self._controls.items():
            if Settings.models_of(name) is kind and isinstance(control.widget, ModelChoice):
                control.widget.offer(models)

    def show_problem(self, name: str, words: str) -> None:
        """Say below a setting why its value was not taken; empty words take that away."""
        self._problems[name].setText(words)
        self._problems[name].setVisible(bool(words))

    def point_at(self, name: str) -> None:
        """Bring a setting into sight and the keyboard to it; unknown names are ignored."""
        control = self._controls.get(name)
        if control is not None:
            self.ensureWidgetVisible(control.widget)
            control.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def control(self, name: str) -> Control:
        """The control of a setting."""
        return self._controls[name]

    def resizeEvent(self, event: QResizeEvent) -> None:
        space = self._look.theme.space
        side = max(space.xxl, (self.viewport().width() - _WIDEST) // 2)
        self._column.setContentsMargins(side, space.xxl, side, space.xxl)
        super().resizeEvent(event)

    def _add_group(self, words: str, rows: list[QWidget]) -> None:
        space = self._look.theme.space
        heading = label(words, tone="second", size="label", weight="medium")
        heading.setContentsMargins(2, space.m, 0, 0)
        self._column.addWidget(heading)
        card = Card(self._look, f"settings_{words.lower()}")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for index, row in enumerate(rows):
            if index:
                line = QFrame()
                line.setProperty("line", True)
                line.setFixedHeight(1)
                inside.addWidget(line)
            inside.addWidget(row)
        self._column.addWidget(card)

    def _row(self, name: str, settings: Settings) -> QWidget:
        field = Settings.model_fields[name]
        title, words = field.title or name, field.description or ""
        control = self._controls[name] = control_for(
            self._look, name, title, field, getattr(settings, name)
        )
        control.widget.setAccessibleDescription(words)
        control.changed.connect(lambda value: self._on_change(name, value))
        problem = self._problems[name] = label("", tone="error", size="label", wrap=True)
        problem.hide()
        return self._lay_out(title, words, control.widget, problem)

    def _lay_out(
        self, title: str, words: str, control: QWidget, problem: QLabel | None = None
    ) -> QWidget:
        space = self._look.theme.space
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(space.l, space.m, space.l, space.m)
        across.setSpacing(space.xl)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(label(title, weight="medium"))
        text.addWidget(label(words, tone="second", size="label", wrap=True))
        if problem is not None:
            text.addWidget(problem)
        across.addLayout(text, 1)
        across.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _folder_row(self, folder: str) -> QWidget:
        space = self._look.theme.space
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(space.l, space.m, space.l, space.m)
        across.setSpacing(space.xl)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(label("Data folder", weight="medium"))
        text.addWidget(
            ElidedLabel(
                self._look, folder, tone="second", size=self._look.theme.type.label, middle=True
            )
        )
        button = PillButton(self._look, "open_data_folder", "Open folder", "folder-open")
        button.clicked.connect(self.folder_asked)
        across.addLayout(text, 1)
        across.addWidget(button)
        return row

    def _on_change(self, name: str, value: Any) -> None:
        self.show_problem(name, "")
        self.changed.emit(name, value)


class _Ground(QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(event.rect()), self._look.theme.colours.canvas)
