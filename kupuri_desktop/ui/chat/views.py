"""What every row of the transcript has in common, and what the rows share."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.core.chat import Message
from kupuri_desktop.core.errors import Action
from kupuri_desktop.ui.chat.protocol import Decision, Pictures, ToolProgressed
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.thumbnails import Thumbnails


class Wishes(QObject):
    """What the person asks for in the transcript; the dock passes it on."""

    item_activated = Signal(str)
    mend_requested = Signal(Action, str)
    answered = Signal(str, Decision)
    link_activated = Signal(str)
    retry_requested = Signal(str)
    unqueue_requested = Signal(str)


class Stage:
    """What the rows share: the look, the pictures, the way out, and what outlives a row.

    open_folds: rows that the person has unfolded. progress: the newest news of a tool call.
    """

    def __init__(self, look: Look, pictures: Pictures, thumbnails: Thumbnails) -> None:
        self.look = look
        self.pictures = pictures
        self.thumbnails = thumbnails
        self.wishes = Wishes()
        self.open_folds: set[tuple[str, int]] = set()
        self.progress: dict[str, ToolProgressed] = {}


class RowView(QWidget):
    """One row's widget. It is made when the row comes into sight and dropped when it has gone."""

    reshaped = Signal()
    """Its height has changed by itself: opened, folded, a picture came."""

    outset: ClassVar[int] = 0
    """How far it stands out at the left, so that a button's icon lines up with the text."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        super().__init__(parent)
        self.stage = stage
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def present(self, message: Message, part: Any, index: int) -> None:
        """Shows the part as it is now."""
        # Every row has its own; a QWidget's metaclass allows no abstract methods.
        raise NotImplementedError

    def grow(self, delta: str) -> None:
        """Text was added to the part that is shown."""

    def progress(self, news: ToolProgressed) -> None:
        """The tool call that is shown has come further."""

    def step_focus(self, forward: bool) -> bool:
        """Moves the keyboard within the focused control; False where it is to leave it."""
        return False

    def height_for(self, width: int) -> int:
        """How tall the row is at `width` logical pixels."""
        # Qt would hear of changed children with a later event.
        for child in reversed(self.findChildren(QWidget)):
            if (inner := child.layout()) is not None:
                inner.activate()
        layout = self.body
        layout.invalidate()
        if layout.hasHeightForWidth():
            return max(layout.heightForWidth(width), self.minimumSizeHint().height())
        return layout.sizeHint().height()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)
