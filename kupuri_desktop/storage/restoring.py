"""Brings a backup back, with all its images, in the place of the present database."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage import backup_files
from kupuri_desktop.storage.backup_files import Backup, Reason
from kupuri_desktop.storage.backups import Progressed, backup_path, make_backup
from kupuri_desktop.storage.copies import check_file, forget
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.failures import damaged, for_people
from kupuri_desktop.storage.header import UNREADABLE
from kupuri_desktop.storage.image_store import ImageStore
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.marks import CLOSED_CLEANLY
from kupuri_desktop.storage.newer import is_newer
from kupuri_desktop.storage.setting_aside import coming, finish_replacing, replace_database

BATCH_BYTES = 64 * 2**20

ReadImage = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """lost: ids of images that neither the backup nor the old file had whole.

    before: the backup made of the old file first, if it was whole. aside: where the old file
    is kept, if it was not.
    """

    backup: Backup
    lost: tuple[str, ...]
    before: Backup | None
    aside: Path | None


async def restore(
    folder: DataFolder, backup_id: str, progressed: Progressed = lambda done, total: None
) -> RestoreReport:
    """Puts a backup in the place of the database. The storage must be closed.

    The old file is backed up first; if it is damaged it is set aside whole instead. Raises
    NotFound, DatabaseBusy, DatabaseDamaged (of the backup), DiskFull: nothing is changed then.
    """
    return await asyncio.to_thread(_restore, folder, backup_id, progressed)


def _restore(folder: DataFolder, backup_id: str, progressed: Progressed) -> RestoreReport:
    lock = FolderLock(folder.root)
    with for_people():
        lock.take()
        try:
            finish_replacing(folder)
            path = backup_path(folder, backup_id)
            if problems := check_file(path):
                raise damaged("; ".join(problems[:5]), "This backup is damaged.")
            backup = backup_files.describe(path)
            assert backup is not None
            before = _backup_if_whole(folder)
            lost = _build(folder, path, progressed)
            aside = replace_database(folder)
            if aside is not None and before is not None and not before.missing:
                shutil.rmtree(aside)
                aside = None
            return RestoreReport(backup, tuple(lost), before, aside)
        finally:
            lock.release()


def _backup_if_whole(folder: DataFolder) -> Backup | None:
    # A newer Kupuri's data are set aside as they are: this one cannot say whether they are whole.
    if not folder.database.exists() or is_newer(folder) or Check(folder.database).run():
        return None
    try:
        return make_backup(folder, Reason.RESTORE)
    except KupuriError:
        # No room, or damage after all: the old file is kept whole instead.
        return None


def _build(folder: DataFolder, backup: Path, progressed: Progressed) -> list[str]:
    """Makes the whole database at `coming`; returns the ids of images that could not be had."""
    target = coming(folder)
    forget(target)
    try:
        shutil.copyfile(backup, target)
        target.chmod(0o600)
        store = ImageStore(folder.backups / "images")
        with ExitStack() as stack:
            readers: list[ReadImage] = [store.read]
            if folder.database.exists():
                readers.append(stack.enter_context(_present_images(folder.database)))
            connection = stack.enter_context(closing(sqlite3.connect(target, isolation_level=None)))
            lost = _fill_images(connection, readers, progressed)
            _finish(connection)
        if problems := check_file(target):
            raise damaged("; ".join(problems[:5]), "The restored database is not whole.")
    except BaseException:
        forget(target)
        raise
    return lost


@contextmanager
def _present_images(path: Path) -> Iterator[ReadImage]:
    """The images of the present database, as far as they can be read; it may be damaged."""
    with ExitStack() as stack:
        try:
            read = stack.enter_context(backup_files.originals(path))
        except UNREADABLE:
            yield lambda asset: None
            return

        def careful(asset: str) -> bytes | None:
            try:
                data = read(asset)
            except UNREADABLE:
                return None
            return data if data is not None and asset_id(data) == asset else None

        yield careful


def _fill_images(
    connection: sqlite3.Connection, readers: list[ReadImage], progressed: Progressed
) -> list[str]:
    lost: list[str] = []
    images = connection.execute("SELECT number, id FROM asset ORDER BY number").fetchall()
    waiting = 0
    connection.execute("BEGIN")
    for done, (number, asset) in enumerate(images, 1):
        data = next((found for read in readers if (found := read(asset)) is not None), None)
        if data is None:
            lost.append(asset)
        else:
            connection.execute("INSERT INTO original (number, data) VALUES (?, ?)", (number, data))
            waiting += len(data)
        if waiting > BATCH_BYTES:
            connection.execute("COMMIT")
            connection.execute("BEGIN")
            waiting = 0
        progressed(done, len(images))
    connection.execute("COMMIT")
    return lost


def _finish(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    connection.execute("UPDATE asset SET levels = 0 WHERE problem = ''")
    connection.execute("DELETE FROM mark WHERE name = ?", (backup_files.MISSING_MARK,))
    connection.execute(
        "INSERT OR REPLACE INTO mark (name, value) VALUES (?, 'yes')", (CLOSED_CLEANLY,)
    )
    connection.execute("INSERT INTO words_index (words_index) VALUES ('rebuild')")
    connection.execute("COMMIT")
