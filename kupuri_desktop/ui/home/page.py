"""The home page: says welcome, takes a wish, and shows the projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.core.projects import Project
from kupuri_desktop.ui.drops import accept_copy, files_in
from kupuri_desktop.ui.home.card import ProjectCard
from kupuri_desktop.ui.home.empty import Emptiness
from kupuri_desktop.ui.home.grid import CardGrid
from kupuri_desktop.ui.home.listing import Filter, Listing, Order
from kupuri_desktop.ui.home.prompt_box import Examples, PromptBox, WelcomeLine
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.fields import Choice, SearchField, Segmented

_COLUMN = 760
_WIDEST = 1280

EXAMPLES = (
    ("A sunset landscape", "Generate a sunset landscape"),
    ("Four logo ideas", "Make four logo ideas for a small bakery called Maíz, flat and simple"),
    ("A jazz night poster", "Design a poster for a jazz night, bold shapes, deep blue and brass"),
    ("A seamless pattern", "Make a seamless pattern of tropical leaves, square"),
    ("A product on stone", "A perfume bottle on wet stone, soft morning light, wide"),
)


class HomePage(QScrollArea):
    """Shows a list of projects that somebody gives it, and says what the person wants."""

    wished = Signal(str)
    created = Signal()
    opened = Signal(str)
    renamed = Signal(str, str)
    duplicated = Signal(str)
    starred = Signal(str, bool)
    trashed = Signal(str)
    brought = Signal(list)
    """Paths of files that were dropped here: pictures, folders of them, projects."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        # None until they are known: an empty page must not flash before them.
        self._projects: tuple[Project, ...] | None = None
        self._listing = Listing()
        self.setObjectName("home_page")
        self.setAccessibleName("Home")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("room", "canvas")
        self._body = _Ground(look)
        self._body.brought.connect(self.brought)
        self.setWidget(self._body)
        self._column = QVBoxLayout(self._body)
        self._column.setSpacing(0)
        self.prompt = PromptBox(look, "Describe an image, a poster, a set of ideas…")
        self.prompt.submitted.connect(self.wished)
        examples = Examples(look, EXAMPLES)
        examples.chosen.connect(self.prompt.set_words)
        space = look.theme.space
        self._column.addSpacing(space.xxl + space.l)
        self._column.addWidget(WelcomeLine(look, "What shall we make?"))
        self._column.addSpacing(space.xs)
        self._column.addLayout(_centred(self.prompt, _COLUMN))
        self._column.addLayout(_centred(examples, _COLUMN))
        self._column.addSpacing(space.xxl + space.s)
        self._column.addLayout(self._bar())
        self._column.addSpacing(space.xs)
        self.grid = CardGrid(look)
        self._column.addWidget(self.grid)
        self._emptiness = Emptiness(look)
        self._emptiness.acted.connect(self._act_on_emptiness)
        self._column.addWidget(self._emptiness)
        self._column.addStretch()
        self._refresh()

    def show_projects(self, projects: Sequence[Project]) -> None:
        """Show these projects; cards that stay keep their covers."""
        self._projects = tuple(projects)
        self._refresh()

    def set_cover(self, project: str, image: QImage) -> None:
        """Give a project's card its picture; ignored where there is no such card."""
        card = self.grid.card(project)
        if card is not None:
            card.set_cover(image)

    def waiting_for_covers(self) -> list[Project]:
        """The projects whose cards are shown and wait for a picture."""
        return [card.project for card in self.grid.cards if card.needs_cover()]

    def show_listing(self, listing: Listing) -> None:
        """Show another view, order or search."""
        self._listing = listing
        self._filter.choose(listing.filter.value)
        self._order.setCurrentIndex(list(Order).index(listing.order))
        if self._search.text() != listing.search:
            self._search.setText(listing.search)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(self._look.theme.space.xxl, (self.viewport().width() - _WIDEST) // 2)
        self._column.setContentsMargins(side, 0, side, self._look.theme.space.xxl)
        super().resizeEvent(event)

    def _bar(self) -> QHBoxLayout:
        look, space = self._look, self._look.theme.space
        bar = QHBoxLayout()
        bar.setSpacing(space.s)
        views = [(view.value, view.value.capitalize()) for view in Filter]
        self._filter = Segmented(look, "project_view", "Which projects", views, Filter.ALL.value)
        self._filter.chosen.connect(
            lambda value: self.show_listing(replace(self._listing, filter=Filter(value)))
        )
        self._search = SearchField(look, "project_search", "Search projects")
        self._search.setMaximumWidth(240)
        self._search.textChanged.connect(
            lambda text: self.show_listing(replace(self._listing, search=text))
        )
        self._order = Choice(look)
        self._order.setObjectName("project_order")
        self._order.setAccessibleName("Sort by")
        self._order.setFixedWidth(150)
        for order in Order:
            self._order.addItem(order.value)
        self._order.activated.connect(
            lambda index: self.show_listing(replace(self._listing, order=list(Order)[index]))
        )
        self._new = PillButton(look, "new_project", "New project", "plus")
        self._new.clicked.connect(self.created)
        bar.addWidget(self._filter)
        bar.addStretch()
        bar.addWidget(self._search, 1)
        bar.addWidget(self._order)
        bar.addWidget(self._new)
        return bar

    def _refresh(self) -> None:
        shown = self._listing.of(self._projects or ())
        for card in self.grid.show_projects(shown):
            self._connect(card)
        self.grid.setVisible(bool(shown))
        self._emptiness.setVisible(not shown and self._projects is not None)
        if not shown:
            self._emptiness.show_for(self._listing)

    def _connect(self, card: ProjectCard) -> None:
        card.opened.connect(self.opened)
        card.renamed.connect(self.renamed)
        card.duplicated.connect(self.duplicated)
        card.starred.connect(self.starred)
        card.trashed.connect(self.trashed)

    def _act_on_emptiness(self) -> None:
        if self._listing.search or self._listing.filter is not Filter.ALL:
            self.show_listing(replace(self._listing, filter=Filter.ALL, search=""))
        else:
            self.created.emit()


class _Ground(QWidget):
    """What everything lies on; files may be dropped anywhere on it."""

    brought = Signal(list)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()):
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        accept_copy(event)
        self.brought.emit(files_in(event.mimeData()))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(event.rect()), self._look.theme.colours.canvas)


def _centred(widget: QWidget, width: int) -> QHBoxLayout:
    row = QHBoxLayout()
    widget.setMaximumWidth(width)
    row.addStretch(1)
    row.addWidget(widget, 1000)
    row.addStretch(1)
    return row
