"""Keeps image bytes as they came, under their hash, and smaller copies beside them."""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import peewee

from kupuri_desktop.core.assets import Asset, asset_id
from kupuri_desktop.core.errors import AssetDamaged, HostileFile, NotFound
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.header import as_bytes
from kupuri_desktop.storage.held import Held, HeldImage
from kupuri_desktop.storage.images import LEVELS, MOST_BYTES, Looked, look
from kupuri_desktop.storage.levels import LevelMaker
from kupuri_desktop.storage.seals import reseal
from kupuri_desktop.storage.tables import now_micros

Verified = Callable[[int, int], object]
"""Called with the number of images looked at, and of all."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An image that is known and can be read here, and is on its way to the disk."""

    asset: Asset
    _image: HeldImage

    async def stored(self) -> Asset:
        """Returns after the commit. Being cancelled does not take the image back."""
        return await asyncio.shield(self._image.storing)


class Assets:
    """`levels_made` is emitted with an asset's id once its smaller copies are there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.levels_made: Signal[str] = Signal()
        self._looker = ThreadPoolExecutor(1, thread_name_prefix="kupuri-look")
        self._maker = LevelMaker(database, self.levels_made.emit)
        self._held = Held(database)

    async def add(self, data: bytes) -> Asset:
        """Stores bytes once, however often they come; returns after the commit.

        An image that cannot be read or would be harmful to decode is kept all the same, with
        width and height 0 and the reason in `problem`. Raises HostileFile above 256 MB, and
        DiskFull and the like where the disk takes nothing: nothing is kept then.
        """
        key, looked = await self._look(data)
        asset = await self._database.write(lambda database: store(database, key, data, looked))
        self._begin_levels(asset)
        return asset

    async def take(self, data: bytes, *, made: bool = False) -> Taken:
        """As `add`, but returns at once; the bytes go to the disk before what is queued later.

        While the disk takes nothing they wait in memory with the rest of the work, and can be
        read here all the same. made: they are nowhere else and are taken in any case; others
        raise DiskFull where 512 MB wait already.
        """
        if not made:
            await self._held.make_room(len(data))
        key, looked = await self._look(data)
        storing = self._database.journal(lambda database: store(database, key, data, looked))
        asset = Asset(key, looked.mime, looked.width, looked.height, len(data), looked.problem)
        image = HeldImage(asset, data, storing)
        self._held.hold(image)
        storing.add_done_callback(self._stored)
        return Taken(asset, image)

    async def info(self, ids: Iterable[str]) -> dict[str, Asset]:
        """What is known of those that are there."""
        ids = list(ids)
        wanted = json.dumps(ids)

        def work(database: peewee.Database) -> dict[str, Asset]:
            rows = database.execute_sql(
                "SELECT id, mime, width, height, size, problem FROM asset"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
            return {row[0]: Asset(*row) for row in rows}

        found = await self._database.read(work)
        return {image.asset.id: image.asset for image in self._held.some(ids)} | found

    async def data(self, asset: str) -> bytes:
        """The original, byte for byte. Raises NotFound; AssetDamaged where the hash is another."""
        if (held := self._held.get(asset)) is not None:
            return held.data

        def work(database: peewee.Database) -> bytes:
            data = read_original(database, asset)
            if data is None:
                raise NotFound("This image is not there any more.", details=f"asset {asset}")
            if asset_id(data) != asset:
                raise AssetDamaged(
                    "This image is damaged on the disk.",
                    hint="Restore a backup to get it back.",
                    kept="All other images are looked at by themselves.",
                    details=f"asset {asset}",
                )
            return data

        return await self._database.read(work)

    async def level(self, asset: str, size: int) -> bytes | None:
        """The smaller copy whose longest side is `size` (32, 64, 128, 256 or 512 pixels).

        An image smaller than that comes in its own size. Made now where it is not there yet;
        None for what cannot be shown or is not there.
        """
        if size not in LEVELS:
            raise ValueError(f"no level of {size} pixels")
        if asset in self._held and (held := await self._held.waiting(asset)) is not None:
            return await self._level_of(held, size)
        found = await self._database.read(lambda database: read_level(database, asset, size))
        if found is None and await self._maker.make(asset):
            found = await self._database.read(lambda database: read_level(database, asset, size))
        return found

    async def thumbnail(self, asset: str, size: int) -> bytes | None:
        """The smallest copy whose longest side has at least `size` pixels, or the largest."""
        return await self.level(asset, next((each for each in LEVELS if each >= size), LEVELS[-1]))

    async def micros(self, ids: Iterable[str]) -> dict[str, bytes]:
        """16 x 16 pixels each, premultiplied ARGB32, little-endian: 1,024 bytes (B, G, R, A)."""
        ids = list(ids)
        wanted = json.dumps(ids)

        def work(database: peewee.Database) -> dict[str, bytes]:
            rows = database.execute_sql(
                "SELECT asset.id, micro.data FROM asset JOIN micro USING (number)"
                " WHERE asset.id IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
            return dict(rows)

        found = await self._database.read(work)
        for image in self._held.some(ids):
            if image.small is not None and image.small.micro:
                found[image.asset.id] = image.small.micro
        return found

    async def count(self) -> int:
        return await self._database.read(
            lambda database: int(database.execute_sql("SELECT count(*) FROM asset").fetchone()[0])
        )

    async def verify(self, progress: Verified = lambda done, total: None) -> list[str]:
        """Hashes every original; returns the ids of those that are damaged or missing."""

        def keys(database: peewee.Database) -> list[str]:
            rows = database.execute_sql("SELECT id FROM asset ORDER BY number")
            return [row[0] for row in rows]

        wanted = await self._database.read(keys)
        bad: list[str] = []
        for done, key in enumerate(wanted, 1):
            if not await self._database.read(partial(is_whole, asset=key)):
                bad.append(key)
            progress(done, len(wanted))
        return bad

    @property
    def busy(self) -> bool:
        """Whether smaller copies are being made or waited for."""
        return self._maker.busy

    def make_missing_levels(self) -> None:
        """Begins on what an earlier life did not come to; goes on in the background."""
        self._maker.ask_for_missing()

    def take_no_more(self) -> None:
        """Ends the making of smaller copies after the one at hand."""
        self._maker.stop()

    async def aclose(self) -> None:
        self._held.close()
        await self._maker.aclose()
        await asyncio.to_thread(self._looker.shutdown)

    async def _look(self, data: bytes) -> tuple[str, Looked]:
        if len(data) > MOST_BYTES:
            raise HostileFile(
                f"This file is too large for an image ({len(data) // 2**20} MB).",
                hint=f"Images may have up to {MOST_BYTES // 2**20} MB.",
                kept="Nothing was changed.",
            )
        # One at a time: opening some formats makes room for the whole picture already.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._looker, _hash_and_look, data)

    def _stored(self, storing: "asyncio.Future[Asset]") -> None:
        if not storing.cancelled() and storing.exception() is None:
            self._begin_levels(storing.result())

    def _begin_levels(self, asset: Asset) -> None:
        if not asset.problem:
            self._maker.ask(asset.id)

    async def _level_of(self, held: HeldImage, size: int) -> bytes | None:
        """Of an image that waits: made in memory, once."""
        if held.small is None:
            held.small = await self._maker.shrink(held.asset.mime, held.data)
            if held.small.micro:
                self.levels_made.emit(held.asset.id)
        fitting = [side for side in held.small.levels if side <= size]
        return held.small.levels[max(fitting)] if fitting else None


def store(
    database: peewee.Database, key: str, data: bytes, looked: Looked, *, levels: bool = True
) -> Asset:
    """Stores the bytes if they are new. Must run in a writing transaction.

    levels: whether smaller copies are to be made without anybody asking for them.
    """
    now = now_micros()
    known = database.execute_sql(
        "SELECT id, mime, width, height, size, problem FROM asset WHERE id = ?", (key,)
    ).fetchone()
    if known is not None:
        database.execute_sql("UPDATE asset SET seen = ? WHERE id = ?", (now, key))
        return Asset(*known)
    cursor = database.execute_sql(
        "INSERT INTO asset (id, mime, width, height, size, problem, added, seen, levels)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            looked.mime,
            looked.width,
            looked.height,
            len(data),
            looked.problem,
            now,
            now,
            0 if levels and not looked.problem else 1,
        ),
    )
    reseal(database, "asset", "id", key)
    database.execute_sql(
        "INSERT INTO original (number, data) VALUES (?, ?)",
        (cursor.lastrowid, sqlite3.Binary(data)),
    )
    return Asset(key, looked.mime, looked.width, looked.height, len(data), looked.problem)


def read_original(database: peewee.Database, asset: str) -> bytes | None:
    row = database.execute_sql(
        "SELECT data FROM original WHERE number = (SELECT number FROM asset WHERE id = ?)",
        (asset,),
    ).fetchone()
    return None if row is None else as_bytes(row[0])


def read_level(database: peewee.Database, asset: str, size: int) -> bytes | None:
    """The level, or the largest there is of an image that is smaller than the level."""
    row = database.execute_sql(
        "SELECT data FROM level WHERE number <= (SELECT number * 8 + ? FROM asset WHERE id = ?)"
        " AND number >= (SELECT number * 8 FROM asset WHERE id = ?) ORDER BY number DESC LIMIT 1",
        (LEVELS.index(size), asset, asset),
    ).fetchone()
    return None if row is None else as_bytes(row[0])


def is_whole(database: peewee.Database, asset: str) -> bool:
    data = read_original(database, asset)
    return data is not None and hashlib.sha256(data).hexdigest() == asset


def _hash_and_look(data: bytes) -> tuple[str, Looked]:
    return asset_id(data), look(data)
