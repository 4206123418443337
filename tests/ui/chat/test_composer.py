"""Proves how a wish is typed, dressed with pictures and choices, and sent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.chat import ImagePart, Message
from kupuri_desktop.core.errors import HostileFile, NotFound
from kupuri_desktop.ui.chat import attachments
from kupuri_desktop.ui.chat.attachments import read_picture
from kupuri_desktop.ui.chat.composer import Composer
from kupuri_desktop.ui.chat.composer_text import MOST_LINES
from kupuri_desktop.ui.chat.options import open_choices
from kupuri_desktop.ui.chat.protocol import TurnOptions
from tests.ui.chat.conftest import OpenDock, one
from tests.ui.chat.scripted import DrawnPictures, ScriptedConversation, drawn

Make = Callable[..., Message]


@pytest.fixture
def composer(dock: OpenDock) -> Composer:
    return dock.composer


async def test_it_grows_from_one_line_to_eight_and_then_scrolls(composer: Composer) -> None:
    heights = []
    for lines in range(1, 12):
        composer.text.put("\n".join("x" * lines))
        heights.append(composer.text.height())
    assert heights == sorted(heights)
    assert len(set(heights)) == MOST_LINES
    composer.text.put("")
    assert composer.text.height() == heights[0]


async def test_enter_sends_and_shift_enter_breaks_the_line(
    dock: OpenDock, composer: Composer, conversation: ScriptedConversation
) -> None:
    QTest.keyClicks(composer.text, "a fox")
    QTest.keyClick(composer.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(composer.text, "in snow")
    QTest.keyClick(composer.text, Qt.Key.Key_Return)
    await dock.settle()
    assert [text for text, _, _ in conversation.sent] == ["a fox\nin snow"]
    assert composer.text.toPlainText() == ""


async def test_nothing_is_sent_when_there_is_nothing(
    dock: OpenDock, composer: Composer, conversation: ScriptedConversation
) -> None:
    QTest.keyClicks(composer.text, "  ")
    QTest.keyClick(composer.text, Qt.Key.Key_Return)
    await dock.settle()
    assert conversation.sent == []
    assert not composer.send.isEnabled()


async def test_up_and_down_recall_what_was_sent(
    dock: OpenDock, composer: Composer, conversation: ScriptedConversation, wish: Make
) -> None:
    conversation.say(wish("one"))
    conversation.say(wish("two"))
    recalled = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(composer.text, key)
        recalled.append(composer.text.toPlainText())
    assert recalled == ["two", "one", "one", "two", ""]


async def test_while_a_run_is_on_stop_and_send_are_both_there_and_it_says_that_wishes_wait(
    dock: OpenDock, composer: Composer, conversation: ScriptedConversation
) -> None:
    assert composer.stop.isHidden()
    conversation.run(True)
    QTest.keyClicks(composer.text, "the next one")
    assert composer.stop.isVisible() and composer.send.isEnabled()
    assert composer.send.accessibleName() == "Send when this answer is done"
    assert one(composer, QLabel, "queue_hint").isVisible()
    composer.send.click()
    await dock.settle()
    assert [message.state.value for message in conversation.messages] == ["queued"]
    QTest.keyClick(composer.text, Qt.Key.Key_Escape)
    assert conversation.asked == [("stop",)]
    assert composer.stop.isHidden()


async def test_choices_go_along_with_the_wish(
    dock: OpenDock, composer: Composer, conversation: ScriptedConversation
) -> None:
    composer.choose(TurnOptions(aspect="16:9", count=4, direct=True))
    assert composer.aspect.text() == "16:9"
    assert composer.mode.accessibleName().startswith("Mode: your words go straight")
    composer.text.put("a fox")
    composer.send.click()
    await dock.settle()
    assert conversation.sent[0][2] == TurnOptions("16:9", 4, True)


async def test_the_menus_choose(dock: OpenDock, composer: Composer) -> None:
    chosen: list[str] = []
    menu = open_choices(composer.count, [("", "Auto"), ("4", "4")], "", chosen.append)
    assert [action.isChecked() for action in menu.actions()] == [True, False]
    menu.actions()[1].trigger()
    menu.close()
    assert chosen == ["4"]


async def test_a_model_in_trouble_says_why(composer: Composer) -> None:
    composer.show_models("qwen3:8b", problem="Ollama does not answer.")
    assert composer.model.accessibleName() == "Models: Ollama does not answer."


async def test_a_pasted_picture_is_stored_and_becomes_a_chip(
    dock: OpenDock, composer: Composer, pictures: DrawnPictures, conversation: ScriptedConversation
) -> None:
    data = QMimeData()
    data.setData("image/png", drawn(1, 40, 30))
    composer.text.insertFromMimeData(data)
    await dock.settle()
    assert pictures.kept == [drawn(1, 40, 30)]
    assert composer.attachments.isVisible()
    composer.send.click()
    await dock.settle()
    assert conversation.sent[0][1] == (ImagePart(asset_id(drawn(1, 40, 30))),)
    assert composer.attachments.isHidden()


async def test_dropped_files_come_in_as_they_are_and_other_files_do_not(
    dock: OpenDock, composer: Composer, pictures: DrawnPictures, tmp_path: Path
) -> None:
    picture, note = tmp_path / "a.PNG", tmp_path / "b.txt"
    picture.write_bytes(drawn(2, 10, 10))
    note.write_text("no")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture)), QUrl.fromLocalFile(str(note))])
    composer.text.insertFromMimeData(data)
    await dock.settle()
    assert pictures.kept == [picture.read_bytes()]


async def test_an_address_of_the_web_is_text_and_is_not_fetched(
    dock: OpenDock, composer: Composer, pictures: DrawnPictures
) -> None:
    data = QMimeData()
    data.setUrls([QUrl("http://127.0.0.1:9/x.png")])
    data.setText("http://127.0.0.1:9/x.png")
    composer.text.insertFromMimeData(data)
    await dock.settle()
    assert composer.text.toPlainText() == "http://127.0.0.1:9/x.png"
    assert pictures.kept == []


async def test_rich_text_comes_in_as_plain_text(composer: Composer) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("bold")
    composer.text.insertFromMimeData(data)
    assert composer.text.toPlainText() == "bold"


async def test_a_chip_of_the_canvas_can_be_taken_off_again(
    dock: OpenDock, composer: Composer
) -> None:
    dock.attach(ImagePart("asset-1", item="item-1"))
    dock.attach(ImagePart("asset-1", item="item-1"))
    dock.attach(ImagePart("asset-2", item="item-2"))
    await dock.settle()
    assert [part.asset for part in composer.attachments.parts] == ["asset-1", "asset-2"]
    composer.attachments._chips[0].cross.click()
    assert [part.asset for part in composer.attachments.parts] == ["asset-2"]


def test_a_picture_is_read_within_its_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 100)
    large = tmp_path / "large.png"
    large.write_bytes(b"x" * 101)
    with pytest.raises(HostileFile):
        read_picture(large)
    with pytest.raises(NotFound):
        read_picture(tmp_path / "none.png")


def test_a_picture_of_the_clipboard_becomes_a_png() -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0)
    data, _ = read_picture(image)
    assert QImage.fromData(data).size() == image.size()
