"""Keeps the colours that somebody saved for a project."""

import asyncio
import json

import peewee

from kupuri_desktop.core.palette import Palette, SavedColour
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.seals import seal


class Palettes:
    """A project without saved colours has no row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, project: str) -> Palette:
        """As the last commit left it; what is no colour in it is left out."""

        def work(database: peewee.Database) -> Palette:
            row = database.execute_sql(
                "SELECT body FROM palette WHERE project = ?", (project,)
            ).fetchone()
            return Palette() if row is None else palette_from_json(row[0])

        return await self._database.read(work)

    def keep(self, project: str, palette: Palette) -> "asyncio.Future[None]":
        """Queues it; it is saved once that is done. Nothing where the project is gone."""
        return self._database.journal(lambda database: put_palette(database, project, palette))


def put_palette(database: peewee.Database, project: str, palette: Palette) -> None:
    """Must run in a transaction."""
    if not palette.saved:
        database.execute_sql("DELETE FROM palette WHERE project = ?", (project,))
        return
    body = palette_to_json(palette)
    database.execute_sql(
        "INSERT INTO palette (project, body, seal) SELECT id, ?, ? FROM project WHERE id = ?"
        " ON CONFLICT (project) DO UPDATE SET body = excluded.body, seal = excluded.seal",
        (body, seal(project, body), project),
    )


def palette_to_json(palette: Palette) -> str:
    return json.dumps([[each.colour, each.name] for each in palette.saved], ensure_ascii=False)


def palette_from_json(text: str) -> Palette:
    """Raises ValueError for what is no JSON at all."""
    entries = json.loads(text)
    return Palette(
        tuple(
            SavedColour(entry[0], entry[1])
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(entry, list) and len(entry) == 2 and all(type(e) is str for e in entry)
        )
    )
