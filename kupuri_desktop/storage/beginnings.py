"""Lends a damaged file the beginning of a whole one: without its first page nothing opens.

The first page holds the header and the root of the schema. Kupuri's migrations make the same
tables at the same places in every file, so those of a fresh database fit.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kupuri_desktop.storage.connection import writable
from kupuri_desktop.storage.copies import forget
from kupuri_desktop.storage.header import HEADER_BYTES, UNREADABLE, open_read_only
from kupuri_desktop.storage.migrate import migrate

PAGE_SIZE = 4096


@contextmanager
def readable_beginning(source: Path, beside: Path) -> Iterator[Path]:
    """The file itself if it opens, else a copy of it with a whole beginning.

    beside: a path whose folder has room for the copy, which is gone afterwards. A file that
    opens in neither way comes as it is: reading it raises sqlite3.DatabaseError.
    """
    if _opens(source):
        yield source
        return
    copy = beside.with_name(f".{beside.name}.beginning")
    fresh = beside.with_name(f".{beside.name}.fresh")
    try:
        first_page = _first_page(fresh)
        for length in (HEADER_BYTES, PAGE_SIZE):
            forget(copy)
            shutil.copyfile(source, copy)
            _transplant(copy, first_page[:length])
            if _opens(copy):
                yield copy
                return
        yield source
    finally:
        forget(copy)
        forget(fresh)


def _opens(path: Path) -> bool:
    try:
        with closing(open_read_only(path)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master").fetchall()
            connection.execute("SELECT id FROM project LIMIT 1").fetchall()
        return ("project",) in rows
    except UNREADABLE:
        return False


def _first_page(fresh: Path) -> bytes:
    forget(fresh)
    database = writable(fresh)
    try:
        migrate(database)
        database.execute_sql("PRAGMA journal_mode = DELETE").fetchall()
    finally:
        database.close()
    return fresh.read_bytes()[:PAGE_SIZE]


def _transplant(path: Path, beginning: bytes) -> None:
    """Offsets by https://www.sqlite.org/fileformat2.html: 28 pages, 32 and 36 free pages."""
    head = bytearray(beginning)
    pages = max(1, path.stat().st_size // PAGE_SIZE)
    head[28:32] = pages.to_bytes(4, "big")
    head[32:40] = bytes(8)
    with path.open("r+b") as file:
        file.write(head)
