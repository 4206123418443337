"""Saves all that can be read of a damaged database into a new one, and lists what could not."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.chat import ConfirmationState, MessageState, Role, parts_from_json
from kupuri_desktop.core.generation import JobState
from kupuri_desktop.core.items import item_from_json
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.beginnings import readable_beginning
from kupuri_desktop.storage.connection import writable
from kupuri_desktop.storage.copies import check_file, forget
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.failures import damaged, for_people
from kupuri_desktop.storage.header import UNREADABLE, as_bytes, open_read_only
from kupuri_desktop.storage.history import can_be_read
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.marks import CLOSED_CLEANLY
from kupuri_desktop.storage.migrate import migrate
from kupuri_desktop.storage.palettes import palette_from_json
from kupuri_desktop.storage.seals import SEALED, seal, seal_row
from kupuri_desktop.storage.setting_aside import coming, finish_replacing, replace_database

KEYS: dict[str, tuple[str, ...]] = {
    "mark": ("name",),
    "setting": ("name",),
    "provider": ("id",),
    "project": ("id",),
    "palette": ("project",),
    "session": ("id",),
    "item": ("project", "id"),
    "trashed_item": ("project", "id"),
    "step": ("number",),
    "message": ("number",),
    "confirmation": ("id",),
    "job": ("id",),
    "usage": ("number",),
    "asset": ("number",),
    "original": ("number",),
    "words": ("number",),
}
"""What each table is ordered by, parents before their children."""

SECOND_WAYS: dict[str, tuple[str, ...]] = {
    "item": ("item_newest_image",),
    "step": ("step_order", "sqlite_autoindex_step_1"),
    "message": ("message_session", "sqlite_autoindex_message_1"),
    "session": ("session_project",),
    "job": ("job_project",),
    "confirmation": ("confirmation_session",),
    "asset": ("sqlite_autoindex_asset_1",),
    "usage": ("usage_created",),
    "trashed_item": ("trashed_item_age",),
}
"""Indexes that know the keys of rows which the table itself does not lead to any more."""


@dataclass
class SalvageReport:
    """saved: rows by table. aside: where the damaged file is kept whole. And a line each:

    found: what a check of the damaged file says; lost: what could not be read; altered: what
    was read and is not as it was written.
    """

    saved: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    aside: Path | None = None


async def salvage(folder: DataFolder) -> SalvageReport:
    """Puts a new database with all that can be read in the damaged one's place.

    The storage must be closed. Raises DatabaseBusy, DiskFull, and DatabaseDamaged where nothing
    at all can be read: nothing is changed then.
    """
    return await asyncio.to_thread(_salvage_in_place, folder)


def _salvage_in_place(folder: DataFolder) -> SalvageReport:
    lock = FolderLock(folder.root)
    with for_people():
        lock.take()
        try:
            finish_replacing(folder)
            report = salvage_file(folder.database, coming(folder))
            report.aside = replace_database(folder)
            return report
        finally:
            lock.release()


def salvage_file(source: Path, target: Path) -> SalvageReport:
    """Reads `source`, which stays as it is, and writes what it has to `target`."""
    report = SalvageReport(found=Check(source).run())
    forget(target)
    try:
        database = writable(target)
        try:
            migrate(database)
            with (
                readable_beginning(source, target) as readable,
                closing(open_read_only(readable)) as reader,
            ):
                _Salvage(reader, database.connection(), report).run()
            database.execute_sql("PRAGMA journal_mode = DELETE").fetchall()
        finally:
            database.close()
        if problems := check_file(target):
            raise damaged("; ".join(problems[:5]), "What could be read does not fit together.")
    except BaseException:
        forget(target)
        raise
    return report


class _Salvage:
    def __init__(
        self, reader: sqlite3.Connection, writer: sqlite3.Connection, report: SalvageReport
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._report = report
        reader.text_factory = _lenient

    def run(self) -> None:
        tables = {row[0] for row in self._reader.execute("SELECT name FROM sqlite_master")}
        if "project" not in tables:
            raise damaged("no table of projects", "Nothing in this file can be read.")
        self._writer.execute("PRAGMA foreign_keys = OFF")
        for table, key in KEYS.items():
            if table in tables:
                self._writer.execute("BEGIN")
                self._copy(table, key)
                self._writer.execute("COMMIT")
        self._mend()

    def _copy(self, table: str, key: tuple[str, ...]) -> None:
        there = _columns(self._reader, table)
        columns = [name for name in _columns(self._writer, table) if name in there]
        reader = _TableReader(self._reader, table, key, columns)
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        saved = 0
        for row in reader.rows():
            if not self._acceptable(table, dict(zip(columns, row, strict=True))):
                continue
            try:
                saved += self._writer.execute(insert, row).rowcount
            except sqlite3.IntegrityError as error:
                self._report.lost.append(f"{table} {row[0]}: {error}")
        self._report.saved[table] = saved
        for known in reader.unreadable():
            self._report.lost.append(f"{table} {known}")
        if reader.broken:
            self._report.lost.append(f"{table}: part of it cannot be read ({reader.broken})")

    def _acceptable(self, table: str, row: dict[str, Any]) -> bool:
        if table == "original":
            found = self._writer.execute(
                "SELECT id FROM asset WHERE number = ?", (row["number"],)
            ).fetchone()
            if found is None or asset_id(as_bytes(row["data"])) != found[0]:
                self._report.lost.append(f"image {found[0] if found else row['number']}")
                return False
        elif table in SEALED and "seal" in row and seal_row(table, row) != row["seal"]:
            name = row.get("id", row.get("name", row.get("number", row.get("project"))))
            if not _makes_sense(table, row):
                self._report.lost.append(f"{table} {name}")
                return False
            self._report.altered.append(f"{table} {name} changed on the disk")
        return True

    def _mend(self) -> None:
        """Makes what was read fit together: parents that are gone get a place-holder."""
        write = self._writer.execute
        write("BEGIN")
        for table in ("item", "trashed_item", "step", "session", "job", "palette"):
            made = write(
                "INSERT OR IGNORE INTO project (id, name, created, changed)"
                f" SELECT DISTINCT project, 'Recovered project', 0, 0 FROM {table}"
            )
            self._tell_placeholders("the name of a project", made.rowcount)
        for table in ("message", "confirmation"):
            write(
                "INSERT OR IGNORE INTO project (id, name, created, changed)"
                f" SELECT 'recovered', 'Recovered chats', 0, 0 FROM {table}"
                " WHERE session NOT IN (SELECT id FROM session) LIMIT 1"
            )
            made = write(
                "INSERT OR IGNORE INTO session (id, project, name, created, changed)"
                f" SELECT DISTINCT session, 'recovered', 'Recovered chat', 0, 0 FROM {table}"
            )
            self._tell_placeholders("the name and place of a chat", made.rowcount)
        for table in ("original", "micro"):
            write(f"DELETE FROM {table} WHERE number NOT IN (SELECT number FROM asset)")
        for (key,) in self._writer.execute(
            "SELECT id FROM asset WHERE number NOT IN (SELECT number FROM original)"
        ):
            line = f"image {key}"
            if line not in self._report.lost:
                self._report.lost.append(line)
        write("DELETE FROM words WHERE project NOT IN (SELECT id FROM project)")
        write("UPDATE asset SET levels = 0 WHERE problem = ''")
        for table, columns in SEALED.items():
            self._writer.create_function("seal", len(columns), seal, deterministic=True)
            write(f"UPDATE {table} SET seal = seal({', '.join(columns)})")
        write("INSERT OR REPLACE INTO mark (name, value) VALUES (?, 'yes')", (CLOSED_CLEANLY,))
        write("INSERT INTO words_index (words_index) VALUES ('rebuild')")
        write("COMMIT")

    def _tell_placeholders(self, what: str, count: int) -> None:
        self._report.lost.extend([what] * count)


class _TableReader:
    """Reads a table row by row, around what is damaged, from both ends and by its indexes."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        table: str,
        key: tuple[str, ...],
        columns: Sequence[str],
    ) -> None:
        self._connection = connection
        self._table = table
        self._key = key
        self._select = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED"
        self._places = [list(columns).index(name) for name in key]
        self._seen: set[tuple[Any, ...]] = set()
        self._known: set[tuple[Any, ...]] = set()
        self.broken = ""

    def rows(self) -> Iterator[tuple[Any, ...]]:
        yield from self._scan("ASC")
        if self.broken:
            yield from self._scan("DESC")
            yield from self._by_number()
        for index in SECOND_WAYS.get(self._table, ()):
            yield from self._by_index(index)

    def unreadable(self) -> list[str]:
        """The keys of rows that something still knows of, but nobody could read."""
        return ["/".join(map(str, key)) for key in sorted(self._known - self._seen, key=str)]

    def _scan(self, direction: str) -> Iterator[tuple[Any, ...]]:
        order = ", ".join(f"{name} {direction}" for name in self._key)
        yield from self._new(f"{self._select} ORDER BY {order}", ())

    def _by_number(self) -> Iterator[tuple[Any, ...]]:
        """One by one between the lowest and the highest number that could be read."""
        if self._key != ("number",) or not self._seen:
            return
        numbers = [key[0] for key in self._seen]
        for number in range(1, max(numbers) + 1):
            if (number,) not in self._seen:
                yield from self._new(f"{self._select} WHERE number = ?", (number,))

    def _by_index(self, index: str) -> Iterator[tuple[Any, ...]]:
        names = ", ".join(self._key)
        keys: list[tuple[Any, ...]] = []
        with suppress(*UNREADABLE):
            keys.extend(
                self._connection.execute(
                    f"SELECT {names} FROM {self._table} INDEXED BY {index}"
                    + (" WHERE asset IS NOT NULL" if self._table == "item" else "")
                )
            )
        where = " AND ".join(f"{name} = ?" for name in self._key)
        for key in keys:
            self._known.add(key)
            if key not in self._seen:
                yield from self._new(f"{self._select} WHERE {where}", key)

    def _new(self, query: str, arguments: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        try:
            for row in self._connection.execute(query, arguments):
                key = tuple(row[place] for place in self._places)
                if key not in self._seen:
                    self._seen.add(key)
                    yield row
        except UNREADABLE as error:
            self.broken = self.broken or str(error)


def _makes_sense(table: str, row: dict[str, Any]) -> bool:
    """Whether today's code can read a row that is not as it was written."""
    try:
        match table:
            case "item" | "trashed_item":
                item_from_json(row["body"])
            case "step":
                return can_be_read(row["actor"], row["body"])
            case "message":
                parts_from_json(row["parts"])
                Role(row["role"])
                MessageState(row["state"])
            case "confirmation":
                json.loads(row["arguments"])
                ConfirmationState(row["state"])
            case "job":
                for column in ("request", "workflow", "place"):
                    json.loads(row[column])
                JobState(row["state"])
            case "setting":
                json.loads(row["value"])
            case "palette":
                palette_from_json(row["body"])
    except (ValueError, TypeError):
        return False
    return True


def _lenient(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
