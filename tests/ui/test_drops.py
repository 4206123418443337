"""Where drags of other programs are taken, whatever of ours lies under the pointer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.chat.composer_text import ComposerText
from kupuri_desktop.ui.home.page import HomePage
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, canvas_of, picture, png

Action = Qt.DropAction
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
OFFERED = Action.CopyAction | Action.MoveAction


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def enter(over: QWidget, mime: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(QPoint(3, 3), OFFERED, mime, LEFT, NO_KEYS)
    event.setDropAction(Action.MoveAction)
    QApplication.sendEvent(over, event)
    return event


def drop(over: QWidget, mime: QMimeData) -> QDropEvent:
    event = QDropEvent(QPoint(3, 3), OFFERED, mime, LEFT, NO_KEYS)
    event.setDropAction(Action.MoveAction)
    QApplication.sendEvent(over, event)
    return event


@pytest.fixture
def page(look: Look, qtbot) -> HomePage:
    page = HomePage(look)
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.mark.parametrize("part", ["canvas_empty", "canvas_place_images", "canvas_tools"])
async def test_a_drag_over_what_floats_on_the_canvas_is_welcome_as_a_copy(
    part: str, tasks: Tasks, look: Look, tmp_path: Path
) -> None:
    view = CanvasView(canvas_of([]), MemoryPictures(), tasks, look)
    view.show()
    over = view.findChild(QWidget, part)
    assert over is not None
    entered = enter(over, files(tmp_path / "a.png"))
    assert (entered.isAccepted(), entered.dropAction()) == (True, Action.CopyAction)
    moved = QDragMoveEvent(QPoint(5, 5), OFFERED, files(tmp_path), LEFT, NO_KEYS)
    QApplication.sendEvent(view, moved)
    assert (moved.isAccepted(), moved.dropAction()) == (True, Action.CopyAction)
    words = QMimeData()
    words.setText("Less sky")
    assert drop(view, words).isAccepted()
    assert [getattr(item, "text", "") for item in view.canvas.items.values()] == ["Less sky"]
    view.close_canvas()
    view.close()
    view.deleteLater()


@pytest.mark.parametrize("part", ["welcome_line", "prompt_field", "new_project"])
def test_files_dropped_anywhere_on_home_are_handed_on(
    part: str, page: HomePage, tmp_path: Path, qtbot
) -> None:
    over = page.findChild(QWidget, part)
    assert over is not None
    paths = [tmp_path / "a.png", tmp_path / "folder"]
    brought: list[list[str]] = []
    page.brought.connect(brought.append)
    entered = enter(over, files(*paths))
    assert (entered.isAccepted(), entered.dropAction()) == (True, Action.CopyAction)
    ground = page.widget()
    assert ground is not None
    dropped = drop(ground, files(*paths))
    assert brought == [[str(path) for path in paths]]
    assert dropped.dropAction() == Action.CopyAction
    assert page.prompt.field.toPlainText() == ""


def test_words_dropped_on_the_wish_are_written_there(page: HomePage, qtbot) -> None:
    words = QMimeData()
    words.setText("A fox in snow")
    field = page.prompt.field.viewport()
    assert enter(field, words).isAccepted()
    assert drop(field, words).isAccepted()
    assert page.prompt.field.toPlainText() == "A fox in snow"


def test_a_browsers_picture_is_attached_and_not_its_address_written(look: Look, qtbot) -> None:
    text = ComposerText(look)
    qtbot.addWidget(text)
    came: list[object] = []
    text.pictures_came.connect(came.extend)
    data = png(picture(8, 8))
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    mime.setData("application/octet-stream", QByteArray(data))
    text.insertFromMimeData(mime)
    assert (came, text.toPlainText()) == ([data], "")
