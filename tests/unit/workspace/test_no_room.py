"""Images that come while the disk is full: on the canvas, in memory, and on the disk at last."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.errors import DiskFull
from kupuri_desktop.core.generation import JobState
from kupuri_desktop.storage import held
from kupuri_desktop.workspace.incoming import Picture
from kupuri_desktop.workspace.wishes import Origin, Wish
from kupuri_desktop.workspace.workspace import Workspace
from tests.durability.full import LimitedPages, RealRoom, small_disk
from tests.unit.workspace.conftest import IMAGE_MODEL, Studio


class FullDisk:
    """A workspace on a disk of 6 MB that the test fills and empties."""

    def __init__(self, studio: Studio, workspace: Workspace, room: RealRoom | LimitedPages) -> None:
        self.studio = studio
        self.workspace = workspace
        self.database = studio.storage.database
        self._room = room

    async def fill(self) -> None:
        await self.database.saved()
        await self._room.leave(self.studio.storage, 0)

    async def stuck(self) -> None:
        told = asyncio.Event()
        disconnect = self.database.saving.connect(
            lambda state: told.set() if state.problem else None
        )
        if self.database.state.problem is None:
            async with asyncio.timeout(20):
                await told.wait()
        disconnect()

    async def empty(self) -> None:
        await self._room.make(self.studio.storage)
        self.database.retry()
        await self.database.saved()

    async def generating(self, data: bytes) -> "asyncio.Task[object]":
        """A generation whose image comes when the disk has just become full."""
        making = asyncio.create_task(
            self.workspace.generations.make(
                Wish("A quiet lake", IMAGE_MODEL, seed=7), Origin("s", "r", "c"), lambda *_: None
            )
        )
        job = await self.studio.engine.next_job()
        await self.fill()
        job.finish(data)
        await self.stuck()
        return making


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[FullDisk]:
    with small_disk(tmp_path / "disk") as mounted:
        studio = await Studio.open(tmp_path / "disk" / "data")
        room = RealRoom(tmp_path / "disk") if mounted else LimitedPages()
        workspace = await studio.workspace()
        yield FullDisk(studio, workspace, room)
        await studio.close(workspace)


def large(seed: int = 1) -> bytes:
    """A picture of 1.9 MB: no log has that much room left."""
    out = io.BytesIO()
    Image.frombytes("RGB", (800, 800), Random(seed).randbytes(800 * 800 * 3)).save(out, "PNG")
    return out.getvalue()


async def test_a_made_image_that_finds_no_room_stands_on_the_canvas_and_is_stored_later(disk):
    data = large()
    making = await disk.generating(data)
    [item] = disk.workspace.canvas.items.values()
    assert item.asset == asset_id(data)
    assert disk.workspace.generations.placeholders == []
    assert not making.done(), "what is returned is committed"
    assert disk.database.state.pending > 0
    assert await disk.workspace.assets.data(item.asset) == data
    await disk.empty()
    [made] = (await making).items
    assert made == item
    assert (await disk.studio.storage.jobs.get(item.id)).state is JobState.COLLECTED
    assert await disk.workspace.assets.data(item.asset) == data
    assert item.asset not in disk.workspace.assets._held


async def test_an_image_that_waits_for_room_is_shown_in_every_size(disk):
    making = await disk.generating(large())
    [item] = disk.workspace.canvas.items.values()
    assets = disk.workspace.assets
    shown: list[str] = []
    assets.levels_made.connect(shown.append)
    with Image.open(io.BytesIO(await assets.level(item.asset, 256) or b"")) as small:
        assert max(small.size) == 256
    assert shown == [item.asset]
    assert len((await assets.micros([item.asset]))[item.asset]) == 1024
    known = (await assets.info([item.asset]))[item.asset]
    assert (known.width, known.height) == (800, 800)
    await disk.empty()
    await making


async def test_a_copy_elsewhere_holds_the_image_that_waits(disk, tmp_path):
    data = large()
    making = await disk.generating(data)
    await disk.database.copy_to(tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        [(stored,)] = copy.execute("SELECT data FROM original").fetchall()
        [(asset,)] = copy.execute("SELECT asset FROM item").fetchall()
    assert stored == data
    assert asset == asset_id(data)
    await disk.empty()
    await making


async def test_closing_is_refused_while_an_image_waits(disk):
    making = await disk.generating(large())
    with pytest.raises(DiskFull):
        await disk.database.drained()
    await disk.empty()
    await making


async def test_stopping_an_image_that_waits_leaves_it_on_the_canvas_and_stores_it(disk):
    making = await disk.generating(large())
    making.cancel()
    await asyncio.wait([making])
    [item] = disk.workspace.canvas.items.values()
    await disk.empty()
    state = await disk.studio.storage.canvases.load(disk.workspace.project.id)
    assert [one.asset for one in state.items] == [item.asset]
    assert await disk.workspace.assets.data(item.asset) == large()


async def test_dropped_files_and_pasted_pictures_wait_as_well(disk, tmp_path):
    (tmp_path / "photo.png").write_bytes(large(1))
    await disk.fill()
    dropped = asyncio.create_task(disk.workspace.incoming.add_files([tmp_path / "photo.png"]))
    await disk.stuck()
    pasted = asyncio.create_task(disk.workspace.incoming.add_pictures([Picture(large(2))]))
    while len(disk.workspace.canvas.items) < 2:
        await asyncio.sleep(0)
    assert {item.asset for item in disk.workspace.canvas.items.values()} == {
        asset_id(large(1)),
        asset_id(large(2)),
    }
    await disk.empty()
    assert (await dropped).errors == ()
    for arrived in (await dropped, await pasted):
        [item] = arrived.items
        assert await disk.workspace.assets.data(item.asset)


async def test_no_more_files_are_taken_than_the_memory_has_room_for(disk, tmp_path, monkeypatch):
    monkeypatch.setattr(held, "FLOW_BYTES", 1_000_000)
    monkeypatch.setattr(held, "MOST_BYTES", 3_000_000)
    making = await disk.generating(large(1))
    (tmp_path / "photo.png").write_bytes(large(2))
    with pytest.raises(DiskFull, match="wait already") as refused:
        await disk.workspace.incoming.add_files([tmp_path / "photo.png"])
    assert "stays where it came from" in refused.value.kept
    assert len(disk.workspace.canvas.items) == 1
    await disk.empty()
    await making
    arrived = await disk.workspace.incoming.add_files([tmp_path / "photo.png"])
    assert len(arrived.items) == 1


async def test_reading_many_files_does_not_run_ahead_of_the_disk(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(held, "FLOW_BYTES", 3_000_000)
    for number in range(6):
        (tmp_path / f"{number}.png").write_bytes(large(number))
    most = 0
    hold = workspace.assets._held.hold

    def watched(image: held.HeldImage) -> None:
        nonlocal most
        hold(image)
        most = max(most, workspace.assets._held._size)

    monkeypatch.setattr(workspace.assets._held, "hold", watched)
    arrived = await workspace.incoming.add_files([tmp_path])
    assert len(arrived.items) == 6
    assert 0 < most <= 3_000_000
