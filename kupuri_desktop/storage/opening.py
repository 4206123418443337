"""Puts a storage together around an open database, and closes what a crash left open."""

import peewee

from kupuri_desktop import __version__
from kupuri_desktop.core.errors import DatabaseBusy
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.backups import Backups
from kupuri_desktop.storage.canvases import Canvases
from kupuri_desktop.storage.caretaker import Caretaker
from kupuri_desktop.storage.chats import Chats, close_interrupted
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.failures import damaged, for_people
from kupuri_desktop.storage.header import APPLICATION_ID, look_inside
from kupuri_desktop.storage.jobs import Jobs
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.marks import CLOSED_CLEANLY, WRITTEN_BY, get_mark, set_mark
from kupuri_desktop.storage.migrate import refuse_newer
from kupuri_desktop.storage.migrations import NEWEST
from kupuri_desktop.storage.opened import Opened
from kupuri_desktop.storage.palettes import Palettes
from kupuri_desktop.storage.search import Search
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.settings import SettingsStore
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.storage.trash import Trash
from kupuri_desktop.storage.usage import UsageStore


async def assemble(opened: Opened, secrets: Secrets) -> Storage:
    """Raises KupuriError where the database cannot be written."""
    database = opened.database
    clean = await database.write_quietly(_mark_open)
    storage = furnish(opened.folder, opened.lock, database, clean, secrets)
    storage.assets.make_missing_levels()
    storage.caretaker.start()
    return storage


def furnish(
    folder: DataFolder, lock: FolderLock, database: Database, clean: bool, secrets: Secrets
) -> Storage:
    """Puts the parts around a database; none of them has begun anything by itself."""
    backups = Backups(folder)
    return Storage(
        folder=folder,
        clean=clean,
        lock=lock,
        database=database,
        canvases=Canvases(database),
        chats=Chats(database),
        assets=Assets(database),
        jobs=Jobs(database),
        palettes=Palettes(database),
        settings=SettingsStore(database),
        usage=UsageStore(database),
        search=Search(database),
        trash=Trash(database),
        backups=backups,
        caretaker=Caretaker(database, backups, clean=clean),
        secrets=secrets,
    )


def look_at(folder: DataFolder) -> None:
    """Raises what keeps a database from being read beside its writer. Blocks."""
    with for_people():
        schema, application, _ = look_inside(folder.database)
    refuse_newer(schema, NEWEST)
    if application != APPLICATION_ID:
        raise damaged("application id", "This is not a database of Kupuri's.")
    if schema < NEWEST:
        raise DatabaseBusy(
            "Another Kupuri is bringing this data folder up to date.",
            hint="Try again in a moment.",
            kept="Nothing was changed.",
        )


def mark_closed(database: peewee.Database) -> None:
    set_mark(database, CLOSED_CLEANLY, "yes")


def _mark_open(database: peewee.Database) -> bool:
    """Whether it was closed cleanly before; until the next clean close it counts as not."""
    before = get_mark(database, CLOSED_CLEANLY)
    set_mark(database, CLOSED_CLEANLY, "no")
    set_mark(database, WRITTEN_BY, __version__)
    close_interrupted(database)
    return before in (None, "yes")
