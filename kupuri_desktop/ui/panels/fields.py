"""Small fields of the inspector: a number, a colour, a name, a fact that can be copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QColorDialog, QHBoxLayout, QLineEdit, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring

_MIXED = "Mixed"
_STEPS = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}
_FACT_NAME = 76


def written(number: float) -> str:
    """A number with up to two decimals and no dust: `12`, `12.5`, `-0.25`."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


class PanelField(QLineEdit):
    """A line in a panel. Enter takes what was typed, Escape puts back what was there.

    prefix: a letter or two, drawn before the text.
    """

    edited = Signal(str)
    """What was typed, where it differs from what was there."""

    def __init__(self, look: Look, name: str, words: str, prefix: str = "") -> None:
        super().__init__()
        self._look = look
        self._prefix = prefix
        self._kept = ""
        describe(self, name, words)
        self.setProperty("panel", True)
        self.setFont(look.theme.font(tabular=True))
        self.setMinimumWidth(40)
        if prefix:
            metrics = QFontMetrics(self._prefix_font())
            room = max(metrics.horizontalAdvance(prefix), 10) + look.theme.space.xs
            self.setTextMargins(room, 0, 0, 0)
        self.editingFinished.connect(self._finish)

    def sizeHint(self) -> QSize:
        return QSize(80, self._look.theme.size.control)

    def put_back(self) -> None:
        """Shows again what was there."""
        self.setText(self._kept)

    def keep(self, text: str) -> None:
        """Takes a text as what is there from now on."""
        self._kept = text
        self.setText(text)

    def put(self, text: str, hint: str = "") -> None:
        """Shows what is so now; what is being typed stays."""
        self.setPlaceholderText(hint)
        untouched = self.text() == self._kept
        self._kept = text
        if untouched or not self.hasFocus():
            self.setText(text)
            self.setCursorPosition(0)
            if self.hasFocus():
                self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_back()
            self.clearFocus()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.selectAll()

    def event(self, event: QEvent) -> bool:
        # Where nothing is being typed, undo is the canvas's and not the line's.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.text() == self._kept
            and any(
                event.matches(key)
                for key in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            )
        ):
            event.ignore()
            return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._prefix:
            colours = self._look.theme.colours
            painter = QPainter(self)
            painter.setFont(self._prefix_font())
            painter.setPen(colours.text_second if self.isEnabled() else colours.text_off)
            rect = QRectF(self._look.theme.space.s + 1, 0, self.width(), self.height())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self._prefix)

    def _prefix_font(self) -> QFont:
        return self._look.theme.font(self._look.theme.type.label)

    def _finish(self) -> None:
        if self.text() != self._kept:
            self.edited.emit(self.text())


class NameField(PanelField):
    """A name; spaces at its ends go."""

    taken = Signal(str)

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__(look, name, words)
        self.setMaxLength(200)
        self.edited.connect(self._take)

    def _take(self, text: str) -> None:
        name = " ".join(text.split())
        self.keep(name)
        self.taken.emit(name)


