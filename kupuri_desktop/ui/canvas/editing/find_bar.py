"""The bar that finds words on the canvas and puts others in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from kupuri_desktop.core.arrange import in_reading_order
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.replacing import Found, found_in, replaced
from kupuri_desktop.ui.canvas.editing.keys import kept
from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.canvas.painting.vectors import as_tall_as_words
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.fields import SearchField
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.naming import describe

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_FIELD = 220
_COUNT = 76
_MARGIN = 12


class FindBar(FloatingBar):
    """Texts, notes and names. Enter goes to the next place, Shift+Enter to the one before."""

    def __init__(self, view: CanvasView) -> None:
        grid = QGridLayout()
        look = view.look
        super().__init__(look, "find_bar", "Find and replace", grid, view)
        self._view = view
        self._places: list[Found] = []
        self._at = -1
        self.words = SearchField(look, "find_words", "Find on the canvas")
        self.words.setFixedWidth(_FIELD)
        self.words.textChanged.connect(lambda _: self._search())
        self.count = label("", tone="second", size="label")
        self.count.setObjectName("find_count")
        self.count.setFixedWidth(_COUNT)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        before = IconButton(look, "find_previous", "chevron-up", "Previous", "Shift+Return")
        before.clicked.connect(lambda: self.step(-1))
        after = IconButton(look, "find_next", "chevron-down", "Next", "Return")
        after.clicked.connect(lambda: self.step(1))
        self.case = PillButton(look, "find_case", "Aa", kind="quiet", checkable=True)
        describe(self.case, "find_case", "Match upper and lower case")
        self.case.toggled.connect(lambda _: self._search())
        leave = IconButton(look, "find_close", "x", "Close", "Escape")
        leave.clicked.connect(self.close_)
        top = QHBoxLayout()
        top.setSpacing(2)
        for widget in (self.count, before, after, self.case, leave):
            top.addWidget(widget)
        self.other = QLineEdit()
        describe(self.other, "find_other", "Replace with")
        self.other.setToolTip("")
        self.other.setPlaceholderText("Replace with")
        self.other.setFixedWidth(_FIELD)
        self._one = PillButton(look, "find_replace", "Replace", kind="quiet")
        self._one.clicked.connect(self.replace_one)
        self._all = PillButton(look, "find_replace_all", "Replace all", kind="quiet")
        self._all.clicked.connect(self.replace_all)
        below = QHBoxLayout()
        below.setSpacing(2)
        below.addWidget(self._one)
        below.addWidget(self._all)
        below.addStretch(1)
        self._lower: tuple[QWidget, ...] = (self.other, self._one, self._all)
        grid.setVerticalSpacing(look.theme.space.xs)
        grid.addWidget(self.words, 0, 0)
        grid.addLayout(top, 0, 1)
        grid.addWidget(self.other, 1, 0)
        grid.addLayout(below, 1, 1)
        self.hide()

    def open_(self, *, replace: bool) -> None:
        """Shows the bar, with what a single selected text may hold the field's words kept."""
        for widget in self._lower:
            widget.setVisible(replace)
        self.show()
        self.place()
        self.raise_()
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()
        self._search(go=False)

    def close_(self) -> None:
        self.hide()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """In the middle of the view's upper edge."""
        if self.isHidden():
            return
        self.resize(self.sizeHint())
        x = (self._view.viewport().width() - self.width()) // 2
        self.move(QPoint(x, _MARGIN - SHADOW.top()))

    def follow(self) -> None:
        """The canvas has changed: what was found may be gone, and other things may be there."""
        if not self.isHidden():
            self._search(go=False)

    def step(self, by: int) -> None:
        """Goes on to another place, from the last to the first."""
        if self._places:
            self._at = (self._at + by) % len(self._places) if self._at >= 0 else 0
            self._go()

    def replace_one(self) -> None:
        """The place that is shown, and on to the next."""
        if 0 <= self._at < len(self._places):
            place = self._places[self._at]
            after = place.start + len(self.other.text())
            self._replace([place])
            order = [found.item for found in self._places]
            later = (
                n
                for n, found in enumerate(self._places)
                if found.item == place.item and (found.field, found.start) >= (place.field, after)
            )
            at = next(later, None)
            if at is None:
                at = order.index(place.item) if place.item in order else self._at
            self._at = min(at, len(self._places) - 1)
            if self._places:
                self._go()
        else:
            self.step(1)

    def replace_all(self) -> None:
        """Every place, as one step."""
        self._replace(self._places)

    def event(self, event: QEvent) -> bool:
        return kept(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.other.hasFocus():
                self.replace_one()
            else:
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.step(-1 if back else 1)
        # What no field wants must not reach the canvas below.
        event.accept()

    # --- inside

    def _search(self, *, go: bool = True) -> None:
        shown = [item for item in self._view.canvas.in_order() if not item.hidden]
        words = self.words.text()
        order = in_reading_order(shown, upright) if words else []
        self._places = found_in(order, words, match_case=self.case.isChecked())
        self._at = min(self._at, len(self._places) - 1)
        if go:
            self._at = 0 if self._places else -1
            if self._places:
                self._go()
        self._tell()

    def _go(self) -> None:
        self._view.reveal([self._places[self._at].item])
        self._tell()

    def _tell(self) -> None:
        total = len(self._places)
        words = "" if not self.words.text() else "None" if not total else f"{total} found"
        if total and self._at >= 0:
            words = f"{self._at + 1} of {total}"
        self.count.setText(words)
        self._one.setEnabled(total > 0)
        self._all.setEnabled(total > 0)

    def _replace(self, places: list[Found]) -> None:
        known = self._view.canvas.items
        free = [place for place in places if place.item in known and not known[place.item].locked]
        new: list[Item] = [
            as_tall_as_words(item) for item in replaced(known, free, self.other.text())
        ]
        what = f"“{_short(self.words.text())}”"
        words = f"Replace {what}" if len(free) == 1 else f"Replace {what} {len(free)} times"
        self._view.canvas.add(words, new)


def _short(words: str) -> str:
    return words if len(words) <= 24 else words[:23] + "…"
