"""The one writer: order, what the disk refuses, copies with what still waits."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import peewee
import pytest

from kupuri_desktop.core.chat import Session
from kupuri_desktop.core.errors import (
    Conflict,
    DatabaseBusy,
    DiskFull,
    KupuriError,
    Mend,
    NotFound,
    ReadOnly,
    StorageError,
    UsageError,
)
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.database import SaveState
from kupuri_desktop.storage.marks import get_mark, set_mark
from kupuri_desktop.storage.store import Storage


def mark(name: str, value: str = "x"):
    return lambda database: set_mark(database, name, value)


async def pragma(storage: Storage, text: str) -> None:
    await storage.database.run_alone(
        lambda database: database.execute_sql(f"PRAGMA {text}").fetchall()
    )


async def stuck(storage: Storage) -> SaveState:
    """Waits until the writer tells that it is stuck."""
    told = asyncio.Event()
    disconnect = storage.database.saving.connect(
        lambda state: told.set() if state.problem else None
    )
    try:
        await asyncio.wait_for(told.wait(), 20)
    finally:
        disconnect()
    return storage.database.state


def kind(state: SaveState) -> str:
    return state.problem.kind if state.problem else ""


async def test_writes_are_carried_out_in_the_order_in_which_they_were_queued(storage):
    order: list[int] = []
    futures = [
        (storage.database.write if number % 2 else storage.database.journal)(
            lambda database, number=number: order.append(number)
        )
        for number in range(100)
    ]
    await asyncio.gather(*futures)
    assert order == list(range(100))


async def test_a_write_is_on_the_disk_when_it_returns(storage, folder):
    await storage.database.write(mark("here"))
    with closing(sqlite3.connect(folder.database)) as other:
        assert other.execute("SELECT value FROM mark WHERE name = 'here'").fetchall() == [("x",)]


async def test_work_that_fails_in_the_middle_leaves_nothing_of_itself(storage):
    def half(database: peewee.Database) -> None:
        set_mark(database, "half", "x")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await storage.database.write(half)
    assert await storage.database.read(lambda database: get_mark(database, "half")) is None


async def test_readers_cannot_write(storage):
    with pytest.raises(ReadOnly):
        await storage.database.read(mark("sly"))


async def test_the_file_is_durable_and_checks_its_references(storage):
    def ask(database: peewee.Database) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await storage.database.run_alone(ask) == ["wal", 2, 1]


async def test_saving_tells_how_much_is_not_on_the_disk_yet(storage):
    states: list[SaveState] = []
    storage.database.saving.connect(states.append)
    futures = [storage.database.journal(mark(str(number))) for number in range(3)]
    await asyncio.gather(*futures)
    await storage.database.saved()
    await asyncio.sleep(0)
    assert states[0].pending >= 1
    assert states[-1] == SaveState()
    assert states[-1].saved


async def test_a_journal_entry_that_finds_no_room_waits_and_is_committed_once_there_is(
    storage, folder
):
    await pragma(storage, "max_page_count = 1")
    first = storage.database.journal(mark("big", "x" * 1_000_000))
    second = storage.database.journal(mark("after"))
    state = await stuck(storage)
    assert state.problem is not None
    assert state.problem.kind == "DiskFull"
    assert state.problem.action is not None
    assert state.problem.action.mend is Mend.SAVE_COPY
    assert state.pending == 2
    assert not first.done()
    assert not second.done()
    await make_room(storage)
    await asyncio.wait_for(asyncio.gather(first, second), 20)
    await asyncio.sleep(0)
    assert storage.database.state == SaveState()


async def make_room(storage: Storage) -> None:
    """The limit belongs to the writing connection, whose thread is busy trying."""
    (entry, *_) = storage.database._writer.waiting()
    work = entry.work

    def with_room(database: peewee.Database) -> object:
        database.execute_sql("ROLLBACK")
        database.execute_sql("PRAGMA max_page_count = 1000000").fetchall()
        database.execute_sql("BEGIN IMMEDIATE")
        return work(database)

    entry.work = with_room
    storage.database.retry()


async def test_a_plain_write_that_finds_no_room_tells_its_caller(storage):
    await pragma(storage, "max_page_count = 1")
    with pytest.raises(DiskFull) as caught:
        await storage.database.write(mark("big", "x" * 1_000_000))
    assert "no room" in caught.value.message
    await pragma(storage, "max_page_count = 1000000")
    await storage.database.write(mark("big", "x" * 1_000_000))


async def test_a_copy_elsewhere_holds_what_could_not_be_saved_here(storage, project, tmp_path):
    await pragma(storage, "query_only = ON")
    future = storage.database.journal(mark("unsaved", "kept"))
    assert kind(await stuck(storage)) == "ReadOnly"
    copy = tmp_path / "copy.db"
    await storage.database.copy_to(copy)
    assert not future.done()
    with closing(sqlite3.connect(copy)) as other:
        assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert other.execute("SELECT value FROM mark WHERE name = 'unsaved'").fetchone() == (
            "kept",
        )
        assert other.execute("SELECT name FROM project").fetchall() == [("Sunset studies",)]


async def test_a_copy_never_takes_the_place_of_a_file(storage, tmp_path):
    there = tmp_path / "there.db"
    there.write_bytes(b"mine")
    with pytest.raises(UsageError):
        await storage.database.copy_to(there)
    assert there.read_bytes() == b"mine"


async def test_closing_with_work_that_cannot_be_saved_says_so_and_stays_open(storage):
    await pragma(storage, "query_only = ON")
    future = storage.database.journal(mark("unsaved"))
    await stuck(storage)
    with pytest.raises(ReadOnly):
        await storage.aclose()
    assert not future.done()
    assert storage.database.open
    await storage.aclose(abandon=True)
    with pytest.raises(StorageError):
        await future


async def test_a_database_that_another_program_holds_is_said_to_be_busy(storage, folder):
    await pragma(storage, "busy_timeout = 10")
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            await storage.database.write(mark("blocked"))
        waiting = storage.database.journal(mark("patient"))
        assert kind(await stuck(storage)) == "DatabaseBusy"
        other.execute("ROLLBACK")
    storage.database.retry()
    await asyncio.wait_for(waiting, 20)


async def test_what_belongs_to_nothing_is_refused_and_does_not_hold_up_the_rest(storage, project):
    with pytest.raises(NotFound):
        await storage.chats.create_session(Session(project="nowhere"))
    with pytest.raises(Conflict):
        await storage.canvases.create(Project(id=project.id))
    await storage.database.journal(mark("after"))


async def test_all_that_was_queued_is_written_before_closing(open_storage):
    storage = await open_storage()
    futures = [storage.database.journal(mark(str(number))) for number in range(200)]
    await storage.aclose()
    assert all(future.done() and future.exception() is None for future in futures)
    again = await open_storage()
    for number in range(200):
        name = str(number)
        assert await again.database.read(lambda db, name=name: get_mark(db, name)) == "x"


async def test_a_closed_database_takes_no_more_work(open_storage):
    storage = await open_storage()
    await storage.aclose()
    with pytest.raises(KupuriError):
        await storage.database.write(mark("late"))


async def test_a_caller_who_gives_up_waiting_does_not_take_the_write_back(storage):
    future = storage.database.journal(mark("kept"))
    future.cancel()
    await storage.database.saved()
    assert await storage.database.read(lambda database: get_mark(database, "kept")) == "x"


def test_importing_the_storage_imports_no_peewee_keyring_or_pillow():
    import subprocess
    import sys

    code = (
        "import sys, kupuri_desktop.storage.store, kupuri_desktop.storage.database;"
        "print([n for n in ('peewee', 'keyring', 'PIL', 'numpy') if n in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True
    )
    assert done.stdout.strip() == "[]"
