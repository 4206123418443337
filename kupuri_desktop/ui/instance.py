"""Keeps one Kupuri per data folder; a second start hands its files over to the first and ends."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, Signal

from kupuri_desktop.core.handover import TAKEN, opening_message, socket_name

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

# The first one may still be starting; one that does not answer for so long is stuck.
_PATIENCE_MS = 15_000
_TRY_MS = 250
_LONGEST_MESSAGE = 256 * 1024


class Instance(QObject):
    """The claim of one process to a data folder.

    The lock file names its process, and a lock whose process is gone counts as free. The socket
    is the owner's alone, and what comes through it may raise the window and name files to open,
    nothing else.
    """

    raised = Signal()
    files_asked = Signal(list)
    """Absolute paths (str) that a second start was given."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._lock = QLockFile(str(folder / "instance.lock"))
        # A lock that is old is no sign of a crash: people leave Kupuri open for weeks.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Whether this process is the first on the folder, from now on. Makes the folder.

        Raises OSError where the folder cannot be made or written.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._lock.tryLock(0):
            return True
        if self._lock.error() == QLockFile.LockError.PermissionError:
            raise PermissionError(f"{self._folder} cannot be written.")
        return False

    def listen(self) -> None:
        """Begin to answer later starts; only after a successful `claim`."""
        # Only here: a claim comes before the database is open, and needs no network.
        from PySide6.QtNetwork import QLocalServer

        server = self._server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        name = socket_name(self._folder)
        # Whoever holds the lock owns the name: what lies there is left from a crash.
        QLocalServer.removeServer(name)
        server.listen(name)

    def hand_over(self, files: Sequence[str]) -> bool:
        """Ask the first to come to the front and open `files`; whether it has taken them.

        Returns False where the first ended meanwhile, and this one may claim the folder, or
        does not answer at all.
        """
        message = opening_message(files)
        deadline = QDeadlineTimer(_PATIENCE_MS)
        while not deadline.hasExpired():
            if self._send(message):
                return True
            if self._lock.tryLock(_TRY_MS):
                self._lock.unlock()
                return False
        return False

    def release(self) -> None:
        """Give the folder free."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _send(self, message: bytes) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(socket_name(self._folder))
        if not socket.waitForConnected(_TRY_MS):
            return False
        socket.write(message)
        taken = socket.waitForReadyRead(_PATIENCE_MS) and bytes(socket.readAll().data()) == TAKEN
        socket.abort()
        return taken

    def _answer(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST_MESSAGE:
                socket.abort()
            return
        files = parse(bytes(socket.readLine(_LONGEST_MESSAGE).data()))
        if files is None:
            socket.abort()
            return
        socket.write(TAKEN)
        socket.flush()
        self.raised.emit()
        if files:
            self.files_asked.emit(files)


def parse(message: bytes) -> list[str] | None:
    """The files that a second start asks to open; None for what is no such message."""
    try:
        data = json.loads(message)
    except ValueError:
        return None
    files = data.get("open") if isinstance(data, dict) else None
    if not isinstance(files, list):
        return None
    if not all(isinstance(file, str) and os.path.isabs(file) for file in files):
        return None
    return files
