"""The home page: what it lists, what its cards do, and how a wish leaves it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.home.listing import Filter, Listing, Order, age, summary
from kupuri_desktop.ui.home.page import HomePage
from kupuri_desktop.ui.home.rail import Rail, Room
from kupuri_desktop.ui.home.room import HomeRoom
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.ui.finding import find

NOW = datetime(2025, 6, 15, 12, 0, tzinfo=UTC)


def _project(name: str, **more: object) -> Project:
    return Project(name=name, **more)  # type: ignore[arg-type]


class ListedShelf:
    """Projects in a list, as the home page needs them."""

    def __init__(self, projects: list[Project]) -> None:
        self.projects = {project.id: project for project in projects}
        self.changed: Signal[None] = Signal()

    async def list(self, *, trashed: bool = False) -> list[Project]:
        return [p for p in self.projects.values() if (p.trashed is not None) == trashed]

    async def create(self, name: str = "Untitled") -> Project:
        return self._put(_project(name))

    async def rename(self, project: str, name: str) -> Project:
        return self._put(replace(self.projects[project], name=name))

    async def duplicate(self, project: str) -> Project:
        return self._put(_project(f"{self.projects[project].name} copy"))

    async def star(self, project: str, starred: bool) -> Project:
        return self._put(replace(self.projects[project], starred=starred))

    async def trash(self, project: str) -> None:
        self._put(replace(self.projects[project], trashed=datetime.now(UTC)))

    async def restore(self, project: str) -> None:
        self._put(replace(self.projects[project], trashed=None))

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        image = QImage(40, 30, QImage.Format.Format_RGB32)
        image.fill(QColor("#ff0000"))
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes
        return bytes(buffer.data().data())

    def _put(self, project: Project) -> Project:
        self.projects[project.id] = project
        self.changed.emit(None)
        return project


@pytest.fixture
def page(look: Look, qtbot) -> HomePage:
    page = HomePage(look)
    qtbot.addWidget(page)
    page.resize(1200, 900)
    page.show()
    return page


def _names(page: HomePage) -> list[str]:
    return [card.project.name for card in page.grid.cards]


async def _settle(tasks: Tasks) -> None:
    async with asyncio.timeout(10):
        while tasks.running():
            await asyncio.sleep(0)


def test_projects_are_listed_by_their_last_change() -> None:
    old = _project("old", changed=NOW - timedelta(days=2))
    new = _project("new", changed=NOW)
    assert Listing().of([old, new]) == [new, old]


def test_every_order_sorts_by_what_it_says() -> None:
    few = _project("B", images=1, created=NOW, changed=NOW - timedelta(days=1))
    many = _project("a", images=5, created=NOW - timedelta(days=3), changed=NOW)
    assert Listing(order=Order.NAME).of([few, many]) == [many, few]
    assert Listing(order=Order.IMAGES).of([few, many]) == [many, few]
    assert Listing(order=Order.CREATED).of([many, few]) == [few, many]


def test_the_search_wants_every_word_in_any_case() -> None:
    projects = [_project("Jazz Night poster"), _project("Night sky")]
    assert Listing(search="POSTER jazz").of(projects) == [projects[0]]
    assert {p.name for p in Listing(search="night").of(projects)} == {p.name for p in projects}


def test_what_is_in_the_trash_is_not_among_the_projects() -> None:
    gone = _project("gone", trashed=NOW, starred=True)
    here = _project("here", starred=True)
    assert Listing().of([gone, here]) == [here]
    assert Listing(filter=Filter.STARRED).of([gone, here]) == [here]


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=5), "Just now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=2), "2 d ago"),
        (timedelta(days=-1), "Just now"),
    ],
)
def test_an_age_is_told_in_few_words(ago: timedelta, words: str) -> None:
    assert age(NOW - ago, NOW) == words


def test_a_summary_counts_the_images() -> None:
    assert summary(_project("x", changed=NOW), NOW) == "Empty · Just now"
    assert summary(_project("x", images=1, changed=NOW), NOW) == "1 image · Just now"
    assert summary(_project("x", images=1200, changed=NOW), NOW) == "1,200 images · Just now"


def test_a_wish_leaves_with_enter_and_the_box_is_empty_then(page: HomePage) -> None:
    wishes: list[str] = []
    page.wished.connect(wishes.append)
    QTest.keyClicks(page.prompt.field, "A fox in snow")
    QTest.keyClick(page.prompt.field, Qt.Key.Key_Return)
    assert wishes == ["A fox in snow"]
    assert page.prompt.field.toPlainText() == ""


def test_shift_enter_makes_a_new_line_and_blank_wishes_stay(page: HomePage) -> None:
    wishes: list[str] = []
    page.wished.connect(wishes.append)
    QTest.keyClick(page.prompt.field, Qt.Key.Key_Return)
    QTest.keyClicks(page.prompt.field, "a")
    QTest.keyClick(page.prompt.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert wishes == []
    assert page.prompt.field.toPlainText() == "a\n"


def test_the_box_grows_with_the_words_up_to_eight_lines(page: HomePage) -> None:
    heights = []
    for lines in (1, 4, 8, 30):
        page.prompt.set_words("\n".join("word" for _ in range(lines)))
        heights.append(page.prompt.field.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_an_example_fills_the_box_and_sends_nothing(page: HomePage) -> None:
    wishes: list[str] = []
    page.wished.connect(wishes.append)
    find(page, QAbstractButton, "example_0").click()
    assert page.prompt.field.toPlainText() == "Generate a sunset landscape"
    assert wishes == []


def test_without_projects_a_sentence_and_a_button_stand_there(page: HomePage) -> None:
    created: list[bool] = []
    page.created.connect(lambda: created.append(True))
    page.show_projects([])
    assert not page.grid.isVisible()
    find(page, QAbstractButton, "emptiness_button").click()
    assert created == [True]


def test_an_empty_search_offers_to_show_all(page: HomePage) -> None:
    page.show_projects([_project("Fox")])
    page.show_listing(Listing(search="owl"))
    assert "owl" in find(page, QLabel, "emptiness_words").text()
    find(page, QAbstractButton, "emptiness_button").click()
    assert _names(page) == ["Fox"]


def test_cards_do_not_overlap_and_stay_inside_the_page(page: HomePage) -> None:
    page.show_projects([_project(f"P{number}") for number in range(9)])
    for width in (620, 900, 1500):
        page.resize(width, 800)
        rim = page.grid.cards[0].rim()
        places = [c.geometry().adjusted(rim, rim, -rim, -rim) for c in page.grid.cards]
        for index, place in enumerate(places):
            assert place.left() >= 0
            assert place.right() <= page.grid.width()
            assert not any(place.intersects(other) for other in places[index + 1 :])


def test_a_card_is_worked_by_keyboard_alone(page: HomePage) -> None:
    project = _project("Fox")
    page.show_projects([project])
    card = page.grid.cards[0]
    opened: list[str] = []
    starred: list[tuple[str, bool]] = []
    trashed: list[str] = []
    renamed: list[tuple[str, str]] = []
    page.opened.connect(opened.append)
    page.starred.connect(lambda key, on: starred.append((key, on)))
    page.trashed.connect(trashed.append)
    page.renamed.connect(lambda key, name: renamed.append((key, name)))
    QTest.keyClick(card, Qt.Key.Key_Return)
    QTest.keyClick(card, Qt.Key.Key_S)
    QTest.keyClick(card, Qt.Key.Key_Delete)
    QTest.keyClick(card, Qt.Key.Key_F2)
    field = find(card, QLineEdit)
    QTest.keyClicks(field, "Owl")
    QTest.keyClick(field, Qt.Key.Key_Return)
    key = project.id
    assert (opened, starred, trashed, renamed) == ([key], [(key, True)], [key], [(key, "Owl")])


def test_escape_leaves_a_name_as_it_was(page: HomePage) -> None:
    page.show_projects([_project("Fox")])
    card = page.grid.cards[0]
    renamed: list[str] = []
    page.renamed.connect(lambda _, name: renamed.append(name))
    card.rename()
    field = find(card, QLineEdit)
    QTest.keyClicks(field, "Owl")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert renamed == []


def test_arrows_go_from_card_to_card(page: HomePage, qtbot) -> None:
    page.show_projects([_project(f"P{n}", changed=NOW - timedelta(days=n)) for n in range(8)])
    page.activateWindow()
    cards = page.grid.cards
    cards[0].setFocus()
    qtbot.waitUntil(cards[0].hasFocus)
    QTest.keyClick(cards[0], Qt.Key.Key_Right)
    assert cards[1].hasFocus()
    QTest.keyClick(cards[1], Qt.Key.Key_Down)
    below = next(card for card in cards if card.hasFocus())
    assert below.y() > cards[1].y()
    assert below.x() == cards[1].x()


def test_a_card_keeps_its_cover_when_the_list_is_shown_again(page: HomePage) -> None:
    project = _project("Fox", cover="abc")
    page.show_projects([project])
    assert page.waiting_for_covers() == [project]
    page.set_cover(project.id, QImage(40, 30, QImage.Format.Format_RGB32))
    page.show_projects([replace(project, name="Owl")])
    assert page.waiting_for_covers() == []
    page.show_projects([replace(project, cover="def")])
    assert len(page.waiting_for_covers()) == 1


async def test_the_room_lists_and_brings_covers(page: HomePage, tasks: Tasks) -> None:
    shelf = ListedShelf([_project("Fox", cover="abc")])
    room = HomeRoom(page, shelf, tasks, lambda *_: None)
    room.refresh()
    await _settle(tasks)
    assert _names(page) == ["Fox"]
    assert page.waiting_for_covers() == []
    room.leave()


async def test_a_card_duplicates_its_project_and_that_can_be_taken_back(
    page: HomePage, tasks: Tasks
) -> None:
    shelf = ListedShelf([_project("Fox")])
    undo = []
    room = HomeRoom(page, shelf, tasks, lambda words, button, do: undo.append((words, do)))
    room.refresh()
    await _settle(tasks)
    [card] = page.grid.cards
    menu = card.menu()
    [action] = [each for each in menu.actions() if each.text() == "Duplicate"]
    action.trigger()
    menu.close()
    await _settle(tasks)
    assert sorted(_names(page)) == ["Fox", "Fox copy"]
    [(words, take_back)] = undo
    assert words == "Made “Fox copy”"
    take_back()
    await _settle(tasks)
    assert _names(page) == ["Fox"]
    room.leave()


async def test_what_a_card_does_reaches_the_shelf_and_comes_back(
    page: HomePage, tasks: Tasks
) -> None:
    shelf = ListedShelf([_project("Fox")])
    said: list[tuple[str, str]] = []
    undo = []

    def say(words: str, button: str, do) -> None:
        said.append((words, button))
        undo.append(do)

    room = HomeRoom(page, shelf, tasks, say)
    room.refresh()
    await _settle(tasks)
    key = page.grid.cards[0].project.id
    page.renamed.emit(key, "Owl")
    await _settle(tasks)
    assert _names(page) == ["Owl"]
    page.trashed.emit(key)
    await _settle(tasks)
    assert _names(page) == []
    assert said == [("“Owl” is in the trash", "Undo")]
    undo[0]()
    await _settle(tasks)
    assert _names(page) == ["Owl"]
    room.leave()


def test_the_rail_says_which_room_was_chosen(look: Look, qtbot) -> None:
    rail = Rail(look)
    qtbot.addWidget(rail)
    chosen: list[Room] = []
    rail.chosen.connect(chosen.append)
    find(rail, QAbstractButton, "rail_settings").click()
    assert chosen == [Room.SETTINGS]
    assert find(rail, QAbstractButton, "rail_settings").isChecked()
    assert not find(rail, QAbstractButton, "rail_home").isChecked()


def test_a_click_on_a_card_opens_it(page: HomePage) -> None:
    project = _project("Fox")
    page.show_projects([project])
    opened: list[str] = []
    page.opened.connect(opened.append)
    card = page.grid.cards[0]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert opened == [project.id]
