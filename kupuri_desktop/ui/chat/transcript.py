"""The transcript: thousands of messages in a list of which only what is in sight has widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from kupuri_desktop.core.chat import Message, ToolState
from kupuri_desktop.ui.chat.approval import ApprovalRow
from kupuri_desktop.ui.chat.cards import ErrorRow, ImageRow, PlanRow
from kupuri_desktop.ui.chat.controls import draw_focus
from kupuri_desktop.ui.chat.protocol import ToolProgressed
from kupuri_desktop.ui.chat.reading import Reading
from kupuri_desktop.ui.chat.roll import Roll
from kupuri_desktop.ui.chat.rows import FOOT, WHOLE, Row, RowKind, rows_of
from kupuri_desktop.ui.chat.text_rows import FootRow, TextRow, ThinkingRow, UserRow
from kupuri_desktop.ui.chat.tool_card import ToolRow
from kupuri_desktop.ui.chat.views import RowView, Stage
from kupuri_desktop.workspace.transcript import Growth

FRAME_MS = 33
"""How often what streams in is laid out: 30 times a second."""

_AHEAD = 240
_KEPT = 1200
_PASSES = 8
_NEAR_END = 12

_VIEWS: dict[RowKind, Callable[[Stage, QWidget], RowView]] = {
    RowKind.USER: UserRow,
    RowKind.TEXT: TextRow,
    RowKind.THINKING: ThinkingRow,
    RowKind.TOOL: ToolRow,
    RowKind.APPROVAL: ApprovalRow,
    RowKind.PLAN: PlanRow,
    RowKind.ERROR: ErrorRow,
    RowKind.IMAGE: ImageRow,
    RowKind.FOOT: FootRow,
}


class Transcript(QAbstractScrollArea):
    """Follows the end unless the person has scrolled up.

    Heights of rows out of sight are guesses, put right as they come into sight; what is in sight
    stays where it is meanwhile. What streams in is collected and laid out every FRAME_MS.
    """

    following_changed = Signal(bool)
    resized = Signal()

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._roll = Roll()
        self._messages: dict[str, Message] = {}
        self._live: set[Row] = set()
        self._deltas: dict[tuple[str, int], list[str]] = {}
        self._news: dict[str, ToolProgressed] = {}
        self._following = True
        self._settling = False
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame.timeout.connect(self.flush)
        self.reading = Reading(self)
        self.setObjectName("transcript")
        self.setAccessibleName("Conversation")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setObjectName("transcript_paper")
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().setSingleStep(24)

    @property
    def following(self) -> bool:
        """Whether the newest text stays in sight."""
        return self._following

    @property
    def empty(self) -> bool:
        return not self._messages

    @property
    def messages(self) -> list[Message]:
        """What is shown, the oldest first."""
        return list(self._messages.values())

    def row_count(self) -> int:
        return len(self._roll.rows)

    def live_views(self) -> list[RowView]:
        """The widgets that there are just now, from top to bottom."""
        rows = sorted(self._live, key=self._roll.index)
        return [row.view for row in rows if row.view is not None]

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Shows a chat from its end."""
        for row in list(self._live):
            self._retire(row)
        self._deltas.clear()
        self._news.clear()
        self._messages = {message.id: message for message in messages}
        self._roll = Roll([row for message in messages for row in rows_of(message)])
        self.reading.begin(messages)
        self._follow(True)
        self._settle()

    def add(self, message: Message) -> None:
        """A message at the end."""
        if message.id in self._messages:
            self.change(message)
            return
        self._messages[message.id] = message
        self.reading.hear(message)
        self._roll.splice(len(self._roll.rows), 0, list(rows_of(message)))
        self._soon()

    def change(self, message: Message) -> None:
        """A message whose parts or state are others now; one that is unknown is added."""
        if message.id not in self._messages:
            self.add(message)
            return
        for key in [key for key in self._deltas if key[0] == message.id]:
            del self._deltas[key]
        self._messages[message.id] = message
        self.reading.hear(message)
        for call in message.tool_calls:
            if call.state is not ToolState.RUNNING:
                self._news.pop(call.id, None)
                self._stage.progress.pop(call.id, None)
        start, count = self._roll.stretch(message.id)
        old = {row.key: row for row in self._roll.rows[start : start + count]}
        fresh = []
        for row in rows_of(message):
            kept = old.pop(row.key, None)
            if kept is None:
                fresh.append(row)
                continue
            kept.gap, kept.width = row.gap, -1
            fresh.append(kept)
            if kept.view is not None:
                kept.view.present(message, _part(message, kept.part), kept.part)
        for row in old.values():
            self._retire(row)
        self._roll.splice(start, count, fresh)
        self._soon()

    def drop(self, message: str) -> None:
        """Takes a message away."""
        if self._messages.pop(message, None) is None:
            return
        start, count = self._roll.stretch(message)
        for row in self._roll.rows[start : start + count]:
            self._retire(row)
        self._roll.splice(start, count, [])
        self._soon()

    def grow(self, growth: Growth) -> None:
        """Text that was streamed onto the end of a part: shown with the next frame."""
        self._deltas.setdefault((growth.message, growth.part), []).append(growth.delta)
        if not self._frame.isActive():
            self._frame.start(FRAME_MS)

    def progress(self, news: ToolProgressed) -> None:
        """How far a tool call is: the newest news is shown with the next frame."""
        before = self._news.get(news.call) or self._stage.progress.get(news.call)
        if news.preview is None and before is not None and before.preview is not None:
            news = ToolProgressed(
                news.message, news.call, news.fraction, before.preview, news.note, news.remaining
            )
        self._news[news.call] = news
        if not self._frame.isActive():
            self._frame.start(FRAME_MS)

    def message(self, message_id: str) -> Message | None:
        """A message as it is shown."""
        return self._messages.get(message_id)

    def to_end(self) -> None:
        """Goes to the newest text, and follows it from now on."""
        self._follow(True)
        self._settle()

    def reveal(self, message: str) -> bool:
        """Goes to where a message begins; False where it is not in this chat."""
        start, count = self._roll.stretch(message)
        if not count:
            return False
        self._follow(False)
        bar = self.verticalScrollBar()
        # Heights above are guesses until they are in sight: each look makes the place truer.
        for _ in range(_PASSES):
            self._settle()
            top = min(self._roll.top(start), bar.maximum())
            if bar.value() == top:
                break
            bar.setValue(top)
        return True

    def flush(self) -> None:
        """Lays out all that has been collected."""
        self._frame.stop()
        deltas, self._deltas = self._deltas, {}
        for (message_id, index), pieces in deltas.items():
            self._append(message_id, index, "".join(pieces))
        news, self._news = self._news, {}
        self._stage.progress.update(news)
        for row in list(self._live):
            if row.kind is RowKind.TOOL and row.view is not None:
                part = _part(self._messages[row.message], row.part)
                if part is not None and part.id in news:
                    row.view.progress(news[part.id])
        self._settle()

    def _append(self, message_id: str, index: int, delta: str) -> None:
        message = self._messages.get(message_id)
        if message is None or index >= len(message.parts):
            return
        parts = list(message.parts)
        parts[index] = replace(parts[index], text=parts[index].text + delta)
        message = self._messages[message_id] = replace(message, parts=tuple(parts))
        row = self._roll.find(message_id, index)
        if row is None:
            self.change(message)
            return
        row.width = -1
        if row.view is not None:
            row.view.grow(delta)
        else:
            row.height += 22 * (len(delta) // 44 + delta.count("\n"))
            self._roll.touch(self._roll.index(row))

    def _soon(self) -> None:
        """With the next turn of the event loop, sooner than the next frame."""
        self._frame.start(0)

    def _follow(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def _scrolled(self, value: int) -> None:
        if self._settling:
            return
        self._follow(value >= self.verticalScrollBar().maximum() - _NEAR_END)
        self._settle()

    def _margins(self) -> tuple[int, int]:
        # The scroll bar, if there is one, stands in the right margin.
        left = self._stage.look.theme.space.l
        return left, max(80, self.width() - 2 * left)

    def _settle(self) -> None:
        """Makes and measures what is in sight, then puts everything in its place."""
        if self._settling or not self.isVisible():
            return
        self._settling = True
        try:
            self._settle_now()
        finally:
            self._settling = False

    def _settle_now(self) -> None:
        left, width = self._margins()
        sight = self.viewport().height()
        bar = self.verticalScrollBar()
        top = bar.value()
        for _ in range(_PASSES):
            total = self._total()
            if self._following:
                top = max(0, total - sight)
            top = max(0, min(top, total - sight))
            first, last = self._roll.between(top - _AHEAD, top + sight + _AHEAD)
            anchor = self._roll.at(top)
            offset = top - self._roll.top(anchor)
            changed = [
                number
                for number in range(first, last)
                if self._measure(self._roll.rows[number], width)
            ]
            if not changed:
                break
            self._roll.touch(changed[0])
            top = self._roll.top(anchor) + offset
        total = self._total()
        bar.setPageStep(sight)
        bar.setRange(0, max(0, total - sight))
        if self._following:
            top = bar.maximum()
        bar.setValue(top)
        self._place(left, width, bar.value(), sight)

    def _total(self) -> int:
        return self._roll.total + self._stage.look.theme.space.l if self._roll.rows else 0

    def _measure(self, row: Row, width: int) -> bool:
        if row.view is None:
            row.view = _VIEWS[row.kind](self._stage, self.viewport())
            message = self._messages[row.message]
            row.view.present(message, _part(message, row.part), row.part)
            row.view.reshaped.connect(lambda row=row: self._reshape(row))
            self._live.add(row)
            row.width = -1
        if row.width == width:
            return False
        row.width = width
        height = row.view.height_for(width)
        if height == row.height:
            return False
        row.height = height
        return True

    def _place(self, left: int, width: int, top: int, sight: int) -> None:
        for row in list(self._live):
            index = self._roll.index(row)
            y = self._roll.top(index) + row.gap - top
            assert row.view is not None
            far = y > sight + _KEPT or y + row.height < -_KEPT
            if far and not row.view.isAncestorOf(QApplication.focusWidget() or self):
                self._retire(row)
                continue
            out = row.view.outset
            row.view.setGeometry(left - out, y, width + out, row.height)
            row.view.setVisible(y + row.height > -_AHEAD and y < sight + _AHEAD)

    def _reshape(self, row: Row) -> None:
        row.width = -1
        self._soon()

    def _retire(self, row: Row) -> None:
        self._live.discard(row)
        if row.view is not None:
            row.view.hide()
            row.view.deleteLater()
            row.view = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        for row in self._live:
            row.width = -1
        self._settle()
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            draw_focus(QPainter(self.viewport()), QRectF(self.viewport().rect()),
                       self._stage.look.theme, 0.0)  # fmt: skip

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Nothing: the rows are placed by hand."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                self.to_end()
            case Qt.Key.Key_Up:
                bar.setValue(bar.value() - 48)
            case Qt.Key.Key_Down:
                bar.setValue(bar.value() + 48)
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep() + 48)
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                bar.setValue(bar.value() + bar.pageStep() - 48)
            case _:
                super().keyPressEvent(event)


def _part(message: Message, index: int) -> Any:
    return None if index in (WHOLE, FOOT) else message.parts[index]
