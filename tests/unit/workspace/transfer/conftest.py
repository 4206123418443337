"""A storage to take things out of and into, and how much is in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.transfer.transfer import Imported, Transfer
from tests.unit.storage.samples import SessionKeyring

TABLES = (
    "project",
    "item",
    "trashed_item",
    "step",
    "session",
    "message",
    "job",
    "asset",
    "original",
    "words",
)

Counts = dict[str, int]
Counted = Callable[[], Awaitable[Counts]]
TakeIn = Callable[[Path], Awaitable[Imported]]


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    storage = await Storage.open(DataFolder(tmp_path / "data"), secrets=Secrets(SessionKeyring()))
    yield storage
    await storage.aclose(abandon=True)


@pytest.fixture
def transfer(storage: Storage) -> Transfer:
    return Transfer(storage)


@pytest.fixture
def take_in(transfer: Transfer) -> TakeIn:
    return lambda path: transfer.take_in(path, lambda fraction: None)


@pytest.fixture
def counted(storage: Storage) -> Counted:
    """How many rows each table has."""

    async def count() -> Counts:
        return await storage.database.read(
            lambda database: {
                table: database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in TABLES
            }
        )

    return count