class NumberField(PanelField):
    """A number with a unit behind it; the arrow keys count, with Shift by ten.

    What is no number is put back; what is out of bounds is taken as the bound.
    """

    taken = Signal(float)

    def __init__(
        self, look: Look, name: str, words: str, prefix: str = "", *, unit: str = "",
        low: float = -1e6, high: float = 1e6,
    ) -> None:  # fmt: skip
        super().__init__(look, name, words, prefix)
        self._unit = unit
        self._low, self._high = low, high
        self.edited.connect(self._take)

    def show_number(self, number: float, mixed: bool = False) -> None:
        """Shows a number, or that there are several."""
        self.put("" if mixed else written(number) + self._unit, _MIXED if mixed else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        now = self._number(self.text())
        if step is not None and now is not None:
            far = 10.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            self._take(written(now + step * far))
        else:
            super().keyPressEvent(event)

    def _number(self, text: str) -> float | None:
        bare = text.strip().removesuffix(self._unit.strip()).strip().replace(",", ".")
        try:
            number = float(bare)
        except ValueError:
            return None
        # NaN is no number either, and compares as none.
        return min(max(number, self._low), self._high) if abs(number) < 1e9 else None

    def _take(self, text: str) -> None:
        number = self._number(text)
        if number is None:
            self.put_back()
            return
        self.keep(written(number) + self._unit)
        self.selectAll()
        self.taken.emit(number)


class Swatch(PaintedButton):
    """Shows a colour; a click asks for another."""

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__(look)
        self.colour: QColor | None = None
        self.mixed = False
        describe(self, name, words)
        self.setFixedSize(look.theme.size.control, look.theme.size.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        if self.colour is None:
            fill_round(painter, rect, theme.radius.control - 1, colours.well, colours.field_line)
            if not self.mixed:
                painter.setPen(colours.error_text)
                inner = rect.adjusted(4, 4, -4, -4)
                painter.drawLine(inner.bottomLeft(), inner.topRight())
        else:
            fill_round(painter, rect, theme.radius.control - 1, self.colour, colours.field_line)
        if self.shows_ring():
            focus_ring(painter, QRectF(self.rect()), theme.radius.control, theme)


class ColourField(QWidget):
    """A colour as a swatch and as #rrggbb or #rrggbbaa, which is how items keep it.

    empty: whether there may be none; an emptied line then means none.
    """

    taken = Signal(object)
    """The colour as text, or None."""

    def __init__(self, look: Look, name: str, words: str) -> None:
        super().__init__()
        self._words = words
        self.empty = False
        self.swatch = Swatch(look, f"{name}_swatch", f"Choose {words.lower()}")
        self.swatch.clicked.connect(self._ask)
        self.line = PanelField(look, name, words)
        self.line.edited.connect(lambda text: self._typed(text.strip()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.space.xs)
        row.addWidget(self.swatch)
        row.addWidget(self.line, 1)

    def show_colour(self, colour: str | None, mixed: bool = False) -> None:
        """Shows a colour, none, or that there are several."""
        self.swatch.colour = None if mixed or colour is None else colour_of(colour)
        self.swatch.mixed = mixed
        self.swatch.update()
        self.line.put("" if mixed or colour is None else colour, _MIXED if mixed else "None")

    def _typed(self, text: str) -> None:
        if not text and self.empty:
            self.line.keep("")
            self.taken.emit(None)
            return
        colour = colour_of(text if text.startswith("#") else f"#{text}") or colour_of(text)
        if colour is None:
            self.line.put_back()
            return
        self._give(colour)

    def _ask(self) -> None:
        dialog = QColorDialog(self.swatch.colour or QColor(Qt.GlobalColor.white), self)
        dialog.setWindowTitle(self._words)
        dialog.setOption(QColorDialog.ColorDialogOption.ShowAlphaChannel)
        dialog.colorSelected.connect(self._give)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _give(self, colour: QColor) -> None:
        text = text_of(colour)
        self.swatch.colour = colour
        self.swatch.update()
        self.line.keep(text)
        self.taken.emit(text)


def colour_of(text: str) -> QColor | None:
    """#rgb, #rrggbb, #rrggbbaa or a colour's English name; None for anything else."""
    if len(text) == 9 and text.startswith("#"):
        colour = QColor.fromString(f"#{text[7:]}{text[1:7]}")
    else:
        colour = QColor.fromString(text)
    return colour if colour.isValid() else None


def text_of(colour: QColor) -> str:
    """#rrggbb, or #rrggbbaa where it is not opaque."""
    opaque = colour.alpha() == 255
    return colour.name() if opaque else f"{colour.name()}{colour.alpha():02x}"


class Fact(QWidget):
    """A name and what it is, in one line; `copies` puts a button behind that copies it."""

    def __init__(self, look: Look, name: str, words: str, *, copies: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.space.xs)
        title = label(words, tone="second", size="label")
        title.setFixedWidth(_FACT_NAME)
        row.addWidget(title)
        self.value = ElidedLabel(look, size=look.theme.type.label, middle=True)
        row.addWidget(self.value, 1)
        self.setFixedHeight(24)
        if copies:
            row.addWidget(copy_button(look, f"{name}_copy", words, lambda: self.value.words))

    def put(self, words: str) -> None:
        """Shows the fact; without words there is none, and the line goes."""
        self.value.set_words(words)
        self.setVisible(bool(words))


def copy_button(look: Look, name: str, words: str, text: Callable[[], str]) -> IconButton:
    """A small button that copies what `text` gives."""
    button = IconButton(look, name, "copy", f"Copy {words.lower()}", size=24, icon_size=14)
    button.clicked.connect(lambda: QApplication.clipboard().setText(text()))
    return button
