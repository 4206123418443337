"""Tells what lies in the trash of all projects, and ends it for good."""

from collections.abc import Iterable, Iterator

import peewee

from kupuri_desktop.core.items import ImageItem, Item, describe, item_from_json, kind_of
from kupuri_desktop.core.trash import Discarded, Trashed
from kupuri_desktop.storage import garbage
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.tables import from_micros

NAME = 120
"""Letters of an item's words that name it."""

_PROJECTS = """
SELECT id, name, trashed,
    (SELECT asset FROM item WHERE project = project.id AND asset IS NOT NULL
        ORDER BY added DESC LIMIT 1),
    (SELECT count(*) FROM item WHERE project = project.id AND asset IS NOT NULL)
FROM project WHERE trashed IS NOT NULL
"""

_SESSIONS = """
SELECT session.id, session.name, session.trashed, project.id, project.name,
    (SELECT count(*) FROM message WHERE session = session.id) AS messages
FROM session JOIN project ON project.id = session.project
WHERE session.trashed IS NOT NULL AND project.trashed IS NULL AND messages > 0
"""

_ITEMS = """
SELECT project.id, project.name, trashed_item.trashed, trashed_item.body
FROM trashed_item JOIN project ON project.id = trashed_item.project
WHERE project.trashed IS NULL
"""


class Trash:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, project: str | None = None) -> list[Trashed]:
        """The latest first; of one project (by id) its chats and items alone.

        What belongs to a project in the trash comes back with it and is not listed by itself,
        nor are chats in which nothing was said.
        """

        def work(database: peewee.Database) -> list_of_trashed:
            found = [*_sessions(database), *_items(database)]
            if project is None:
                found += _projects(database)
            else:
                found = [entry for entry in found if entry.project == project]
            return sorted(found, key=lambda entry: (entry.trashed, entry.key), reverse=True)

        return await self._database.read(work)

    async def items(self, project: str, ids: Iterable[str]) -> "list_of_items":
        """Deleted items of a canvas as they were; those that are not there are left out."""
        wanted = set(ids)

        def work(database: peewee.Database) -> list_of_items:
            rows = database.execute_sql(
                "SELECT id, body FROM trashed_item WHERE project = ?", (project,)
            )
            bodies = [body for key, body in rows if key in wanted]
            return [item for body in bodies if (item := _readable(body)) is not None]

        return await self._database.read(work)

    async def delete(self, entries: Iterable[Trashed]) -> int:
        """Ends these for good; returns how many were still in the trash."""
        gone = list(entries)

        def work(database: peewee.Database) -> int:
            count = sum(_delete(database, entry) for entry in gone)
            garbage.forget_words(database)
            return count

        return await self._database.write(work)


list_of_trashed = list[Trashed]
list_of_items = list[Item]


def _delete(database: peewee.Database, entry: Trashed) -> int:
    match entry.kind:
        case Discarded.PROJECT | Discarded.SESSION:
            cursor = database.execute_sql(
                f"DELETE FROM {entry.kind.value} WHERE id = ? AND trashed IS NOT NULL", (entry.id,)
            )
        case Discarded.ITEM:
            cursor = database.execute_sql(
                "DELETE FROM trashed_item WHERE project = ? AND id = ?", (entry.project, entry.id)
            )
    return int(cursor.rowcount)


def _projects(database: peewee.Database) -> Iterator[Trashed]:
    for key, name, trashed, asset, count in database.execute_sql(_PROJECTS):
        yield Trashed(
            kind=Discarded.PROJECT,
            id=key,
            name=name,
            project=key,
            project_name=name,
            trashed=from_micros(trashed),
            asset=asset,
            count=count,
        )


def _sessions(database: peewee.Database) -> Iterator[Trashed]:
    for key, name, trashed, project, project_name, count in database.execute_sql(_SESSIONS):
        yield Trashed(
            kind=Discarded.SESSION,
            id=key,
            name=name,
            project=project,
            project_name=project_name,
            trashed=from_micros(trashed),
            count=count,
        )


def _items(database: peewee.Database) -> Iterator[Trashed]:
    for project, project_name, trashed, body in database.execute_sql(_ITEMS):
        item = _readable(body)
        if item is None:
            continue
        yield Trashed(
            kind=Discarded.ITEM,
            id=item.id,
            name=" ".join(describe(item)[: 2 * NAME].split())[:NAME],
            project=project,
            project_name=project_name,
            trashed=from_micros(trashed),
            item_kind=kind_of(item),
            asset=item.asset if isinstance(item, ImageItem) else None,
        )


def _readable(body: str) -> Item | None:
    """One that cannot be read stays in the file as it is."""
    try:
        return item_from_json(body)
    except ValueError:
        return None
