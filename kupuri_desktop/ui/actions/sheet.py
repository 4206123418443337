"""The shortcut sheet: every action that has a shortcut, by heading, and how to change them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import ActionSpec, Section
from kupuri_desktop.ui.actions.key_field import KeyField
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.fields import SearchField
from kupuri_desktop.ui.widgets.labels import Keys, label
from kupuri_desktop.ui.widgets.popover import Popover

_WIDTH = 720
_HEIGHT = 480
_HOW = "Click on an action's keys, then press the new ones. Backspace takes them away."


class ShortcutSheet(Popover):
    """`?`: what can be done by keyboard. While changing, it has the actions without keys too."""

    rebound = Signal()
    """The actions have other keys now."""

    def __init__(self, look: Look, actions: Actions, owner: QWidget) -> None:
        super().__init__(look, "shortcut_sheet", "Keyboard shortcuts", owner, width=_WIDTH)
        self._actions = actions
        self._changing = False
        self._refused = ("", "")
        space = look.theme.space
        self.body.setContentsMargins(space.xl, space.l, space.s, space.l)
        self.body.setSpacing(space.m)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, space.s, 0)
        head.addWidget(label("Keyboard shortcuts", size="title", weight="strong"))
        head.addStretch()
        self._reset = PillButton(look, "reset_shortcuts", "Reset all", kind="quiet")
        self._reset.clicked.connect(self._reset_all)
        head.addWidget(self._reset)
        self._change = PillButton(look, "change_shortcuts", "Change…", kind="quiet")
        self._change.clicked.connect(lambda: self._set_changing(not self._changing))
        head.addWidget(self._change)
        close = IconButton(look, "close_shortcuts", "x", "Close", "Esc")
        close.clicked.connect(self.close_)
        head.addWidget(close)
        self.body.addLayout(head)
        self._search = SearchField(look, "shortcut_search", "Search by name or by keys")
        self._search.textChanged.connect(lambda _: self._fill())
        finding = QHBoxLayout()
        finding.setContentsMargins(0, 0, space.l, 0)
        finding.addWidget(self._search)
        self.body.addLayout(finding)
        self._hint = label("", tone="second", wrap=True, name="shortcut_hint")
        self.body.addWidget(self._hint)
        self._area = QScrollArea()
        self._area.setAccessibleName("All shortcuts")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFixedHeight(_HEIGHT)
        self._area.viewport().setAutoFillBackground(False)
        self.body.addWidget(self._area)

    def open_over(self, window: QWidget) -> None:
        """Open in the middle of `window`, with the shortcuts as they are now."""
        self._search.clear()
        self._set_changing(False)
        self.open_at(window, self._search)
        self._place()

    def _set_changing(self, changing: bool) -> None:
        self._changing = changing
        self._change.setText("Done" if changing else "Change…")
        self._change.updateGeometry()
        self._reset.setVisible(changing)
        self._hint.setText(_HOW if changing else "")
        self._hint.setVisible(changing)
        self._fill()

    def _fill(self) -> None:
        at = self._area.verticalScrollBar().value()
        sheet = self._sheet()
        self._area.setWidget(sheet)
        # The area makes its widget paint a ground of its own, which is not the popover's.
        sheet.setAutoFillBackground(False)
        self._area.verticalScrollBar().setValue(at)

    def _rebind(self, spec: ActionSpec, keys: str) -> None:
        """Whoever presses keys twice that are taken means it: they change hands."""
        other = self._actions.rebind(spec.id, keys)
        if other is not None and self._refused == (spec.id, keys):
            self._actions.rebind(other, "")
            other = self._actions.rebind(spec.id, keys)
        if other is not None:
            self._refused = (spec.id, keys)
            taker = self._actions.words(other)
            self._hint.setText(f"{keys} belongs to “{taker}”. Press it again to take it over.")
            return
        self._refused = ("", "")
        self._hint.setText(_HOW)
        self.rebound.emit()
        self._fill()
        field = self._area.findChild(KeyField, f"keys_{spec.id}")
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reset_all(self) -> None:
        self._actions.take_shortcuts({})
        self._hint.setText("Every action has the keys again that it came with.")
        self.rebound.emit()
        self._fill()

    def _sheet(self) -> QWidget:
        space = self._look.theme.space
        sheet = QWidget()
        sheet.setObjectName("shortcut_rows")
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 0, space.l, 0)
        columns.setSpacing(space.xxl)
        groups = [(section, self._listed(section)) for section in Section]
        groups = [(section, specs) for section, specs in groups if specs]
        total = sum(len(specs) + 2 for _, specs in groups)
        column, filled = self._column(columns), 0
        for section, specs in groups:
            if filled and filled + len(specs) / 2 > total / 2 and columns.count() == 1:
                column.addStretch()
                column = self._column(columns)
            column.addWidget(label(section.value, tone="third", size="label", weight="medium"))
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, space.m)
            grid.setVerticalSpacing(space.s)
            for row, spec in enumerate(specs):
                grid.addWidget(label(spec.words.rstrip("…")), row, 0)
                grid.addWidget(self._keys_of(spec), row, 1, Qt.AlignmentFlag.AlignRight)
            column.addLayout(grid)
            filled += len(specs) + 2
        if not groups:
            column.addWidget(
                label("Nothing is called so, and nothing has these keys.", tone="second")
            )
        column.addStretch()
        return sheet

    @staticmethod
    def _column(columns: QHBoxLayout) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        columns.addLayout(column, 1)
        return column

    def _keys_of(self, spec: ActionSpec) -> QWidget:
        shortcut = self._actions.shortcut(spec.id)
        if not self._changing:
            return Keys(self._look, shortcut)
        field = KeyField(self._look, f"keys_{spec.id}", spec.words, shortcut)
        field.keys_chosen.connect(lambda keys: self._rebind(spec, keys))
        return field

    def _listed(self, section: Section) -> list[ActionSpec]:
        return [
            spec
            for spec in self._actions.specs()
            if spec.section is section
            and (self._changing or self._actions.shortcut(spec.id))
            and self._is_searched(spec)
        ]

    def _is_searched(self, spec: ActionSpec) -> bool:
        keys = self._actions.shortcut(spec.id).lower()
        words = self._search.text().lower().split()
        return all(word in spec.words.lower() or word in keys for word in words)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        width = min(_WIDTH + 32, window.width())
        height = min(self.sizeHint().height(), window.height())
        self.setGeometry(
            (window.width() - width) // 2, (window.height() - height) // 2, width, height
        )
