"""Searching everywhere: asked as it is typed, shown by project, worked by keys."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from kupuri_desktop.core.errors import KupuriError, StorageError
from kupuri_desktop.storage.search import Hit
from kupuri_desktop.ui.search.panel import BEGIN, SearchPanel
from kupuri_desktop.ui.search.room import SearchRoom
from kupuri_desktop.ui.search.rows import grouped
from tests.ui.finding import find


def hit(kind: str, project: str = "p", words: str = "a red fox", **more) -> Hit:
    ids = {"session": None, "message": None, "item": None} | more
    return Hit(
        kind=kind, project=project, snippet=words, marks=((2, 5),), project_name=project, **ids
    )


NAMED = hit("project", words="red")
IMAGE = hit("item", item="i", item_kind="image")
SAID = hit("message", "q", session="s", message="m", session_name="Talk", by_user=True)
NOTE = hit("item", item="n", item_kind="note")


class HeldFinder:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, list[Hit]] = {}
        self.hold = asyncio.Event()
        self.hold.set()
        self.given_up: list[str] = []
        self.error: KupuriError | None = None

    async def find(self, text: str, limit: int = 50) -> list[Hit]:
        self.asked.append(text)
        try:
            await self.hold.wait()
        except asyncio.CancelledError:
            self.given_up.append(text)
            raise
        if self.error is not None:
            raise self.error
        return self.answers.get(text, [])

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        return None


class Bench:
    def __init__(self, look, tasks, qtbot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1000, 700)
        self.window.show()
        self.finder = HeldFinder()
        self.tasks = tasks
        self.room = SearchRoom(look, self.finder, self.finder, tasks, self.window)
        self.taken: list[tuple[Hit, bool]] = []
        self.room.taken.connect(lambda chosen, project: self.taken.append((chosen, project)))
        self.panel: SearchPanel = self.room.panel
        self.panel.open_over(self.window)

    async def type(self, text: str) -> None:
        QTest.keyClicks(self.panel.field, text)
        await self.asked(text)

    async def asked(self, text: str) -> None:
        while text not in self.finder.asked:
            await asyncio.sleep(0.005)

    async def settle(self) -> None:
        while self.tasks.running():
            await asyncio.sleep(0)

    @property
    def rows(self) -> list[str]:
        model = self.panel.list.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


@pytest.fixture
async def bench(look, tasks, qtbot) -> Bench:
    return Bench(look, tasks, qtbot)


def test_hits_stand_below_their_project_in_the_order_in_which_they_were_found() -> None:
    rows = grouped([NAMED, SAID, IMAGE, NOTE])
    assert [(row.heading, row.hit.project, row.count) for row in rows] == [
        (True, "p", 2),
        (False, "p", 0),
        (False, "p", 0),
        (True, "q", 1),
        (False, "q", 0),
    ]
    assert [row.second for row in rows if not row.heading] == [
        "Image",
        "Note",
        "You said it in “Talk”",
    ]


async def test_letters_that_come_close_together_are_one_question(bench) -> None:
    bench.finder.answers["fox"] = [IMAGE]
    await bench.type("fox")
    await bench.settle()
    assert bench.finder.asked == ["fox"]
    assert bench.rows == ["Project p", "a red fox, Image"]


async def test_a_question_that_was_overtaken_is_given_up_and_never_shown(bench) -> None:
    bench.finder.answers = {"fo": [IMAGE], "fox": [SAID]}
    bench.finder.hold.clear()
    await bench.type("fo")
    QTest.keyClicks(bench.panel.field, "x")
    await bench.asked("fox")
    assert bench.finder.given_up == ["fo"]
    bench.finder.hold.set()
    await bench.settle()
    assert bench.rows == ["Project q", "a red fox, You said it in “Talk”"]


async def test_keys_choose_and_enter_goes_to_the_hit_or_its_project(bench) -> None:
    bench.finder.answers["fox"] = [IMAGE, SAID]
    await bench.type("fox")
    await bench.settle()
    QTest.keyClick(bench.panel.field, Qt.Key.Key_Return)
    assert bench.taken == [(IMAGE, False)], "the first hit is chosen, not its heading"
    assert bench.panel.isHidden()
    bench.panel.open_over(bench.window)
    await bench.settle()
    QTest.keyClick(bench.panel.field, Qt.Key.Key_Up)
    QTest.keyClick(bench.panel.field, Qt.Key.Key_Return)
    assert bench.taken[1] == (IMAGE, True)
    bench.panel.open_over(bench.window)
    await bench.settle()
    QTest.keyClick(bench.panel.field, Qt.Key.Key_PageDown)
    QTest.keyClick(bench.panel.field, Qt.Key.Key_Return)
    assert bench.taken[2] == (SAID, False)


async def test_a_click_goes_there(bench) -> None:
    bench.finder.answers["red"] = [NAMED]
    await bench.type("red")
    await bench.settle()
    place = bench.panel.list.visualRect(bench.panel.list.model().index(0, 0)).center()
    QTest.mouseClick(bench.panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert bench.taken == [(NAMED, True)]


async def test_what_is_nowhere_is_said_and_escape_begins_anew(bench) -> None:
    words = find(bench.panel, QLabel, "search_words")
    assert words.text() == BEGIN
    await bench.type("zebra")
    await bench.settle()
    assert "“zebra”" in words.text()
    QTest.keyClick(bench.panel.field, Qt.Key.Key_Escape)
    assert words.text() == BEGIN
    QTest.keyClick(bench.panel.field, Qt.Key.Key_Escape)
    assert bench.panel.isHidden()


async def test_a_search_that_fails_says_why(bench) -> None:
    failed: list[KupuriError] = []
    bench.room.failed.connect(failed.append)
    bench.finder.error = StorageError("The disk is away.")
    await bench.type("fox")
    await bench.settle()
    assert [error.message for error in failed] == ["The disk is away."]
