"""A file that gets its name only when it is whole; given up, it leaves nothing behind."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from kupuri_desktop.core.errors import DiskFull, ReadOnly


class Unfinished:
    """Beside the place that it will have, under a name that starts with a dot.

    Raises DiskFull, ReadOnly. For any thread, one at a time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(prefix=".kupuri-", suffix=".part", dir=folder)
        except OSError as error:
            raise for_person(error, folder) from error
        self._path = Path(path)
        self.file = os.fdopen(handle, "w+b")

    def settle(self, stem: str, ending: str) -> Path:
        """Gives the file its name, or `stem-2.ending` and so on where that is taken."""
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            number = 1
            while True:
                name = f"{stem}.{ending}" if number == 1 else f"{stem}-{number}.{ending}"
                if _claim(self._path, self._folder / name):
                    return self._folder / name
                number += 1
        except OSError as error:
            raise for_person(error, self._folder) from error

    def discard(self) -> None:
        """Leaves nothing of what has not settled; nothing happens after `settle`."""
        # The last bytes may not fit on the disk either.
        with contextlib.suppress(OSError):
            self.file.close()
        self._path.unlink(missing_ok=True)


def for_person(error: OSError, folder: Path) -> DiskFull | ReadOnly:
    """The sentence for a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(
            f"There is no room left for files in {folder}.",
            hint="Free some space and try again.",
            kept="The images are still on the canvas.",
        )
    return ReadOnly(
        f"Files cannot be written to {folder}.",
        hint="Choose another folder.",
        kept="The images are still on the canvas.",
        details=str(error),
    )


def _claim(unfinished: Path, path: Path) -> bool:
    """Gives a whole file its name unless somebody has that; whether it did.

    Hard links are atomic where there are any.
    """
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return False
    except OSError:
        if path.exists():
            return False
        os.replace(unfinished, path)
    path.chmod(0o644)
    return True
