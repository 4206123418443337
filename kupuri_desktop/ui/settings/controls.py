"""The right control for a setting, chosen by its type."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from kupuri_desktop.core.settings import Settings
from kupuri_desktop.ui.settings.model_choice import ModelChoice
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.fields import Choice, Segmented, Switch

# More than this many words side by side are harder to read than a list.
_MOST_SEGMENTS = 3
_FIELD_WIDTH = 260
_NUMBER_WIDTH = 110


class Control(QObject):
    """A widget that holds one value and says when the person changed it.

    show: puts a value into the widget, without emitting anything.
    """

    changed = Signal(object)

    def __init__(self, widget: QWidget, show: Callable[[Any], object]) -> None:
        super().__init__(widget)
        self.widget = widget
        self._show = show
        self._value: Any = None

    def show_value(self, value: Any) -> None:
        """Show `value` without emitting `changed`."""
        self._value = value
        self._show(value)

    def take(self, value: Any) -> None:
        """The person has chosen `value`."""
        if value != self._value:
            self._value = value
            self.changed.emit(value)


def control_for(look: Look, name: str, title: str, field: FieldInfo, value: Any) -> Control:
    """A switch for a bool, segments or a list for a Literal, a number field, a line of text,

    a list of models; names that were gathered elsewhere can only be forgotten.

    Raises TypeError for a type that no setting has yet.
    """
    kind = field.annotation
    if get_origin(kind) is Literal:
        words = [(str(option), str(option).capitalize()) for option in get_args(kind)]
        few = len(words) <= _MOST_SEGMENTS
        made = _segments(look, name, title, words) if few else _list(look, words)
    elif kind is bool:
        made = _switch(look, name, title)
    elif kind is int:
        made = _number(field)
    elif Settings.models_of(name) is not None:
        made = _model(look)
    elif kind is str:
        made = _text()
    elif get_origin(kind) in (tuple, dict):
        made = _names(look, name, field.get_default(call_default_factory=True))
    else:
        raise TypeError(f"No control shows a setting of type {kind}.")
    made.widget.setObjectName(f"setting_{name}")
    made.widget.setAccessibleName(title)
    made.show_value(value)
    return made


def _segments(look: Look, name: str, title: str, words: list[tuple[str, str]]) -> Control:
    segments = Segmented(look, name, title, words, words[0][0])
    control = Control(segments, segments.choose)
    segments.chosen.connect(control.take)
    return control


def _list(look: Look, words: list[tuple[str, str]]) -> Control:
    choice = Choice(look)
    for option, text in words:
        choice.addItem(text, option)
    control = Control(choice, lambda value: choice.setCurrentIndex(choice.findData(value)))
    choice.activated.connect(lambda _: control.take(choice.currentData()))
    return control


def _switch(look: Look, name: str, title: str) -> Control:
    switch = Switch(look, name, title)
    control = Control(switch, switch.setChecked)
    switch.clicked.connect(control.take)
    return control


def _number(field: FieldInfo) -> Control:
    spin = QSpinBox()
    low, high = 0, 2**31 - 1
    for limit in field.metadata:
        low = getattr(limit, "ge", low)
        high = getattr(limit, "le", high)
    spin.setRange(low, high)
    spin.setFixedWidth(_NUMBER_WIDTH)
    # A style sheet's padding does not reach the line inside.
    spin.lineEdit().setTextMargins(7, 0, 7, 0)
    control = Control(spin, spin.setValue)
    spin.editingFinished.connect(lambda: control.take(spin.value()))
    return control


def _text() -> Control:
    line = QLineEdit()
    line.setFixedWidth(_FIELD_WIDTH)

    def show(value: str) -> None:
        line.setText(value)
        line.setCursorPosition(0)

    control = Control(line, show)
    line.editingFinished.connect(lambda: control.take(line.text().strip()))
    return control


def _model(look: Look) -> Control:
    choice = ModelChoice(look)
    choice.setFixedWidth(_FIELD_WIDTH)
    control = Control(choice, choice.show_ref)
    choice.activated.connect(lambda _: control.take(choice.currentData()))
    return control


def _names(look: Look, name: str, none: Any) -> Control:
    button = PillButton(look, name, "Forget them")

    def show(names: Collection[str]) -> None:
        button.setEnabled(bool(names))
        button.setText("Forget them" if names else "None")
        button.setToolTip(", ".join(names))
        button.updateGeometry()

    control = Control(button, show)

    def forget() -> None:
        control.take(none)
        show(none)

    button.clicked.connect(forget)
    return control
