"""Ends what the trash has held long enough, and collects images that nothing refers to."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import peewee

from kupuri_desktop.core.trash import TRASH_DAYS
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.history import prune_steps
from kupuri_desktop.storage.levels import forget_levels
from kupuri_desktop.storage.tables import MICROSECOND, now_micros

GRACE = timedelta(days=1)
"""An image that came (again) so lately may be on its way onto a canvas."""

ATTEMPTS = 3
BATCH = 200

_HASH = re.compile(r"[0-9a-f]{64}")

_TEXTS = (
    ("item", "body"),
    ("trashed_item", "body"),
    ("step", "body"),
    ("message", "parts"),
    ("confirmation", "arguments"),
    ("job", "request"),
    ("job", "workflow"),
)
"""Everything that may name an image; whatever looks like its hash in there keeps it."""


async def empty_trash(database: Database, older_than: timedelta = TRASH_DAYS) -> int:
    """Deletes for good what was thrown away before; returns how many projects, chats and items."""

    def work(connection: peewee.Database) -> int:
        before = now_micros() - older_than // MICROSECOND
        return sum(
            connection.execute_sql(
                f"DELETE FROM {table} WHERE trashed IS NOT NULL AND trashed < ?", (before,)
            ).rowcount
            for table in ("project", "session", "trashed_item")
        )

    gone = await database.write_quietly(work)
    await database.write_quietly(forget_words)
    return gone


async def prune_history(database: Database) -> None:
    """Forgets the steps that no canvas is opened with any more."""
    projects = await database.read(
        lambda connection: [row[0] for row in connection.execute_sql("SELECT id FROM project")]
    )
    for project in projects:
        await database.write_quietly(partial(prune_steps, project=project))


async def collect(database: Database, grace: timedelta = GRACE) -> list[str]:
    """Deletes the images that nothing refers to; returns their ids.

    What refers is looked up beside the writer; if something was written meanwhile, the result
    does not count and is looked up anew, the last time by the writer itself.
    """
    for _ in range(ATTEMPTS):
        commits = database.commits
        unused = await database.read(lambda connection: _unused(connection, grace))
        if not unused:
            return []

        def delete(
            connection: peewee.Database, commits: int = commits, unused: list[str] = unused
        ) -> bool:
            if database.commits != commits:
                return False
            _delete(connection, unused)
            return True

        if await database.write_quietly(delete):
            return unused

    def at_once(connection: peewee.Database) -> list[str]:
        found = _unused(connection, grace)
        _delete(connection, found)
        return found

    return await database.write_quietly(at_once)


def _unused(connection: peewee.Database, grace: timedelta) -> list[str]:
    before = now_micros() - grace // MICROSECOND
    rows = connection.execute_sql("SELECT id FROM asset WHERE seen <= ?", (before,))
    candidates = {row[0] for row in rows}
    for text in _texts(connection):
        if not candidates:
            break
        candidates.difference_update(_HASH.findall(text))
    return sorted(candidates)


def _texts(connection: peewee.Database) -> Iterator[str]:
    for table, column in _TEXTS:
        for (text,) in connection.execute_sql(f"SELECT {column} FROM {table}"):
            yield text


def _delete(connection: peewee.Database, assets: list[str]) -> None:
    for start in range(0, len(assets), BATCH):
        some = assets[start : start + BATCH]
        marks = ", ".join("?" * len(some))
        forget_levels(connection, some)
        connection.execute_sql(f"DELETE FROM asset WHERE id IN ({marks})", tuple(some))


def forget_words(connection: peewee.Database) -> None:
    """Words of chats that are gone; those of projects go with them by reference."""
    connection.execute_sql(
        "DELETE FROM words WHERE session IS NOT NULL AND session NOT IN (SELECT id FROM session)"
    )
