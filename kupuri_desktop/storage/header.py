"""Reads what a database file says of itself, from its first bytes, before SQLite touches it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

APPLICATION_ID = 0x4B757075
"""`Kupu`, at offset 68 of the file: https://www.sqlite.org/fileformat2.html#the_database_header"""

MAGIC = b"SQLite format 3\x00"
HEADER_BYTES = 100


@dataclass(frozen=True, slots=True)
class Header:
    """page_size in bytes; schema: the number of the last migration; pages: as the file says."""

    page_size: int
    schema: int
    application: int
    pages: int


def read_header(path: Path) -> Header | None:
    """None for a file that is absent or empty. Raises ValueError for what is no SQLite file."""
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
    except FileNotFoundError:
        return None
    if not head:
        return None
    if len(head) < HEADER_BYTES or not head.startswith(MAGIC):
        raise ValueError("not an SQLite file")
    if (
        # Versions for writing and reading, fixed fractions, schema format, text encoding:
        # SQLite takes some wrong ones for a file that it may only read.
        not {head[18], head[19]} <= {1, 2}
        or head[21:24] != b"\x40\x20\x20"
        or int.from_bytes(head[44:48], "big") > 4
        or int.from_bytes(head[56:60], "big") > 3
    ):
        raise ValueError("the header is damaged")
    page_size = int.from_bytes(head[16:18], "big")
    return Header(
        page_size=65536 if page_size == 1 else page_size,
        schema=int.from_bytes(head[60:64], "big"),
        application=int.from_bytes(head[68:72], "big"),
        pages=int.from_bytes(head[28:32], "big"),
    )


def look_inside(path: Path) -> tuple[int, int, int]:
    """The schema number, the application id and how many tables there are, by the newest commit.

    A crash can leave the newest first page in the log beside the file. Changes neither of them.
    Raises sqlite3.Error for a file that is not whole.
    """
    with closing(open_read_only(path)) as connection:
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return schema, application, tables


UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file raises: SQLite's word for it, or Python's where that is no text."""


def as_bytes(value: object) -> bytes:
    """A stored blob; where damage made something else of it, nothing, which no hash fits."""
    return value if isinstance(value, bytes) else b""


def open_read_only(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """A plain connection that cannot write; any thread may use it, one at a time.

    immutable: takes no locks and ignores the log; for files that nobody writes.
    """
    address = f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(
        address, uri=True, timeout=5.0, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = ON")
    return connection
