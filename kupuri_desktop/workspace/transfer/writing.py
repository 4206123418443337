"""Writes one project as a `.kupuri` file: whole and under its name, or not at all."""

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import BaseModel

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.workspace.transfer.archive import (
    MANIFEST,
    MOST_ENTRIES,
    MOST_PARTS,
    MOST_RATIO,
    PREVIEW,
)
from kupuri_desktop.workspace.transfer.bounds import Tally
from kupuri_desktop.workspace.transfer.shapes import Manifest
from kupuri_desktop.workspace.unfinished import for_person

PART = 2**18
"""Letters of JSON after which a new part begins: one is parsed in a few milliseconds."""


@dataclass
class BundleWriter:
    """Use it as a context: leaving it well puts the file under its name, else it is removed.

    All methods block. Raises DiskFull, ReadOnly; UsageError where the project is too large for
    one file. What stood under the name before is replaced at the end, in one step.
    """

    path: Path
    _tally: Tally = field(default_factory=Tally)
    _parts: int = 0
    _assets: dict[str, int] = field(default_factory=dict)

    @property
    def assets(self) -> dict[str, int]:
        """The sizes of the images that are in it, by sha256."""
        return dict(self._assets)

    def __enter__(self) -> "BundleWriter":
        try:
            handle, name = tempfile.mkstemp(prefix=".kupuri-", dir=self.path.parent)
            self._unfinished = Path(name)
            self._file = os.fdopen(handle, "w+b")
            self._zip = zipfile.ZipFile(self._file, "w", allowZip64=True)
        except OSError as error:
            raise for_person(error, self.path.parent) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._zip.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._unfinished.chmod(0o644)
                os.replace(self._unfinished, self.path)
                _sync_folder(self.path.parent)
        except OSError as reason:
            raise for_person(reason, self.path.parent) from reason
        finally:
            # The directory of a file that is given up need not be written.
            self._zip.fp = None
            self._file.close()
            self._unfinished.unlink(missing_ok=True)

    def put_asset(self, sha256: str, data: bytes) -> None:
        """Images are packed already: they are stored as they are."""
        if sha256 not in self._assets:
            self._put(f"assets/{sha256}", data, zipfile.ZIP_STORED)
            self._assets[sha256] = len(data)

    def put_parts(self, kind: str, entries: Iterable[str]) -> None:
        """JSON values, as many to a part as fit."""
        for count, part in enumerate(_parted(entries), 1):
            self._put_json(f"{kind}/{count}.json", part)

    def put_preview(self, png: bytes) -> None:
        self._put(PREVIEW, png, zipfile.ZIP_STORED)

    def put_manifest(self, manifest: Manifest) -> None:
        self._put_json(MANIFEST, as_json(manifest).encode())

    def _put_json(self, name: str, text: bytes) -> None:
        self._parts += len(text)
        try:
            self._tally.add(text)
        except ValueError as error:
            raise _too_large() from error
        if self._parts > MOST_PARTS or len(self._assets) > MOST_ENTRIES - 1000:
            raise _too_large()
        # Text that packs suspiciously well is stored as it is, for whoever reads it to trust it.
        small = len(zlib.compress(text)) * MOST_RATIO < len(text) * 2
        self._put(name, text, zipfile.ZIP_STORED if small else zipfile.ZIP_DEFLATED)

    def _put(self, name: str, data: bytes, method: int) -> None:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = method
        entry.external_attr = 0o100644 << 16
        try:
            self._zip.writestr(entry, data)
        except OSError as error:
            raise for_person(error, self.path.parent) from error


def as_json(value: Any) -> str:
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parted(entries: Iterable[str]) -> Iterator[bytes]:
    waiting: list[str] = []
    size = 0
    for entry in entries:
        waiting.append(entry)
        size += len(entry)
        if size > PART:
            yield f"[{','.join(waiting)}]".encode()
            waiting, size = [], 0
    if waiting:
        yield f"[{','.join(waiting)}]".encode()


def _too_large() -> UsageError:
    return UsageError(
        "This project is too large for one file.",
        hint="Move a part of it into another project, and export both.",
        kept="The project is as it was; no file was written.",
    )


def _sync_folder(folder: Path) -> None:
    """The name is on the disk as well; Windows has no such handle on folders and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
