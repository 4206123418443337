"""What went wrong is said, can be copied and mended, and tells nobody's secrets."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel

from kupuri_desktop.core.errors import Action, Mend, Problem
from kupuri_desktop.ui.notices import CrashDialog, NoticeBar, as_text, crash_report
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trouble import TroublePage
from tests.ui.finding import find

RETRY = Action(Mend.RETRY, "Try again")
FULL = Problem("DiskFull", "The disk is full.", "Free some room.", "Nothing is lost.", RETRY, "28")
AWAY = Problem("ServerUnreachable", "ComfyUI does not answer.")


@pytest.fixture
def bar(look: Look, qtbot) -> NoticeBar:
    bar = NoticeBar(look)
    qtbot.addWidget(bar)
    return bar


def _words(bar: NoticeBar) -> str:
    return find(bar, QLabel, "notice_message").text()


def test_the_bar_is_not_there_while_all_is_well(bar: NoticeBar) -> None:
    assert bar.isHidden()


def test_the_newest_problem_stands_first_and_the_same_one_not_twice(bar: NoticeBar) -> None:
    for problem in (FULL, AWAY, FULL):
        bar.show_problem(problem)
    assert bar.problems == (FULL, AWAY)
    assert _words(bar) == "The disk is full."
    assert find(bar, QLabel, "notice_count").text() == "1 of 2"


def test_a_problem_says_what_was_kept(bar: NoticeBar) -> None:
    bar.show_problem(FULL)
    assert find(bar, QLabel, "notice_more").text() == "Free some room. Nothing is lost."


def test_mending_takes_the_problem_off_and_asks_for_the_mend(bar: NoticeBar) -> None:
    asked: list[tuple[Action, Problem]] = []
    bar.mend_chosen.connect(lambda action, problem: asked.append((action, problem)))
    bar.show_problem(FULL)
    find(bar, QAbstractButton, "notice_mend").click()
    assert asked == [(RETRY, FULL)]
    assert bar.isHidden()


def test_dismissing_shows_the_one_before(bar: NoticeBar) -> None:
    bar.show_problem(FULL)
    bar.show_problem(AWAY)
    find(bar, QAbstractButton, "notice_dismiss").click()
    assert _words(bar) == "The disk is full."


def test_the_whole_problem_can_be_copied(bar: NoticeBar) -> None:
    bar.show_problem(FULL)
    find(bar, QAbstractButton, "notice_copy").click()
    assert QGuiApplication.clipboard().text() == as_text(FULL)
    assert as_text(FULL) == ("DiskFull: The disk is full.\nFree some room.\nNothing is lost.\n28")


def _crash() -> Exception:
    secret = "sk-a-secret-key"
    try:
        raise ValueError(f"bad key {secret}")
    except ValueError as error:
        return error


def test_a_crash_report_has_places_and_no_words_of_the_user() -> None:
    report = crash_report(_crash())
    assert "test_notices.py" in report
    assert "ValueError" in report
    assert "secret" not in report.replace("_crash", "")


def test_the_crash_dialog_lets_one_go_on_or_leave(look: Look, qtbot) -> None:
    left: list[bool] = []
    dialog = CrashDialog(look, _crash(), None, lambda: left.append(True))
    qtbot.addWidget(dialog)
    dialog.open()
    find(dialog, QAbstractButton, "crash_copy").click()
    assert QGuiApplication.clipboard().text() == dialog.report
    find(dialog, QAbstractButton, "crash_quit").click()
    assert left == [True]
    with qtbot.waitSignal(dialog.finished):
        find(dialog, QAbstractButton, "crash_continue").click()


def test_the_trouble_page_offers_to_try_again_and_to_leave(look: Look, qtbot) -> None:
    page = TroublePage(look, FULL, "/data")
    qtbot.addWidget(page)
    asked: list[str] = []
    page.again_asked.connect(lambda: asked.append("again"))
    page.leave_asked.connect(lambda: asked.append("leave"))
    find(page, QAbstractButton, "trouble_again").click()
    find(page, QAbstractButton, "trouble_leave").click()
    assert asked == ["again", "leave"]
    assert "Nothing is lost." in find(page, QLabel, "trouble_more").text()
