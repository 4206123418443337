"""What is not saved is never hidden, and never left behind unasked."""

import asyncio
import sqlite3
from contextlib import closing

import peewee
import pytest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QWidget

from kupuri_desktop.storage.assets import read_original
from kupuri_desktop.storage.marks import set_mark
from kupuri_desktop.ui.saving import SavedSign, UnsavedDialog
from tests.e2e.desk import desk, until
from tests.fakes.ollama import Call, words


async def fill_up(database) -> asyncio.Future:
    """Leaves the database no room; what waits then."""
    await database.run_alone(lambda db: db.execute_sql("PRAGMA max_page_count = 1").fetchall())
    waiting = database.journal(lambda db: set_mark(db, "big", "x" * 1_000_000))
    await until(lambda: database.state.problem is not None)
    return waiting


def make_room(database) -> None:
    """The limit belongs to the writing connection, whose thread is busy trying."""
    (entry, *_) = [entry for entry in database._writer.waiting() if entry.keep]
    work = entry.work

    def with_room(db: peewee.Database) -> object:
        db.execute_sql("ROLLBACK")
        db.execute_sql("PRAGMA max_page_count = 1000000").fetchall()
        db.execute_sql("BEGIN IMMEDIATE")
        return work(db)

    entry.work = with_room


async def test_a_full_disk_is_said_in_a_bar_that_stays_until_trying_again_has_saved_all(tmp_path):
    async with desk(tmp_path) as studio:
        database = studio.app.storage.database
        bar = studio.find(QWidget, "saving_bar")
        assert not bar.isVisible()
        waiting = await fill_up(database)
        await until(bar.isVisible)
        assert "no room" in studio.find(QLabel, "saving_message").text()
        assert "kept in memory" in studio.find(QLabel, "saving_more").text()
        make_room(database)
        studio.click(studio.find(QAbstractButton, "saving_again"))
        await waiting
        await until(lambda: not bar.isVisible())


async def test_the_top_bar_says_saved_only_when_all_is_committed(tmp_path):
    async with desk(tmp_path) as studio:
        studio.face.actions["new_project"].trigger()
        await until(lambda: studio.face._project is not None)
        sign, database = studio.find(SavedSign, "saved_sign"), studio.app.storage.database
        await until(lambda: sign.words == "Saved")
        told = asyncio.Event()
        said: list[str] = []
        database.saving.connect(lambda state: said.append(sign.words))
        database.saving.connect(lambda state: told.set() if state.saved else None)
        await database.journal(lambda db: set_mark(db, "one", "x"))
        await told.wait()
        assert said == ["Saving…", "Saved"]
        waiting = await fill_up(database)
        await until(lambda: sign.words == "Not saved")
        make_room(database)
        database.retry()
        await waiting
        await until(lambda: sign.words == "Saved")


async def test_a_copy_elsewhere_holds_what_the_disk_refuses(tmp_path):
    async with desk(tmp_path / "data") as studio:
        database = studio.app.storage.database
        waiting = await fill_up(database)
        studio.click(studio.find(QAbstractButton, "saving_copy"))
        dialog = studio.find(QFileDialog, "copy_dialog")
        target = tmp_path / "copy.db"
        dialog.fileSelected.emit(str(target))
        await until(target.exists)
        with closing(sqlite3.connect(target)) as copy:
            [[size]] = copy.execute("SELECT length(value) FROM mark WHERE name = 'big'").fetchall()
        assert size == 1_000_000
        dialog.close()
        make_room(database)
        database.retry()
        await waiting


async def test_closing_asks_first_while_work_cannot_be_saved(tmp_path):
    async with desk(tmp_path) as studio:
        database = studio.app.storage.database
        left: list[bool] = []
        studio.face.leave_asked.connect(left.append)
        waiting = await fill_up(database)
        studio.face.leave()
        await until(lambda: studio.window.findChild(UnsavedDialog) is not None)
        assert left == []
        studio.click(studio.find(QAbstractButton, "unsaved_stay"))
        await until(lambda: studio.face.keeping._dialog is None)
        studio.face.leave()
        await until(lambda: studio.face.keeping._dialog is not None)
        studio.find(QAbstractButton, "unsaved_close").click()
        assert left == [True]
        make_room(database)
        database.retry()
        await waiting
        studio.face.leave()
        await until(lambda: len(left) == 2)
        assert left[1] is False, "nothing is in the way any more"


async def test_closing_anyway_ends_although_the_disk_takes_nothing(tmp_path):
    async with desk(tmp_path) as studio:
        waiting = await fill_up(studio.app.storage.database)
        await studio.app.aclose(abandon=True)
        assert not studio.app.storage.database.open
        with pytest.raises(Exception, match="closed before this was saved"):
            await waiting


async def test_an_image_that_is_done_when_the_disk_is_full_is_seen_counted_and_stored_later(
    tmp_path, ollama, comfyui
):
    comfyui.hold_steps()
    ollama.script([Call("generate_image", {"prompt": "a fox"})], words("Done."))
    async with desk(tmp_path / "data", ollama.url, comfyui.url) as studio:
        database = studio.app.storage.database
        await studio.wish_from_home("a fox")
        await comfyui.sampling()
        waiting = await fill_up(database)
        counted = database.state.pending
        comfyui.allow()
        await until(lambda: studio.images)
        [item] = studio.images
        assert studio.workspace.generations.placeholders == []
        view = studio.room.canvas
        view.fit_all()
        await until(lambda: any(key.asset == item.asset for key in view.store._kept))
        assert view.store.problems == {}, "it is seen though it is not on the disk"
        await until(lambda: database.state.pending > counted)
        count = database.state.pending
        assert f"{count} changes wait" in studio.find(QLabel, "saving_message").text()
        studio.face.leave()
        await until(lambda: studio.window.findChild(UnsavedDialog) is not None)
        studio.click(studio.find(QAbstractButton, "unsaved_stay"))
        await database.copy_to(tmp_path / "copy.db")
        with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
            stored = copy.execute(
                "SELECT asset.id FROM asset JOIN original USING (number)"
            ).fetchall()
        assert (item.asset,) in stored
        make_room(database)
        database.retry()
        await waiting
        await studio.answered()
        assert studio.answer.text == "Done."
        assert await database.read(lambda db: read_original(db, item.asset))
