"""Closing while the disk is in the way ends, and loses nothing but what was given up."""

import asyncio
from pathlib import Path

import peewee
import pytest

from kupuri_desktop.core.errors import DiskFull, StorageError
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.marks import set_mark
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.durability.full import LimitedPages
from tests.durability.specimen import picture

LIMIT = 20.0


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


async def stuck(storage: Storage) -> "asyncio.Future[None]":
    """What waits for room, and will not get any."""
    await LimitedPages().leave(storage, 0)
    waiting = storage.database.journal(lambda db: set_mark(db, "big", "x" * 1_000_000))
    while storage.database.state.problem is None:
        await asyncio.sleep(0)
    return waiting


async def without_levels(storage: Storage) -> str:
    """The id of an image whose smaller copies are still to be made."""
    asset = await storage.assets.add(picture(1))
    while storage.assets.busy:
        await asyncio.sleep(0)

    def forget(database: peewee.Database) -> None:
        for table in ("level", "micro"):
            database.execute_sql(f"DELETE FROM {table}")
        database.execute_sql("UPDATE asset SET levels = 0")

    await storage.database.write(forget)
    return asset.id


async def test_a_disk_that_refuses_nothing_but_the_mark_does_not_keep_from_closing(folder):
    storage = await Storage.open(folder, secrets=Secrets())
    await storage.database.run_alone(lambda db: db.execute_sql("PRAGMA query_only = ON").fetchall())
    async with asyncio.timeout(LIMIT):
        await storage.aclose()
    again = await Storage.open(folder, secrets=Secrets())
    assert not again.clean, "the file is looked through once more"
    await again.aclose()


async def test_giving_up_ends_although_a_smaller_copy_waits_for_the_disk(folder):
    storage = await Storage.open(folder, secrets=Secrets())
    asset = await without_levels(storage)
    waiting = await stuck(storage)
    asked = asyncio.ensure_future(storage.assets.level(asset, 32))
    while len(storage.database._writer.waiting()) < 2:
        await asyncio.sleep(0)
    async with asyncio.timeout(LIMIT):
        await storage.aclose(abandon=True)
        await asyncio.wait([asked])
    with pytest.raises(StorageError):
        await waiting
    assert asked.exception() is None or isinstance(asked.exception(), (StorageError, RuntimeError))


async def test_giving_up_ends_although_an_image_waits_for_the_disk(folder):
    storage = await Storage.open(folder, secrets=Secrets())
    waiting = await stuck(storage)
    taken = await storage.assets.take(picture(2), made=True)
    async with asyncio.timeout(LIMIT):
        await storage.aclose(abandon=True)
    for lost in (waiting, taken.stored()):
        with pytest.raises(StorageError):
            await lost


async def test_closing_can_be_tried_again_after_each_refusal(folder):
    storage = await Storage.open(folder, secrets=Secrets())
    await stuck(storage)
    for _ in range(3):
        with pytest.raises(DiskFull):
            await storage.aclose()
    assert storage.database.open
    await LimitedPages().make(storage)
    async with asyncio.timeout(LIMIT):
        while storage.database.open:
            try:
                await storage.aclose()
            except DiskFull:
                continue
    again = await Storage.open(folder, secrets=Secrets())
    assert again.clean
    await again.aclose()
