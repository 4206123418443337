"""Opens and closes the storage of one data folder, and holds its parts."""

import asyncio
import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.failures import damaged, for_people
from kupuri_desktop.storage.header import APPLICATION_ID, look_inside, read_header
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.setting_aside import finish_replacing

if TYPE_CHECKING:
    # peewee takes a while to import; it is imported when a folder is opened.
    from kupuri_desktop.storage.assets import Assets
    from kupuri_desktop.storage.backups import Backups
    from kupuri_desktop.storage.canvases import Canvases
    from kupuri_desktop.storage.caretaker import Caretaker
    from kupuri_desktop.storage.chats import Chats
    from kupuri_desktop.storage.jobs import Jobs
    from kupuri_desktop.storage.search import Search
    from kupuri_desktop.storage.settings import SettingsStore
    from kupuri_desktop.storage.usage import UsageStore


@dataclass(frozen=True)
class Storage:
    """Everything that is kept. Used from the event loop that it was opened on.

    clean: whether it had been closed properly the last time.
    """

    folder: DataFolder
    clean: bool
    lock: FolderLock
    database: Database
    canvases: "Canvases"
    chats: "Chats"
    assets: "Assets"
    jobs: "Jobs"
    settings: "SettingsStore"
    usage: "UsageStore"
    search: "Search"
    backups: "Backups"
    caretaker: "Caretaker"
    secrets: Secrets

    @classmethod
    async def open(cls, folder: DataFolder, *, secrets: Secrets | None = None) -> "Storage":
        """Makes or opens the folder's database and brings it to today's schema.

        Answers that were being written when Kupuri ended last are marked as interrupted, and
        questions that were open have expired. Raises ReadOnly, DiskFull, DatabaseBusy,
        DatabaseDamaged, DatabaseNewer; a newer or damaged file is not changed.
        """
        lock = FolderLock(folder.root)
        await asyncio.to_thread(_prepare, folder, lock)
        try:
            from kupuri_desktop.storage import opening

            return await opening.assemble(folder, lock, secrets or Secrets())
        except BaseException:
            lock.release()
            raise

    async def aclose(self, *, abandon: bool = False) -> None:
        """Writes what is queued, marks the database as closed cleanly, closes it.

        Raises what is in the way of writing, and stays open then. abandon: closes all the same;
        what could not be written is lost, and the database is not marked.
        """
        from kupuri_desktop.storage import opening

        if not abandon:
            await self.database.drained()
        await self.caretaker.aclose()
        await self.assets.aclose()
        if not abandon:
            await self.database.write_quietly(opening.mark_closed)
        await self.database.aclose()
        self.lock.release()


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
