"""The door to the one SQLite file: writes in order on one thread, reads beside them."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kupuri_desktop.core.errors import DatabaseDamaged, KupuriError, Problem, ReadOnly
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.failures import NOT_TEXT, Outcome, damaged
from kupuri_desktop.storage.writer import Entry, Writer

if TYPE_CHECKING:
    import peewee

T = TypeVar("T")

READERS = 2
UNCHANGED = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class SaveState:
    """What the window shows: how many changes are not on the disk yet, and what is in the way."""

    pending: int = 0
    problem: Problem | None = None

    @property
    def saved(self) -> bool:
        return self.pending == 0


class Database:
    """Used from the event loop's thread, where its futures resolve and `saving` is emitted.

    `damage_found` is emitted when something read is not as it was written.

    Work handed in gets a peewee database of its own thread, must use nothing else of the
    storage, and may be run more than once: it must come out the same then.

    read_only: beside the process that writes; whatever would write raises ReadOnly.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.saving: Signal[SaveState] = Signal()
        self.damage_found: Signal[Problem] = Signal()
        self.state = SaveState()
        self._loop = asyncio.get_running_loop()
        self._writer = Writer(path, self._told)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="kupuri-reader")
        self._local = threading.local()
        self._opened: list[Any] = []
        self._pending = 0
        self._problem: Problem | None = None
        self._announcing = False
        self.open = True
        self._stuck: Callable[[KupuriError], None] | None = None
        if not read_only:
            self._writer.start()

    @property
    def commits(self) -> int:
        """Counts the commits since opening: unchanged means that nothing was written since."""
        return self._writer.commits

    def write(self, work: Callable[["peewee.Database"], T]) -> "asyncio.Future[T]":
        """Queues `work`; resolves after its commit, or with the KupuriError that prevented it."""
        return self._submit(work)

    def journal(self, work: Callable[["peewee.Database"], T]) -> "asyncio.Future[T]":
        """Queues `work` that must not be lost: while the disk refuses it, it stays in its place.

        Tried again with growing pauses and at `retry`; what was queued later waits behind it.
        """
        return self._submit(work, keep=True)

    def write_quietly(self, work: Callable[["peewee.Database"], T]) -> "asyncio.Future[T]":
        """As `write`, for what nobody waits to see saved: image levels, marks."""
        return self._submit(work, quiet=True)

    def run_alone(self, work: Callable[["peewee.Database"], T]) -> "asyncio.Future[T]":
        """Runs `work` on the writing connection, outside of a transaction."""
        return self._submit(work, quiet=True, alone=True)

    async def read(self, work: Callable[["peewee.Database"], T]) -> T:
        """Runs `work` on a read-only connection, on one snapshot of what is committed."""
        return await self._loop.run_in_executor(self._readers, self._read, work)

    def suspect(self, details: str) -> None:
        """Tells, from any thread, that something on the disk is not as it was written."""
        self._on_loop(self.damage_found.emit, damaged(details).problem)

    def retry(self) -> None:
        self._writer.retry()

    async def saved(self) -> None:
        """Returns when all that was queued until now is committed or refused for good."""
        if self.read_only:
            return
        await self._submit(lambda database: None, quiet=True, alone=True)

    async def copy_to(self, path: Path) -> None:
        """Saves a verified copy elsewhere, with what is still waiting to be saved in it.

        Raises KupuriError where the other place takes it no better, and leaves nothing there.
        """
        from kupuri_desktop.storage.copies import copy_database

        waiting = [entry.work for entry in self._writer.waiting() if entry.keep]
        await asyncio.to_thread(copy_database, self.path, path, waiting)

    def give_up(self) -> None:
        """Takes no more writes. Where the disk is in the way, whoever waits for it is told so."""
        self.open = False
        self._writer.stop()

    async def aclose(self) -> None:
        """Closes after what is queued; what the disk still refuses then is lost: see `drained`."""
        self.open = False
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._opened:
            connection.close()
        # The writer goes last: only the last connection merges the log into the file.
        self._writer.stop()
        await asyncio.to_thread(self._writer.join)

    async def drained(self) -> None:
        """Waits for the queue. Raises its problem where it stays stuck at another try."""
        self.retry()
        saved = asyncio.ensure_future(self.saved())
        stuck: asyncio.Future[KupuriError] = self._loop.create_future()

        def look(error: KupuriError) -> None:
            if not stuck.done():
                stuck.set_result(error)

        self._stuck = look
        try:
            await asyncio.wait((saved, stuck), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stuck = None
        if not saved.done():
            saved.cancel()
            raise stuck.result()

    def _submit(
        self,
        work: Callable[["peewee.Database"], Any],
        *,
        keep: bool = False,
        quiet: bool = False,
        alone: bool = False,
    ) -> "asyncio.Future[Any]":
        if self.read_only:
            raise ReadOnly("Another Kupuri writes to this data folder.", kept=UNCHANGED)
        future: asyncio.Future[Any] = self._loop.create_future()

        def settle(result: Any, error: BaseException | None) -> None:
            if not quiet:
                self._pending -= 1
                self._announce_soon()
            if future.done():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
                if not self.open:
                    # Whoever closed without waiting has been told; nobody may be listening.
                    future.exception()

        def done(result: Any, error: BaseException | None) -> None:
            self._on_loop(settle, result, error)

        self._writer.submit(Entry(work, done, keep=keep, quiet=quiet, alone=alone))
        if not quiet:
            self._pending += 1
            self._announce_soon()
        return future

    def _told(self, error: KupuriError | None) -> None:
        """Called on the writer's thread."""
        if error is not None or self._problem is not None:
            self._on_loop(self._set_problem, error)

    def _set_problem(self, error: KupuriError | None) -> None:
        self._problem = error.problem if error is not None else None
        if isinstance(error, DatabaseDamaged):
            self.damage_found.emit(error.problem)
        if error is not None and self._stuck is not None:
            self._stuck(error)
        self._announce_soon()

    def _announce_soon(self) -> None:
        if not self._announcing:
            self._announcing = True
            self._loop.call_soon(self._announce)

    def _announce(self) -> None:
        self._announcing = False
        state = SaveState(self._pending, self._problem)
        if state != self.state:
            self.state = state
            self.saving.emit(state)

    def _on_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        # A loop that is closed has nobody left to tell.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)

    def _read(self, work: Callable[["peewee.Database"], T]) -> T:
        from kupuri_desktop.storage.connection import readable, transaction

        outcome = Outcome()
        with outcome:
            database = getattr(self._local, "database", None)
            if database is None:
                database = readable(self.path)
                self._local.database = database
                self._opened.append(database.connection())
            with transaction(database, "DEFERRED"):
                return work(database)
        told = outcome.error
        if database is not None and isinstance(told, DatabaseDamaged) and told.details == NOT_TEXT:
            # One bad letter must not keep all the rest away.
            self.suspect(NOT_TEXT)
            return self._read_leniently(database, work)
        assert outcome.error is not None
        if isinstance(outcome.error, DatabaseDamaged):
            self._on_loop(self.damage_found.emit, outcome.error.problem)
        raise outcome.error

    def _read_leniently(
        self, database: "peewee.Database", work: Callable[["peewee.Database"], T]
    ) -> T:
        from kupuri_desktop.storage.connection import transaction

        connection = database.connection()
        connection.text_factory = _lenient
        try:
            with transaction(database, "DEFERRED"):
                return work(database)
        finally:
            connection.text_factory = str


def _lenient(text: bytes) -> str:
    return text.decode("utf-8", "replace")
