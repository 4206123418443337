"""Opens a zip file that may be hostile: its directory is checked before anything is unpacked.

Nothing is ever written to the disk by the names in it. What is checked follows the known
attacks: names that leave the folder, links, entries that overlap or unpack to far more than
they are (https://www.bamsoftware.com/hacks/zipbomb/), doubled names, encryption.
"""

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO

from kupuri_desktop.workspace.transfer.bounds import cleaned, hostile

MOST_ENTRIES = 60_000
MOST_DIRECTORY = 8 * 2**20
MOST_ASSET = 256 * 2**20
MOST_MANIFEST = 16 * 2**20
MOST_PART = 32 * 2**20
MOST_PARTS = 256 * 2**20
MOST_RATIO = 200
RATIO_COUNTS_FROM = 2**20
CHUNK = 2**20

MANIFEST, PREVIEW = "manifest.json", "preview.png"

_PART = re.compile(r"(items|chats|jobs)/[1-9][0-9]{0,5}\.json")
_ASSET = re.compile(r"assets/[0-9a-f]{64}")
_FOLDER = re.compile(r"(items|chats|jobs|assets)/")
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1


class Archive:
    """A bundle whose directory is sound. `assets` maps hashes to sizes in bytes."""

    def __init__(self, name: str, file: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]):
        self._name = name
        self._file = file
        self._entries = entries
        self.assets = MappingProxyType(
            {
                key.removeprefix("assets/"): entry.file_size
                for key, entry in entries.items()
                if key.startswith("assets/")
            }
        )

    def parts(self, kind: str) -> list[str]:
        """The names of the parts of a kind (`items`, `chats`, `jobs`), in their order."""
        found = [name for name in self._entries if name.startswith(f"{kind}/")]
        return sorted(found, key=lambda name: int(Path(name).stem))

    def read(self, name: str) -> bytes:
        """Raises HostileFile where the entry is missing or damaged."""
        return b"".join(self._chunks(name))

    def asset(self, sha256: str) -> bytes:
        return self.read(f"assets/{sha256}")

    def verify(self, sha256: str) -> None:
        """Reads an asset piece by piece. Raises HostileFile where its hash is another."""
        digest = hashlib.sha256()
        for chunk in self._chunks(f"assets/{sha256}"):
            digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise hostile(self._name, "an image in it is not the one it says.")

    def verify_preview(self) -> None:
        """Nothing shows it yet, but a bundle is whole or it is none. It may be missing."""
        if PREVIEW in self._entries:
            self.read(PREVIEW)

    def _chunks(self, name: str) -> Iterator[bytes]:
        entry = self._entries.get(name)
        if entry is None:
            raise hostile(self._name, f"“{cleaned(name)}” is missing in it.")
        left = entry.file_size
        with _damage_told(self._name), self._file.open(entry) as stream:
            while chunk := stream.read(min(CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise hostile(self._name, "it unpacks to more than it says.")
                yield chunk
        if left:
            raise hostile(self._name, "it is cut off.")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Raises HostileFile; OSError where the file itself cannot be read."""
    with path.open("rb") as raw:
        with _damage_told(path.name):
            file = zipfile.ZipFile(_Sparing(path.name, raw))
        with file:
            yield Archive(path.name, file, _checked(path.name, file))


class _Sparing:
    """A file that hands out no more at once than a sound directory needs.

    zipfile reads the whole directory by the length that the file itself gives.
    """

    def __init__(self, name: str, raw: IO[bytes]) -> None:
        self._name = name
        self._raw = raw
        self.seek = raw.seek
        self.tell = raw.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > MOST_DIRECTORY:
            raise hostile(self._name, "its directory is too large.")
        data = self._raw.read(MOST_DIRECTORY + 1 if size < 0 else size)
        if len(data) > MOST_DIRECTORY:
            raise hostile(self._name, "its directory is too large.")
        return data

    def close(self) -> None:
        """The one who opened the file closes it."""


def _checked(name: str, file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = file.infolist()
    if len(entries) > MOST_ENTRIES:
        raise hostile(name, "there are too many files in it.")
    known: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        _check(name, entry)
        if entry.filename in known:
            raise hostile(name, f"“{cleaned(entry.filename)}” is in it twice.")
        known[entry.filename] = entry
    _check_places(name, entries, file.start_dir)
    parts = sum(e.file_size for key, e in known.items() if not key.startswith("assets/"))
    if parts > MOST_PARTS:
        raise hostile(name, "there is too much text in it.")
    return {key: entry for key, entry in known.items() if not key.endswith("/")}


def _check(name: str, entry: zipfile.ZipInfo) -> None:
    # zipfile cuts names at NUL and turns backslashes; the name as stored is what counts.
    stored = entry.orig_filename
    most = _most(stored)
    if most is None or stored != entry.filename:
        raise hostile(name, f"“{cleaned(stored)}” has no place in it.")
    if entry.flag_bits & _ENCRYPTED:
        raise hostile(name, "it is locked with a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise hostile(name, "it is packed in a way that is not used here.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) and not (entry.is_dir() and kind == stat.S_IFDIR):
        raise hostile(name, "there is a link in it.")
    if entry.file_size > most:
        raise hostile(name, f"“{cleaned(stored)}” is too large.")
    large = entry.file_size > RATIO_COUNTS_FROM
    if large and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise hostile(name, "it unpacks to far more than it is.")


def _most(stored: str) -> int | None:
    """The bytes that an entry of that name may have; None for names that are not used."""
    if stored == MANIFEST:
        return MOST_MANIFEST
    if stored == PREVIEW or _PART.fullmatch(stored):
        return MOST_PART
    if _ASSET.fullmatch(stored):
        return MOST_ASSET
    return 0 if _FOLDER.fullmatch(stored) else None


def _check_places(name: str, entries: list[zipfile.ZipInfo], end: int) -> None:
    """Each entry's bytes are its own: the same ones cannot be unpacked over and over."""
    reached = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < reached:
            raise hostile(name, "files in it overlap.")
        reached = entry.header_offset + _LOCAL_HEADER + len(entry.filename) + entry.compress_size
    if reached > end:
        raise hostile(name, "it is cut off.")


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    """zipfile raises whatever its parts raise on damaged files."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        struct.error,
        EOFError,
        ValueError,
        OverflowError,
        IndexError,
        OSError,
    ) as error:
        raise hostile(name, "it is damaged.") from error
