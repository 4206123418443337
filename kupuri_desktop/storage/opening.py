"""Puts a storage together: connects, migrates, closes what a crash left open."""

from functools import partial

import peewee

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.backup_files import Reason
from kupuri_desktop.storage.backups import Backups, back_up_rows
from kupuri_desktop.storage.canvases import Canvases
from kupuri_desktop.storage.caretaker import Caretaker
from kupuri_desktop.storage.chats import Chats, close_interrupted
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.jobs import Jobs
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.marks import CLOSED_CLEANLY, get_mark, set_mark
from kupuri_desktop.storage.migrate import migrate
from kupuri_desktop.storage.search import Search
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.settings import SettingsStore
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.storage.usage import UsageStore


async def assemble(folder: DataFolder, lock: FolderLock, secrets: Secrets) -> Storage:
    """Raises KupuriError where the database cannot be used; nothing is left running then."""
    database = Database(folder.database)
    try:
        await database.run_alone(
            partial(migrate, before=lambda schema: back_up_rows(folder, Reason.MIGRATION))
        )
        clean = await database.write_quietly(_mark_open)
    except BaseException:
        await database.aclose()
        raise
    assets = Assets(database)
    assets.make_missing_levels()
    backups = Backups(folder)
    caretaker = Caretaker(database, backups, clean=clean)
    caretaker.start()
    return Storage(
        folder=folder,
        clean=clean,
        lock=lock,
        database=database,
        canvases=Canvases(database),
        chats=Chats(database),
        assets=assets,
        jobs=Jobs(database),
        settings=SettingsStore(database),
        usage=UsageStore(database),
        search=Search(database),
        backups=backups,
        caretaker=caretaker,
        secrets=secrets,
    )


def mark_closed(database: peewee.Database) -> None:
    set_mark(database, CLOSED_CLEANLY, "yes")


def _mark_open(database: peewee.Database) -> bool:
    """Whether it was closed cleanly before; until the next clean close it counts as not."""
    before = get_mark(database, CLOSED_CLEANLY)
    set_mark(database, CLOSED_CLEANLY, "no")
    close_interrupted(database)
    return before in (None, "yes")
