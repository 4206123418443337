"""Speaks to the window that has the data folder open: whether it answers, and files to open."""

import io
import socket
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from kupuri_desktop.core.errors import DatabaseBusy
from kupuri_desktop.core.handover import TAKEN, opening_message, socket_name
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.lock import is_held

SECONDS = 15.0
"""How long a window may take to answer: it may still be starting."""


def answers(folder: DataFolder) -> bool:
    """Whether a window has the folder open. It is not disturbed. Blocks."""
    if not is_held(folder.root):
        return False
    try:
        with closing(_Line(folder.root)):
            return True
    except OSError:
        return False


def hand_over(folder: DataFolder, files: Sequence[Path]) -> bool:
    """Has the window come to the front and open files; False where none took them. Blocks."""
    try:
        with closing(_Line(folder.root)) as line:
            return line.ask(opening_message(files)) == TAKEN
    except OSError:
        return False


def window_is_open() -> DatabaseBusy:
    """What a command says that would have to write where the window writes."""
    return DatabaseBusy(
        "Kupuri's window is open with this data folder, and one Kupuri alone may write to it.",
        hint="Type the wish in the window, close the window first, or name another folder"
        " with --data FOLDER.",
        kept="Nothing was changed.",
    )


class _Line:
    """The connection to a window. Raises OSError where there is none."""

    def __init__(self, folder: Path) -> None:
        name = socket_name(folder)
        if sys.platform == "win32":
            # QLocalServer is a named pipe there: https://doc.qt.io/qt-6/qlocalserver.html
            self._file: io.RawIOBase = io.FileIO(rf"\\.\pipe\{name}", "r+")
            return
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(SECONDS)
            line.connect(name)
            self._file = line.makefile("rwb", buffering=0)
        finally:
            # The file keeps the connection open as long as it is needed.
            line.close()

    def ask(self, message: bytes) -> bytes:
        self._file.write(message)
        return self._file.readline()

    def close(self) -> None:
        self._file.close()
