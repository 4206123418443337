"""Opens the database of one data folder: the first and fast part of opening its storage."""

import asyncio
import contextlib
import os
import sqlite3
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.failures import damaged, for_people
from kupuri_desktop.storage.header import APPLICATION_ID, look_inside, read_header
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.setting_aside import finish_replacing

if TYPE_CHECKING:
    # peewee takes a while to import; it is imported by the thread that needs it first.
    import peewee


@dataclass(frozen=True)
class Opened:
    """A data folder that is ours, and its database at today's schema.

    The window opens this as soon as it is painted: it needs none of the types that are kept in
    the database, which take longer to import than all of this to do. `Storage.around` goes on.
    """

    folder: DataFolder
    lock: FolderLock
    database: Database

    @classmethod
    async def open(cls, folder: DataFolder) -> "Opened":
        """Makes or opens the folder's database and brings it to today's schema.

        Raises ReadOnly, DiskFull, DatabaseBusy, DatabaseDamaged, DatabaseNewer; a newer or
        damaged file is not changed.
        """
        lock = FolderLock(folder.root)
        await asyncio.to_thread(_prepare, folder, lock)
        try:
            database = Database(folder.database)
        except BaseException:
            lock.release()
            raise
        opened = cls(folder, lock, database)
        try:
            await database.run_alone(partial(_migrate, folder))
        except BaseException:
            await opened.aclose()
            raise
        return opened

    async def aclose(self) -> None:
        """Closes the database and lets others have the folder."""
        try:
            await self.database.aclose()
        finally:
            self.lock.release()


def _migrate(folder: DataFolder, database: "peewee.Database") -> None:
    from kupuri_desktop.storage.migrate import migrate

    def back_up(schema: int) -> None:
        from kupuri_desktop.storage.backup_files import Reason
        from kupuri_desktop.storage.backups import back_up_rows

        back_up_rows(folder, Reason.MIGRATION)

    migrate(database, before=back_up)


def _prepare(folder: DataFolder, lock: FolderLock) -> None:
    """Makes the folder, takes its lock, and looks at the file before SQLite does."""
    with for_people():
        folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Somebody else's folder may hold files that are not ours to hide; it stays as it is.
        with contextlib.suppress(PermissionError):
            os.chmod(folder.root, 0o700)
        lock.take()
    try:
        with for_people():
            finish_replacing(folder)
        _inspect(folder.database)
    except BaseException:
        lock.release()
        raise


def _inspect(path: Path) -> None:
    from kupuri_desktop.storage.migrate import refuse_newer
    from kupuri_desktop.storage.migrations import NEWEST

    with for_people():
        try:
            header = read_header(path)
        except ValueError as error:
            raise damaged(str(error)) from error
        if header is None:
            return
        refuse_newer(header.schema, NEWEST)
        try:
            schema, application, tables = look_inside(path)
        except sqlite3.OperationalError as error:
            # A crash in the middle of the very first write: only the writer can undo that.
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                return
            raise
        refuse_newer(schema, NEWEST)
        if tables and application != APPLICATION_ID:
            raise damaged("application id", "This is not a database of Kupuri's.")
