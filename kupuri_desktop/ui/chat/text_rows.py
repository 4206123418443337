"""Rows of words: what the user said, the answer, the thinking before it, the mark below it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kupuri_desktop.core.chat import ImagePart, Message, MessageState, Role
from kupuri_desktop.ui.chat.controls import CopyButton, FoldLine
from kupuri_desktop.ui.chat.marks import Mark, RunLine
from kupuri_desktop.ui.chat.pictures import Picture
from kupuri_desktop.ui.chat.prose import Prose
from kupuri_desktop.ui.chat.views import RowView, Stage
from kupuri_desktop.ui.chat.words import model_words
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.labels import Tone, label
from kupuri_desktop.ui.widgets.paint import fill_round

_PAD_X, _PAD_Y = 12, 9
_THUMB = 72
_MOST = 0.88
_TONES: dict[str, Tone] = {"warn_text": "warn", "error_text": "error"}


class UserRow(RowView):
    """What the user said, with the pictures that went along, in a bubble at the right."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("user_message")
        self._strip = QHBoxLayout()
        self._strip.setSpacing(6)
        self._prose = Prose(stage.look, self, plain=True)
        self._prose.link_activated.connect(stage.wishes.link_activated)
        self._pictures: list[Picture] = []
        self._assets: tuple[str, ...] = ()
        self._queued = False
        self.body.addLayout(self._strip)
        self.body.addWidget(self._prose)

    def present(self, message: Message, part: Any, index: int) -> None:
        self._prose.show_text(message.text)
        self._prose.setVisible(bool(message.text))
        self._queued = message.state is MessageState.QUEUED
        images = tuple(part for part in message.parts if isinstance(part, ImagePart))
        if tuple(image.seen for image in images) != self._assets:
            self._assets = tuple(image.seen for image in images)
            self._show_images(images)
        self.setAccessibleName(f"You: {message.text}")

    def _show_images(self, images: tuple[ImagePart, ...]) -> None:
        for old in self._pictures:
            old.deleteLater()
        self._pictures.clear()
        while item := self._strip.takeAt(0):
            del item
        for image in images:
            words = "Attached picture" if image.item is None else "Attached picture, show it"
            picture = Picture(self.stage.look, "attached_thumbnail", words, self)
            picture.setFixedSize(_THUMB, _THUMB)
            picture.setEnabled(image.item is not None)
            picture.clicked.connect(
                lambda _=False, item=image.item: self.stage.wishes.item_activated.emit(item)
            )
            edge = round(_THUMB * 1.4 * self.devicePixelRatioF())
            self.stage.thumbnails.want(image.seen, edge, picture, picture.show_pixmap)
            self._strip.addWidget(picture)
            self._pictures.append(picture)
        self._strip.addStretch()

    def height_for(self, width: int) -> int:
        most = round(width * _MOST) - 2 * _PAD_X
        text = min(most, self._prose.ideal_width()) if self._prose.text else 0
        strip = len(self._pictures) * (_THUMB + 6) - 6 if self._pictures else 0
        inner = max(text, min(most, strip), 8)
        self.body.setContentsMargins(width - inner - _PAD_X, _PAD_Y, _PAD_X, _PAD_Y)
        self.body.setSpacing(8 if text and strip else 0)
        height = self._prose.heightForWidth(inner) if text else 0
        return height + (_THUMB if strip else 0) + self.body.spacing() + 2 * _PAD_Y

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self.stage.look.theme, self.stage.look.theme.colours
        left = self.body.contentsMargins().left() - _PAD_X
        box = QRectF(self.rect()).adjusted(left, 0, 0, 0)
        painter = QPainter(self)
        if self._queued:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = painter.pen()
            pen.setColor(colours.text_off)
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRoundedRect(
                box.adjusted(0.5, 0.5, -0.5, -0.5), theme.radius.card, theme.radius.card
            )
        else:
            ground = colours.raised if theme.dark else colours.well
            fill_round(painter, box, theme.radius.card, ground)


