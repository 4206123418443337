"""The one thread that writes: takes pieces of work in order, each in a transaction of its own."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kupuri_desktop.core.errors import KupuriError, StorageError
from kupuri_desktop.storage.failures import Outcome, of_one_write

if TYPE_CHECKING:
    import peewee

Work = Callable[["peewee.Database"], Any]

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
IDLE_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Entry:
    """A piece of work and who waits for it.

    keep: stays at the head of the queue while the disk refuses it. quiet: no work of a person's.
    alone: runs outside of a transaction (PRAGMA, VACUUM).
    """

    work: Work
    done: Callable[[Any, BaseException | None], None]
    keep: bool = False
    quiet: bool = False
    alone: bool = False


@dataclass(slots=True)
class Writer:
    """Owns the writing connection. All methods may be called from any thread.

    told: called on the writer's thread whenever the queue got shorter or began or ceased to be
    stuck, with the error it is stuck on.
    """

    path: Path
    told: Callable[[KupuriError | None], None]
    commits: int = 0
    _queue: deque[Entry] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _stopping: bool = False
    _hurry: bool = False
    _unmerged: bool = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="kupuri-writer", daemon=True)
        self._thread.start()

    def submit(self, entry: Entry) -> None:
        """Raises StorageError once the writer has been stopped."""
        with self._changed:
            if self._stopping:
                raise StorageError("The database is closed already.")
            self._queue.append(entry)
            self._changed.notify()

    def retry(self) -> None:
        """Tries the head of a stuck queue again at once."""
        with self._changed:
            self._hurry = True
            self._changed.notify()

    def waiting(self) -> list[Entry]:
        """What is queued, the oldest first."""
        with self._changed:
            return list(self._queue)

    def stop(self) -> None:
        """Takes no more work. The thread ends when the queue is done, or stuck."""
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        database: peewee.SqliteDatabase | None = None
        pause = FIRST_PAUSE
        try:
            while (entry := self._next(database)) is not None:
                result: Any = None
                with (outcome := Outcome()):
                    # peewee takes a while to import: here it does so beside the event loop.
                    if database is None:
                        from kupuri_desktop.storage.connection import writable

                        database = writable(self.path)
                    result = self._carry_out(database, entry)
                error = outcome.error
                if entry.keep and isinstance(error, StorageError):
                    self.told(error)
                    if not self._wait(pause):
                        return
                    pause = min(pause * 2, LONGEST_PAUSE)
                    continue
                pause = FIRST_PAUSE
                of_one_write(error)
                with self._changed:
                    self._queue.popleft()
                entry.done(result, error)
                self.told(None)
        finally:
            if database is not None:
                with Outcome():
                    database.close()
            self._give_up()

    def _carry_out(self, database: "peewee.SqliteDatabase", entry: Entry) -> Any:
        if entry.alone:
            return entry.work(database)
        from kupuri_desktop.storage.connection import transaction

        with transaction(database):
            result = entry.work(database)
        self.commits += 1
        self._unmerged = True
        return result

    def _next(self, database: "peewee.SqliteDatabase | None") -> Entry | None:
        """The head of the queue, left in it; waits for one. None when it is time to end."""
        with self._changed:
            while not self._queue:
                if self._stopping:
                    return None
                if not self._unmerged:
                    self._changed.wait()
                elif not self._changed.wait(IDLE_SECONDS) and database is not None:
                    self._merge(database)
            return self._queue[0]

    def _merge(self, database: "peewee.SqliteDatabase") -> None:
        """Moves the log into the file while nobody waits, so that no commit has to.

        A log that cannot be moved now loses nothing: it stays, and is tried again after the
        next commit.
        """
        self._unmerged = False
        self._changed.release()
        try:
            with (outcome := Outcome()):
                database.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            self._changed.acquire()
        if outcome.error is not None and not isinstance(outcome.error, StorageError):
            raise outcome.error

    def _give_up(self) -> None:
        """Tells those who still wait that nobody will write their work any more."""
        with self._changed:
            left = list(self._queue)
            self._queue.clear()
            self._stopping = True
        for entry in left:
            entry.done(None, StorageError("The database was closed before this was saved."))

    def _wait(self, seconds: float) -> bool:
        """Pauses before another try; False when it is time to give up."""
        with self._changed:
            if not self._hurry and not self._stopping:
                self._changed.wait(seconds)
            self._hurry = False
            return not self._stopping
