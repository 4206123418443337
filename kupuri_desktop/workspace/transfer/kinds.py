"""Tells by the contents of a file who wrote it, and chooses who reads it."""

from contextlib import AbstractContextManager
from pathlib import Path

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.workspace.transfer.beeref import TABLES, open_beeref
from kupuri_desktop.workspace.transfer.bounds import NOTHING_CHANGED, cleaned, hostile
from kupuri_desktop.workspace.transfer.excalidraw import open_excalidraw
from kupuri_desktop.workspace.transfer.folders import open_folder
from kupuri_desktop.workspace.transfer.jaaz import open_jaaz, prefix_of
from kupuri_desktop.workspace.transfer.parcel import Contents
from kupuri_desktop.workspace.transfer.reading import open_bundle
from kupuri_desktop.workspace.transfer.sqlite_files import is_regular, is_sqlite, open_foreign

ENDINGS = frozenset({".kupuri", ".bee", ".excalidraw", ".db", ".sqlite"})
"""What a file of projects may end with; others are taken for images."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SPACE = b"\xef\xbb\xbf \t\r\n"


def reader_for(path: Path) -> AbstractContextManager[Contents]:
    """Raises UsageError, HostileFile for what nobody here reads; OSError."""
    if path.is_dir():
        return open_folder(path)
    if not is_regular(path):
        raise hostile(path.name, "it is no file.")
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(_ZIP):
        return open_bundle(path)
    if is_sqlite(head):
        with open_foreign(path) as database:
            tables = database.tables()
        if prefix_of(tables) is not None:
            return open_jaaz(path)
        if tables >= TABLES:
            return open_beeref(path)
        raise hostile(path.name, "it is a database of another program.")
    if head.lstrip(_SPACE).startswith(b"{"):
        return open_excalidraw(path)
    if path.suffix.lower() in ENDINGS:
        raise hostile(path.name, "it is empty or damaged.")
    raise UsageError(
        f"“{cleaned(path.name)}” is no file of projects.",
        hint="Taken in are .kupuri, .bee and .excalidraw files, Jaaz's database, and folders"
        " of images; a single image is opened with `kupuri FILE`.",
        kept=NOTHING_CHANGED,
    )