class TextRow(RowView):
    """A piece of the answer."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("answer_text")
        self._prose = Prose(stage.look, self)
        self._prose.link_activated.connect(stage.wishes.link_activated)
        self.body.addWidget(self._prose)

    def present(self, message: Message, part: Any, index: int) -> None:
        self._prose.show_text(part.text)
        self.setAccessibleName("Kupuri")

    def grow(self, delta: str) -> None:
        self._prose.grow(delta)

    def height_for(self, width: int) -> int:
        return self._prose.heightForWidth(width)


class ThinkingRow(RowView):
    """What the model thought, folded to its first line."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("thinking")
        self._key = ("", 0)
        self._text = ""
        self._words = ""
        self._line = FoldLine(stage.look, "thinking_fold", "brain", self)
        self._line.toggled.connect(self._fold)
        self._prose = Prose(stage.look, self, quiet=True)
        self._prose.link_activated.connect(stage.wishes.link_activated)
        self.body.addWidget(self._line)
        self.body.addWidget(self._prose)
        self.body.setSpacing(4)

    def present(self, message: Message, part: Any, index: int) -> None:
        self._key = (message.id, index)
        self._text = part.text
        last = index == len(message.parts) - 1
        going_on = message.state is MessageState.STREAMING and last
        self._words = "Thinking" if going_on else "Thought"
        self._show(self._key in self.stage.open_folds)

    def grow(self, delta: str) -> None:
        self._text += delta
        self._line.show_words(self._words, _first_line(self._text))
        if self._line.isChecked():
            self._prose.grow(delta)

    def height_for(self, width: int) -> int:
        fold = self._line.sizeHint().height()
        if not self._line.isChecked():
            return fold
        return fold + self.body.spacing() + self._prose.heightForWidth(width)

    def _show(self, open_: bool) -> None:
        self._line.blockSignals(True)
        self._line.setChecked(open_)
        self._line.blockSignals(False)
        self._line.show_words(self._words, _first_line(self._text))
        self._prose.setVisible(open_)
        if open_:
            self._prose.show_text(self._text)

    def _fold(self, open_: bool) -> None:
        if open_:
            self.stage.open_folds.add(self._key)
        else:
            self.stage.open_folds.discard(self._key)
        self._show(open_)
        self.reshaped.emit()


class FootRow(RowView):
    """The mark below a message: queued, stopped, interrupted, failed, working, or just its end."""

    outset = 5

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("message_foot")
        self._row = QHBoxLayout()
        self._row.setSpacing(6)
        self.body.addLayout(self._row)
        self._shown: tuple[str, MessageState] | None = None
        self._text = ""

    def present(self, message: Message, part: Any, index: int) -> None:
        self._text = message.text
        if self._shown == (message.id, message.state):
            return
        self._shown = (message.id, message.state)
        while item := self._row.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        match message.state:
            case MessageState.QUEUED:
                self._row.addStretch()
                self._say("clock", "Waits until this answer is done", "text_second")
                self._offer("Take back", self.stage.wishes.unqueue_requested, message.id)
            case MessageState.STREAMING:
                self._work()
            case MessageState.STOPPED:
                self._say("square", "Stopped", "text_second")
                self._end(message)
            case MessageState.INTERRUPTED:
                self._say("power", "Interrupted: Kupuri was closed", "warn_text")
                self._end(message)
            case MessageState.FAILED:
                self._say("circle-alert", "Failed", "error_text")
                self._end(message)
            case MessageState.COMPLETE if message.role is Role.ASSISTANT:
                self._finish(message)

    def height_for(self, width: int) -> int:
        return 14 if self._shown and self._shown[1] is MessageState.STREAMING else 26

    def _say(self, icon: str, words: str, tone: str) -> None:
        self._row.addSpacing(self.outset)
        self._row.addWidget(Mark(self.stage.look, icon, tone, size=14, line=24))
        said = label(words, tone=_TONES.get(tone, "second"), size="label", name="message_state")
        self._row.addWidget(said)
        self.setAccessibleName(words)

    def _offer(self, words: str, signal: Any, message: str) -> None:
        button = PillButton(self.stage.look, words.lower().replace(" ", "_"), words, kind="quiet")
        button.setFixedHeight(24)
        button.clicked.connect(lambda: signal.emit(message))
        self._row.addWidget(button)

    def _end(self, message: Message) -> None:
        self._offer("Try again", self.stage.wishes.retry_requested, message.id)
        self._row.addStretch()

    def _finish(self, message: Message) -> None:
        self.setAccessibleName("End of the answer")
        copy = CopyButton(self.stage.look, self, what="answer")
        copy.text_wanted = lambda: self._text
        retry = IconButton(
            self.stage.look, "retry_answer", "refresh-cw", "Answer again", size=24, icon_size=14
        )
        retry.clicked.connect(lambda: self.stage.wishes.retry_requested.emit(message.id))
        self._row.setSpacing(2)
        self._row.addWidget(copy)
        self._row.addWidget(retry)
        if message.model:
            name = label(model_words(message.model), tone="third", size="label")
            self._row.addSpacing(4)
            self._row.addWidget(name)
        self._row.addStretch()

    def _work(self) -> None:
        self.setAccessibleName("Working")
        line = RunLine(self.stage.look, self)
        line.setFixedWidth(56)
        line.show_fraction(None)
        line.setAccessibleName("Working")
        self._row.addSpacing(self.outset)
        self._row.addWidget(line)
        self._row.addStretch()


def _first_line(text: str) -> str:
    for line in text.splitlines():
        plain = line.strip().strip("#*_> ").strip()
        if plain:
            return plain[:200]
    return ""
