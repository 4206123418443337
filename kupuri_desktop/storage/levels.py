"""Makes the smaller copies of images in a thread of its own, one image after the other."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import peewee

from kupuri_desktop.core.errors import StorageError
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.header import as_bytes
from kupuri_desktop.storage.images import LEVELS, Small, shrink
from kupuri_desktop.storage.seals import reseal

MOST_MISSING = 10_000


class LevelMaker:
    """`made` is called on the event loop's thread with an asset's id, after the commit."""

    def __init__(self, database: Database, made: Callable[[str], object]) -> None:
        self._database = database
        self._made = made
        self._asked: deque[str] = deque()
        self._running: dict[str, asyncio.Task[bool]] = {}
        self._worker: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kupuri-levels")
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether smaller copies are being made or waited for."""
        return self._worker is not None or bool(self._running)

    def ask(self, asset: str) -> None:
        """Has the levels made in the background, when it is their turn."""
        self._asked.append(asset)
        if self._worker is None and not self._closed:
            self._worker = asyncio.ensure_future(self._work())

    def ask_for_missing(self) -> None:
        self.ask("")

    async def make(self, asset: str) -> bool:
        """Makes the levels now; False where that cannot be done."""
        if self._closed:
            return False
        task = self._running.get(asset)
        if task is None:
            task = asyncio.ensure_future(self._make(asset))
            self._running[asset] = task
            task.add_done_callback(lambda _: self._running.pop(asset, None))
        return await asyncio.shield(task)

    async def shrink(self, mime: str, data: bytes) -> Small:
        """Smaller copies of bytes that are not on the disk; none once this is closed."""
        if self._closed:
            return Small()
        return await asyncio.get_running_loop().run_in_executor(self._thread, shrink, mime, data)

    def stop(self) -> None:
        """Begins on nothing more, and writes nothing more: they are made at another time."""
        self._closed = True
        self._asked.clear()

    async def aclose(self) -> None:
        self.stop()
        tasks = [*self._running.values(), *([self._worker] if self._worker else [])]
        await asyncio.gather(*tasks)
        await asyncio.to_thread(self._thread.shutdown)

    async def _work(self) -> None:
        try:
            while self._asked and not self._closed:
                asset = self._asked.popleft()
                if asset:
                    await self.make(asset)
                else:
                    self._asked.extend(await self._database.read(_missing))
        except StorageError:
            # Told by the database already; levels are made when they are asked for.
            self._asked.clear()
        finally:
            self._worker = None

    async def _make(self, asset: str) -> bool:
        try:
            found = await self._database.read(lambda database: _undone(database, asset))
            if found is None:
                return False
            mime, data = found
            loop = asyncio.get_running_loop()
            small = await loop.run_in_executor(self._thread, shrink, mime, data)
            if self._closed:
                return False
            await self._database.write_quietly(
                lambda database: store_levels(database, asset, small)
            )
        except StorageError:
            # Nothing is lost: they are made when they are asked for again.
            return False
        self._made(asset)
        return not small.problem


def store_levels(database: peewee.Database, asset: str, small: Small) -> None:
    row = database.execute_sql("SELECT number FROM asset WHERE id = ?", (asset,)).fetchone()
    if row is None:
        return
    (number,) = row
    if small.problem:
        database.execute_sql(
            "UPDATE asset SET levels = 1, width = 0, height = 0, problem = ? WHERE number = ?",
            (small.problem, number),
        )
        reseal(database, "asset", "id", asset)
        return
    for side, data in small.levels.items():
        database.execute_sql(
            "INSERT OR REPLACE INTO level (number, data) VALUES (?, ?)",
            (number * 8 + LEVELS.index(side), data),
        )
    database.execute_sql(
        "INSERT OR REPLACE INTO micro (number, data) VALUES (?, ?)", (number, small.micro)
    )
    database.execute_sql("UPDATE asset SET levels = 1 WHERE number = ?", (number,))


def _missing(database: peewee.Database) -> list[str]:
    rows = database.execute_sql(
        "SELECT id FROM asset WHERE levels = 0 ORDER BY number DESC LIMIT ?", (MOST_MISSING,)
    )
    return [row[0] for row in rows]


def _undone(database: peewee.Database, asset: str) -> tuple[str, bytes] | None:
    row = database.execute_sql(
        "SELECT asset.mime, original.data FROM asset JOIN original USING (number)"
        " WHERE asset.id = ? AND asset.problem = ''"
        " AND (levels = 0 OR number NOT IN (SELECT number FROM micro WHERE number = asset.number))",
        (asset,),
    ).fetchone()
    return None if row is None else (row[0], as_bytes(row[1]))


def forget_levels(database: peewee.Database, assets: Sequence[str]) -> None:
    """Deletes the levels of assets that are about to be deleted."""
    for asset in assets:
        database.execute_sql(
            "DELETE FROM level WHERE number BETWEEN (SELECT number * 8 FROM asset WHERE id = ?)"
            " AND (SELECT number * 8 + 7 FROM asset WHERE id = ?)",
            (asset, asset),
        )
