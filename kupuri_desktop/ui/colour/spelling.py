"""The line of the picker in which a colour is written, and what is said of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kupuri_desktop.core.colours import Colour, Spelling, colour_in, contrast
from kupuri_desktop.ui.colour.brush import swatch
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.fields import Choice
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.lines import PanelField
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.numbers import NumberField
from kupuri_desktop.ui.widgets.paint import focus_ring

_SPELLINGS = tuple(Spelling)
_TEXT, _SIGNS = 4.5, 3.0


class SpelledColour(QWidget):
    """A way of spelling, the colour in it, and the alpha in per cent."""

    taken = Signal(object)
    """The core.colours.Colour that was typed."""

    alpha_taken = Signal(float)
    """0 to 1."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._colour: Colour | None = None
        self.spelling = Choice(look)
        self.spelling.setProperty("panel", True)
        describe(self.spelling, "colour_spelling", "How the colour is written")
        self.spelling.addItems([each.value.upper() for each in _SPELLINGS])
        self.spelling.setFixedWidth(66)
        self.spelling.currentIndexChanged.connect(lambda _: self._spell())
        self.line = PanelField(look, "colour_line", "Colour")
        self.line.setToolTip("Colour, in any usual spelling: #f64, rgb(), hsl(), a name")
        self.line.edited.connect(self._typed)
        self.alpha = NumberField(look, "colour_percent", "Opacity of the colour", unit=" %",
                                 low=0, high=100)  # fmt: skip
        self.alpha.setFixedWidth(58)
        self.alpha.taken.connect(lambda percent: self.alpha_taken.emit(percent / 100))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.space.xs)
        row.addWidget(self.spelling)
        row.addWidget(self.line, 1)
        row.addWidget(self.alpha)

    def put(self, colour: Colour | None) -> None:
        """Shows a colour, or that there is none."""
        self._colour = colour
        self._spell()

    def _spell(self) -> None:
        colour = self._colour
        if colour is None:
            self.line.put("", "None")
            self.alpha.put("", "")
            return
        spelled = colour.opaque().spelled(_SPELLINGS[self.spelling.currentIndex()])
        self.line.put(spelled.partition("(")[2].rstrip(")") or spelled)
        self.alpha.show_number(round(colour.alpha / 2.55))

    def _typed(self, text: str) -> None:
        spelling = _SPELLINGS[self.spelling.currentIndex()]
        bare = "(" not in text and spelling is Spelling.HSL and text[:1] != "#"
        found = (colour_in(f"hsl({text})") if bare else None) or colour_in(text)
        if found is None:
            self.line.put_back()
            return
        before = self._colour
        if found.alpha == 255 and before is not None and before.alpha:
            # What was typed says nothing of the alpha: it stays.
            found = Colour(found.red, found.green, found.blue, before.alpha)
        self.line.keep(text)
        self.taken.emit(found)


class BeforeAfter(PaintedButton):
    """The colour as it was and as it is; a click goes back."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.before: Colour | None = None
        self.after: Colour | None = None
        describe(self, "colour_before", "Back to the colour before")
        self.setFixedSize(44, 40)

    def put(self, before: Colour | None, after: Colour | None) -> None:
        self.before, self.after = before, after
        words = before.text() if before is not None else "none"
        self.setAccessibleDescription(words)
        self.setToolTip(f"Back to {words}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        half = rect.height() / 2
        for colour, top in ((self.after, rect.top()), (self.before, rect.top() + half)):
            painter.save()
            painter.setClipRect(QRectF(rect.left(), top, rect.width(), half))
            swatch(painter, rect, theme.radius.control, colour, theme)
            painter.restore()
        if self.shows_ring():
            focus_ring(painter, QRectF(self.rect()), theme.radius.control, theme)


class Verdict(QWidget):
    """How well a colour is read on its ground: the ratio, and what it is enough for."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._ratio = label("", tone="second", size="label", name="colour_contrast")
        self._verdict = label("", size="label", weight="medium", name="colour_contrast_verdict")
        row.addWidget(self._ratio)
        row.addStretch(1)
        row.addWidget(self._verdict)

    def sizeHint(self) -> QSize:
        return QSize(160, 18)

    def put(self, colour: Colour | None, ground: Colour | None) -> None:
        """Without a ground there is nothing to say."""
        self.setVisible(colour is not None and ground is not None)
        if colour is None or ground is None:
            return
        ratio = contrast(colour.over(ground), ground)
        self._ratio.setText(f"Contrast on its ground {ratio:.1f} : 1")
        tone, words = "error", "Hard to read"
        if ratio >= _TEXT:
            tone, words = "ok", "Good"
        elif ratio >= _SIGNS:
            tone, words = "warn", "Large text only"
        self._verdict.setText(words)
        self._verdict.setProperty("tone", tone)
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)
        self._verdict.setAlignment(Qt.AlignmentFlag.AlignRight)
