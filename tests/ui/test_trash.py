"""The trash in the window: what its list shows, what is asked before the end, how things return."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QLineEdit, QWidget

from kupuri_desktop.core.errors import Conflict, KupuriError
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.core.trash import Discarded, Trashed
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trash.page import EMPTY, Kinds, Sifted, TrashPage
from kupuri_desktop.ui.trash.room import TrashRoom
from kupuri_desktop.ui.trash.rows import TrashList, button_places, kind_words, left_words, named
from kupuri_desktop.workspace.trash import Restored
from tests.ui.finding import find


def thrown(key: str, kind: Discarded = Discarded.ITEM, **more) -> Trashed:
    values: dict[str, Any] = {
        "id": key,
        "kind": kind,
        "name": key,
        "project": "p",
        "project_name": "Foxes",
        "trashed": datetime.now(UTC) - timedelta(hours=2),
        "item_kind": "note" if kind is Discarded.ITEM else "",
    }
    return Trashed(**(values | more))


PROJECT = thrown("Posters", Discarded.PROJECT, project="1", project_name="Posters", count=3)
CHAT = thrown("Morning talk", Discarded.SESSION, count=1)
NOTE, IMAGE = thrown("Call back"), thrown("a red fox", item_kind="image")
ALL = (PROJECT, CHAT, NOTE, IMAGE)


class KeptTrash:
    """A trash in a list."""

    def __init__(self, entries: Sequence[Trashed] = ALL) -> None:
        self.entries = list(entries)
        self.changed: Signal[None] = Signal()
        self.middles: list[tuple[float, float] | None] = []
        self.error: KupuriError | None = None

    async def list(self, project: str | None = None) -> list[Trashed]:
        return [e for e in self.entries if project in (None, e.project)]

    async def restore(
        self, entries: Iterable[Trashed], middle: tuple[float, float] | None = None
    ) -> Restored:
        self.middles.append(middle)
        back = tuple(entry for entry in entries if entry in self.entries)
        self.entries = [entry for entry in self.entries if entry not in back]
        self.changed.emit(None)
        return Restored(back)

    async def delete(self, entries: Sequence[Trashed]) -> int:
        if self.error is not None:
            raise self.error
        self.entries = [entry for entry in self.entries if entry not in entries]
        self.changed.emit(None)
        return len(entries)

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        return None


class Front:
    id = "p"
    middle = (5.0, 7.0)


class Bench:
    """The room over a trash in a list, and what it says."""

    def __init__(self, look: Look, tasks: Tasks, qtbot, front: Front | None = None) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1000, 700)
        self.trash = KeptTrash()
        self.said: list[tuple[str, str]] = []
        self.shown: list[Sequence[Trashed]] = []
        self.failed: list[KupuriError] = []
        self.tasks = tasks
        self.room = TrashRoom(look, self.trash, tasks, self.window, self._say, lambda: front)
        self.room.shown_asked.connect(self.shown.append)
        self.room.failed.connect(self.failed.append)
        self.do = lambda: None

    def _say(self, words: str, button: str, do) -> None:
        self.said.append((words, button))
        self.do = do

    async def page(self) -> TrashPage:
        page = self.room.page()
        assert isinstance(page, TrashPage)
        page.setParent(self.window)
        page.resize(1000, 700)
        self.window.show()
        page.show()
        self.room.refresh()
        await self.settle()
        return page

    async def settle(self) -> None:
        while self.tasks.running():
            await asyncio.sleep(0)

    async def answer(self, yes: bool) -> None:
        question = find(self.window, QDialog, "trash_question")
        find(question, QAbstractButton, f"trash_question_{'yes' if yes else 'keep'}").click()
        await self.settle()


@pytest.fixture
def bench(look, tasks, qtbot) -> Bench:
    return Bench(look, tasks, qtbot)


def names(shown: TrashList) -> list[str]:
    return [entry.name for entry in shown.entries]


def test_each_kind_is_worded_as_a_person_knows_it() -> None:
    assert kind_words(PROJECT) == "Project · 3 images"
    assert kind_words(CHAT) == "Chat · 1 message · Foxes"
    assert kind_words(NOTE) == "Note · Foxes"
    assert kind_words(NOTE, with_project=False) == "Note"
    assert left_words(NOTE) == "30 days left"
    assert left_words(replace(NOTE, trashed=datetime.now(UTC) - timedelta(days=29.5))) == (
        "1 day left"
    )
    assert left_words(replace(NOTE, trashed=datetime.now(UTC) - timedelta(days=31))) == "Goes today"
    assert named([NOTE]) == "“Call back”"
    assert named([NOTE, CHAT]) == "2 things"


def test_the_search_looks_in_names_and_projects_of_the_chosen_kind() -> None:
    assert Sifted(search="fox RED").of(ALL) == [IMAGE]
    assert Sifted(search="foxes").of(ALL) == [CHAT, NOTE, IMAGE]
    assert Sifted(Kinds.ITEMS, "foxes").of(ALL) == [NOTE, IMAGE]
    assert Sifted(Kinds.PROJECTS).of(ALL) == [PROJECT]
    assert Sifted(Kinds.CHATS).of(ALL) == [CHAT]


async def test_the_page_lists_all_and_finds_by_typing(bench) -> None:
    page = await bench.page()
    assert names(page.list) == ["Posters", "Morning talk", "Call back", "a red fox"]
    QTest.keyClicks(find(page, QLineEdit, "trash_search"), "fox")
    assert names(page.list) == ["Morning talk", "Call back", "a red fox"]
    page.sift(Sifted(search="zebra"))
    words = find(page, QLabel, "emptiness_words")
    assert "zebra" in words.text()
    find(page, QAbstractButton, "emptiness_button").click()
    assert len(names(page.list)) == 4


async def test_enter_restores_what_is_selected_and_a_toast_leads_there(bench) -> None:
    page = await bench.page()
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.keyClick(page.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [entry.name for entry in page.list.chosen()] == ["Morning talk", "Call back"]
    assert find(page, QLabel, "trash_selected").text() == "2 selected"
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    await bench.settle()
    assert bench.said == [("2 things are back", "Show")]
    assert names(page.list) == ["Posters", "a red fox"]
    assert bench.shown == []
    bench.do()
    assert [entry.name for entry in bench.shown[0]] == ["Morning talk", "Call back"]


async def test_a_click_on_the_button_of_a_row_restores_that_row(bench) -> None:
    page = await bench.page()
    row = page.list.visualRect(page.list.model().index(0, 0))
    restore, _ = button_places(QRectF(row))
    QTest.mouseClick(
        page.list.viewport(), Qt.MouseButton.LeftButton, pos=restore.center().toPoint()
    )
    await bench.settle()
    assert bench.said == [("“Posters” is back", "Open")]


async def test_nothing_goes_for_good_without_a_yes(bench) -> None:
    page = await bench.page()
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    question = find(bench.window, QDialog, "trash_question")
    assert question.windowTitle() == "Delete 4 things forever?"
    assert "images and chats" in find(question, QLabel, "trash_question_more").text()
    await bench.answer(False)
    assert len(bench.trash.entries) == 4
    await asyncio.sleep(0)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    await bench.answer(True)
    assert bench.trash.entries == []
    assert bench.said == [("4 things are gone for good", "")]
    assert find(page, QLabel, "emptiness_words").text() == EMPTY
    assert not find(page, QAbstractButton, "trash_empty").isEnabled()


async def test_emptying_takes_all_even_where_a_search_shows_few(bench) -> None:
    page = await bench.page()
    page.sift(Sifted(search="red fox"))
    find(page, QAbstractButton, "trash_empty").click()
    await bench.settle()
    await bench.answer(True)
    assert bench.trash.entries == []


async def test_what_cannot_be_deleted_is_said_and_stays(bench) -> None:
    page = await bench.page()
    bench.trash.error = Conflict("“Posters” is still being worked on.")
    find(page, QAbstractButton, "trash_empty").click()
    await bench.settle()
    await bench.answer(True)
    assert [error.message for error in bench.failed] == ["“Posters” is still being worked on."]
    assert len(names(page.list)) == 4


async def test_a_menu_offers_the_same(bench) -> None:
    page = await bench.page()
    page.list.setCurrentIndex(page.list.model().index(2, 0))
    menu = page.list.menu()
    assert [action.text() for action in menu.actions()] == ["Restore", "Delete forever…"]
    menu.actions()[0].trigger()
    menu.deleteLater()
    await bench.settle()
    assert bench.said == [("“Call back” is back", "Show")]


async def test_the_open_project_has_its_own_back_in_the_middle_of_what_is_seen(
    look, tasks, qtbot
) -> None:
    bench = Bench(look, tasks, qtbot, Front())
    bench.window.show()
    bench.room.open_panel()
    await bench.settle()
    shown = find(bench.window, TrashList, "project_trash")
    assert names(shown) == ["Morning talk", "Call back", "a red fox"]
    assert not find(bench.window, QAbstractButton, "project_trash_restore").isEnabled()
    QTest.mouseClick(
        shown.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(60, 70).toPoint() + QPoint(0, 0)
    )
    find(bench.window, QAbstractButton, "project_trash_restore").click()
    await bench.settle()
    assert bench.trash.middles == [(5.0, 7.0)]
    assert [entry.name for entry in bench.shown[0]] == ["Call back"]
    assert names(shown) == ["Morning talk", "a red fox"]
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert bench.room.panel.isHidden()
