"""Lays project cards out in as many columns as fit, and keeps cards that stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kupuri_desktop.core.projects import Project
from kupuri_desktop.ui.home.card import ProjectCard
from kupuri_desktop.ui.theme import Look

_NARROWEST = 232
_WIDEST = 340


class CardGrid(QWidget):
    """A grid of cards whose outer rims hang over, so that the pictures align with the page."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._cards: dict[str, ProjectCard] = {}
        self._columns = 1
        self.setObjectName("project_grid")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def cards(self) -> list[ProjectCard]:
        """The cards in the order in which they are shown."""
        return list(self._cards.values())

    def card(self, project: str) -> ProjectCard | None:
        """The card of a project; None where it is not shown."""
        return self._cards.get(project)

    def show_projects(self, projects: Sequence[Project]) -> list[ProjectCard]:
        """Show these; returns the cards that are new."""
        old, new = self._cards, []
        self._cards = {}
        for project in projects:
            card = old.pop(project.id, None)
            if card is None:
                card = ProjectCard(self._look, project, self)
                card.left.connect(self._go)
                new.append(card)
            else:
                card.show_project(project)
            self._cards[project.id] = card
        for gone in old.values():
            gone.hide()
            gone.deleteLater()
        self._arrange()
        # The keyboard goes through the cards in the order in which they are seen.
        cards = self.cards
        for before, after in pairwise(cards):
            QWidget.setTabOrder(before, after)
        for card in new:
            card.show()
        return new

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        rim, gap = ProjectCard.rim(), self._look.theme.space.l
        width = self.width()
        self._columns = max(1, (width + gap) // (_NARROWEST + gap))
        picture = min(_WIDEST, (width - gap * (self._columns - 1)) // self._columns)
        # What the division leaves over goes into the gaps: the last column ends with the page.
        spare = width - picture * self._columns if picture < _WIDEST else 0
        step = picture + (spare / (self._columns - 1) if spare and self._columns > 1 else gap)
        card_width = picture + 2 * rim
        card_height = ProjectCard.height_for(card_width)
        row_step = card_height - 2 * rim + gap
        for index, card in enumerate(self._cards.values()):
            row, column = divmod(index, self._columns)
            card.setGeometry(round(column * step) - rim, row * row_step, card_width, card_height)
        rows = -(-len(self._cards) // self._columns)
        height = rows * row_step + 2 * rim
        if height != self.height():
            self.setFixedHeight(max(1, height))

    def _go(self, step: int) -> None:
        cards = self.cards
        here = next((index for index, card in enumerate(cards) if card.hasFocus()), 0)
        by = step // 1000 * self._columns if abs(step) >= 1000 else step
        there = here + by
        if 0 <= there < len(cards):
            cards[there].setFocus(Qt.FocusReason.TabFocusReason)
