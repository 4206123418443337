"""The app lets go of its folder whatever happens while it closes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kupuri_desktop.app import App
from kupuri_desktop.core.errors import DiskFull, StorageError
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.marks import get_mark, set_mark
from kupuri_desktop.storage.store import Storage
from tests.durability.full import LimitedPages

NOBODY = {"KUPURI_OLLAMA_URL": "http://127.0.0.1:9", "KUPURI_COMFYUI_URL": "http://127.0.0.1:9"}
LIMIT = 20.0


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    app = await App.open(DataFolder(tmp_path / "data"), NOBODY)
    yield app
    await app.aclose(abandon=True)


async def fills_while_leaving(app: App, monkeypatch) -> None:
    """The last thing that a chat stores finds no room: the disk was well until then."""
    workspace = await app.open_project(await app.projects.create())
    await app.storage.database.saved()

    async def store_the_end() -> None:
        await LimitedPages().leave(app.storage, 0)
        app.storage.database.journal(lambda db: set_mark(db, "end", "x" * 1_000_000))

    monkeypatch.setattr(workspace.conversation, "aclose", store_the_end)


async def test_a_disk_that_becomes_full_while_closing_is_told_each_time_and_waited_for(
    app, monkeypatch
):
    await fills_while_leaving(app, monkeypatch)
    for _ in range(3):
        async with asyncio.timeout(LIMIT):
            with pytest.raises(DiskFull):
                await app.aclose()
    await LimitedPages().make(app.storage)
    async with asyncio.timeout(LIMIT):
        while app.storage.database.open:
            try:
                await app.aclose()
            except DiskFull:
                continue
    again = await Storage.open(app.folder)
    assert again.clean
    assert await again.database.read(lambda db: get_mark(db, "end")) == "x" * 1_000_000
    await again.aclose()


@pytest.mark.logs("left unsaved")
async def test_giving_up_what_found_no_room_while_closing_ends(app, monkeypatch):
    await fills_while_leaving(app, monkeypatch)
    with pytest.raises(DiskFull):
        await app.aclose()
    async with asyncio.timeout(LIMIT):
        await app.aclose(abandon=True)
    assert not app.storage.database.open


async def test_what_failed_once_while_closing_is_done_anew_at_the_next_try(app, monkeypatch):
    close, refusals = app.models.aclose, [StorageError("Not now.")]

    async def fail_once() -> None:
        if refusals:
            raise refusals.pop()
        await close()

    monkeypatch.setattr(app.models, "aclose", fail_once)
    with pytest.raises(StorageError, match="Not now"):
        await app.aclose()
    async with asyncio.timeout(LIMIT):
        await app.aclose()
    assert not app.storage.database.open
