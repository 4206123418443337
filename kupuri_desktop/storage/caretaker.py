"""Looks after an open storage in the background: checks, backups, the trash, unused images."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import peewee

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage import garbage
from kupuri_desktop.storage.backup_files import Backup, Reason
from kupuri_desktop.storage.backups import Backups
from kupuri_desktop.storage.damage import Check, Stopped
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.marks import CHECKED, get_mark, set_mark

FIRST_LOOK = timedelta(minutes=1)
EVERY = timedelta(hours=1)
CHECK_EVERY = timedelta(days=7)


class Caretaker:
    """`failed` is emitted with what went wrong in the background; damage is told by the database.

    checking, backing_up: emitted with the fraction that is done, 0 to 1.
    """

    def __init__(self, database: Database, backups: Backups, *, clean: bool) -> None:
        self._database = database
        self._backups = backups
        self._clean = clean
        self._backed_up_at = -1
        self._check: Check | None = None
        self._task: asyncio.Task[None] | None = None
        self.failed: Signal[KupuriError] = Signal()
        self.checking: Signal[float] = Signal()
        self.backing_up: Signal[float] = Signal()
        self.backed_up: Signal[Backup] = Signal()

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._look_after())

    async def aclose(self) -> None:
        """Ends what is being done; it is begun anew the next time."""
        self._backups.stop()
        if self._check is not None:
            self._check.stop()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> None:
        """Does all that is due now, one after the other."""
        for duty in (self.check_if_due, self._tidy, self.back_up_if_due):
            try:
                await duty()
            except KupuriError as error:
                self.failed.emit(error)

    async def check_if_due(self) -> None:
        """A full check after an unclean end, and once a week."""
        if await self._check_is_due():
            await self.check()

    async def check(self) -> list[str]:
        """Looks at every page of the file; returns what is wrong, and tells the window."""
        loop = asyncio.get_running_loop()

        def progressed(done: int, total: int) -> None:
            loop.call_soon_threadsafe(self.checking.emit, done / total)

        self._check = Check(self._database.path, progressed)
        try:
            problems = await asyncio.to_thread(self._check.run)
        except Stopped:
            return []
        finally:
            self._check = None
        if problems:
            self._database.suspect("; ".join(problems[:20]))
        else:
            self._clean = True
            now = datetime.now(UTC).isoformat()
            await self._database.write_quietly(partial(set_mark, name=CHECKED, value=now))
        return problems

    async def back_up_if_due(self) -> None:
        """A backup whenever something was written since the last one of this life."""
        if self._database.commits == self._backed_up_at or not await self._has_work():
            return
        loop = asyncio.get_running_loop()

        def progressed(done: int, total: int) -> None:
            loop.call_soon_threadsafe(self.backing_up.emit, done / total)

        commits = self._database.commits
        backup = await self._backups.make(Reason.AUTOMATIC, progressed)
        self._backed_up_at = commits
        self.backed_up.emit(backup)

    async def _look_after(self) -> None:
        pause = FIRST_LOOK
        while True:
            await asyncio.sleep(pause.total_seconds())
            await self.look()
            pause = EVERY

    async def _check_is_due(self) -> bool:
        if not self._clean:
            return True
        last = await self._database.read(partial(get_mark, name=CHECKED))
        return last is None or datetime.now(UTC) - datetime.fromisoformat(last) > CHECK_EVERY

    async def _tidy(self) -> None:
        await garbage.empty_trash(self._database)
        await garbage.prune_history(self._database)
        await garbage.collect(self._database)

    async def _has_work(self) -> bool:
        def work(database: peewee.Database) -> bool:
            return database.execute_sql("SELECT 1 FROM project LIMIT 1").fetchone() is not None

        return await self._database.read(work)
