"""Keeps a data folder to one Kupuri at a time; the system takes the lock back from the dead."""

import os
import sys
import time
from pathlib import Path

from kupuri_desktop.core.errors import DatabaseBusy

LOCK_NAME = "kupuri.lock"
WAIT_SECONDS = 5.0

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """Held from `take` to `release`, or until the process ends in whatever way."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._handle: int | None = None

    def take(self, wait: float = WAIT_SECONDS) -> None:
        """Blocks up to `wait` seconds. Raises DatabaseBusy where another Kupuri holds it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        deadline = time.monotonic() + wait
        while True:
            try:
                _take(handle)
            except OSError as error:
                if time.monotonic() >= deadline:
                    os.close(handle)
                    raise DatabaseBusy(
                        "Kupuri is already open with this data folder.",
                        hint="Close the other Kupuri, or choose another data folder.",
                        kept="Nothing was changed.",
                        details=str(error),
                    ) from error
                time.sleep(0.05)
            else:
                self._handle = handle
                return

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def is_held(folder: Path) -> bool:
    """Whether another Kupuri has the folder open now. Makes nothing."""
    try:
        handle = os.open(folder / LOCK_NAME, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return False
    try:
        _take(handle)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
