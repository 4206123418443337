"""Brings an older database to today's schema, each step whole or not at all."""

from collections.abc import Callable, Sequence

import peewee

from kupuri_desktop.core.errors import DatabaseNewer
from kupuri_desktop.storage.connection import transaction
from kupuri_desktop.storage.header import APPLICATION_ID
from kupuri_desktop.storage.migrations import MIGRATIONS, Migration


def refuse_newer(schema: int, newest: int) -> None:
    """Raises DatabaseNewer for a schema that this Kupuri does not know."""
    if schema > newest:
        raise DatabaseNewer(
            "These data were written by a newer Kupuri.",
            hint="Update Kupuri, or choose another data folder.",
            kept="Nothing was changed.",
            details=f"schema {schema}; this Kupuri knows up to {newest}",
        )


def schema_of(database: peewee.Database) -> int:
    return int(database.execute_sql("PRAGMA user_version").fetchone()[0])


def migrate(
    database: peewee.Database,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
    before: Callable[[int], object] = lambda schema: None,
) -> tuple[int, int]:
    """The schema numbers before and after. Must run on the writing connection, by itself.

    before: called once with the old schema if a database with data is about to be changed; makes
    the verified backup. Its error stops the migration with nothing changed.
    """
    found = schema_of(database)
    newest = migrations[-1].number
    refuse_newer(found, newest)
    coming = [migration for migration in migrations if migration.number > found]
    if found and coming:
        before(found)
    for migration in coming:
        with transaction(database):
            migration.upgrade(database)
            database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute_sql(f"PRAGMA user_version = {migration.number}")
    if coming:
        # The header of the file itself must tell the schema, not the log alone.
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return found, newest
