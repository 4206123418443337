"""Opened storages in temporary folders."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.unit.storage.samples import SessionKeyring

# The Secret Service is how Linux keeps keys; other systems have ways of their own.
collect_ignore = [] if sys.platform == "linux" else ["test_secret_service.py"]

Open = Callable[[], Awaitable[Storage]]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
async def open_storage(folder: DataFolder) -> AsyncIterator[Open]:
    """Opens the folder as often as asked; what is still open at the end is closed."""
    opened: list[Storage] = []

    async def open_one() -> Storage:
        storage = await Storage.open(folder, secrets=Secrets(SessionKeyring()))
        opened.append(storage)
        return storage

    yield open_one
    for storage in opened:
        if storage.database.open:
            await storage.aclose(abandon=True)


@pytest.fixture
async def storage(open_storage: Open) -> Storage:
    return await open_storage()


@pytest.fixture
async def project(storage: Storage) -> Project:
    return await storage.canvases.create(Project(name="Sunset studies"))
