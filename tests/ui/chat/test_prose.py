"""Proves that text can be selected, copied and followed, by mouse and by keyboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from kupuri_desktop.ui.chat.controls import CopyButton
from kupuri_desktop.ui.chat.prose import Prose
from kupuri_desktop.ui.theme import Look
from tests.ui.chat.conftest import one

TEXT = "First words here.\n\n```python\nx = 1\n```\n\nLast [one](https://example.org/a) words."


@pytest.fixture
def prose(look: Look) -> Iterator[Prose]:
    prose = Prose(look)
    prose.show_text(TEXT)
    prose.resize(340, prose.heightForWidth(340))
    prose.show()
    yield prose
    prose.close()
    prose.deleteLater()


def test_a_drag_over_several_blocks_selects_them_as_they_read(prose: Prose) -> None:
    QTest.mousePress(prose, Qt.MouseButton.LeftButton, pos=QPoint(0, 6))
    QTest.mouseMove(prose, QPoint(200, 60))
    end = QPoint(335, prose.height() - 4)
    # An offscreen window gets no drag from QTest, so the end is reached by Shift.
    QTest.mouseClick(prose, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, end)
    assert prose.selected_text == "First words here.\n\nx = 1\n\nLast one words."


def test_all_is_selected_and_copied_by_keyboard(prose: Prose) -> None:
    QTest.keyClick(prose, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(prose, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == prose.selected_text
    assert "x = 1" in prose.selected_text


def test_a_double_click_selects_a_word(prose: Prose) -> None:
    QTest.mouseDClick(prose, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert prose.selected_text == "First"


def test_the_button_of_a_code_block_copies_the_code_alone(prose: Prose) -> None:
    one(prose, CopyButton).click()
    assert QGuiApplication.clipboard().text() == "x = 1"


def test_a_click_on_a_link_tells_its_address(prose: Prose) -> None:
    told: list[str] = []
    prose.link_activated.connect(told.append)
    start, end, _ = prose._selection.links()[0]
    box = prose._selection.boxes(start, end)[0].translated(0, prose._laid[-1].top)
    QTest.mouseClick(prose, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert told == ["https://example.org/a"]


def test_links_are_reached_and_followed_by_keyboard(prose: Prose) -> None:
    told: list[str] = []
    prose.link_activated.connect(told.append)
    assert prose.step_link(forward=True)
    QTest.keyClick(prose, Qt.Key.Key_Return)
    assert told == prose.links() == ["https://example.org/a"]
    assert not prose.step_link(forward=True)


def test_code_that_grows_keeps_its_document(prose: Prose) -> None:
    prose.show_text("```\none")
    document = prose._laid[0].document
    prose.grow("\ntwo")
    assert prose._laid[0].document is document
    assert document.toPlainText() == "one\ntwo"
    prose.grow("\n```\n\nAfter.")
    assert [laid.document.toPlainText() for laid in prose._laid] == ["one\ntwo", "After."]


def test_plain_words_are_shown_as_typed(look: Look) -> None:
    prose = Prose(look, plain=True)
    prose.show_text("**not bold** <b>not html</b>\n- no list\n\n\nend")
    assert prose._laid[0].document.toPlainText() == prose.text
    prose.deleteLater()
