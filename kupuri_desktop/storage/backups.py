"""Automatic and wanted backups: made, listed, verified and thinned out with their age."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kupuri_desktop.core.errors import NotFound
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage import backup_files
from kupuri_desktop.storage.backup_files import Backup, Reason
from kupuri_desktop.storage.copies import check_file, forget
from kupuri_desktop.storage.failures import for_people
from kupuri_desktop.storage.image_store import ImageStore
from kupuri_desktop.storage.thinning import worth_keeping

Progressed = Callable[[int, int], object]
"""Called, from another thread, with the number of images done and of all."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a look at every byte of a backup found. `missing` and `damaged` are ids of images."""

    backup: Backup
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not (self.problems or self.missing or self.damaged)


@dataclass
class Backups:
    """All calls but `stop` take their time in a thread. The database may be open or not."""

    folder: DataFolder
    _stop: threading.Event = field(default_factory=threading.Event)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def store(self) -> ImageStore:
        return ImageStore(self.folder.backups / "images")

    async def list(self) -> "list_of_backups":
        """The newest first."""
        return await asyncio.to_thread(list_backups, self.folder)

    async def make(
        self, reason: Reason = Reason.BY_HAND, progressed: Progressed = lambda done, total: None
    ) -> Backup:
        """A verified backup of now; then older ones are thinned out.

        The rows are safe first; `missing` tells how many images were not copied for want of
        room, for damage, or because of `stop`. Raises KupuriError, DatabaseDamaged among them:
        then there is no new backup, and no old one was touched.
        """
        async with self._one:
            return await asyncio.to_thread(
                make_backup, self.folder, reason, self._stop.is_set, progressed
            )

    async def verify(
        self, backup_id: str, progressed: Progressed = lambda done, total: None
    ) -> BackupReport:
        """Looks at every byte. Raises NotFound."""
        return await asyncio.to_thread(verify_backup, self.folder, backup_id, progressed)

    async def delete(self, backup_id: str) -> None:
        """Raises NotFound."""
        async with self._one:
            await asyncio.to_thread(_delete, self.folder, backup_id)

    def stop(self) -> None:
        """Ends the copying of images after the one at hand."""
        self._stop.set()


list_of_backups = list[Backup]


def backup_path(folder: DataFolder, backup_id: str) -> Path:
    """Raises NotFound for what is not the id of a backup that is there."""
    path = folder.backups / backup_id
    if backup_files.parse_name(backup_id) is None or not path.is_file():
        raise NotFound("There is no such backup.", details=backup_id)
    return path


def list_backups(folder: DataFolder) -> list[Backup]:
    if not folder.backups.is_dir():
        return []
    with for_people():
        found = [backup_files.describe(path) for path in folder.backups.iterdir()]
    known = [backup for backup in found if backup is not None]
    return sorted(known, key=lambda backup: backup.made, reverse=True)


def back_up_rows(folder: DataFolder, reason: Reason) -> Path:
    """A verified backup of all rows; images stay where they are, and where they were copied."""
    with for_people():
        folder.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder.backups / backup_files.file_name(datetime.now(UTC), reason)
        backup_files.copy_rows(folder.database, path)
        return path


def make_backup(
    folder: DataFolder,
    reason: Reason,
    stopped: Callable[[], bool] = lambda: False,
    progressed: Progressed = lambda done, total: None,
) -> Backup:
    with for_people():
        path = back_up_rows(folder, reason)
        store = ImageStore(folder.backups / "images")
        backup_files.copy_images(folder.database, path, store, stopped, progressed)
        thin_out(folder, datetime.now(UTC))
    made = backup_files.describe(path)
    if made is None:
        raise NotFound("The backup is gone again.", details=path.name)
    return made


def verify_backup(
    folder: DataFolder, backup_id: str, progressed: Progressed = lambda done, total: None
) -> BackupReport:
    path = backup_path(folder, backup_id)
    backup = backup_files.describe(path)
    if backup is None:
        broken = Backup(backup_id, datetime.now(UTC), Reason.BY_HAND, 0, 0, 0, 0)
        return BackupReport(broken, ("The file cannot be opened.",))
    problems = check_file(path)
    missing: list[str] = []
    damaged: list[str] = []
    store = ImageStore(folder.backups / "images")
    if not problems:
        images = backup_files.images_of(path)
        for done, (asset, _) in enumerate(images, 1):
            if store.read(asset) is None:
                (damaged if store.path(asset).exists() else missing).append(asset)
            progressed(done, len(images))
    return BackupReport(backup, tuple(problems), tuple(missing), tuple(damaged))


def thin_out(folder: DataFolder, now: datetime) -> list[str]:
    """Deletes what is not worth keeping any more; returns the ids of what went.

    Backups that somebody asked for stay. The newest that has all its images stays too.
    """
    backups = list_backups(folder)
    automatic = [backup for backup in backups if backup.reason is not Reason.BY_HAND]
    kept = worth_keeping([backup.made for backup in automatic], now)
    whole = next((backup for backup in backups if not backup.missing), None)
    going = [backup for backup in automatic if backup.made not in kept and backup is not whole]
    for backup in going:
        forget(folder.backups / backup.id)
    if going:
        _forget_unused_images(folder)
    return [backup.id for backup in going]


def _delete(folder: DataFolder, backup_id: str) -> None:
    with for_people():
        forget(backup_path(folder, backup_id))
        _forget_unused_images(folder)


def _forget_unused_images(folder: DataFolder) -> None:
    """Only what no backup refers to; a backup that cannot be read might refer to anything."""
    paths = [path for path in folder.backups.iterdir() if backup_files.parse_name(path.name)]
    if any(backup_files.describe(path) is None for path in paths):
        return
    used = {asset for path in paths for asset, _ in backup_files.images_of(path)}
    store = ImageStore(folder.backups / "images")
    for asset in list(store.all()):
        if asset not in used:
            store.forget(asset)
