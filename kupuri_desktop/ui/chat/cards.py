"""The plan, a picture and an error as rows of the transcript."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.chat import ImagePart, Message, MessageState
from kupuri_desktop.core.errors import Problem
from kupuri_desktop.ui.chat.marks import Mark
from kupuri_desktop.ui.chat.pictures import Gallery
from kupuri_desktop.ui.chat.problem import ProblemBox
from kupuri_desktop.ui.chat.views import RowView, Stage
from kupuri_desktop.ui.widgets.card import Card
from kupuri_desktop.ui.widgets.labels import label


class PlanRow(RowView):
    """What the agent means to do, as a checklist."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("plan")
        self._shown: Any = None
        self._card: Card | None = None

    def present(self, message: Message, part: Any, index: int) -> None:
        if part == self._shown:
            return
        self._shown = part
        if self._card is not None:
            self._card.deleteLater()
            self.body.removeWidget(self._card)
        look, space = self.stage.look, self.stage.look.theme.space
        self._card = Card(look, "plan_card")
        column = QVBoxLayout(self._card)
        column.setContentsMargins(space.m, space.m - 2, space.m, space.m)
        column.setSpacing(6)
        done = sum(step.done for step in part.steps)
        head = QHBoxLayout()
        head.setSpacing(space.s)
        head.addWidget(Mark(look, "list-checks", "icon"))
        head.addWidget(label("Plan", weight="medium"))
        head.addStretch()
        head.addWidget(label(f"{done} of {len(part.steps)}", tone="third", size="label"))
        column.addLayout(head)
        column.addSpacing(2)
        next_step = next((n for n, step in enumerate(part.steps) if not step.done), -1)
        for number, step in enumerate(part.steps):
            column.addLayout(self._step(step.text, step.done, number == next_step))
        self.body.addWidget(self._card)
        self._card.show()
        self.setAccessibleName(f"Plan, {done} of {len(part.steps)} done")

    def _step(self, text: str, done: bool, now: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.stage.look.theme.space.s)
        icon, tone = ("circle-check", "ok_text") if done else ("circle", "text_third")
        if now:
            icon, tone = "circle-dot", "accent"
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(Mark(self.stage.look, icon, tone, line=18), 0, top)
        words = label(text, tone="second" if done else "first", wrap=True, name="plan_step")
        words.setAccessibleName(f"{text}, {'done' if done else 'open'}")
        row.addWidget(words, 1)
        return row


class ErrorRow(RowView):
    """What went wrong in this message."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("error")
        self._box: ProblemBox | None = None

    def present(self, message: Message, part: Any, index: int) -> None:
        problem: Problem = part.problem
        if self._box is not None:
            if self._box.problem == problem:
                return
            self._box.deleteLater()
        gentle = message.state is not MessageState.FAILED
        self._box = ProblemBox(self.stage.look, problem, gentle=gentle)
        self._box.mend_requested.connect(
            lambda action: self.stage.wishes.mend_requested.emit(action, message.id)
        )
        self.body.addWidget(self._box)
        self._box.show()
        self.setAccessibleName(problem.message)


class ImageRow(RowView):
    """A picture that is part of an answer."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(stage, parent)
        self.setObjectName("answer_picture")
        self._gallery = Gallery(stage.look, stage.thumbnails)
        self._gallery.activated.connect(stage.wishes.item_activated)
        self.body.addWidget(self._gallery)

    def present(self, message: Message, part: Any, index: int) -> None:
        image: ImagePart = part
        self._gallery.show_items(
            (image.item or image.asset,), lambda _: image.asset, "Picture, show it on the canvas"
        )
