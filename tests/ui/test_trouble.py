"""When the data folder is not open: what is wrong, and the ways back, each of which works."""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QWidget

from kupuri_desktop.core.errors import Problem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.failures import damaged, read_only
from kupuri_desktop.storage.migrations import NEWEST
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.ui.face import Face
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.newer import NO_EXPORT, how_to_update
from kupuri_desktop.ui.running import Life
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.trouble import TroublePage, TroubleRoom
from kupuri_desktop.ui.window_state import WindowState
from tests.ui.finding import find

NOBODY = {"KUPURI_OLLAMA_URL": "http://127.0.0.1:9", "KUPURI_COMFYUI_URL": "http://127.0.0.1:9"}


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def with_backup(folder: DataFolder) -> str:
    """A folder with one project, a backup of it, and a project since then."""
    storage = await Storage.open(folder)
    await storage.canvases.create(Project(name="Before"))
    backup = await storage.backups.make()
    await storage.canvases.create(Project(name="After"))
    await storage.aclose()
    return backup.id


@asynccontextmanager
async def living(folder: DataFolder, qtbot) -> AsyncIterator[tuple[Life, MainWindow]]:
    window = MainWindow(WindowState())
    qtbot.addWidget(window, before_close_func=lambda shown: shown.allow_close())
    window.show()
    loop, app = asyncio.get_running_loop(), QApplication.instance()
    assert isinstance(loop, DesktopLoop)
    assert isinstance(app, QApplication)
    life = Life(app, loop, window, WindowState(), folder, (), NOBODY, None)
    task = asyncio.ensure_future(life.live())
    try:
        yield life, window
        window.close()
        await asyncio.wait_for(task, 60)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def names(life: Life) -> list[str]:
    assert life._face is not None
    return sorted(project.name for project in await life._face._kupuri.projects.list())


async def test_going_back_to_a_backup_closes_the_folder_and_opens_it_again(
    tmp_path: Path, qtbot
) -> None:
    folder = DataFolder(tmp_path / "data")
    backup = await with_backup(folder)
    async with living(folder, qtbot) as (life, window):
        await until(lambda: life._face is not None)
        assert await names(life) == ["After", "Before"]
        assert life._face is not None
        life._face.restore_chosen.emit(backup)
        await until(lambda: window.findChild(QLabel, "trouble_whole") is not None)
        assert life._face is None
        find(window, QAbstractButton, "trouble_again").click()
        await until(lambda: life._face is not None)
        assert await names(life) == ["Before"]
        face: Face = life._face
        created = face._kupuri.projects.changed
        window.home.created.emit()
        await until(lambda: window.project_shown)
        assert created is not None
        assert len(await names(life)) == 2, "one window, one click, one project"


@pytest.mark.parametrize("way", ["restore", "salvage"])
async def test_a_damaged_folder_offers_its_backups_and_what_can_be_read(
    way: str, tmp_path: Path, qtbot
) -> None:
    folder = DataFolder(tmp_path / "data")
    await with_backup(folder)
    with folder.database.open("r+b") as file:
        file.write(b"not a database")
    async with living(folder, qtbot) as (life, window):
        await until(lambda: window.findChild(QAbstractButton, "backup_restore") is not None)
        if way == "restore":
            find(window, QAbstractButton, "backup_restore").click()
            find(window, QAbstractButton, "backup_confirm").click()
        else:
            find(window, QAbstractButton, "trouble_salvage").click()
        again = find(window, QAbstractButton, "trouble_again")
        await until(lambda: again.text() == "Open Kupuri")
        [aside] = folder.damaged.iterdir()
        assert (aside / "kupuri.db").read_bytes().startswith(b"not a database")
        again.click()
        await until(lambda: life._face is not None)
        assert await names(life) == (["Before"] if way == "restore" else ["After", "Before"])


