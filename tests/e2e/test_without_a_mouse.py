"""The window for those who use no mouse or do not see it: names everywhere, F6, what is said."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget

from kupuri_desktop.ui.chat import reading
from kupuri_desktop.ui.home.rail import Room
from kupuri_desktop.ui.regions import regions
from tests.e2e.desk import Desk, desk, until
from tests.ui.test_theme import contrast


def unnamed(window: QWidget) -> Iterator[str]:
    """What the keyboard can reach and a screen reader would call by nothing."""
    for widget in [window, *window.findChildren(QWidget)]:
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        if not reached or widget.focusProxy() is not None:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            yield f"{type(widget).__name__} {widget.objectName()!r} in {widget.parentWidget()}"


async def a_project_with_everything_open(studio: Desk) -> None:
    await studio.wish_from_home("Generate a sunset landscape, wide, two variants")
    await studio.answered()
    for panel in ("toggle_layers", "toggle_inspector"):
        action = studio.face.actions[panel]
        if not action.isChecked():
            action.trigger()
    studio.room.canvas.action("select_all").trigger()


async def test_whatever_the_keyboard_reaches_has_a_name(tmp_path) -> None:
    async with desk(tmp_path) as studio:
        found: dict[str, list[str]] = {"home": list(unnamed(studio.window))}
        for room in (Room.MODELS, Room.SETTINGS):
            studio.window.show_room(room)
            found[room.words] = list(unnamed(studio.window))
        studio.window.show_room(Room.HOME)
        await a_project_with_everything_open(studio)
        found["project"] = list(unnamed(studio.window))
        for popover in ("palette", "shortcuts", "choose_text_model"):
            studio.face.actions[popover].trigger()
            found[popover] = list(unnamed(studio.window))
            QTest.keyClick(studio.window.focusWidget() or studio.window, Qt.Key.Key_Escape)
        studio.window.show_room(Room.HOME)
        found["home with a project"] = list(unnamed(studio.window))
        assert {state: names for state, names in found.items() if names} == {}


def seen(window: QWidget, widget: QWidget) -> QImage:
    """The control with a little around it: some grounds show the ring of what lies on them."""
    corner = widget.mapTo(window, QPoint(0, 0))
    return window.grab(QRect(corner, widget.size()).adjusted(-8, -8, 8, 8)).toImage()


def stands_out(before: QImage, after: QImage) -> bool:
    """Whether something has changed into a colour that is told apart from what was there."""
    for y in range(before.height()):
        for x in range(before.width()):
            was, now = before.pixelColor(x, y), after.pixelColor(x, y)
            if was != now and contrast(was, now) >= 3:
                return True
    return False


async def comes_to_show(window: QWidget, widget: QWidget, before: QImage) -> bool:
    """Some fade in; none takes longer than a second."""
    try:
        async with asyncio.timeout(1):
            while not stands_out(before, seen(window, widget)):
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_the_keyboard_shows_on_every_control_that_it_reaches(tmp_path, theme) -> None:
    async with desk(tmp_path) as studio:
        await a_project_with_everything_open(studio)
        window = studio.window
        if theme == "light":
            studio.face.actions["toggle_theme"].trigger()
        window.activateWindow()
        await until(window.isActiveWindow)
        hidden = []
        for widget in list(window.findChildren(QWidget)):
            reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
            if not reached or not widget.isEnabled() or widget.focusProxy() is not None:
                continue
            window.setFocus()
            for area in window.findChildren(QScrollArea):
                if area.isAncestorOf(widget):
                    area.ensureWidgetVisible(widget)
            # The map comes and goes with the keyboard.
            if not widget.isVisible():
                continue
            before = seen(window, widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if not await comes_to_show(window, widget, before):
                hidden.append(f"{type(widget).__name__} {widget.objectName()!r}")
        assert hidden == []


async def test_f6_goes_through_every_region_and_comes_back_to_where_it_was(tmp_path) -> None:
    async with desk(tmp_path) as studio:
        await a_project_with_everything_open(studio)
        window, face = studio.window, studio.face
        studio.room.canvas.setFocus()
        visited: list[str] = []
        known = regions(window)
        for _ in known:
            face.actions["next_region"].trigger()
            focus = window.focusWidget()
            assert focus is not None
            inside = [each for each in known if each is focus or each.isAncestorOf(focus)]
            visited.append(inside[-1].accessibleName())
        assert len(set(visited)) == len(known)
        assert {"Top bar", "Tools", "Canvas", "Selection", "Layers", "Inspector", "Chat"} <= set(
            visited
        )
        assert window.focusWidget() is studio.room.canvas
        face.actions["previous_region"].trigger()
        face.actions["next_region"].trigger()
        assert window.focusWidget() is studio.room.canvas


class Heard:
    """What is announced while it is listened for; the tree is built as for a client."""

    def __init__(self, monkeypatch) -> None:
        self.words: list[str] = []
        monkeypatch.setattr(reading, "say", lambda _, words, **__: self.words.append(words))


async def test_the_end_of_an_answer_is_said_and_messages_are_read_one_by_one(
    tmp_path, monkeypatch
) -> None:
    heard = Heard(monkeypatch)
    async with desk(tmp_path) as studio:
        await studio.wish_from_home("Generate a sunset landscape")
        await studio.answered()
        transcript = studio.room.chat.transcript
        assert [words for words in heard.words if words.startswith("Kupuri: ")] == heard.words
        for part in studio.answer.parts:
            assert getattr(part, "text", "") in heard.words[-1]
        assert "Made images" in heard.words[-1]
        heard.words.clear()
        for way in ("previous", "previous", "previous", "next"):
            studio.face.actions[f"{way}_message"].trigger()
        newest, oldest, _, again = heard.words
        assert newest.endswith("2 of 2")
        assert oldest == "You: Generate a sunset landscape. 1 of 2"
        assert again == newest
        rows = QAccessible.queryAccessibleInterface(transcript.viewport())
        kinds = [rows.child(n).role() for n in range(rows.childCount())]
        assert kinds == [QAccessible.Role.ListItem] * len(transcript.live_views())
        names = [rows.child(n).text(QAccessible.Text.Name) for n in range(rows.childCount())]
        assert names[0] == "You: Generate a sunset landscape"
        assert all(names)
