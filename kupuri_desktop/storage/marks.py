"""Small facts the database keeps about itself, by name."""

import peewee

from kupuri_desktop.storage.tables import MarkRow, upsert

CLOSED_CLEANLY = "closed_cleanly"
CHECKED = "checked"
WRITTEN_BY = "written_by"
"""The version of the Kupuri that wrote last."""


def get_mark(database: peewee.Database, name: str) -> str | None:
    row = MarkRow.select(MarkRow.value).where(MarkRow.name == name).tuples().execute(database)
    found = list(row)
    return str(found[0][0]) if found else None


def set_mark(database: peewee.Database, name: str, value: str) -> None:
    upsert(MarkRow, {"name": name, "value": value}, key="name").execute(database)
