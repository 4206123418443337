"""What drags of other programs bring, and that what they bring stays theirs."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QMimeData, QMimeDatabase, Qt
from PySide6.QtGui import QDropEvent

_NAMELESS = "application/octet-stream"


def accept_copy(event: QDropEvent) -> None:
    """Accepts a drag, or what it lets fall, as a copy wherever its program allows one.

    A file manager may propose to move, and would then take the files away afterwards.
    """
    if event.possibleActions() & Qt.DropAction.CopyAction:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
    else:
        event.acceptProposedAction()


def files_in(mime: QMimeData) -> list[str]:
    """The paths of files and folders of this machine."""
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def picture_without_a_kind(mime: QMimeData, kinds: Container[str]) -> bytes:
    """The bytes of a picture of which nobody says what it is, if it is of these MIME types.

    Chromium gives the file that it shows, byte for byte, beside its address. Source: seen at
    Chromium 150 on X11, a picture dragged out of a page.
    """
    data = bytes(mime.data(_NAMELESS).data()) if mime.hasFormat(_NAMELESS) else b""
    return data if QMimeDatabase().mimeTypeForData(data).name() in kinds else b""
