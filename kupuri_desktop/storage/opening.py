"""Puts a storage together around an open database, and closes what a crash left open."""

import peewee

from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.backups import Backups
from kupuri_desktop.storage.canvases import Canvases
from kupuri_desktop.storage.caretaker import Caretaker
from kupuri_desktop.storage.chats import Chats, close_interrupted
from kupuri_desktop.storage.jobs import Jobs
from kupuri_desktop.storage.marks import CLOSED_CLEANLY, get_mark, set_mark
from kupuri_desktop.storage.opened import Opened
from kupuri_desktop.storage.palettes import Palettes
from kupuri_desktop.storage.providers import Providers
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
    assets = Assets(database)
    assets.make_missing_levels()
    backups = Backups(opened.folder)
    caretaker = Caretaker(database, backups, clean=clean)
    caretaker.start()
    return Storage(
        folder=opened.folder,
        clean=clean,
        lock=opened.lock,
        database=database,
        canvases=Canvases(database),
        chats=Chats(database),
        assets=assets,
        jobs=Jobs(database),
        palettes=Palettes(database),
        settings=SettingsStore(database),
        usage=UsageStore(database),
        providers=Providers(database),
        search=Search(database),
        trash=Trash(database),
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
