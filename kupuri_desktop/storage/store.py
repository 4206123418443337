"""Opens and closes the storage of one data folder, and holds its parts."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from kupuri_desktop.core.errors import StorageError
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.opened import Opened
from kupuri_desktop.storage.secrets import Secrets

if TYPE_CHECKING:
    # What they keep takes a while to import; it is imported when a folder is opened.
    from kupuri_desktop.storage.assets import Assets
    from kupuri_desktop.storage.backups import Backups
    from kupuri_desktop.storage.canvases import Canvases
    from kupuri_desktop.storage.caretaker import Caretaker
    from kupuri_desktop.storage.chats import Chats
    from kupuri_desktop.storage.jobs import Jobs
    from kupuri_desktop.storage.palettes import Palettes
    from kupuri_desktop.storage.search import Search
    from kupuri_desktop.storage.settings import SettingsStore
    from kupuri_desktop.storage.trash import Trash
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
    palettes: "Palettes"
    settings: "SettingsStore"
    usage: "UsageStore"
    search: "Search"
    trash: "Trash"
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
        return await cls.around(await Opened.open(folder), secrets=secrets)

    @classmethod
    async def around(cls, opened: Opened, *, secrets: Secrets | None = None) -> "Storage":
        """The second part of `open`. It raises the same, and has closed what was opened then."""
        try:
            await asyncio.to_thread(import_module, "kupuri_desktop.storage.opening")
            from kupuri_desktop.storage import opening

            return await opening.assemble(opened, secrets or Secrets())
        except BaseException:
            await opened.aclose()
            raise

    @classmethod
    async def beside(cls, folder: DataFolder) -> "Storage":
        """A look at a folder that another Kupuri has open: what it has committed, to read alone.

        Raises DatabaseBusy where that one is still bringing the database to today's schema,
        DatabaseNewer, DatabaseDamaged.
        """
        await asyncio.to_thread(import_module, "kupuri_desktop.storage.opening")
        from kupuri_desktop.storage import opening

        await asyncio.to_thread(opening.look_at, folder)
        database = Database(folder.database, read_only=True)
        return opening.furnish(folder, FolderLock(folder.root), database, True, Secrets())

    async def aclose(self, *, abandon: bool = False) -> None:
        """Writes what is queued, marks the database as closed cleanly, closes it.

        Raises what is in the way of writing, and stays open then. abandon: closes all the same;
        what could not be written is lost, and the database is not marked.
        """
        from kupuri_desktop.storage import opening

        if abandon:
            # Whoever waits for the disk is told now; else they would be waited for below.
            self.database.give_up()
        else:
            await self.database.drained()
            self.assets.take_no_more()
            # What came meanwhile, too: from here on nobody is left who waits for the disk.
            await self.database.drained()
        await self.caretaker.aclose()
        await self.assets.aclose()
        if not abandon:
            # Without the mark the next start looks through the file; nothing is lost by that.
            with suppress(StorageError):
                await self.database.write_quietly(opening.mark_closed)
        await self.database.aclose()
        self.lock.release()
