"""Keeps backups of image bytes: one file each, named by its hash, written once and never again."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from kupuri_desktop.storage.copies import sync_folder

SPARE_BYTES = 512 * 2**20
"""Backups leave this much of the disk for the work itself."""


class ImageStore:
    """Images never change, so each is copied once, for however many backups."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, asset: str) -> Path:
        return self._folder / asset[:2] / asset

    def has(self, asset: str, size: int) -> bool:
        """Whether it is there in full length; `read` looks at each byte."""
        try:
            return self.path(asset).stat().st_size == size
        except OSError:
            return False

    def has_room(self, size: int) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return shutil.disk_usage(self._folder).free - size > SPARE_BYTES

    def put(self, asset: str, data: bytes) -> bool:
        """Writes it for good. False, and nothing written, where the bytes are not those named."""
        if hashlib.sha256(data).hexdigest() != asset:
            return False
        path = self.path(asset)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = path.with_name(f".{asset}.part")
        try:
            handle = os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        return True

    def settle(self, assets: Iterable[str]) -> None:
        """Makes the names of newly written files last through a power cut."""
        for folder in {self.path(asset).parent for asset in assets}:
            sync_folder(folder)

    def read(self, asset: str) -> bytes | None:
        """The bytes, or None where they are missing or not those that were stored."""
        try:
            data = self.path(asset).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == asset else None

    def all(self) -> Iterator[str]:
        if self._folder.is_dir():
            for folder in self._folder.iterdir():
                if folder.is_dir():
                    yield from (path.name for path in folder.iterdir() if path.name[0] != ".")

    def forget(self, asset: str) -> None:
        self.path(asset).unlink(missing_ok=True)
