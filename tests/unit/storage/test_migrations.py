"""Old databases: each schema ever released is opened by today's code, with nothing lost."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import peewee
import pytest

from kupuri_desktop.core.errors import DatabaseNewer
from kupuri_desktop.storage.backups import list_backups, verify_backup
from kupuri_desktop.storage.connection import writable
from kupuri_desktop.storage.migrate import migrate, schema_of
from kupuri_desktop.storage.migrations import MIGRATIONS, NEWEST, Migration, m0002_seals
from kupuri_desktop.storage.seals import broken_seals, select_sealed
from tests.durability.specimen import as_text, contents

DATABASES = Path(__file__).parents[2] / "data" / "db"


def test_migrations_are_numbered_without_gaps():
    assert [migration.number for migration in MIGRATIONS] == list(range(1, NEWEST + 1))


def test_there_is_a_database_of_each_schema():
    for number in range(1, NEWEST + 1):
        path = DATABASES / f"{number:04}.db"
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (number,)
        assert path.with_suffix(".json").exists()


@pytest.mark.parametrize("number", range(1, NEWEST + 1))
async def test_an_old_database_is_opened_with_nothing_lost(open_storage, folder, number):
    folder.root.mkdir()
    shutil.copy(DATABASES / f"{number:04}.db", folder.database)
    storage = await open_storage()
    expected = (DATABASES / f"{number:04}.json").read_text()
    assert as_text(await contents(storage)) == expected
    assert await storage.caretaker.check() == []
    assert len(await storage.search.find("lighthouse")) > 10
    backups = list_backups(folder)
    assert [backup.schema for backup in backups] == ([number] if number < NEWEST else [])
    assert all(not verify_backup(folder, backup.id).problems for backup in backups)


async def test_every_row_of_an_old_database_gets_its_seal(open_storage, folder):
    folder.root.mkdir()
    shutil.copy(DATABASES / "0001.db", folder.database)
    storage = await open_storage()
    await storage.aclose()
    with closing(sqlite3.connect(folder.database)) as connection:
        for table in m0002_seals.SEALED:
            rows = connection.execute(select_sealed(table)).fetchall()
            assert rows, table
            assert list(broken_seals(rows)) == [], table


def test_a_migration_that_fails_leaves_the_schema_before_it(tmp_path):
    def fail(database: peewee.Database) -> None:
        database.execute_sql("CREATE TABLE half (x)")
        raise RuntimeError("in the middle")

    path = tmp_path / "kupuri.db"
    migrations = (*MIGRATIONS, Migration(NEWEST + 1, "bad", fail))
    database = writable(path)
    with pytest.raises(RuntimeError):
        migrate(database, migrations=migrations)
    assert schema_of(database) == NEWEST
    assert "half" not in database.get_tables()
    database.close()


def test_without_a_backup_nothing_is_migrated(tmp_path):
    path = tmp_path / "kupuri.db"
    shutil.copy(DATABASES / "0001.db", path)

    def no_room(schema: int) -> None:
        raise OSError(28, "No space left on device")

    database = writable(path)
    with pytest.raises(OSError, match="No space"):
        migrate(database, before=no_room)
    assert schema_of(database) == 1
    database.close()


def test_a_newer_schema_is_refused_by_the_migration_itself_too(tmp_path):
    database = writable(tmp_path / "kupuri.db")
    database.execute_sql(f"PRAGMA user_version = {NEWEST + 1}")
    with pytest.raises(DatabaseNewer):
        migrate(database)
    database.close()
