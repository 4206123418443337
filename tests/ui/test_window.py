"""The window's shell, the top bar and the start: one order, nothing lost on the way out."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from kupuri_desktop.core.errors import Action, Mend
from kupuri_desktop.core.models import ModelKind
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import WINDOW_ACTIONS
from kupuri_desktop.ui.application import parse
from kupuri_desktop.ui.home.page import HomePage
from kupuri_desktop.ui.home.rail import Rail, Room
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.mending import Mending
from kupuri_desktop.ui.project_view import ProjectView
from kupuri_desktop.ui.queue_chip import QueueChip, QueueLine, queue_words
from kupuri_desktop.ui.running import Life
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.top_bar import NameField, TopBar
from kupuri_desktop.ui.window_state import WindowState
from tests.ui.finding import find


@pytest.fixture
def window(look: Look, qtbot) -> MainWindow:
    window = MainWindow(WindowState())
    qtbot.addWidget(window, before_close_func=lambda shown: shown.allow_close())
    window.move_in(Rail(look), HomePage(look), Room.HOME)
    window.show()
    return window


@pytest.fixture
def bar(look: Look, window: MainWindow) -> TopBar:
    actions = Actions(look, window)
    actions.add(WINDOW_ACTIONS)
    bar = TopBar(look, actions)
    bar.setParent(window)
    bar.resize(1000, 44)
    bar.show()
    return bar


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_sketch_is_painted_in_the_colours_of_its_theme(theme, look: Look, qtbot) -> None:
    window = MainWindow(WindowState(theme=theme))
    qtbot.addWidget(window, before_close_func=lambda shown: shown.allow_close())
    painted: list[bool] = []
    window.first_painted.connect(lambda: painted.append(True))
    window.show()
    image = window.grab().toImage()
    window.grab()
    look.choose(theme)
    colours = look.theme.colours
    look.choose("dark")
    assert painted == [True]
    assert image.pixelColor(10, 10) == colours.surface
    assert image.pixelColor(image.width() - 10, image.height() - 10) == colours.canvas


def test_a_room_is_made_when_it_is_first_visited_and_kept(window: MainWindow) -> None:
    made: list[QWidget] = []

    def make() -> QWidget:
        made.append(QWidget())
        return made[-1]

    window.furnish(Room.SETTINGS, make)
    assert made == []
    window.show_room(Room.SETTINGS)
    window.show_room(Room.HOME)
    window.show_room(Room.SETTINGS)
    assert len(made) == 1
    assert window.room is Room.SETTINGS
    assert window.windowTitle() == "Settings – Kupuri"


def test_a_room_that_is_not_furnished_yet_stays_closed(window: MainWindow) -> None:
    find(window.rail, QAbstractButton, "rail_models").click()
    assert window.room is Room.HOME
    assert find(window.rail, QAbstractButton, "rail_home").isChecked()


def test_a_project_stands_in_front_until_it_is_left(window: MainWindow) -> None:
    project = QWidget()
    window.show_project(project, "Fox")
    assert window.project_shown
    assert window.windowTitle() == "Fox – Kupuri"
    window.remove_project()
    assert not window.project_shown


def test_closing_asks_first_so_that_all_is_stored(window: MainWindow) -> None:
    asked: list[bool] = []
    window.close_asked.connect(lambda: asked.append(True))
    window.close()
    assert asked == [True]
    assert window.isVisible()
    window.allow_close()
    assert not window.isVisible()


def test_the_place_of_the_window_survives_and_rubbish_does_not_hurt(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "window.json"
    state = WindowState("00ff", 410, False, "light", True)
    state.write(file)
    assert WindowState.read(file) == state
    for rubbish in (b"", b"[]", b"{", b'{"dock": "wide", "theme": 3}', b'{"theme": "pink"}'):
        file.write_bytes(rubbish)
        assert WindowState.read(file) == WindowState()


def test_a_folder_that_cannot_be_written_does_not_stop_the_window(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    WindowState().write(file / "window.json")
    assert file.read_bytes() == b""


def test_a_name_is_edited_in_its_place(look: Look, qtbot) -> None:
    field = NameField(look, "name", "Project name")
    qtbot.addWidget(field)
    field.show()
    renamed: list[str] = []
    field.renamed.connect(renamed.append)
    field.show_name("Fox")
    for typed, key in (
        ("  Red   fox ", Qt.Key.Key_Return),
        ("Owl", Qt.Key.Key_Escape),
        ("   ", Qt.Key.Key_Return),
    ):
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, key)
    assert renamed == ["Red fox"]
    assert field.text() == "Red fox"


def test_the_top_bar_s_buttons_are_named_and_follow_the_actions(bar: TopBar) -> None:
    for name in ("top_home", "top_undo", "top_redo", "top_export", "top_theme", "top_settings"):
        button = find(bar, QWidget, name)
        assert button.accessibleName()
        assert button.toolTip()
    assert not find(bar, QWidget, "top_undo").isEnabled()


def test_in_a_narrow_window_the_top_bar_keeps_within_its_edges(bar: TopBar, window) -> None:
    text, image = (bar.engines.chip(kind) for kind in ModelKind)
    for chip in (text, image):
        chip.show_state("a-model-with-a-long-name", chip.level)
    bar.name.show_name("A project whose name is as long as the names of projects are")
    bar.queue.show_lines([QueueLine("1", "a sunset", 0.5, waiting=False)])
    bar.resize(1400, 44)
    bar.show()
    wide = text.sizeHint().width()
    bar.resize(800, 44)
    row = bar.layout()
    assert row is not None
    row.activate()
    assert text.sizeHint().width() < wide / 2
    assert text.accessibleName().startswith("a-model-with-a-long-name")
    assert row.minimumSize().width() <= 800
    assert find_settings(bar).geometry().right() < 800


def test_a_click_in_the_top_bar_leaves_the_keyboard_where_it_is(bar: TopBar) -> None:
    bar.show()
    bar.name.setFocus()
    assert bar.window().focusWidget() is bar.name
    theme = bar.findChild(QAbstractButton, "top_theme")
    assert theme is not None
    QTest.mouseClick(theme, Qt.MouseButton.LeftButton)
    assert bar.window().focusWidget() is bar.name
    theme.setFocus(Qt.FocusReason.TabFocusReason)
    assert bar.window().focusWidget() is theme


def find_settings(bar: TopBar) -> QAbstractButton:
    button = bar.findChild(QAbstractButton, "top_settings")
    assert button is not None
    return button


def test_the_queue_counts_what_runs_and_waits() -> None:
    lines = [QueueLine("a", "Fox", 0.5, False), QueueLine("b", "Owl", 0.0, True)]
    assert queue_words(lines) == "1 running · 1 waiting"
    assert queue_words(lines[1:]) == "1 waiting"


def test_the_queue_chip_is_there_only_while_something_runs(look: Look, window: MainWindow) -> None:
    chip = QueueChip(look)
    chip.setParent(window)
    stopped: list[str] = []
    chip.stop_asked.connect(stopped.append)
    chip.show_lines([QueueLine("a", "Fox", 0.5, False), QueueLine("b", "Owl", 0.0, True)])
    assert chip.isVisible()
    chip.click()
    row = chip._rows["a"]
    find(row, QAbstractButton, "queue_stop").click()
    assert stopped == ["a"]
    chip.show_lines([])
    assert not chip.isVisible()


def test_the_chat_keeps_its_width_while_it_is_hidden(
    look: Look, bar: TopBar, window: MainWindow
) -> None:
    canvas, chat = QWidget(), QWidget()
    view = ProjectView(bar, canvas, chat, 420, True)
    window.show_project(view, "Fox")
    QApplication.processEvents()
    assert chat.width() == 420
    assert not view.toggle_chat()
    assert not chat.isVisible()
    assert view.toggle_chat()
    QApplication.processEvents()
    assert chat.width() == 420


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        ([], (None, [])),
        (["a.png", "b.png"], (None, ["a.png", "b.png"])),
        (["--data", "/x", "a.png"], ("/x", ["a.png"])),
        (["--data=/x"], ("/x", [])),
        (["--", "--odd.png"], (None, ["--odd.png"])),
        (["--data"], None),
        (["--what"], None),
    ],
)
def test_the_command_line_names_a_folder_and_files(arguments, result) -> None:
    assert parse(arguments) == result


def test_a_link_is_opened_only_on_the_web(
    tasks: Tasks, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).url()))
    mending = Mending(None, tasks, window)  # type: ignore[arg-type]
    for address in ("https://ollama.com/download", "file:///etc/passwd", "javascript:alert(1)"):
        mending.mend(Action(Mend.OPEN_LINK, "Open", address))
    assert opened == ["https://ollama.com/download"]


def test_what_needs_another_page_is_asked_for(tasks: Tasks, window: MainWindow) -> None:
    mending = Mending(None, tasks, window)  # type: ignore[arg-type]
    asked: list[object] = []
    mending.choose_asked.connect(asked.append)
    mending.settings_asked.connect(asked.append)
    mending.mend(Action(Mend.CHOOSE_MODEL, "Choose"))
    mending.mend(Action(Mend.OPEN_SETTINGS, "Settings", "comfyui_url"))
    assert asked == [ModelKind.TEXT, "comfyui_url"]


def _life(window: MainWindow, folder: DataFolder, *files: str) -> Life:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, DesktopLoop)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    environment = {
        "KUPURI_OLLAMA_URL": "http://127.0.0.1:9",
        "KUPURI_COMFYUI_URL": "http://127.0.0.1:9",
    }
    return Life(app, loop, window, WindowState(), folder, files, environment, None)


async def _until(condition) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_wish_on_the_home_page_becomes_a_project_with_its_image(
    tmp_path: Path, qtbot
) -> None:
    window = MainWindow(WindowState())
    qtbot.addWidget(window, before_close_func=lambda shown: shown.allow_close())
    window.show()
    folder = DataFolder(tmp_path / "data")
    life = _life(window, folder)
    living = asyncio.ensure_future(life.live())
    try:
        await _until(lambda: life._face is not None)
        window.home.wished.emit("Generate a small sunset")
        await _until(lambda: window.project_shown)
        assert life._face is not None
        room = life._face._project
        assert room is not None
        async with asyncio.timeout(60):
            await _until(lambda: len(room.workspace.canvas.items) == 1)
            await room.workspace.idle()
        window.show_room(Room.HOME)
        await _until(lambda: [card.project.images for card in window.home.grid.cards] == [1])
        window.close()
        await asyncio.wait_for(living, 60)
    finally:
        living.cancel()
        await asyncio.wait([living])
    assert json.loads(folder.window_state.read_bytes())["theme"] == "dark"
    assert not window.isVisible()


async def test_a_folder_that_cannot_be_used_gets_a_page_and_opens_when_it_can(
    tmp_path: Path, qtbot
) -> None:
    window = MainWindow(WindowState())
    qtbot.addWidget(window, before_close_func=lambda shown: shown.allow_close())
    window.show()
    blocker = tmp_path / "data"
    blocker.write_bytes(b"a file stands where the folder should be")
    life = _life(window, DataFolder(blocker))
    living = asyncio.ensure_future(life.live())
    try:
        await _until(lambda: window.findChild(QWidget, "trouble_page") is not None)
        assert life._face is None
        blocker.unlink()
        find(window, QAbstractButton, "trouble_again").click()
        await _until(lambda: life._face is not None)
        window.close()
        await asyncio.wait_for(living, 60)
    finally:
        living.cancel()
        await asyncio.wait([living])


def test_the_shell_is_painted_before_anything_slow_is_imported(tmp_path: Path) -> None:
    code = """
import sys
from PySide6 import QtWidgets
from kupuri_desktop.ui import application
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.window_state import WindowState
app = QtWidgets.QApplication([])
window = MainWindow(WindowState())
application._paint_first(window)
slow = {"asyncio", "qasync", "peewee", "pydantic", "langchain", "langchain_core", "numpy", "httpx"}
print(sorted(slow & set(sys.modules)))
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "KUPURI_DATA": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=True,
    )
    assert said.stdout.strip() == "[]"
