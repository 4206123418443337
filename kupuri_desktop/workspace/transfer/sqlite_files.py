"""Opens another program's SQLite file so that it can only be read, and only where we look.

What is guarded against is told in https://www.sqlite.org/security.html: views, triggers and
virtual tables that do other things than they seem to, expressions in the schema, huge values.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kupuri_desktop.core.errors import Conflict
from kupuri_desktop.workspace.transfer.bounds import NOTHING_CHANGED, cleaned, hostile

MOST_FILE = 16 * 2**30
MOST_VALUE = 256 * 2**20
MOST_OBJECTS = 500
STEPS_BETWEEN = 100_000
MOST_STEPS = 5_000
"""Times STEPS_BETWEEN steps of SQLite's machine: minutes at most, for all that is asked."""

_FUNCTIONS = frozenset({"length", "typeof", "substr", "count"})


class ForeignDatabase:
    """Reads named columns of plain tables. All methods raise HostileFile for damage."""

    def __init__(self, name: str, connection: sqlite3.Connection) -> None:
        self._name = name
        self._connection = connection
        self._steps = 0
        connection.set_progress_handler(self._enough, STEPS_BETWEEN)
        connection.set_authorizer(_allow)

    def tables(self) -> frozenset[str]:
        """The tables' names. Raises HostileFile where there is anything but tables and indexes."""
        rows = self.rows("SELECT type, name, sql FROM sqlite_master LIMIT ?", (MOST_OBJECTS + 1,))
        found: set[str] = set()
        for number, (kind, name, sql) in enumerate(rows):
            plain = kind in ("table", "index") and isinstance(name, str)
            if number >= MOST_OBJECTS or not plain or _is_virtual(sql):
                raise hostile(self._name, "its tables are not plain tables.")
            if kind == "table":
                found.add(name)
        return frozenset(found)

    def columns(self, table: str) -> frozenset[str]:
        """The column names of one of `tables`. Raises HostileFile where one is computed.

        https://www.sqlite.org/pragma.html#pragma_table_xinfo: name second, kind of column last.
        """
        found = list(self.rows(f"PRAGMA table_xinfo({_quoted(table)})"))
        if any(row[-1] for row in found):
            raise hostile(self._name, "its tables are not plain tables.")
        return frozenset(row[1] for row in found)

    def select(
        self, table: str, wanted: Mapping[str, str], more: str = "", values: Sequence[Any] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Rows with the columns of `wanted`, in its order, each by an expression of SQL.

        more: what follows the table's name. Only constants of this package go into either.
        """
        fields = ", ".join(wanted.values())
        return self.rows(f"SELECT {fields} FROM {_quoted(table)} {more}", values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with _damage_told(self._name):
            cursor = self._connection.execute(sql, values)
        while True:
            # The row is handed out outside of it: what its user does is no damage of the file.
            with _damage_told(self._name):
                row = cursor.fetchone()
            if row is None:
                return
            yield row

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row; None without one."""
        row = next(self.rows(sql, values), None)
        return None if row is None else row[0]

    def _enough(self) -> int:
        self._steps += 1
        return int(self._steps > MOST_STEPS)


@contextmanager
def open_foreign(path: Path) -> Iterator[ForeignDatabase]:
    """Raises HostileFile; Conflict where its writer has not finished with it; OSError.

    `immutable` keeps SQLite from making or reading any other file beside it.
    """
    if path.stat().st_size > MOST_FILE:
        raise hostile(path.name, "it is too large.")
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise Conflict(
                f"“{cleaned(path.name)}” is in use: its newest changes are not in it yet.",
                hint="Close the program that wrote it, then import it again.",
                kept=NOTHING_CHANGED,
            )
    with _damage_told(path.name):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=0,
        )
    try:
        connection.text_factory = _text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
        connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, 200)
        with _damage_told(path.name):
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA mmap_size = 0")
            connection.execute("PRAGMA cache_size = -16000")
            # A few pages tell the file's own format; nothing of the schema is run by that.
            connection.execute("PRAGMA schema_version").fetchone()
        yield ForeignDatabase(path.name, connection)
    finally:
        connection.close()


def is_sqlite(head: bytes) -> bool:
    """By the first 16 bytes: https://www.sqlite.org/fileformat2.html"""
    return head.startswith(b"SQLite format 3\x00")


def columns_or_none(database: ForeignDatabase, table: str, wanted: Iterable[str]) -> dict[str, str]:
    """For `select`: columns that the table lacks, as older files do, come as NULL."""
    known = database.columns(table)
    return {name: _quoted(name) if name in known else "NULL" for name in wanted}


def _allow(
    action: int, first: str | None, second: str | None, third: str | None, trigger: str | None
) -> int:
    """https://www.sqlite.org/c3ref/set_authorizer.html; `trigger` names a view as well."""
    if trigger is not None:
        return sqlite3.SQLITE_DENY
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _is_virtual(sql: Any) -> bool:
    if sql is None:
        return False
    return not isinstance(sql, str) or sql.split(None, 2)[1:2] == ["VIRTUAL"] or "(" not in sql


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OverflowError, ValueError) as error:
        raise hostile(name, "it is damaged.") from error


def is_regular(path: Path) -> bool:
    """Whether the path leads to a file with contents of its own: no device, no pipe."""
    mode = path.stat().st_mode
    return os.path.isfile(path) and (mode & 0o170000) == 0o100000
