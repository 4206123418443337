"""The model picker: text or image models, grouped, searched, with the reason where one is grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QToolTip,
    QWidget,
)

from kupuri_desktop.core.models import ModelKind, ModelRef, ProviderStatus
from kupuri_desktop.ui.models.listing import (
    BADGES,
    Choosable,
    Heading,
    Line,
    Trouble,
    facts,
    lines,
)
from kupuri_desktop.ui.models.rows import LINE_ROLE, LineDelegate
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.fields import SearchField, Segmented
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.lists import make_plain
from kupuri_desktop.ui.widgets.popover import Popover

_WIDTH = 420
_TALLEST = 380

_KIND_WORDS = {ModelKind.TEXT: "Text model", ModelKind.IMAGE: "Image model"}


class ModelPicker(Popover):
    """Choose with the pointer, or: type to search, up and down, Enter; Ctrl+Tab changes the kind.

    Enter or a click on a grey line carries out what would mend it.
    """

    chosen = Signal(object, object)
    """The ModelKind, and the ModelRef."""

    mend_chosen = Signal(object, object)
    """The Action, and the Problem or None."""

    refresh_asked = Signal()

    def __init__(self, look: Look, owner: QWidget) -> None:
        super().__init__(look, "model_picker", "Choose a model", owner, width=_WIDTH)
        self._statuses: Mapping[ModelKind, Sequence[ProviderStatus]] = {}
        self._chosen: dict[ModelKind, ModelRef | None] = {}
        self._kind = ModelKind.TEXT
        space = look.theme.space
        self.body.setContentsMargins(space.s, space.s, space.s, space.s)
        self.body.setSpacing(space.s)
        kinds = [(kind.value, words) for kind, words in _KIND_WORDS.items()]
        self._tabs = Segmented(look, "model_kind", "Kind of model", kinds, self._kind.value)
        self._tabs.chosen.connect(lambda value: self._show_kind(ModelKind(value)))
        self._refresh = IconButton(look, "refresh_models", "refresh-cw", "Look again")
        self._refresh.clicked.connect(self.refresh_asked)
        head = QHBoxLayout()
        head.addWidget(self._tabs)
        head.addStretch()
        head.addWidget(self._refresh)
        self._search = SearchField(look, "model_search", "Search models")
        self._search.textChanged.connect(self._fill)
        self._search.installEventFilter(self)
        self._list = QListWidget()
        self._list.setObjectName("model_list")
        self._list.setAccessibleName("Models")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        make_plain(self._list)
        self._delegate = LineDelegate(look, self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.itemClicked.connect(self._take)
        self._list.itemEntered.connect(self._enter)
        self._list.viewport().installEventFilter(self)
        self._nothing = label("", tone="second", wrap=True, name="no_models")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setMinimumHeight(80)
        self.body.addLayout(head)
        self.body.addWidget(self._search)
        self.body.addWidget(self._list)
        self.body.addWidget(self._nothing)

    def show_statuses(
        self, text: Sequence[ProviderStatus], image: Sequence[ProviderStatus]
    ) -> None:
        """Show what the providers said last."""
        self._statuses = {ModelKind.TEXT: text, ModelKind.IMAGE: image}
        self._fill(self._search.text())

    def show_chosen(self, kind: ModelKind, ref: ModelRef | None) -> None:
        """Mark the model in use."""
        self._chosen[kind] = ref
        self._fill(self._search.text())

    def show_refreshing(self, busy: bool) -> None:
        """Say that the providers are being asked."""
        self._refresh.setEnabled(not busy)
        self._refresh.setToolTip("Looking…" if busy else "Look again")

    def open_for(self, kind: ModelKind, anchor: QWidget) -> None:
        """Open at `anchor` with the models of a kind."""
        self._search.clear()
        self._show_kind(kind)
        self.open_at(anchor, self._search)

    def lines(self) -> list[Line]:
        """What is listed now."""
        return [self._list.item(row).data(LINE_ROLE) for row in range(self._list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._search and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._on_key(event):
                return True
        elif isinstance(event, QHelpEvent) and watched is self._list.viewport():
            item = self._list.itemAt(event.pos())
            QToolTip.showText(event.globalPos(), _spoken(item.data(LINE_ROLE)) if item else "")
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Down:
                self._step(1)
            case Qt.Key.Key_Up:
                self._step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                item = self._list.currentItem()
                if item is not None:
                    self._take(item)
            case Qt.Key.Key_Tab | Qt.Key.Key_Backtab if control:
                other = ModelKind.IMAGE if self._kind is ModelKind.TEXT else ModelKind.TEXT
                self._show_kind(other)
            case _:
                return False
        return True

    def _show_kind(self, kind: ModelKind) -> None:
        self._kind = kind
        self._tabs.choose(kind.value)
        self._fill(self._search.text())

    def _fill(self, search: str) -> None:
        self._list.clear()
        self._delegate.chosen = self._chosen.get(self._kind)
        height, current = 4, -1
        for line in lines(self._statuses.get(self._kind, ()), self._kind, search):
            item = QListWidgetItem()
            item.setData(LINE_ROLE, line)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(line))
            if isinstance(line, Heading):
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
            row = self._list.count() - 1
            height += self._list.sizeHintForRow(row)
            if isinstance(line, Choosable) and line.info.ref == self._delegate.chosen:
                current = row
        empty = self._list.count() == 0
        self._nothing.setVisible(empty)
        self._nothing.setText(
            f"No model is called “{search}”." if search else "No provider has answered yet."
        )
        self._list.setVisible(not empty)
        self._list.setFixedHeight(min(height, _TALLEST))
        self._list.setCurrentRow(current)
        if current < 0:
            self._step(1)
        if self.isVisible():
            self._place()

    def _step(self, by: int) -> None:
        row = self._list.currentRow()
        while 0 <= (row := row + by) < self._list.count():
            if not isinstance(self._list.item(row).data(LINE_ROLE), Heading):
                self._list.setCurrentRow(row)
                self._search.setAccessibleDescription(_spoken(self._list.item(row).data(LINE_ROLE)))
                return

    def _enter(self, item: QListWidgetItem) -> None:
        if not isinstance(item.data(LINE_ROLE), Heading):
            self._list.setCurrentItem(item)

    def _take(self, item: QListWidgetItem) -> None:
        match item.data(LINE_ROLE):
            case Choosable(info) if info.usable:
                self.close_()
                self.chosen.emit(self._kind, info.ref)
            case Choosable(info) if info.mend is not None:
                self.close_()
                self.mend_chosen.emit(info.mend, None)
            case Trouble(mend=mend, problem=problem) if mend is not None:
                self.close_()
                self.mend_chosen.emit(mend, problem)


def _spoken(line: Line) -> str:
    match line:
        case Heading(words):
            return words
        case Trouble(provider, words, mend):
            return f"{provider}: {words} {mend.label if mend else ''}".strip()
        case Choosable(info, provider):
            badges = [words for kind, (_, words) in BADGES.items() if kind in info.capabilities]
            parts = [info.name, provider, info.problem or facts(info), *badges]
            return "\n".join(part for part in parts if part)
