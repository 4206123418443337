"""Makes whole, checked copies of the database file."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.storage.failures import damaged, translate
from kupuri_desktop.storage.header import UNREADABLE, open_read_only

if TYPE_CHECKING:
    import peewee

STEP_PAGES = 4096

Progressed = Callable[[float], object]
"""Called with the fraction that is done, 0 to 1."""


def copy_database(
    source: Path,
    target: Path,
    waiting: Sequence[Callable[["peewee.Database"], Any]] = (),
    progressed: Progressed = lambda fraction: None,
) -> None:
    """Copies one moment of `source`, carries out `waiting` on the copy, checks it, puts it there.

    Slow: for a thread. Raises KupuriError, and leaves no half copy; a file that is at `target`
    already is refused.
    """
    if target.exists():
        raise UsageError(f"“{target.name}” is there already.", hint="Choose another name.")
    with made_whole(target, "The copy is not whole, so it was not kept.") as aside:
        _copy_pages(source, aside, progressed)
        if waiting:
            _carry_out(aside, waiting)


@contextmanager
def made_whole(target: Path, otherwise: str) -> Iterator[Path]:
    """A new file beside `target` to fill with a database; checked, it takes the target's place.

    Nothing is left of it after an error. Raises KupuriError: DatabaseDamaged with the words
    `otherwise` where SQLite finds it broken.
    """
    aside = target.with_name(f".{target.name}.part")
    try:
        forget(aside)
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield aside
        if problems := check_file(aside):
            raise damaged("; ".join(problems[:5]), otherwise)
        sync_file(aside)
        aside.rename(target)
        sync_folder(target.parent)
    except BaseException as error:
        forget(aside)
        told = translate(error)
        if told is None or told is error:
            raise
        raise told from error


def check_file(path: Path) -> list[str]:
    """What SQLite finds wrong in a file that nobody writes; empty where it is whole."""
    try:
        with closing(open_read_only(path, immutable=True)) as connection:
            rows = connection.execute("PRAGMA integrity_check(20)").fetchall()
            found = [str(row[0]) for row in rows if row[0] != "ok"]
            return found or _orphans(connection)
    except UNREADABLE as error:
        return [str(error)]


def _orphans(connection: sqlite3.Connection) -> list[str]:
    return [
        f"{table} row {row} names what is not in {parent}"
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check")
    ]


def sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Makes a rename last through a power cut, where the system knows how."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def forget(path: Path) -> None:
    """Removes a database file with what SQLite puts beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _copy_pages(source: Path, target: Path, progressed: Progressed) -> None:
    def told(status: int, remaining: int, total: int) -> None:
        progressed((total - remaining) / max(total, 1))

    with (
        closing(open_read_only(source)) as reader,
        closing(sqlite3.connect(target, isolation_level=None)) as writer,
    ):
        # One snapshot for all steps: without it each commit beside it would begin the copy anew.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reader.backup(writer, pages=STEP_PAGES, progress=told, sleep=0.001)
        # A copy lies still: one file, no log beside it.
        writer.execute("PRAGMA journal_mode = DELETE").fetchall()


def _carry_out(path: Path, waiting: Sequence[Callable[["peewee.Database"], Any]]) -> None:
    import peewee

    from kupuri_desktop.storage.connection import transaction

    database = peewee.SqliteDatabase(
        str(path), pragmas=[("foreign_keys", "on"), ("synchronous", "full")]
    )
    with closing(database):
        for work in waiting:
            with transaction(database):
                work(database)
