"""The shortcut sheet: every action that has a shortcut, by heading."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import ActionSpec, Section
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.labels import Keys, label
from kupuri_desktop.ui.widgets.popover import Popover

_WIDTH = 720
_HEIGHT = 480


class ShortcutSheet(Popover):
    """`?`: what can be done by keyboard."""

    def __init__(self, look: Look, actions: Actions, owner: QWidget) -> None:
        super().__init__(look, "shortcut_sheet", "Keyboard shortcuts", owner, width=_WIDTH)
        self._actions = actions
        space = look.theme.space
        self.body.setContentsMargins(space.xl, space.l, space.s, space.l)
        self.body.setSpacing(space.m)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, space.s, 0)
        head.addWidget(label("Keyboard shortcuts", size="title", weight="strong"))
        head.addStretch()
        close = IconButton(look, "close_shortcuts", "x", "Close", "Esc")
        close.clicked.connect(self.close_)
        head.addWidget(close)
        self.body.addLayout(head)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFixedHeight(_HEIGHT)
        self._area.viewport().setAutoFillBackground(False)
        self.body.addWidget(self._area)

    def open_over(self, window: QWidget) -> None:
        """Open in the middle of `window`, with the shortcuts as they are now."""
        sheet = self._sheet()
        self._area.setWidget(sheet)
        # The area makes its widget paint a ground of its own, which is not the popover's.
        sheet.setAutoFillBackground(False)
        self.open_at(window)
        self._place()

    def _sheet(self) -> QWidget:
        space = self._look.theme.space
        sheet = QWidget()
        sheet.setObjectName("shortcut_rows")
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 0, space.l, 0)
        columns.setSpacing(space.xxl)
        groups = [(section, self._with_shortcut(section)) for section in Section]
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
                keys = Keys(self._look, self._actions.shortcut(spec.id))
                grid.addWidget(keys, row, 1, Qt.AlignmentFlag.AlignRight)
            column.addLayout(grid)
            filled += len(specs) + 2
        column.addStretch()
        return sheet

    @staticmethod
    def _column(columns: QHBoxLayout) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        columns.addLayout(column, 1)
        return column

    def _with_shortcut(self, section: Section) -> list[ActionSpec]:
        return [
            spec
            for spec in self._actions.specs()
            if spec.section is section and self._actions.shortcut(spec.id)
        ]

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        width = min(_WIDTH + 32, window.width())
        height = min(self.sizeHint().height(), window.height())
        self.setGeometry(
            (window.width() - width) // 2, (window.height() - height) // 2, width, height
        )
