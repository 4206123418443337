"""Proves that the dock and its conversation are of one mind: sessions, drafts, errors, links."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from kupuri_desktop.core.chat import ErrorPart, ImagePart, Message, MessageState, TextPart
from kupuri_desktop.core.errors import Action, DiskFull, Mend, Problem, StreamBroken
from kupuri_desktop.ui.chat.composer import Draft
from kupuri_desktop.ui.chat.empty import EXAMPLES
from kupuri_desktop.ui.chat.link import LinkQuestion
from kupuri_desktop.ui.chat.problem import ProblemBox
from kupuri_desktop.ui.chat.prose import Prose
from kupuri_desktop.ui.widgets.buttons import PaintedButton, PillButton
from tests.ui.chat.conftest import OpenDock, one
from tests.ui.chat.scripted import DrawnPictures, ScriptedConversation, drawn

Make = Callable[..., Message]


def action(menu: QMenu, words: str) -> QAction:
    return next(found for found in menu.actions() if found.text() == words)


async def test_an_empty_chat_offers_examples_that_can_be_clicked(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make
) -> None:
    assert dock.empty.isVisible()
    dock.empty.findChildren(PaintedButton, "example")[0].click()
    assert dock.composer.text.toPlainText() == EXAMPLES[0]
    conversation.say(wish("hello"))
    assert dock.empty.isHidden()


async def test_drafts_stay_with_their_chats(
    dock: OpenDock, conversation: ScriptedConversation
) -> None:
    told: list[tuple[str, Draft]] = []
    dock.draft_changed.connect(lambda session, draft: told.append((session, draft)))
    first = conversation.session.id
    dock.composer.put(Draft("for the first", (ImagePart("asset-1"),)))
    await conversation.new_session()
    assert dock.composer.draft == Draft()
    dock.composer.put(Draft("for the second"))
    await conversation.switch(first)
    assert dock.composer.draft == Draft("for the first", (ImagePart("asset-1"),))
    assert told[-1][0] != first or told[-1][1] == dock.composer.draft
    await dock.settle()


async def test_a_stored_draft_comes_back_but_never_over_what_is_typed(
    dock: OpenDock, conversation: ScriptedConversation
) -> None:
    dock.set_draft(conversation.session.id, Draft("of yesterday"))
    assert dock.composer.draft.text == "of yesterday"
    dock.set_draft(conversation.session.id, Draft("older"))
    assert dock.composer.draft.text == "of yesterday"


async def test_a_wish_that_could_not_be_sent_is_given_back_and_can_be_tried_again(
    dock: OpenDock, conversation: ScriptedConversation
) -> None:
    conversation.refuses = DiskFull("There is no room left on the disk.")
    draft = Draft("a fox", (ImagePart("asset-1"),))
    dock.composer.put(draft)
    dock.composer.send.click()
    await dock.settle()
    assert dock.composer.draft == draft
    box = one(dock, ProblemBox)
    assert box.isVisible()
    conversation.refuses = None
    one(box, PillButton, "mend").click()
    await dock.settle()
    assert dock.findChild(ProblemBox) is None
    assert [(text, parts) for text, parts, _ in conversation.sent] == [(draft.text, draft.parts)]


async def test_what_another_room_shows_here_is_mended_there(dock: OpenDock) -> None:
    asked: list[tuple[Action, Problem, object]] = []
    dock.trouble_mend_requested.connect(lambda *told: asked.append(told))
    error = DiskFull("There is no room left on the disk.")
    dock.show_problem(error)
    one(dock, PillButton, "mend").click()
    assert asked == [(Action(Mend.RETRY, "Try again"), error.problem, None)]


async def test_trying_again_is_asked_of_the_conversation(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    problem = StreamBroken("The answer stopped in the middle.").problem
    message = conversation.say(answer(ErrorPart(problem), state=MessageState.FAILED))
    await dock.settle()
    one(dock, PillButton, "mend").click()
    await dock.settle()
    assert conversation.asked == [("retry", message.id)]


async def test_a_waiting_wish_is_taken_back_into_the_composer(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make
) -> None:
    image = ImagePart("asset-4")
    conversation.say(wish("later", image, state=MessageState.QUEUED))
    dock.composer.put(Draft("and more"))
    await dock.settle()
    one(dock.transcript, PillButton, "take_back").click()
    await dock.settle()
    assert dock.composer.draft == Draft("later\nand more", (image,))
    assert conversation.messages == []


async def test_the_menu_makes_switches_renames_and_trashes_chats(
    dock: OpenDock, conversation: ScriptedConversation
) -> None:
    first = conversation.session.id
    dock.header.new.click()
    await dock.settle()
    assert len(conversation.sessions) == 2
    menu = dock.header.open_menu()
    names = [found.text() for found in menu.actions() if not found.isSeparator()]
    assert names == ["New chat", "New chat", "New chat", "Rename", "Move to trash"]
    action(menu, "Move to trash").trigger()
    menu.close()
    await dock.settle()
    assert conversation.asked == [("trash", conversation.session.id)]
    dock.header.switch_requested.emit(first)
    await dock.settle()
    assert conversation.session.id == first


async def test_a_chat_is_renamed_in_place_and_escape_leaves_it(
    dock: OpenDock, conversation: ScriptedConversation
) -> None:
    dock.header.begin_rename()
    assert dock.header.title.isHidden()
    dock.header.field.setText("  Foxes  in snow ")
    QTest.keyClick(dock.header.field, Qt.Key.Key_Return)
    await dock.settle()
    assert conversation.session.name == "Foxes in snow"
    assert dock.header.title.text() == "Foxes in snow"
    dock.header.begin_rename()
    dock.header.field.setText("Other")
    QTest.keyClick(dock.header.field, Qt.Key.Key_Escape)
    await dock.settle()
    assert conversation.session.name == "Foxes in snow"


async def test_a_picture_may_be_dropped_anywhere_on_the_dock(
    dock: OpenDock, pictures: DrawnPictures
) -> None:
    data = QMimeData()
    data.setData("image/png", drawn(5, 20, 20))
    where = QPointF(100, 100)
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), copy, data, left, none)
    QApplication.sendEvent(dock, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(dock, QDropEvent(where, copy, data, left, none))
    await dock.settle()
    assert pictures.kept == [drawn(5, 20, 20)]


async def test_the_text_has_a_menu_to_copy_from(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    conversation.say(answer(TextPart("All of this.")))
    await dock.settle()
    prose = one(dock.transcript, Prose)
    middle = prose.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, prose.mapToGlobal(middle))
    QApplication.sendEvent(prose, event)
    menu = one(prose, QMenu)
    assert not action(menu, "Copy").isEnabled()
    action(menu, "Select all").trigger()
    menu.close()
    assert prose.selected_text == "All of this."


async def test_a_link_is_opened_only_after_its_whole_address_was_shown(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    conversation.say(answer(TextPart("[our bank](https://example.org/a?b=c%20d#e)")))
    await dock.settle()
    one(dock.transcript, Prose).link_activated.emit("https://example.org/a?b=c%20d#e")
    question = one(dock, LinkQuestion)
    address = one(question, QLabel, "link_address").text()
    assert address == "https://example.org/a?b=c%20d#e"
    assert dock.opened == []
    one(question, PillButton, "open_link").click()
    assert [url.toEncoded().data() for url in dock.opened] == [address.encode()]


async def test_an_address_that_is_none_of_the_web_is_not_even_asked_about(
    dock: OpenDock,
) -> None:
    dock.stage.wishes.link_activated.emit("file:///etc/passwd")
    assert dock.findChild(LinkQuestion) is None
    assert dock.opened == []


async def test_another_conversation_lets_go_of_the_first(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make
) -> None:
    other = ScriptedConversation([wish("other")], name="Other")
    dock.show_conversation(other)
    await dock.settle()
    assert all(len(signal) == 0 for signal in conversation.signals())
    assert dock.header.title.text() == "Other"
    dock.show_conversation(None)
    assert all(len(signal) == 0 for signal in other.signals())


async def test_the_keyboard_goes_through_the_dock_from_top_to_bottom_and_back(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    conversation.say(wish("a fox"))
    conversation.say(answer(TextPart("One [link](https://example.org).")))
    await dock.settle()
    dock.activateWindow()
    dock.header.title.setFocus(Qt.FocusReason.TabFocusReason)
    forward = walk(dock, Qt.Key.Key_Tab, 12)
    assert forward == [
        "new_chat",
        "transcript",
        "prose",
        "prose",
        "prose",
        "copy_answer",
        "retry_answer",
        "composer_text",
        "model_picker",
        "aspect",
        "count",
        "mode",
    ]
    back = walk(dock, Qt.Key.Key_Backtab, 5)
    assert back == ["count", "aspect", "model_picker", "composer_text", "retry_answer"]


async def test_every_control_has_a_name_to_be_spoken(
    dock: OpenDock, conversation: ScriptedConversation, wish: Make, answer: Make
) -> None:
    conversation.say(wish("a fox", ImagePart("asset-1")))
    conversation.say(answer(TextPart("```\ncode\n```")))
    dock.attach(ImagePart("asset-2"))
    await dock.settle()
    controls = [
        child
        for child in dock.findChildren(QWidget)
        if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(controls) > 10
    assert [c.objectName() for c in controls if not c.accessibleName()] == []
    assert [c.accessibleName() for c in controls if not c.objectName()] == []


def walk(dock: OpenDock, key: Qt.Key, steps: int) -> list[str]:
    names = []
    for _ in range(steps):
        QTest.keyClick(focused(), key)
        names.append(focused().objectName())
    return names


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget
