"""The colour picker: an area, two strips, the colour in writing, and colours to take up again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.core.colours import Colour, colour_in
from kupuri_desktop.ui.colour.fields import Plane, Track
from kupuri_desktop.ui.colour.ports import ColourShelf
from kupuri_desktop.ui.colour.sections import MOST_USED, Sections
from kupuri_desktop.ui.colour.spelling import BeforeAfter, SpelledColour, Verdict
from kupuri_desktop.ui.colour.swatches import COLUMNS, EDGE, GAP
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.popover import Popover

_INSIDE = COLUMNS * (EDGE + GAP) - GAP + 4
_WIDEST_COLUMN = 420
_LOWER = 214
"""The lower part scrolls beyond so many logical pixels."""


class ColourPicker(Popover):
    """Begins at a colour; while a hand is at it `sought`, and once it lets go `taken`.

    Colours are #rrggbb or #rrggbbaa, or None where there may be none.
    """

    sought = Signal(object)
    taken = Signal(object)
    given_up = Signal()
    pick_asked = Signal()
    """The eyedropper is wanted."""

    def __init__(self, look: Look, shelf: ColourShelf, owner: QWidget) -> None:
        pad = look.theme.space.m
        super().__init__(look, "colour_picker", "Colour", owner, width=_INSIDE + 2 * pad + 8)
        self._hue = self._saturation = self._value = 0.0
        self._alpha = 255
        self._none = False
        self._began: Colour | None = None
        self._ground: Colour | None = None
        self.plane = Plane(look)
        self.hue = Track(look, "colour_hue", "Hue", hue=True)
        self.alpha = Track(look, "colour_alpha", "Opacity of the colour", hue=False)
        self.pick = IconButton(look, "colour_pick", "pipette", "Pick from the canvas", "Shift+I")
        self.none = IconButton(look, "colour_none", "ban", "No colour", checkable=True)
        self.compare = BeforeAfter(look)
        self.spelled = SpelledColour(look)
        self.verdict = Verdict(look)
        self.sections = Sections(look, shelf)
        self._arrange()
        for area in (self.plane, self.hue, self.alpha):
            area.sought.connect(self._seek)
            area.settled.connect(self._settle)
            area.given_up.connect(self._give_up)
        self.pick.clicked.connect(self.pick_asked)
        self.none.clicked.connect(self._toggle_none)
        self.compare.clicked.connect(lambda: self._take(self._began))
        self.spelled.taken.connect(self._take)
        self.spelled.alpha_taken.connect(self._take_alpha)
        self.closed.connect(self._end)
        self.sections.chosen.connect(lambda text: self._take(colour_in(text)))

    def begin(
        self, anchor: QWidget, colour: Colour | None, *, empty: bool, ground: Colour | None
    ) -> None:
        """Opens beside `anchor`. empty: there may be no colour. ground: what it is read on."""
        self._began = colour
        self._ground = ground
        self.none.setVisible(empty)
        self.show_colour(colour)
        self.open_at(anchor, self.plane)

    def offer(self, *, used: Sequence[str], recent: Sequence[str], image: Sequence[str]) -> None:
        """Shows what there is to take up again; each may be empty."""
        self.sections.used.put(used[:MOST_USED])
        self.sections.recent.put(recent[:COLUMNS])
        self.sections.image.put(image)
        self.sections.mark(self.colour)
        # As tall as what there is; what comes while it is open scrolls.
        self._lower.setFixedHeight(min(_LOWER, self.sections.sizeHint().height()))
        if self.isVisible():
            self._place()

    @property
    def colour(self) -> Colour | None:
        """What is chosen now."""
        if self._none:
            return None
        return Colour.from_hsv(self._hue, self._saturation, self._value, self._alpha)

    @property
    def busy(self) -> bool:
        """Whether a hand is at one of its areas."""
        return any(area.busy for area in (self.plane, self.hue, self.alpha))

    def show_colour(self, colour: Colour | None) -> None:
        """Shows a colour without telling anybody. A grey keeps the hue that was there."""
        self._none = colour is None
        if colour is not None and colour != self.colour:
            hue, saturation, value = colour.hsv
            if saturation > 0 and value > 0:
                self._hue = hue
            self._saturation, self._value, self._alpha = saturation, value, colour.alpha
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.busy:
            self._give_up()
            return
        super().keyPressEvent(event)

    # --- inside

    def _arrange(self) -> None:
        space = self._look.theme.space
        inside = QVBoxLayout()
        inside.setContentsMargins(space.m, space.m, space.m, space.m)
        inside.setSpacing(space.s)
        inside.addWidget(self.plane)
        strips = QVBoxLayout()
        strips.setSpacing(space.xs)
        strips.addWidget(self.hue)
        strips.addWidget(self.alpha)
        row = QHBoxLayout()
        row.setSpacing(space.xs)
        row.addWidget(self.pick)
        row.addWidget(self.none)
        row.addLayout(strips, 1)
        row.addWidget(self.compare)
        inside.addLayout(row)
        inside.addWidget(self.spelled)
        inside.addWidget(self.verdict)
        line = QFrame()
        line.setProperty("line", True)
        line.setFixedHeight(1)
        inside.addWidget(line)
        area = self._lower = QScrollArea()
        area.setObjectName("colour_sections")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.sections)
        area.viewport().setAutoFillBackground(False)
        self.sections.setAutoFillBackground(False)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.addWidget(area)
        self.body.addLayout(inside)

    def _show(self) -> None:
        colour = self.colour
        shown = colour or Colour.from_hsv(self._hue, self._saturation, self._value, self._alpha)
        self.plane.show_hue(self._hue)
        self.plane.put(self._saturation, self._value)
        self.hue.put(self._hue)
        self.alpha.show_colour(shown)
        self.alpha.put(self._alpha / 255)
        self.none.setChecked(self._none)
        self.compare.put(self._began, colour)
        self.spelled.put(colour)
        self.verdict.put(colour, self._ground)
        if not self.busy:
            self.sections.mark(colour)

    def _seek(self) -> None:
        self._none = False
        self._hue = self.hue.across
        self._saturation, self._value = self.plane.across, self.plane.up
        self._alpha = round(self.alpha.across * 255)
        self._show()
        self.sought.emit(self._text())

    def _settle(self) -> None:
        self.sections.mark(self.colour)
        self.taken.emit(self._text())

    def _end(self) -> None:
        if self.busy:
            # Closed under a hand: what is seen is what was meant.
            self._settle()

    def _give_up(self) -> None:
        self.given_up.emit()

    def _take(self, colour: object) -> None:
        known = colour if isinstance(colour, Colour) else None
        if known is None and self.none.isHidden():
            return
        self.show_colour(known)
        self.taken.emit(self._text())

    def _take_alpha(self, share: float) -> None:
        if not self._none:
            self._alpha = round(share * 255)
            self._show()
            self.taken.emit(self._text())

    def _toggle_none(self) -> None:
        self._none = self.none.isChecked()
        self._show()
        self.taken.emit(self._text())

    def _text(self) -> str | None:
        colour = self.colour
        return None if colour is None else colour.text()

    def _place(self) -> None:
        """Beside the column that was clicked in, not over what it is to change."""
        super()._place()
        anchor, window = self._anchor, self.parentWidget()
        if anchor is None or window is None:
            return
        margins, gap = QMargins(SHADOW), self._look.theme.space.s
        column = _column_of(anchor, window)
        at = column.mapTo(window, QPoint(0, 0))
        left = at.x() - self.width() + margins.right() - gap
        if left + margins.left() < 0:
            left = at.x() + column.width() - margins.left() + gap
        if left + self.width() - margins.right() > window.width():
            return
        at = anchor.mapTo(window, QPoint(0, 0))
        height = min(self.sizeHint().height(), window.height())
        top = min(max(at.y() - height // 3, 0), window.height() - height)
        self.setGeometry(left, top, self.width(), height)


def _column_of(anchor: QWidget, window: QWidget) -> QWidget:
    """The bar or panel that the anchor is in."""
    column = anchor
    above = column.parentWidget()
    while above is not None and above is not window and above.width() <= _WIDEST_COLUMN:
        column, above = above, above.parentWidget()
    return column
