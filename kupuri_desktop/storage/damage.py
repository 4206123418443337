"""Looks for damage in a database file: every page, every reference, every seal."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kupuri_desktop.storage.header import UNREADABLE, open_read_only
from kupuri_desktop.storage.seals import SEALED, broken_seals, select_sealed

MOST_TOLD = 100

LARGE = ("original", "level", "micro")
"""Most of the file."""


class Stopped(Exception):
    """The look was ended before it was complete."""


@dataclass
class Check:
    """One look at a whole file, on a read-only connection beside whoever writes.

    still: nobody has the file open, so that it can be read without leaving a trace beside it.
    problems: what is wrong, in SQLite's words or ours; empty where the file is whole.
    """

    path: Path
    progressed: Callable[[int, int], object] = lambda done, total: None
    still: bool = False
    problems: list[str] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _connection: sqlite3.Connection | None = None

    def stop(self) -> None:
        """From any thread; `run` raises Stopped soon."""
        self._stopped.set()
        if self._connection is not None:
            self._connection.interrupt()

    def run(self) -> list[str]:
        """Slow: reads the whole file. Raises Stopped, never for damage."""
        try:
            with closing(open_read_only(self.path, immutable=self.still)) as connection:
                self._connection = connection
                try:
                    self._look(connection)
                finally:
                    self._connection = None
        except sqlite3.OperationalError as error:
            if self._stopped.is_set():
                raise Stopped from error
            self._tell(str(error))
        except (*UNREADABLE, OSError) as error:
            self._tell(str(error))
        return self.problems

    def _look(self, connection: sqlite3.Connection) -> None:
        # Tables of images have no index to compare; the look over the whole covers them.
        tables = [table for table in _tables(connection) if table not in LARGE]
        for done, table in enumerate(tables):
            if self._stopped.is_set():
                raise Stopped
            self._look_at(connection, table)
            self.progressed(done + 1, len(tables) + 1)
        # Once over the whole: pages that belong to nothing, or to two.
        for (text,) in connection.execute(f"PRAGMA quick_check({MOST_TOLD})"):
            if text != "ok":
                self._tell(text)
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            self._tell(f"{table} row {row} names what is not in {parent}")
        self.progressed(len(tables) + 1, len(tables) + 1)

    def _look_at(self, connection: sqlite3.Connection, table: str) -> None:
        try:
            for (text,) in connection.execute(f'PRAGMA integrity_check("{table}")'):
                if text != "ok":
                    self._tell(text)
            if table in SEALED and _has_seals(connection, table):
                for row in broken_seals(connection.execute(select_sealed(table))):
                    self._tell(f"{table} {row[1]} changed on the disk")
        except sqlite3.OperationalError:
            if self._stopped.is_set():
                raise
            self._tell(f"{table} cannot be read")
        except UNREADABLE as error:
            self._tell(f"{table}: {error}")

    def _tell(self, problem: str) -> None:
        if problem not in self.problems and len(self.problems) < MOST_TOLD:
            self.problems.append(problem)


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage")
    return sorted(row[0] for row in rows)


def _has_seals(connection: sqlite3.Connection, table: str) -> bool:
    """Schema 1 had none."""
    rows = connection.execute(f'PRAGMA table_info("{table}")')
    return any(row[1] == "seal" for row in rows)
