"""The card of one tool call: what it does, how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.core.chat import Message, ToolCallPart, ToolState
from kupuri_desktop.ui.chat.marks import Mark, RunLine
from kupuri_desktop.ui.chat.pictures import Gallery, covering
from kupuri_desktop.ui.chat.problem import ProblemBox
from kupuri_desktop.ui.chat.protocol import ToolProgressed
from kupuri_desktop.ui.chat.views import RowView, Stage
from kupuri_desktop.ui.chat.words import line_of, title_of, words_of
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.card import Card
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label
from kupuri_desktop.ui.widgets.paint import fill_round

_PREVIEW = 168

_ENDS = {
    ToolState.DONE: ("check", "ok_text", "Done"),
    ToolState.FAILED: ("circle-alert", "error_text", "Failed"),
    ToolState.REJECTED: ("ban", "text_second", "Rejected"),
    ToolState.CANCELLED: ("square", "text_second", "Stopped"),
}


class Preview(QWidget):
    """The newest preview of an image in the making."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pixmap: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_PREVIEW)
        self.setAccessibleName("Preview")

    def show_pixmap(self, pixmap: QPixmap | None) -> None:
        """Keeps the last one where a new one cannot be read."""
        if pixmap is not None:
            self._pixmap = pixmap
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_PREVIEW, _PREVIEW)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        if self._pixmap is None:
            fill_round(painter, rect, theme.radius.control, theme.colours.well)
            return
        aspect = self._pixmap.width() / max(1, self._pixmap.height())
        rect.setWidth(min(rect.width(), rect.height() * aspect))
        fill_round(painter, rect, theme.radius.control, covering(self._pixmap, rect))


class ToolRow(RowView):
    """Icon, words and arguments; while it runs the progress, then the thumbnails or the error."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("tool_call")
        look, space = stage.look, stage.look.theme.space
        self._call: ToolCallPart | None = None
        self._preview: Preview | None = None
        self._gallery: Gallery | None = None
        self._problem: ProblemBox | None = None
        self._decoding = False
        self._icon = Mark(look, "wrench", "icon")
        self._title = ElidedLabel(look, weight=QFont.Weight.Medium)
        self._sign = Mark(look, "check", "ok_text")
        self._state: QLabel = label("", tone="second", size="label", name="tool_state")
        self._line = ElidedLabel(look, tone="third", size=look.theme.type.label)
        self._run = RunLine(look)
        self._note = ElidedLabel(look, tone="third", size=look.theme.type.label, tabular=True)
        card = Card(look, "tool_card")
        self._column = QVBoxLayout(card)
        self._column.setContentsMargins(space.m, space.m - 2, space.m, space.m - 2)
        self._column.setSpacing(space.xs)
        head = QHBoxLayout()
        head.setSpacing(space.s)
        for widget in (self._icon, self._title, self._state, self._sign):
            head.addWidget(widget)
        self._column.addLayout(head)
        self._column.addWidget(self._line)
        self._slot = QVBoxLayout()
        self._slot.setContentsMargins(0, space.xs, 0, 2)
        self._slot.setSpacing(space.s)
        self._slot.addWidget(self._run)
        self._slot.addWidget(self._note)
        self._column.addLayout(self._slot)
        self.body.addWidget(card)

    def present(self, message: Message, part: Any, index: int) -> None:
        call: ToolCallPart = part
        if call == self._call:
            return
        self._call = call
        title, line = title_of(call), line_of(call.arguments)
        self._icon.show_icon(words_of(call.name).icon, "icon")
        self._title.set_words(title)
        self._line.set_words(line)
        self._line.setVisible(bool(line))
        running = call.state is ToolState.RUNNING
        self._run.setVisible(running)
        self._note.setVisible(False)
        self._sign.setVisible(not running)
        self._state.setText("")
        if running:
            self._run.show_fraction(None)
            if news := self.stage.progress.get(call.id):
                self.progress(news)
        else:
            self._end(call, message)
        state = "running" if running else _ENDS.get(call.state, ("", "", ""))[2]
        self.setAccessibleName(f"{title}: {line}, {state}")

    def progress(self, news: ToolProgressed) -> None:
        if self._call is None or self._call.state is not ToolState.RUNNING:
            return
        known = news.fraction > 0
        self._run.show_fraction(news.fraction if known else None)
        self._state.setText(f"{round(news.fraction * 100)} %" if known else "")
        words = " · ".join(word for word in (news.note, _left(news.remaining)) if word)
        self._note.set_words(words)
        if self._note.isHidden() == bool(words):
            self._note.setVisible(bool(words))
            self.reshaped.emit()
        if news.preview is not None:
            self._show_preview(news.preview)

    def _show_preview(self, data: bytes) -> None:
        if self._preview is None:
            self._preview = Preview(self.stage.look)
            self._slot.addWidget(self._preview)
            self._preview.show()
            self.reshaped.emit()
        # While one is being decoded the next would only queue up behind it.
        if not self._decoding:
            self._decoding = True
            edge = round(2 * _PREVIEW * self.devicePixelRatioF())
            self.stage.thumbnails.decode(data, edge, self._preview, self._take_preview)

    def _take_preview(self, pixmap: QPixmap | None) -> None:
        self._decoding = False
        if self._preview is not None:
            self._preview.show_pixmap(pixmap)

    def _end(self, call: ToolCallPart, message: Message) -> None:
        icon, tone, words = _ENDS.get(call.state, ("check", "ok_text", "Done"))
        self._sign.show_icon(icon, tone)
        self._state.setText("" if call.state is ToolState.DONE else words)
        if self._preview is not None:
            self._preview.deleteLater()
            self._preview = None
        if call.items:
            if self._gallery is None:
                self._gallery = Gallery(self.stage.look, self.stage.thumbnails)
                self._gallery.activated.connect(self.stage.wishes.item_activated)
                self._slot.addWidget(self._gallery)
                self._gallery.show()
            self._gallery.show_items(call.items, self.stage.pictures.asset_of, "Show on the canvas")
        if call.problem is not None and self._problem is None:
            gentle = call.state is not ToolState.FAILED
            self._problem = ProblemBox(self.stage.look, call.problem, gentle=gentle, flat=True)
            self._problem.mend_requested.connect(
                lambda action: self.stage.wishes.mend_requested.emit(action, message.id)
            )
            self._slot.addWidget(self._problem)
            self._problem.show()
        empty = self._gallery is None and self._problem is None
        self._slot.setContentsMargins(0, 0 if empty else 4, 0, 0 if empty else 2)


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    return f"{round(seconds / 60)} min left"
