"""A grid of named fields, each shown where something selected has what it sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.panels.edits import having
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.labels import label

_NAME_WIDTH = 76


@dataclass(frozen=True, slots=True)
class _Row:
    title: QLabel
    field: QWidget
    of: Callable[[Sequence[Item]], list[Item]]
    show: Callable[[list[Item]], object]


class Rows(QWidget):
    """One row a property; what nothing selected has is left out, what is locked is off."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.theme.space.xs)
        self._grid.setVerticalSpacing(look.theme.space.s - 2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[_Row] = []

    def add(
        self,
        name: str,
        words: str,
        field: QWidget,
        show: Callable[[list[Item]], object],
        of: Callable[[Sequence[Item]], list[Item]] | None = None,
    ) -> QLabel:
        """A row for the property `name`. show: called with the items that have it, never none.

        of: finds those items where having the property is not enough.
        """
        title = label(words, tone="second", size="label")
        title.setFixedWidth(_NAME_WIDTH)
        row = len(self._rows)
        self._grid.addWidget(title, row, 0)
        self._grid.addWidget(field, row, 1)
        found = of or (lambda items: having(items, name))
        self._rows.append(_Row(title, field, found, show))
        return title

    def show_items(self, items: Sequence[Item]) -> bool:
        """Shows what the items have; False where that is nothing."""
        something = False
        for row in self._rows:
            found = row.of(items)
            something = something or bool(found)
            row.title.setVisible(bool(found))
            row.field.setVisible(bool(found))
            row.field.setEnabled(any(not item.locked for item in found))
            if found:
                row.show(found)
        return something
