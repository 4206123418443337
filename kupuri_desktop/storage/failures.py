"""Turns what SQLite and the system say about the disk into errors for people."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from kupuri_desktop.core.errors import (
    Action,
    Conflict,
    DatabaseBusy,
    DatabaseDamaged,
    DiskFull,
    KupuriError,
    Mend,
    NotFound,
    ReadOnly,
    StorageError,
)

SAVE_COPY = Action(Mend.SAVE_COPY, "Save a copy elsewhere")
KEPT = "Your work is kept in memory and is saved as soon as that is possible."

NOT_DONE = "This was not stored; everything that was saved before is."

NOT_TEXT = "a text is not UTF-8"

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def of_one_write(error: BaseException | None) -> None:
    """Corrects the promise of an error whose write is not kept in the queue."""
    if isinstance(error, StorageError) and error.kept == KEPT:
        error.kept = NOT_DONE


def disk_full(details: str) -> DiskFull:
    return DiskFull(
        "There is no room left on the disk.",
        hint="Free some space, or save a copy on another disk.",
        kept=KEPT,
        action=SAVE_COPY,
        details=details,
    )


def read_only(details: str) -> ReadOnly:
    return ReadOnly(
        "The data folder cannot be written.",
        hint="Check its permissions, or choose another folder.",
        kept=KEPT,
        details=details,
    )


def damaged(details: str, message: str = "Kupuri's database is damaged.") -> DatabaseDamaged:
    return DatabaseDamaged(
        message,
        hint="Restore a backup, or save all that can still be read.",
        kept="The damaged file is left as it is.",
        details=details,
    )


def busy(details: str) -> DatabaseBusy:
    return DatabaseBusy(
        "Another program is using Kupuri's database.",
        hint="Close the other program, then try again.",
        kept=KEPT,
        details=details,
    )


def translate(error: BaseException) -> KupuriError | None:
    """The error for a person, or None for what is no matter of the disk: a fault of the program.

    SQLite's result codes: https://www.sqlite.org/rescode.html (the low byte is the primary one).
    """
    if isinstance(error, KupuriError):
        return error
    if isinstance(error, OSError):
        return _translate_system(error)
    if isinstance(error, UnicodeDecodeError):
        # SQLite quotes what it finds, and Python's module cannot read the quotation.
        return damaged(NOT_TEXT)
    cause = _sqlite_error(error)
    if cause is None:
        return None
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return damaged(NOT_TEXT) if is_not_text(cause) else None
    details = f"{getattr(cause, 'sqlite_errorname', code)}: {cause}"
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return disk_full(details)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return read_only(details)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy(details)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(details)
        case sqlite3.SQLITE_ERROR if "unsupported file format" in str(cause):
            # The header names a format that no SQLite has: https://www.sqlite.org/fileformat2.html
            return damaged(details)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_NOMEM | sqlite3.SQLITE_PROTOCOL:
            return StorageError(
                "The disk did not do what it was asked.",
                hint="Check the disk and its cable, or save a copy on another disk.",
                kept=KEPT,
                action=SAVE_COPY,
                details=details,
            )
        case sqlite3.SQLITE_CONSTRAINT if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            return NotFound("What this belongs to is not there any more.", details=details)
        case sqlite3.SQLITE_CONSTRAINT:
            return Conflict("This is there already.", details=details)
        case _:
            return None


def is_not_text(error: BaseException) -> bool:
    """Whether Python's module could not read a text that SQLite found whole."""
    return isinstance(error, sqlite3.OperationalError) and "decode to UTF-8" in str(error)


class Outcome:
    """Takes whatever a block raises, for handing it to those who wait in another thread.

    error: None where it went well; a KupuriError where the disk is to blame; else as raised.
    """

    error: BaseException | None = None

    def __enter__(self) -> "Outcome":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is not None:
            told = translate(error)
            if told is not None and told is not error:
                told.__cause__ = error
            self.error = told or error
        return True


@contextmanager
def for_people() -> Iterator[None]:
    """Raises inside errors as KupuriError where the disk is to blame; others go on as they are."""
    try:
        yield
    except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
        told = translate(error)
        if told is None:
            raise
        raise told from error


def _translate_system(error: OSError) -> KupuriError:
    details = f"{errno.errorcode.get(error.errno or 0, '?')}: {error.strerror}"
    if error.errno in _FULL:
        return disk_full(details)
    if error.errno in _FORBIDDEN:
        return read_only(details)
    return StorageError(
        "A file could not be read or written.", hint="Check the disk.", details=details
    )


def _sqlite_error(error: BaseException) -> sqlite3.Error | None:
    """SQLite's own error; peewee's has it as `orig`."""
    if isinstance(error, sqlite3.Error):
        return error
    original = getattr(error, "orig", None)
    return original if isinstance(original, sqlite3.Error) else None
