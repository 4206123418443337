"""Looks at a data folder from outside, whatever state it is in, and changes nothing."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.backups import list_backups
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.header import (
    APPLICATION_ID,
    UNREADABLE,
    as_bytes,
    open_read_only,
    read_header,
)
from kupuri_desktop.storage.migrations import NEWEST


@dataclass(frozen=True, slots=True)
class StorageReport:
    """state: absent, ok, damaged, newer (than this Kupuri), older, foreign or unreadable.

    assets: how many images there are; bad: ids of those whose bytes are not theirs, None where
    nobody looked. problems: what a check found, a line each. size in bytes.
    """

    path: Path
    state: str
    schema: int = 0
    newest: int = NEWEST
    size: int = 0
    projects: int = 0
    assets: int = 0
    bad: tuple[str, ...] | None = None
    problems: tuple[str, ...] = ()
    backups: int = 0
    newest_backup: str = ""

    @property
    def ok(self) -> bool:
        return self.state in ("absent", "ok", "older") and not self.problems and not self.bad


def inspect(
    folder: DataFolder,
    deep: bool = False,
    progressed: Callable[[int, int], object] = lambda done, total: None,
) -> StorageReport:
    """For a thread. deep: looks at every page, and at every byte of every image."""
    path = folder.database
    backups = list_backups(folder)
    report = StorageReport(
        path, "absent", backups=len(backups), newest_backup=backups[0].id if backups else ""
    )
    try:
        header = read_header(path)
        if header is None:
            return report
        report = replace(report, size=path.stat().st_size, schema=header.schema)
        if header.schema > NEWEST:
            return replace(report, state="newer")
        if header.schema and header.application != APPLICATION_ID:
            return replace(report, state="foreign")
        return _look_inside(report, deep, progressed)
    except OSError as error:
        return replace(report, state="unreadable", problems=(str(error),))
    except (ValueError, sqlite3.Error) as error:
        return replace(report, state="damaged", problems=(str(error),))


def _look_inside(
    report: StorageReport, deep: bool, progressed: Callable[[int, int], object]
) -> StorageReport:
    # Without a log nobody writes the file, and it can be read without leaving a trace.
    still = not report.path.with_name(report.path.name + "-wal").exists()
    with closing(open_read_only(report.path, immutable=still)) as connection:
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        if schema > NEWEST:
            return replace(report, state="newer", schema=schema)
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("project", "asset")
        ]
        bad = tuple(_bad_images(connection, progressed)) if deep else None
    problems = tuple(Check(report.path, still=still).run()) if deep else ()
    return replace(
        report,
        state="damaged" if problems or bad else "older" if schema < NEWEST else "ok",
        schema=schema,
        projects=counts[0],
        assets=counts[1],
        bad=bad,
        problems=problems,
    )


def _bad_images(
    connection: sqlite3.Connection, progressed: Callable[[int, int], object]
) -> list[str]:
    images = connection.execute("SELECT number, id FROM asset ORDER BY number").fetchall()
    bad: list[str] = []
    for done, (number, asset) in enumerate(images, 1):
        try:
            row = connection.execute(
                "SELECT data FROM original WHERE number = ?", (number,)
            ).fetchone()
        except UNREADABLE:
            row = None
        if row is None or hashlib.sha256(as_bytes(row[0])).hexdigest() != asset:
            bad.append(asset)
        progressed(done, len(images))
    return bad