async def test_what_fails_is_said_and_the_choices_come_back(
    tmp_path: Path, look: Look, tasks: Tasks, qtbot
) -> None:
    problem = damaged("page 3").problem
    room = TroubleRoom(look, problem, DataFolder(tmp_path), tasks, "kupuri-none.db")
    qtbot.addWidget(room.page)
    await until(lambda: "no such backup" in find(room.page, QLabel, "trouble_message").text())
    assert find(room.page, QAbstractButton, "trouble_leave").isEnabled()
    assert find(room.page, QWidget, "trouble_backups").isVisibleTo(room.page)
    await until(lambda: room.page.findChild(QLabel, "backups_none") is not None)
    await room.aclose()


def test_a_folder_that_cannot_be_written_can_be_exchanged_for_another(look: Look, qtbot) -> None:
    problem: Problem = read_only("EACCES").problem
    page = TroublePage(look, problem, "/data")
    qtbot.addWidget(page)
    assert "memory" not in find(page, QLabel, "trouble_more").text(), "nothing is open"
    find(page, QAbstractButton, "trouble_choose").click()
    find(page, QFileDialog, "folder_dialog").reject()


async def newer(folder: DataFolder) -> str:
    """The folder as a newer Kupuri leaves it; the hash of its database."""
    with closing(sqlite3.connect(folder.database)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 3}")
        connection.execute("UPDATE mark SET value = '9.4.1' WHERE name = 'written_by'")
    with closing(sqlite3.connect(folder.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return hashlib.sha256(folder.database.read_bytes()).hexdigest()


async def test_data_of_a_newer_kupuri_are_explained_and_left_as_they_are(
    tmp_path: Path, qtbot
) -> None:
    folder = DataFolder(tmp_path / "data")
    await (await Storage.open(folder)).aclose()
    before = await newer(folder)
    async with living(folder, qtbot) as (_, window):
        await until(lambda: window.findChild(QWidget, "newer_facts") is not None)
        wrote = find(window, QLabel, "newer_versions").text()
        assert f"Kupuri 9.4.1 wrote these data, in format {NEWEST + 3}." in wrote
        assert f"formats up to {NEWEST}" in wrote
        assert "does not look for it by itself" in find(window, QLabel, "newer_from").text()
        assert find(window, QLabel, "newer_export").text() == NO_EXPORT
        assert "none" in find(window, QLabel, "newer_backups").text()
        assert window.findChild(QWidget, "trouble_backups") is None
        find(window, QAbstractButton, "trouble_choose").click()
        find(window, QFileDialog, "folder_dialog").reject()
    assert hashlib.sha256(folder.database.read_bytes()).hexdigest() == before


async def test_a_backup_of_this_version_comes_back_and_the_newer_data_are_set_aside_whole(
    tmp_path: Path, qtbot
) -> None:
    folder = DataFolder(tmp_path / "data")
    await with_backup(folder)
    before = await newer(folder)
    async with living(folder, qtbot) as (life, window):
        await until(lambda: window.findChild(QAbstractButton, "backup_restore") is not None)
        find(window, QAbstractButton, "backup_restore").click()
        find(window, QAbstractButton, "backup_confirm").click()
        again = find(window, QAbstractButton, "trouble_again")
        await until(lambda: again.text() == "Open Kupuri")
        [aside] = folder.damaged.iterdir()
        kept = hashlib.sha256((aside / "kupuri.db").read_bytes()).hexdigest()
        assert kept == before
        again.click()
        await until(lambda: life._face is not None)
        assert await names(life) == ["Before"]


def test_where_a_newer_kupuri_comes_from_is_told_by_how_this_one_came(tmp_path: Path) -> None:
    package = tmp_path / "kupuri_desktop"
    assert "the way this one was installed" in how_to_update(package, frozen=False)
    assert "put it in its place" in how_to_update(package, frozen=True)
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "dev.py").touch()
    assert f"runs from {tmp_path}" in how_to_update(package, frozen=False)
