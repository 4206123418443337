"""Opens SQLite by peewee the way Kupuri wants it: durable, checked, never longer than needed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

BUSY_SECONDS = 5.0
CHECKPOINT_PAGES = 4000


def writable(path: Path) -> peewee.SqliteDatabase:
    """The one connection that writes. It must be used and closed on the thread that opens it.

    `synchronous=FULL` makes a commit survive a power cut: https://www.sqlite.org/pragma.html
    """
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    database = peewee.SqliteDatabase(
        str(path),
        pragmas=[
            ("journal_mode", "wal"),
            ("synchronous", "full"),
            ("foreign_keys", "on"),
            ("wal_autocheckpoint", CHECKPOINT_PAGES),
            ("cache_size", -32_000),
            ("temp_store", "memory"),
        ],
        timeout=BUSY_SECONDS,
    )
    database.connect()
    return database


def readable(path: Path) -> peewee.SqliteDatabase:
    """A connection that cannot write, for the thread that opens it."""
    database = peewee.SqliteDatabase(
        f"{path.absolute().as_uri()}?mode=ro",
        pragmas=[
            ("query_only", "on"),
            ("cache_size", -16_000),
            ("temp_store", "memory"),
            ("trusted_schema", "off"),
        ],
        timeout=BUSY_SECONDS,
        uri=True,
        check_same_thread=False,
    )
    database.connect()
    return database


@contextmanager
def transaction(database: peewee.Database, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Commits at the end, rolls back on an error, and lets the error itself through.

    peewee's own `atomic` fails where SQLite has rolled back already, as it does on a full disk,
    and hides the reason: https://www.sqlite.org/lang_transaction.html
    """
    database.execute_sql(f"BEGIN {kind}")
    try:
        yield
        database.execute_sql("COMMIT")
    except BaseException:
        if database.connection().in_transaction:
            database.execute_sql("ROLLBACK")
        raise
