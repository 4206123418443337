"""Shows whether the work is on the disk: the bar that stays, the sign, the question at the end."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.core.errors import Mend, Problem
from kupuri_desktop.storage.database import SaveState
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round

SAVED, SAVING, NOT_SAVED = "Saved", "Saving…", "Not saved"


class SavingBar(QWidget):
    """There as long as something keeps the work from the disk; it cannot be dismissed."""

    again_asked = Signal()
    copy_asked = Signal()
    mend_chosen = Signal(object, object)
    """The Action that the problem itself names, and the Problem."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._problem: Problem | None = None
        self.setObjectName("saving_bar")
        self.setAccessibleName("Not saved")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        space = look.theme.space
        row = QHBoxLayout(self)
        row.setContentsMargins(space.l, space.s + 2, space.s, space.s + 2)
        row.setSpacing(space.s)
        self._sign = QLabel()
        self._sign.setFixedSize(look.theme.icon.small, look.theme.icon.small)
        row.addWidget(self._sign)
        row.addSpacing(space.xs)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._message = label("", weight="medium", wrap=True, name="saving_message")
        self._more = label("", tone="second", wrap=True, name="saving_more")
        words.addWidget(self._message)
        words.addWidget(self._more)
        row.addLayout(words, 1)
        self._mend = PillButton(look, "saving_mend", "")
        copy = PillButton(look, "saving_copy", "Save a copy elsewhere")
        again = PillButton(look, "saving_again", "Try again", kind="primary")
        self._mend.clicked.connect(self._on_mend)
        copy.clicked.connect(self.copy_asked)
        again.clicked.connect(self.again_asked)
        for button in (self._mend, copy, again):
            row.addWidget(button)
        self.hide()

    def show_state(self, state: SaveState) -> None:
        """Come and go with the problem."""
        problem = self._problem = state.problem
        if problem is None:
            self.hide()
            return
        more = " ".join(part for part in (problem.kept, problem.hint) if part)
        self._message.setText(f"{problem.message} {_waiting(state.pending)}")
        self._more.setText(more)
        self.setAccessibleDescription(f"{problem.message} {more}")
        action = problem.action
        own = action is not None and action.mend not in (Mend.RETRY, Mend.SAVE_COPY)
        self._mend.setVisible(own)
        if action is not None and own:
            self._mend.setText(action.label)
            self._mend.setAccessibleName(action.label)
            self._mend.updateGeometry()
        colour = self._look.theme.colours.error_text
        self._sign.setPixmap(
            self._look.pixmap("hard-drive", colour=colour, dpr=self.devicePixelRatioF())
        )
        self.show()

    def _on_mend(self) -> None:
        if self._problem is not None and self._problem.action is not None:
            self.mend_chosen.emit(self._problem.action, self._problem)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(self.rect(), colours.error_soft)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colours.hairline)


class SavedSign(QWidget):
    """One quiet word in the top bar: "Saved" means that all is committed."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.words = SAVED
        self._font = look.theme.font(look.theme.type.label)
        self.setObjectName("saved_sign")
        self.setAccessibleName(SAVED)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, state: SaveState, working: bool = False) -> None:
        """working: an answer is being written; its newest words wait for the next flush."""
        if state.problem is not None:
            words = NOT_SAVED
        else:
            words = SAVED if state.saved and not working else SAVING
        if words != self.words:
            self.words = words
            self.setAccessibleName(words)
            self.update()

    def sizeHint(self) -> QSize:
        # As wide as its longest words, so that nothing beside it moves.
        metrics = QFontMetrics(self._font)
        width = max(metrics.horizontalAdvance(words) for words in (SAVED, SAVING, NOT_SAVED))
        return QSize(width + 2, metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(colours.error_text if self.words == NOT_SAVED else colours.text_third)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.words)


class UnsavedDialog(QDialog):
    """Asks before unsaved work is left. Show it with `open()`.

    copy_asked: save a copy elsewhere; the window is to be closed once it is there.
    close_asked: close, although the work that waits is lost. Rejecting it stays; `stay` says how.
    """

    copy_asked = Signal()
    close_asked = Signal()

    def __init__(
        self, look: Look, state: SaveState, parent: QWidget, *, stay: str = "Stay"
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("unsaved_dialog")
        self.setWindowTitle("Not everything is saved")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.xl, space.xl, space.xl, space.l)
        column.setSpacing(space.m)
        column.addWidget(label("Not everything is saved", size="title", weight="strong"))
        reason = state.problem.message if state.problem is not None else ""
        column.addWidget(label(reason, wrap=True, name="unsaved_reason"))
        column.addWidget(
            label(
                f"{_waiting(state.pending)} A copy elsewhere holds everything, with what waits; "
                "closing without one loses what waits.",
                tone="second",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.setSpacing(space.s)
        leave = PillButton(look, "unsaved_close", "Close anyway", kind="quiet")
        staying = PillButton(look, "unsaved_stay", stay)
        copy = PillButton(look, "unsaved_copy", "Save a copy and close", kind="primary")
        leave.clicked.connect(self.close_asked)
        leave.clicked.connect(self.accept)
        staying.clicked.connect(self.reject)
        copy.clicked.connect(self.copy_asked)
        copy.clicked.connect(self.accept)
        row.addWidget(leave)
        row.addStretch()
        row.addWidget(staying)
        row.addWidget(copy)
        column.addSpacing(space.s)
        column.addLayout(row)
        staying.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_round(QPainter(self), QRectF(self.rect()), 0, self._look.theme.colours.surface)


def _waiting(count: int) -> str:
    match count:
        case 0:
            return ""
        case 1:
            return "1 change waits to be saved."
        case _:
            return f"{count} changes wait to be saved."
