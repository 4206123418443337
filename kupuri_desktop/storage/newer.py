"""Tells of a database that a newer Kupuri wrote what can be told without changing it."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.backup_files import Backup
from kupuri_desktop.storage.backups import Backups
from kupuri_desktop.storage.header import look_inside, open_read_only
from kupuri_desktop.storage.marks import WRITTEN_BY
from kupuri_desktop.storage.migrations import NEWEST


@dataclass(frozen=True, slots=True)
class Newer:
    """schema: its format; known: the newest that this Kupuri reads. version: who wrote it last,

    empty where it does not say. backups: those that this Kupuri can read, the newest first.
    """

    schema: int
    known: int
    version: str
    backups: tuple[Backup, ...]


async def look_at_newer(folder: DataFolder) -> Newer:
    """Changes nothing. Raises StorageError where the backups cannot be listed."""
    schema, version = await asyncio.to_thread(_look, folder)
    backups = [each for each in await Backups(folder).list() if each.schema <= NEWEST]
    return Newer(schema, NEWEST, version, tuple(backups))


def is_newer(folder: DataFolder) -> bool:
    """Whether the folder's database has a format that this Kupuri does not know. Blocks."""
    return _look(folder)[0] > NEWEST


def _look(folder: DataFolder) -> tuple[int, str]:
    """Schema 0 and no version for what cannot be read."""
    try:
        schema = look_inside(folder.database)[0]
        with closing(open_read_only(folder.database)) as connection:
            row = connection.execute(
                "SELECT value FROM mark WHERE name = ?", (WRITTEN_BY,)
            ).fetchone()
    except (sqlite3.Error, OSError):
        return 0, ""
    # What a newer one writes there is not known: no more than a version's length is shown.
    return schema, str(row[0])[:40] if row is not None else ""
