"""A field for a number: sums are worked out, arrows count, and dragging its name scrubs it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from kupuri_desktop.core.sums import sum_in
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.lines import PanelField

MIXED = "Mixed"

_STEPS = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}
_FAR, _NEAR = 10.0, 0.1


def written(number: float) -> str:
    """A number with up to two decimals and no dust: `12`, `12.5`, `-0.25`."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


class NumberField(PanelField):
    """A number with a unit behind it; the arrow keys count, with Shift by ten.

    `200*2` is worked out, and `*2` goes on from what is there. What is no number is put back;
    what is out of bounds is taken as the bound. Dragged at its prefix (or at a label that was
    given to `scrub_with`) it counts a step for each pixel, with Shift ten, with Alt a tenth.
    """

    taken = Signal(float)

    sought = Signal(float)
    """The number under way while it is scrubbed; `taken` or `given_up` follows."""

    given_up = Signal()

    def __init__(
        self, look: Look, name: str, words: str, prefix: str = "", *, unit: str = "",
        low: float = -1e6, high: float = 1e6, step: float = 1.0,
    ) -> None:  # fmt: skip
        super().__init__(look, name, words, prefix)
        self._unit = unit
        self._low, self._high = low, high
        self._step = step
        self._number_now: float | None = None
        if prefix:
            _Scrub(self, self, prefix_only=True)
        self.edited.connect(self._take)

    def show_number(self, number: float, mixed: bool = False) -> None:
        """Shows a number, or that there are several."""
        self._number_now = None if mixed else number
        self.put("" if mixed else written(number) + self._unit, MIXED if mixed else "")

    def scrub_with(self, handle: QWidget) -> None:
        """Lets a label be dragged to count."""
        _Scrub(self, handle)

    def seek(self, number: float) -> float:
        """Shows a number under way, and says so; the number within the bounds."""
        bounded = self._bounded(number)
        self.setText(written(bounded) + self._unit)
        self.sought.emit(bounded)
        return bounded

    def settle(self, number: float) -> None:
        """Takes the number that was sought."""
        self._take(written(number))

    def give_up(self) -> None:
        """Goes back to what was there before it was sought."""
        self.put_back()
        self.given_up.emit()

    @property
    def number(self) -> float | None:
        """What is there now; None where it is mixed or nonsense."""
        return self._number(self.text())

    @property
    def step(self) -> float:
        return self._step

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        now = self._number(self.text())
        if step is not None and now is not None:
            self._take(written(now + step * self._step * stride(event.modifiers())))
        else:
            super().keyPressEvent(event)

    def _number(self, text: str) -> float | None:
        bare = text.strip()
        if unit := self._unit.strip():
            bare = bare.removesuffix(unit).strip()
        number = sum_in(bare, self._number_now)
        return None if number is None or abs(number) >= 1e9 else self._bounded(number)

    def _bounded(self, number: float) -> float:
        return min(max(number, self._low), self._high)

    def _take(self, text: str) -> None:
        number = self._number(text)
        if number is None:
            self.put_back()
            return
        self._number_now = number
        self.keep(written(number) + self._unit)
        self.selectAll()
        self.taken.emit(number)


def stride(keys: Qt.KeyboardModifier) -> float:
    """How far a step goes: ten with Shift, a tenth with Alt."""
    if keys & Qt.KeyboardModifier.ShiftModifier:
        return _FAR
    return _NEAR if keys & Qt.KeyboardModifier.AltModifier else 1.0


class _Scrub(QObject):
    """Counts a field up and down while a handle is dragged sideways; Escape gives it up."""

    def __init__(self, field: NumberField, handle: QWidget, *, prefix_only: bool = False) -> None:
        super().__init__(field)
        self._field = field
        self._handle = handle
        self._prefix_only = prefix_only
        self._pressed: QPointF | None = None
        self._number: float | None = None
        handle.installEventFilter(self)
        handle.setMouseTracking(True)
        if not prefix_only:
            # The field has the keyboard meanwhile.
            field.installEventFilter(self)
            handle.setCursor(Qt.CursorShape.SizeHorCursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        here = watched is self._handle
        match event.type():
            case QEvent.Type.MouseButtonPress if here and isinstance(event, QMouseEvent):
                return self._press(event)
            case QEvent.Type.MouseMove if here and isinstance(event, QMouseEvent):
                return self._move(event)
            case QEvent.Type.MouseButtonRelease if here and self._pressed is not None:
                return self._release()
            case QEvent.Type.FocusOut if watched is self._field and self._number is not None:
                # Left under a hand: what is seen is what was meant.
                self._release()
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                return self._key(event)
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent):
                if self._number is not None and event.key() == Qt.Key.Key_Escape:
                    event.accept()
                    return True
        return False

    def _on_handle(self, at: QPointF) -> bool:
        return not self._prefix_only or at.x() < self._field.prefix_room()

    def _press(self, event: QMouseEvent) -> bool:
        usable = self._field.isEnabled() and self._field.number is not None
        if event.button() != Qt.MouseButton.LeftButton or not self._on_handle(event.position()):
            return False
        self._pressed = event.globalPosition() if usable else None
        self._number = None
        return usable

    def _move(self, event: QMouseEvent) -> bool:
        if self._pressed is None:
            if self._prefix_only:
                over = self._field.isEnabled() and self._on_handle(event.position())
                shape = Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.IBeamCursor
                self._handle.setCursor(shape)
            return False
        far = event.globalPosition().x() - self._pressed.x()
        if self._number is None:
            if abs(far) < QApplication.startDragDistance() / 2:
                return True
            self._number = self._field.number
            self._field.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._number is not None:
            self._pressed = event.globalPosition()
            count = far * self._field.step * stride(event.modifiers())
            self._number = self._field.seek(self._number + count)
        return True

    def _release(self) -> bool:
        number, self._number, self._pressed = self._number, None, None
        if number is not None:
            self._field.settle(number)
        else:
            self._field.setFocus(Qt.FocusReason.MouseFocusReason)
            self._field.selectAll()
        return True

    def _key(self, event: QKeyEvent) -> bool:
        if self._number is None or event.key() != Qt.Key.Key_Escape:
            return False
        self._number = self._pressed = None
        self._field.give_up()
        return True
