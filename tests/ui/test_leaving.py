"""The window at its end, when the disk gets full only while it is being closed."""

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.marks import get_mark, set_mark
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.running import Life
from kupuri_desktop.ui.saving import UnsavedDialog
from tests.durability.full import LimitedPages
from tests.ui.finding import find
from tests.ui.test_trouble import living, until


async def closed_on_a_disk_that_gets_full(life: Life, window: MainWindow, monkeypatch) -> Storage:
    """Closes the window; what is stored last finds no room. The question is in sight then."""
    await until(lambda: life._face is not None)
    assert life._face is not None
    # As the app has it: the hidden window is not the end of the loop.
    life._app.setQuitOnLastWindowClosed(False)
    app = life._face._kupuri
    leave = app._leave

    async def leave_with_more_than_fits() -> None:
        await LimitedPages().leave(app.storage, 0)
        waiting = app.storage.database.journal(lambda db: set_mark(db, "end", "x" * 1_000_000))
        await asyncio.wait([waiting])
        waiting.exception()
        await leave()

    monkeypatch.setattr(app, "_leave", leave_with_more_than_fits)
    window.close()
    await until(lambda: asked(window))
    return app.storage


def asked(window: MainWindow) -> bool:
    return any(dialog.isVisible() for dialog in window.findChildren(UnsavedDialog))


async def gone(dialog: UnsavedDialog, window: MainWindow) -> None:
    await until(lambda: dialog not in window.findChildren(UnsavedDialog))


async def make_room(storage: Storage) -> None:
    await LimitedPages().make(storage)
    storage.database.retry()


async def kept(folder: DataFolder) -> bool:
    storage = await Storage.open(folder)
    found = await storage.database.read(lambda db: get_mark(db, "end"))
    await storage.aclose()
    return found == "x" * 1_000_000


async def test_the_question_goes_by_itself_and_the_window_closes_when_there_is_room(
    tmp_path: Path, qtbot, monkeypatch
) -> None:
    folder = DataFolder(tmp_path / "data")
    async with living(folder, qtbot) as (life, window):
        storage = await closed_on_a_disk_that_gets_full(life, window, monkeypatch)
        assert "no room" in find(window, QLabel, "unsaved_reason").text()
        await make_room(storage)
        await until(lambda: not storage.database.open)
    assert await kept(folder)


async def test_trying_again_asks_again_as_long_as_there_is_no_room(
    tmp_path: Path, qtbot, monkeypatch
) -> None:
    folder = DataFolder(tmp_path / "data")
    async with living(folder, qtbot) as (life, window):
        storage = await closed_on_a_disk_that_gets_full(life, window, monkeypatch)
        for _ in range(2):
            [dialog] = [one for one in window.findChildren(UnsavedDialog) if one.isVisible()]
            again = find(dialog, QAbstractButton, "unsaved_stay")
            assert again.text() == "Try again", "there is nothing left to stay in"
            again.click()
            await gone(dialog, window)
            await until(lambda: asked(window))
        await make_room(storage)
    assert await kept(folder)


async def test_a_copy_that_cannot_be_saved_is_said_in_the_next_question(
    tmp_path: Path, qtbot, monkeypatch
) -> None:
    folder = DataFolder(tmp_path / "data")
    (tmp_path / "there.db").write_bytes(b"somebody else's")
    async with living(folder, qtbot) as (life, window):
        storage = await closed_on_a_disk_that_gets_full(life, window, monkeypatch)
        find(window, QAbstractButton, "unsaved_copy").click()
        await until(lambda: window.findChildren(QFileDialog))
        find(window, QFileDialog, "copy_dialog").fileSelected.emit(str(tmp_path / "there.db"))
        await until(
            lambda: any(
                "there already" in find(dialog, QLabel, "unsaved_reason").text()
                for dialog in window.findChildren(UnsavedDialog)
            )
        )
        await make_room(storage)
    assert (tmp_path / "there.db").read_bytes() == b"somebody else's"
    assert await kept(folder)


async def test_closing_anyway_closes(tmp_path: Path, qtbot, monkeypatch) -> None:
    folder = DataFolder(tmp_path / "data")
    async with living(folder, qtbot) as (life, window):
        storage = await closed_on_a_disk_that_gets_full(life, window, monkeypatch)
        find(window, QAbstractButton, "unsaved_close").click()
        await until(lambda: not storage.database.open)
    assert not await kept(folder)
