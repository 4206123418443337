"""The question before a tool runs: what exactly it would do, and the four answers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontDatabase, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from kupuri_desktop.core.chat import Message, ToolCallPart
from kupuri_desktop.ui.chat.marks import Mark
from kupuri_desktop.ui.chat.pictures import Gallery
from kupuri_desktop.ui.chat.protocol import Decision
from kupuri_desktop.ui.chat.views import RowView, Stage
from kupuri_desktop.ui.chat.words import exact, only_looks, visible, words_of
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import Kind, PillButton
from kupuri_desktop.ui.widgets.card import Card
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round

_MOST_LINES = 10
_MOST_PICTURES = 8

_ANSWERS: tuple[tuple[Decision, str, str, Kind], ...] = (
    (Decision.ONCE, "Once", "Allow it this once", "primary"),
    (Decision.SESSION, "This session", "Allow it until Kupuri is closed", "plain"),
    (Decision.ALWAYS, "Always", "Never ask again for this tool", "plain"),
    (Decision.REJECT, "Reject", "Do not allow it", "quiet"),
)


class _ApprovalCard(Card):
    """A card that stands out: somebody waits for the user."""

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        box = QRectF(self.rect())
        fill_round(QPainter(self), box, self._radius, colours.surface, colours.accent)


class _Well(QFrame):
    """The sunken ground of what is quoted exactly."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        box = QRectF(self.rect())
        fill_round(QPainter(self), box, theme.radius.control, colours.well, colours.hairline)


class ApprovalRow(RowView):
    """Shows the tool's name, every argument as they are, and the pictures that it is about.

    Nothing is chosen beforehand; a lasting yes is offered only for what changes nothing.
    """

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("approval")
        look, space = stage.look, stage.look.theme.space
        self._call = ""
        card = _ApprovalCard(look, "approval_card")
        column = QVBoxLayout(card)
        column.setContentsMargins(space.m, space.m - 2, space.m, space.m)
        column.setSpacing(space.s)
        head = QHBoxLayout()
        head.setSpacing(space.s)
        self._icon = Mark(look, "shield", "accent_text", line=18)
        self._title = label("", weight="medium", wrap=True, name="approval_title")
        self._name = label("", tone="third", size="label", name="approval_tool")
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        head.addWidget(self._name)
        column.addLayout(head)
        self._arguments = QPlainTextEdit()
        self._arguments.setObjectName("approval_arguments")
        self._arguments.setAccessibleName("What it would be run with")
        self._arguments.setReadOnly(True)
        self._arguments.setTabChangesFocus(True)
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mono.setPixelSize(look.theme.type.label)
        self._arguments.setFont(mono)
        self._arguments.setProperty("bare", True)
        well = _Well(look)
        inside = QVBoxLayout(well)
        inside.setContentsMargins(10, 8, 4, 8)
        inside.addWidget(self._arguments)
        column.addWidget(well)
        self._gallery = Gallery(look, stage.thumbnails)
        self._gallery.activated.connect(stage.wishes.item_activated)
        column.addWidget(self._gallery)
        self._more = label("", tone="third", size="label", name="approval_more")
        column.addWidget(self._more)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        self.buttons: dict[Decision, PillButton] = {}
        for decision, words, tip, kind in _ANSWERS:
            button = PillButton(look, f"approve_{decision.value}", words, kind=kind)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.clicked.connect(lambda _=False, decision=decision: self._answer(decision))
            if decision is Decision.REJECT:
                buttons.addStretch()
            buttons.addWidget(button)
            self.buttons[decision] = button
        column.addLayout(buttons)
        self.body.addWidget(card)

    def present(self, message: Message, part: Any, index: int) -> None:
        call: ToolCallPart = part
        if call.id == self._call:
            return
        self._call = call.id
        words = words_of(call.name)
        self._icon.show_icon(words.icon, "accent_text")
        self._title.setText(words.asks)
        self._name.setText(visible(call.name))
        text = exact(call.arguments) or "(no arguments)"
        self._arguments.setPlainText(text)
        metrics = QFontMetrics(self._arguments.font())
        letters = max(1, 300 // max(1, metrics.horizontalAdvance("m")))
        lines = sum(1 + len(line) // letters for line in text.splitlines())
        height = min(_MOST_LINES, lines) * metrics.lineSpacing() + 6
        self._arguments.document().setDocumentMargin(0)
        self._arguments.setFixedHeight(height)
        self._show_pictures(call)
        self.buttons[Decision.ALWAYS].setVisible(only_looks(call.name))
        self.setAccessibleName(f"{words.asks} {text}")

    def _show_pictures(self, call: ToolCallPart) -> None:
        asset_of = self.stage.pictures.asset_of
        pictures = [item for item in call.items if asset_of(item) is not None]
        shown = pictures[:_MOST_PICTURES]
        self._gallery.show_items(shown, asset_of, "Show on the canvas")
        self._gallery.setVisible(bool(shown))
        more = len(call.items) - len(shown)
        self._more.setText(f"and {more} more" if shown else f"{more} items")
        self._more.setVisible(more > 0)

    def _answer(self, decision: Decision) -> None:
        for button in self.buttons.values():
            button.setEnabled(False)
        self.stage.wishes.answered.emit(self._call, decision)
