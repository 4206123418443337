"""Makes, checks and reads single backups: all rows in one small database, images beside it.

A backup's cost is that of what people wrote, not of their images: tables of images are left out,
and each image is copied once into a store that all backups share.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from kupuri_desktop.storage.copies import made_whole
from kupuri_desktop.storage.failures import damaged
from kupuri_desktop.storage.header import APPLICATION_ID, UNREADABLE, as_bytes, open_read_only
from kupuri_desktop.storage.image_store import ImageStore

LEFT_OUT = ("original", "level", "micro")
"""Tables whose rows are in the image store, or can be made again."""

MISSING_MARK = "backup_missing_images"
_STAMP = "%Y%m%dT%H%M%S%fZ"


class Reason(Enum):
    AUTOMATIC = "automatic"
    MIGRATION = "before-migration"
    RESTORE = "before-restore"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup. `id` is its file's name; size in bytes without the images it shares.

    images: how many it has; missing: how many of them are not in the image store (yet).
    """

    id: str
    made: datetime
    reason: Reason
    size: int
    images: int
    missing: int
    schema: int


def file_name(made: datetime, reason: Reason) -> str:
    return f"kupuri-{made.strftime(_STAMP)}-{reason.value}.db"


def parse_name(name: str) -> tuple[datetime, Reason] | None:
    """None for a file that is no backup of ours."""
    stem, dot, ending = name.partition(".")
    parts = stem.split("-", 2)
    if dot and ending == "db" and len(parts) == 3 and parts[0] == "kupuri":
        try:
            return datetime.strptime(parts[1], _STAMP).replace(tzinfo=UTC), Reason(parts[2])
        except ValueError:
            return None
    return None


def describe(path: Path) -> Backup | None:
    """None for what is no backup, or cannot be opened."""
    named = parse_name(path.name)
    if named is None:
        return None
    try:
        with closing(open_read_only(path, immutable=True)) as connection:
            (schema,) = connection.execute("PRAGMA user_version").fetchone()
            (images,) = connection.execute("SELECT count(*) FROM asset").fetchone()
            found = connection.execute(
                "SELECT value FROM mark WHERE name = ?", (MISSING_MARK,)
            ).fetchone()
        size = path.stat().st_size
    except (*UNREADABLE, OSError):
        return None
    return Backup(path.name, *named, size, images, int(found[0]) if found else images, schema)


def copy_rows(source: Path, target: Path) -> None:
    """Writes all rows but the images' of one moment of `source` to a new, checked file.

    Raises DatabaseDamaged where the source cannot be read in full, DiskFull and its like where
    the target cannot be written; nothing is left at `target` then.
    """
    with (
        made_whole(target, "The backup is not whole, so it was not kept.") as aside,
        closing(sqlite3.connect(aside, isolation_level=None, uri=True)) as connection,
    ):
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("ATTACH ? AS source", (f"{source.absolute().as_uri()}?mode=ro",))
        _copy_tables(connection)


def _copy_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    schema = connection.execute(
        "SELECT type, name, sql FROM source.sqlite_master WHERE sql IS NOT NULL"
    ).fetchall()
    virtual = [name for kind, name, sql in schema if _is_virtual(sql)]
    tables = [
        (name, sql)
        for kind, name, sql in schema
        if kind == "table" and not _belongs_to(name, virtual) and not name.startswith("sqlite_")
    ]
    for name, sql in tables:
        connection.execute(sql)
        if name not in LEFT_OUT:
            connection.execute(f'INSERT INTO main."{name}" SELECT * FROM source."{name}"')
            _compare_counts(connection, name)
    # Search comes last and empty: its words are indexed when the backup is restored.
    for kind, _, sql in sorted(schema, key=lambda row: row[0] != "index"):
        if kind in ("index", "trigger") or _is_virtual(sql):
            connection.execute(sql)
    (version,) = connection.execute("PRAGMA source.user_version").fetchone()
    connection.execute(f"PRAGMA main.user_version = {version}")
    connection.execute(f"PRAGMA main.application_id = {APPLICATION_ID}")
    connection.execute(
        "INSERT OR REPLACE INTO main.mark (name, value) SELECT ?, count(*) FROM main.asset",
        (MISSING_MARK,),
    )
    connection.execute("COMMIT")


def _compare_counts(connection: sqlite3.Connection, table: str) -> None:
    counts = [
        connection.execute(f'SELECT count(*) FROM {side}."{table}"').fetchone()[0]
        for side in ("main", "source")
    ]
    if counts[0] != counts[1]:
        raise damaged(f"{table}: {counts[1]} rows, {counts[0]} readable")


def _is_virtual(sql: str) -> bool:
    return sql.lstrip().upper().startswith("CREATE VIRTUAL")


def _belongs_to(name: str, virtual: list[str]) -> bool:
    """A virtual table, or one of those that it keeps its index in; they are made again."""
    return any(name == owner or name.startswith(f"{owner}_") for owner in virtual)


def images_of(backup: Path) -> list[tuple[str, int]]:
    """The ids and sizes in bytes of all images that the backup refers to."""
    with closing(open_read_only(backup, immutable=True)) as connection:
        return connection.execute("SELECT id, size FROM asset ORDER BY number").fetchall()


def set_missing(backup: Path, missing: int) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("UPDATE mark SET value = ? WHERE name = ?", (str(missing), MISSING_MARK))


@contextmanager
def originals(source: Path) -> Iterator[Callable[[str], bytes | None]]:
    """Gives a function that reads an image's bytes from the database by its id."""
    with closing(open_read_only(source)) as connection:

        def read(asset: str) -> bytes | None:
            row = connection.execute(
                "SELECT data FROM original WHERE number = (SELECT number FROM asset WHERE id = ?)",
                (asset,),
            ).fetchone()
            return None if row is None else as_bytes(row[0])

        yield read


def copy_images(
    source: Path,
    backup: Path,
    store: ImageStore,
    stopped: Callable[[], bool],
    progressed: Callable[[int, int], object],
) -> int:
    """Copies what the store lacks of the backup's images; returns how many it lacks then.

    Stops early when told to, or when the disk gets full; the next backup goes on from there.
    """
    wanted = images_of(backup)
    lacking = [(asset, size) for asset, size in wanted if not store.has(asset, size)]
    written: list[str] = []
    missing = 0
    with originals(source) as read:
        for done, (asset, size) in enumerate(lacking):
            if stopped() or not store.has_room(size):
                missing += len(lacking) - done
                break
            try:
                data = read(asset)
            except UNREADABLE:
                # A damaged image is told by whoever reads it; the others can still be copied.
                data = None
            if data is not None and store.put(asset, data):
                written.append(asset)
            else:
                missing += 1
            progressed(done + 1, len(lacking))
    store.settle(written)
    set_missing(backup, missing)
    return missing
