"""The bar over two compared images, and the named actions that its buttons and keys are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.looking.compare.difference import CHANGED
from kupuri_desktop.ui.looking.compare.stage import Mode
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.naming import tooltip

if TYPE_CHECKING:
    from kupuri_desktop.ui.looking.compare.comparison import Comparison

_MARGIN = 12
_MODES = {
    Mode.SLIDER: ("compare_slider", "Slider", "square-split-horizontal"),
    Mode.SIDE: ("compare_side", "Side by side", "columns-2"),
    Mode.DIFFERENCE: ("compare_difference", "Difference", "blend"),
}


def compare_verbs(of: Comparison) -> list[Verb]:
    """What can be done while two images are compared."""
    none, section, stage = Needs.NOTHING, Section.COMPARE, of.stage
    modes = [
        Verb(name, words, (str(n),), icon, none, partial(of.choose, mode), section)
        for n, (mode, (name, words, icon)) in enumerate(_MODES.items(), 1)
    ]
    more = (
        ("compare_swap", "Swap the two images", ("X",), "arrow-left-right", of.swap),
        ("compare_fit", "Fit both images", ("0", "Shift+1"), "maximize", stage.fit),
        ("compare_pixels", "Compare pixel for pixel", ("P",), "scan", stage.show_pixels),
        ("compare_amplify", "Amplify the difference", ("E",), "contrast", of.step_amplify),
        ("compare_previous", "Previous pair", ("PgUp",), "chevron-left", partial(of.go, -1)),
        ("compare_next", "Next pair", ("PgDown",), "chevron-right", partial(of.go, 1)),
        ("compare_keep_a", "Keep A, hide B", ("A",), "check", partial(of.keep, 0)),
        ("compare_keep_b", "Keep B, hide A", ("B",), "check", partial(of.keep, 1)),
    )
    return modes + [
        Verb(name, words, keys, icon, none, run, section) for name, words, keys, icon, run in more
    ]


class CompareBar(FloatingBar):
    """Floats in the upper middle of a comparison."""

    def __init__(self, look: Look, over: Comparison) -> None:
        self._line = QHBoxLayout()
        super().__init__(look, "compare_bar", "Compare", self._line, over)
        self._over = over
        self._modes: dict[Mode, PillButton] = {}
        for n, (mode, (name, words, icon)) in enumerate(_MODES.items(), 1):
            pill = PillButton(look, name, words, icon, kind="quiet", checkable=True)
            pill.setToolTip(tooltip(words, str(n)))
            pill.clicked.connect(partial(self._choose, mode))
            self._line.addWidget(pill)
            self._modes[mode] = pill
        self._amplify = PillButton(look, "compare_amplify", "× 4", kind="quiet")
        hint = f"A pixel counts as changed where a channel differs by more than {CHANGED} of 255"
        self._amplify.setToolTip(tooltip("Amplify the difference", "E", hint))
        self._amplify.clicked.connect(over.step_amplify)
        self._line.addWidget(self._amplify)
        self._line.addSpacing(look.theme.space.s)
        swap = self._icon("compare_swap", "arrow-left-right", "Swap", "X")
        fit = self._icon("compare_fit", "maximize", "Fit", "0")
        pixels = PillButton(look, "compare_pixels", "1:1", kind="quiet")
        pixels.setToolTip(tooltip("Pixel for pixel", "P"))
        pixels.setAccessibleName("Pixel for pixel")
        pixels.clicked.connect(over.commands["compare_pixels"].trigger)
        self._line.addWidget(pixels)
        self._percent = label("", tone="second", size="label")
        self._percent.setMinimumWidth(46)
        self._line.addWidget(self._percent)
        # What goes first where there is no room: all of it has a key.
        self._spare = (self._percent, pixels, fit, swap)
        self._pairs = [
            self._icon("compare_previous", "chevron-left", "Previous pair", "PgUp"),
            label("", tone="second", size="label", name="compare_pair"),
            self._icon("compare_next", "chevron-right", "Next pair", "PgDown"),
        ]
        self._line.insertWidget(self._line.count() - 1, self._pairs[1])
        close = IconButton(look, "compare_close", "x", "Close", "Esc")
        close.clicked.connect(lambda: over.close_())
        self._line.addWidget(close)
        self.show()

    def controls(self) -> list[QAbstractButton]:
        """In the order in which Tab goes through them."""
        entries = [self._line.itemAt(n) for n in range(self._line.count())]
        widgets = [entry.widget() for entry in entries if entry is not None]
        return [each for each in widgets if isinstance(each, QAbstractButton)]

    def show_state(self, of: Comparison) -> None:
        """Shows what is chosen, how near, and what was measured."""
        for mode, pill in self._modes.items():
            pill.setChecked(mode is of.stage.mode)
        differs = of.stage.mode is Mode.DIFFERENCE
        self._amplify.setVisible(differs)
        self._amplify.setText(f"× {of.amplify}")
        self._amplify.setAccessibleName(f"Amplified {of.amplify} times")
        zoom = of.stage.zoom * self.devicePixelRatioF()
        self._percent.setText("" if of.stage.reading else f"{zoom * 100:.0f} %")
        words = of.pair_in_words()
        for each in self._pairs:
            each.setVisible(bool(words))
        pair = self._pairs[1]
        pair.setProperty("text", words)
        self.place(of.width())

    def place(self, room: int) -> None:
        """In the middle of so many logical pixels."""
        for mode, pill in self._modes.items():
            pill.setText(_MODES[mode][1])
            pill.updateGeometry()
        for each in self._spare:
            each.show()
        if self._too_wide(room):
            # Icons alone; what they are is in their tooltips and said to screen readers.
            for pill in self._modes.values():
                pill.setText("")
                pill.updateGeometry()
        for each in self._spare:
            if self._too_wide(room):
                each.hide()
        self._line.activate()
        size = self.sizeHint()
        self.resize(size)
        self.move((room - size.width()) // 2, _MARGIN - SHADOW.top())
        self.raise_()

    def _too_wide(self, room: int) -> bool:
        self._line.invalidate()
        self._line.activate()
        card = self.sizeHint().width() - SHADOW.left() - SHADOW.right()
        return card > room - 2 * _MARGIN

    def _icon(self, name: str, icon: str, words: str, keys: str) -> QWidget:
        button = IconButton(self._look, name, icon, words, keys)
        button.clicked.connect(self._over.commands[name].trigger)
        self._line.addWidget(button)
        return button

    def _choose(self, mode: Mode) -> None:
        self._over.choose(mode)
