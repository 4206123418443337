"""A full disk: nothing half done, everything kept, and on it goes when there is room again.

On a real small file system where this process may mount one, else by SQLite's own limit.
"""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import peewee

from kupuri_desktop.core.chat import Message, Role, Session, TextPart
from kupuri_desktop.core.errors import DiskFull, KupuriError
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.durability import specimen
from tests.durability.outcome import Outcome

DISK_BYTES = 6 * 2**20
PATIENCE = 30.0


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mounts a file system of 6 MB at `folder`; False where that is not allowed."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "kupuri-test"]
    mounted = sys.platform == "linux" and (
        subprocess.run([*command, str(folder)], capture_output=True, check=False).returncode == 0
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


class RealRoom:
    """Takes the room on the disk with a file of ballast."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    async def leave(self, storage: Storage, spare: int) -> None:
        free = shutil.disk_usage(self._ballast.parent).free
        self._ballast.write_bytes(bytes(max(free - spare, 0)))

    async def make(self, storage: Storage) -> None:
        self._ballast.unlink()


class LimitedPages:
    """Lets SQLite itself refuse to let the file grow."""

    async def leave(self, storage: Storage, spare: int) -> None:
        def limit(database: peewee.Database) -> None:
            (pages,) = database.execute_sql("PRAGMA page_count").fetchone()
            database.execute_sql(f"PRAGMA max_page_count = {pages + spare // 4096}").fetchall()

        await storage.database.run_alone(limit)

    async def make(self, storage: Storage) -> None:
        # The writer is busy with its first entry: the limit goes just before its next try.
        waiting = storage.database._writer.waiting()
        if waiting:
            work = waiting[0].work

            def with_room(database: peewee.Database) -> Any:
                database.execute_sql("ROLLBACK")
                database.execute_sql("PRAGMA max_page_count = 1000000").fetchall()
                database.execute_sql("BEGIN IMMEDIATE")
                return work(database)

            waiting[0].work = with_room
        else:
            await storage.database.run_alone(
                lambda database: database.execute_sql("PRAGMA max_page_count = 1000000").fetchall()
            )


def run(points: int, root: Path, seed: int = 0) -> Outcome:
    random = Random(seed)
    outcome = Outcome("disk full")
    with small_disk(root / "disk") as mounted:
        outcome.name += " (a file system of 6 MB)" if mounted else " (SQLite's page limit)"
        for point in range(points):
            spare = random.randrange(0, 900_000) if point % 4 else random.randrange(0, 20_000)
            folder = DataFolder(root / "disk" / "data")
            room = RealRoom(root / "disk") if mounted else LimitedPages()
            faults = asyncio.run(_round(folder, room, spare, random, outcome))
            outcome.rounds += 1
            outcome.faults += [f"{spare} bytes left: {fault}" for fault in faults]
            shutil.rmtree(folder.root)
    return outcome


async def _round(
    folder: DataFolder,
    room: RealRoom | LimitedPages,
    spare: int,
    random: Random,
    outcome: Outcome,
) -> list[str]:
    faults: list[str] = []
    storage = await Storage.open(folder, secrets=Secrets())
    project = await storage.canvases.create(Project())
    session = await storage.chats.create_session(Session(project=project.id))
    canvas = await specimen.opened(storage, project.id)
    await room.leave(storage, spare)
    full = asyncio.Event()
    storage.database.saving.connect(lambda state: full.set() if state.problem else None)
    asked: dict[str, bytes] = {}
    refused = 0
    messages: list[Message] = []
    for number in range(60):
        item = ImageItem(
            id=f"i{number % 7}",
            x=number,
            y=0,
            width=1,
            height=1,
            asset="0" * 64,
            natural_width=1,
            natural_height=1,
        )
        canvas.apply(f"Move {number}", {item.id: item})
        message = Message(
            session=session.id,
            role=Role.USER,
            parts=(TextPart(random.randbytes(random.randrange(3000)).hex()),),
        )
        messages.append(message)
        storage.chats.save_message(message)
        if full.is_set():
            break
        data = random.randbytes(random.randrange(1000, 60_000))
        if number % 2:
            # New: it waits with the rest, and is to be seen meanwhile.
            made = await storage.assets.take(data, made=True)
            asked[made.asset.id] = data
            if await storage.assets.data(made.asset.id) != data:
                faults.append("an image that waits is another")
            continue
        # From a file: it is refused, and the file stays where it is.
        adding = asyncio.ensure_future(storage.assets.add(data))
        waiting = asyncio.ensure_future(full.wait())
        await asyncio.wait((adding, waiting), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if adding.done():
            try:
                asked[adding.result().id] = data
            except DiskFull:
                refused += 1
        else:
            adding.add_done_callback(_ignore)
    for _ in range(3 if full.is_set() else 0):
        data = random.randbytes(random.randrange(1000, 60_000))
        asked[(await storage.assets.take(data, made=True)).asset.id] = data
    waiting_images = [key for key in asked if key in storage.assets._held]
    outcome.counts["images that waited"] += len(waiting_images)
    if full.is_set() and not random.randrange(4):
        faults += await _copied(storage, folder.root.parent.parent / "copy.db", waiting_images)
    outcome.counts["refused with a reason"] += refused
    if full.is_set():
        outcome.counts["told by the banner"] += 1
        problem = storage.database.state.problem
        if problem is not None and problem.kind != "DiskFull":
            faults.append(f"told as {problem}")
    await room.make(storage)
    storage.database.retry()
    try:
        async with asyncio.timeout(PATIENCE):
            await storage.database.saved()
    except TimeoutError:
        return [*faults, "did not go on when there was room"]
    await storage.aclose()
    return faults + await _verify(folder, project.id, session.id, canvas, messages, asked)


async def _copied(storage: Storage, copy: Path, waiting: list[str]) -> list[str]:
    """A copy on another disk has all that waits in it."""
    await storage.database.copy_to(copy)
    try:
        with closing(sqlite3.connect(copy)) as connection:
            known = {
                row[0]
                for row in connection.execute(
                    "SELECT id FROM asset WHERE number IN (SELECT number FROM original)"
                )
            }
    finally:
        copy.unlink()
    return [f"image {key} is not in the copy" for key in waiting if key not in known]


def _ignore(adding: "asyncio.Future[Any]") -> None:
    if not adding.cancelled():
        adding.exception()


async def _verify(
    folder: DataFolder,
    project: str,
    session: str,
    canvas: Any,
    messages: list[Message],
    asked: dict[str, bytes],
) -> list[str]:
    faults = await asyncio.to_thread(Check(folder.database).run)
    storage = await Storage.open(folder, secrets=Secrets())
    state = await storage.canvases.load(project)
    if {item.id: item for item in state.items} != dict(canvas.items):
        faults.append("the items are others")
    if state.done != tuple(canvas._done):
        faults.append("the undo list is another")
    if await storage.chats.messages(session) != messages:
        faults.append("the messages are others")
    for key, data in asked.items():
        try:
            if await storage.assets.data(key) != data:
                faults.append("an image is another")
        except KupuriError as error:
            faults.append(error.message)
    await storage.aclose()
    return faults
