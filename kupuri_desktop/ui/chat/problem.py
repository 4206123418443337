"""An error where it happened: what, what was kept, the button that mends it, and copying it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.errors import Action, Problem, other_way
from kupuri_desktop.ui.chat.controls import CopyButton
from kupuri_desktop.ui.chat.marks import Mark
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round, mix

_ICON = 16


class ProblemBox(QFrame):
    """The words of a Problem with its mending action, and the quiet way around it if there is one.

    gentle: a notice in the warning colour; nothing was lost and nothing has to be done.
    flat: without a ground and an icon, for inside another card.
    """

    mend_requested = Signal(Action)

    def __init__(
        self,
        look: Look,
        problem: Problem,
        *,
        gentle: bool = False,
        flat: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._gentle = gentle
        self._flat = flat
        self._inset = 0 if flat else _ICON + look.theme.space.s
        self.problem = problem
        self.setObjectName("problem")
        self.setAccessibleName(problem.message)
        space = look.theme.space
        body = QVBoxLayout(self)
        if flat:
            body.setContentsMargins(0, 0, 0, 0)
        else:
            body.setContentsMargins(space.m, space.m - 2, space.s, space.m - 2)
        body.setSpacing(space.xs)
        head = QHBoxLayout()
        head.setSpacing(space.s)
        tone = "warn_text" if gentle else "error_text"
        icon = "info" if gentle else "circle-alert"
        if not flat:
            mark = Mark(look, icon, tone, size=_ICON, line=24)
            head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        message = label(problem.message, weight="medium", wrap=True, name="problem_message")
        _selectable(message)
        # The first line stands level with the icon and the button, which are taller.
        message.setContentsMargins(0, 4, 0, 0)
        head.addWidget(message, 1, Qt.AlignmentFlag.AlignTop)
        copy = CopyButton(look, self, what="error")
        copy.text_wanted = lambda: whole_text(problem)
        head.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        if problem.hint:
            hint = label(problem.hint, tone="second", wrap=True, name="problem_hint")
            _selectable(hint)
            body.addLayout(self._indented(hint))
        if problem.kept:
            body.addLayout(self._kept_line(problem.kept))
        if problem.action is not None:
            body.addSpacing(space.s)
            body.addLayout(self._buttons(problem.action, other_way(problem)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._flat:
            return
        theme, colours = self._look.theme, self._look.theme.colours
        ground, line = colours.raised, colours.hairline
        if not self._gentle:
            ground = mix(colours.surface, colours.error, 0.05)
            line = mix(colours.hairline, colours.error, 0.35)
        fill_round(QPainter(self), QRectF(self.rect()), theme.radius.card, ground, line)

    def _indented(self, widget: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(self._inset, 0, self._look.theme.space.s, 0)
        row.addWidget(widget, 1)
        return row

    def _kept_line(self, kept: str) -> QHBoxLayout:
        space = self._look.theme.space
        row = QHBoxLayout()
        row.setContentsMargins(self._inset, 2, space.s, 0)
        row.setSpacing(6)
        mark = Mark(self._look, "check", "ok_text", size=14, line=16)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = label(kept, tone="second", size="label", wrap=True, name="problem_kept")
        row.addWidget(words, 1)
        return row

    def _buttons(self, action: Action, other: Action | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(self._inset, 0, 0, 2)
        row.setSpacing(self._look.theme.space.s)
        button = PillButton(self._look, "mend", action.label)
        button.clicked.connect(lambda: self.mend_requested.emit(action))
        row.addWidget(button)
        if other is not None:
            second = PillButton(self._look, "mend_otherwise", other.label, kind="quiet")
            second.clicked.connect(lambda: self.mend_requested.emit(other))
            row.addWidget(second)
        row.addStretch()
        return row


def whole_text(problem: Problem) -> str:
    """Everything there is to say about it, for a mail to somebody who can help."""
    lines = [f"{problem.kind}: {problem.message}", problem.hint, problem.kept, problem.details]
    return "\n".join(line for line in lines if line)


def _selectable(words: QWidget) -> None:
    flags = Qt.TextInteractionFlag.TextSelectableByMouse
    words.setTextInteractionFlags(flags)  # type: ignore[attr-defined]
