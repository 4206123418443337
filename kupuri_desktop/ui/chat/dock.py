"""The chat dock: joins the conversation to what shows it and to what is typed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.chat import ImagePart, Message, Role, Session
from kupuri_desktop.core.errors import Action, KupuriError, Mend, NotFound
from kupuri_desktop.ui.chat.composer import Composer, Draft
from kupuri_desktop.ui.chat.composer_text import pictures_in
from kupuri_desktop.ui.chat.empty import EmptyChat
from kupuri_desktop.ui.chat.header import Header
from kupuri_desktop.ui.chat.link import Opener, ask_to_open
from kupuri_desktop.ui.chat.problem import ProblemBox
from kupuri_desktop.ui.chat.protocol import Conversation, Decision, Pictures, TurnOptions
from kupuri_desktop.ui.chat.tabbing import step_focus
from kupuri_desktop.ui.chat.transcript import Transcript
from kupuri_desktop.ui.chat.views import Stage
from kupuri_desktop.ui.drops import accept_copy
from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.thumbnails import Thumbnails

SMALLEST_WIDTH = 300


class ChatDock(QWidget):
    """Shows one conversation; `show_conversation` puts another in its place.

    item_activated: an image in the transcript was clicked (the item's id).
    mend_requested: an error's button (what to do, and the id of the message it stands in). Trying
    again is the conversation's business and is not told.
    trouble_mend_requested: the same for the error above the composer: what to do, the Problem, and
    what does again what had failed, or None.
    models_requested: the model button was clicked; the picker opens at the widget it tells.
    trashed: a chat was moved to the trash (id and name). restore_requested: it is to come back.
    draft_changed: what is typed but not sent, by session; `set_draft` brings it back.
    """

    item_activated = Signal(str)
    trashed = Signal(str, str)
    restore_requested = Signal(str)
    mend_requested = Signal(Action, str)
    trouble_mend_requested = Signal(object, object, object)
    models_requested = Signal(QWidget)
    draft_changed = Signal(str, Draft)
    options_changed = Signal(TurnOptions)

    def __init__(
        self,
        look: Look,
        tasks: Tasks,
        pictures: Pictures,
        *,
        open_address: Opener = QDesktopServices.openUrl,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._tasks = tasks
        self._open_address = open_address
        self._conversation: Conversation | None = None
        self._disconnects: list[Callable[[], None]] = []
        self._drafts: dict[str, Draft] = {}
        self._session = ""
        self._trouble: ProblemBox | None = None
        self._again: Callable[[], object] | None = None
        thumbnails = Thumbnails(tasks, pictures)
        self.stage = Stage(look, pictures, thumbnails)
        self.header = Header(look)
        self.transcript = Transcript(self.stage)
        self.empty = EmptyChat(look)
        self.composer = Composer(look, tasks, pictures, thumbnails)
        self.newest = PillButton(look, "newest", "Newest", "arrow-down", round_=True)
        self.setObjectName("chat_dock")
        self.setAccessibleName("Chat")
        make_region(self)
        self.setMinimumWidth(SMALLEST_WIDTH)
        self.setAcceptDrops(True)
        self._arrange()
        self._connect()

    @property
    def conversation(self) -> Conversation | None:
        return self._conversation

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.size.dock, 640)

    def show_conversation(self, conversation: Conversation | None) -> None:
        """Shows a conversation from its end; None shows nothing and lets go of the last one."""
        for disconnect in self._disconnects:
            disconnect()
        self._disconnects.clear()
        self._conversation = conversation
        self._session = ""
        if conversation is None:
            self.transcript.show_messages(())
            return
        self._disconnects = [
            conversation.added.connect(self._added),
            conversation.changed.connect(self.transcript.change),
            conversation.removed.connect(self._removed),
            conversation.grew.connect(self.transcript.grow),
            conversation.tool_progressed.connect(self.transcript.progress),
            conversation.running_changed.connect(self.composer.show_running),
            conversation.switched.connect(self._switched),
            conversation.sessions_changed.connect(lambda _: self._show_names()),
        ]
        self._switched(conversation.session)

    def attach(self, part: ImagePart, thumbnail: QPixmap | None = None) -> None:
        """Adds a picture of the canvas to the next wish."""
        self.composer.attach(part, thumbnail)

    def type_wish(self, text: str) -> None:
        """Puts a text into the composer, ready to be sent or changed."""
        self.composer.text.put(text)
        self.focus_composer()

    def focus_composer(self) -> None:
        """Brings the keyboard to the text."""
        self.composer.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_run(self, run: str) -> bool:
        """Scrolls to the answer of a run; False where this chat has none."""
        conversation = self._conversation
        answers = [m for m in conversation.messages if m.run == run] if conversation else []
        return bool(answers) and self.transcript.reveal(answers[0].id)

    def set_draft(self, session: str, draft: Draft) -> None:
        """A draft of an earlier life; what is typed already has precedence."""
        if session != self._session:
            self._drafts.setdefault(session, draft)
        elif self.composer.draft == Draft():
            self.composer.put(draft)

    def show_problem(self, error: KupuriError, again: Callable[[], object] | None = None) -> None:
        """Shows above the composer what could not be done; it goes with the next wish.

        again: what trying again means here.
        """
        self._clear_problem()
        self._again = again
        self._trouble = ProblemBox(self._look, error.problem)
        self._trouble.mend_requested.connect(self._mend_trouble)
        self._trouble_slot.addWidget(self._trouble)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.transcript)
        column.addLayout(self._stack, 1)
        space = self._look.theme.space
        self._trouble_slot = QVBoxLayout()
        self._trouble_slot.setContentsMargins(space.m, 0, space.m, space.s)
        column.addLayout(self._trouble_slot)
        column.addSpacing(space.s)
        column.addWidget(self.composer)
        self.newest.setParent(self.transcript)
        self.newest.hide()

    def _connect(self) -> None:
        wishes = self.stage.wishes
        wishes.item_activated.connect(self.item_activated)
        wishes.mend_requested.connect(self._mend)
        wishes.answered.connect(self._answer)
        wishes.link_activated.connect(self._ask_to_open)
        wishes.retry_requested.connect(lambda key: self._do(lambda c: c.retry(key)))
        wishes.unqueue_requested.connect(self._take_back)
        self.header.new_requested.connect(lambda: self._do(lambda c: c.new_session()))
        self.header.switch_requested.connect(lambda key: self._do(lambda c: c.switch(key)))
        self.header.trash_requested.connect(self._trash)
        self.header.restore_requested.connect(self.restore_requested)
        self.header.rename_requested.connect(
            lambda key, name: self._do(lambda c: c.rename(key, name), kept=True)
        )
        self.composer.submitted.connect(self._send)
        self.composer.stop_requested.connect(self._stop)
        self.composer.models_requested.connect(self.models_requested)
        self.composer.options_changed.connect(self.options_changed)
        self.composer.edited.connect(self._edited)
        self.composer.text.history = self._history
        self.empty.example_chosen.connect(self.type_wish)
        self.newest.clicked.connect(self.transcript.to_end)
        self.transcript.following_changed.connect(self._show_newest)
        self.transcript.resized.connect(self._place_newest)

    def _do(
        self, work: Callable[[Conversation], Coroutine[Any, Any, object]], *, kept: bool = False
    ) -> None:
        def show(error: KupuriError) -> None:
            self.show_problem(error, lambda: self._do(work, kept=kept))

        if self._conversation is not None:
            self._tasks.spawn(work(self._conversation), self, on_error=show, name="chat", kept=kept)

    def _trash(self, session: str) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        name = next((each.name for each in conversation.sessions if each.id == session), "")

        async def trash(chats: Conversation) -> None:
            await chats.trash(session)
            self.trashed.emit(session, name)

        self._do(trash)

    def _send(self, text: str, parts: tuple[ImagePart, ...], options: TurnOptions) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        self._clear_problem()
        self.composer.put(Draft())
        self.transcript.to_end()
        session = conversation.session.id
        known = {message.id for message in conversation.messages}

        def give_back(error: KupuriError) -> None:
            arrived = any(
                message.role is Role.USER and message.id not in known
                for message in conversation.messages
            )
            if not arrived:
                self.set_draft(session, Draft(text, parts))
            self.show_problem(error, None if arrived else self.composer.submit)

        self._tasks.spawn(
            conversation.send(text, parts, options), self, on_error=give_back, name="send"
        )

    def _stop(self) -> None:
        if self._conversation is not None:
            self._conversation.stop()

    def _answer(self, call: str, decision: Decision) -> None:
        if self._conversation is not None:
            self._conversation.answer(call, decision)

    def _take_back(self, message_id: str) -> None:
        if self._conversation is None:
            return
        message = self.transcript.message(message_id)
        images = () if message is None else message.parts
        try:
            text = self._conversation.unqueue(message_id)
        except NotFound as error:
            self.show_problem(error)
            return
        draft = self.composer.draft
        text = f"{text}\n{draft.text}" if draft.text.strip() else text
        parts = tuple(part for part in images if isinstance(part, ImagePart))
        self.composer.put(Draft(text, (*parts, *draft.parts)))
        self.focus_composer()

    def _added(self, message: Message) -> None:
        self.transcript.add(message)
        self._show_rooms()

    def _removed(self, message: str) -> None:
        self.transcript.drop(message)
        self._show_rooms()

    def _switched(self, session: Session) -> None:
        conversation = self._conversation
        assert conversation is not None
        # Taken before the composer shows the other one's, which tells of an edit.
        draft = self._drafts.get(session.id, Draft())
        self._session = session.id
        self._clear_problem()
        self.composer.put(draft)
        self.composer.show_running(conversation.running)
        self.transcript.show_messages(conversation.messages)
        self._show_names()
        self._show_rooms()

    def _edited(self, draft: Draft) -> None:
        if not self._session or self._drafts.get(self._session, Draft()) == draft:
            return
        self._drafts[self._session] = draft
        self.draft_changed.emit(self._session, draft)

    def _show_names(self) -> None:
        if self._conversation is not None:
            chats = self._conversation
            self.header.show_sessions(chats.session, chats.sessions, chats.trashed)

    def _show_rooms(self) -> None:
        self._stack.setCurrentWidget(self.empty if self.transcript.empty else self.transcript)
        self._show_newest(self.transcript.following)

    def _show_newest(self, following: bool) -> None:
        self.newest.setVisible(not following)
        self._place_newest()

    def _place_newest(self) -> None:
        size = self.newest.sizeHint()
        left = (self.transcript.width() - size.width()) // 2
        self.newest.setGeometry(
            left, self.transcript.height() - size.height() - 4, size.width(), size.height()
        )
        self.newest.raise_()

    def _history(self) -> list[str]:
        if self._conversation is None:
            return []
        return [m.text for m in self._conversation.messages if m.role is Role.USER and m.text]

    def _ask_to_open(self, address: str) -> None:
        ask_to_open(self._look, address, self, self._open)

    def _open(self, url: QUrl) -> object:
        return self._open_address(url)

    def _mend(self, action: Action, message: str) -> None:
        if action.mend is Mend.RETRY:
            self._do(lambda conversation: conversation.retry(message))
        else:
            self.mend_requested.emit(action, message)

    def _mend_trouble(self, action: Action) -> None:
        again, trouble = self._again, self._trouble
        assert trouble is not None
        problem = trouble.problem
        self._clear_problem()
        if action.mend is Mend.RETRY and again is not None:
            again()
        else:
            self.trouble_mend_requested.emit(action, problem, again)

    def _clear_problem(self) -> None:
        if self._trouble is not None:
            self._trouble.hide()
            self._trouble.deleteLater()
            self._trouble = self._again = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if pictures_in(event.mimeData()):
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        pictures = pictures_in(event.mimeData())
        if pictures:
            accept_copy(event)
            self.composer.attachments.take_in(pictures)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(0, 0, 1, self.height(), colours.hairline)

    def focusNextPrevChild(self, forward: bool) -> bool:
        now = QApplication.focusWidget()
        if now is not None and self.isAncestorOf(now):
            return step_focus(self, self.transcript, now, forward)
        return super().focusNextPrevChild(forward)
