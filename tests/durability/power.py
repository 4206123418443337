"""Power cuts: a disk that keeps what was synced, and of the rest what chance leaves of it.

All writes go through an apsw VFS that logs them. A cut at any place of the log leaves the synced
bytes; each write since is kept, dropped or torn at a sector, independent of its neighbours, so
that later ones may survive earlier ones. The folder is laid out like that and opened.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import apsw
import peewee

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.canvas import Canvas, CanvasState
from kupuri_desktop.core.chat import Message, MessageState, Role, Session, TextPart
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.assets import store
from kupuri_desktop.storage.canvases import Canvases
from kupuri_desktop.storage.chats import Chats
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.images import look
from kupuri_desktop.storage.migrate import migrate
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.durability.outcome import Outcome

SECTOR = 512
VFS = "kupuri-power"

Event = tuple[Any, ...]
"""("write", file, offset, bytes), ("size", file, bytes), ("sync", file), ("delete", file), or

("told", ...): an acknowledgement."""


@dataclass
class Disk:
    """What was done to the files, in order."""

    log: list[Event] = field(default_factory=list)

    def told(self, *what: Any) -> None:
        self.log.append(("told", *what))

    def after_cut(self, at: int, random: Random) -> tuple[dict[str, bytes], list[Event]]:
        """The files as a cut before event `at` leaves them, and what had been acknowledged."""
        durable: dict[str, bytearray] = {}
        loose: dict[str, list[Event]] = {}
        told: list[Event] = []
        for event in self.log[:at]:
            match event:
                case ("sync", name):
                    for write in loose.pop(name, []):
                        _apply(durable.setdefault(name, bytearray()), write)
                case ("delete", name):
                    durable.pop(name, None)
                    loose.pop(name, None)
                case ("told", *_):
                    told.append(event[1:])
                case (_, name, *_):
                    loose.setdefault(name, []).append(event)
        for name, writes in loose.items():
            content = durable.setdefault(name, bytearray())
            for write in writes:
                for piece in _what_is_left(write, random):
                    _apply(content, piece)
        return {name: bytes(content) for name, content in durable.items()}, told


def _apply(content: bytearray, event: Event) -> None:
    match event:
        case ("write", _, offset, data):
            content.extend(b"\x00" * (offset - len(content)))
            content[offset : offset + len(data)] = data
        case ("size", _, size):
            del content[size:]


def _what_is_left(event: Event, random: Random) -> Iterator[Event]:
    fate = random.random()
    if fate < 0.4:
        return
    if fate < 0.7 or event[0] != "write":
        yield event
        return
    _, name, offset, data = event
    for start in range(0, len(data), SECTOR):
        if random.random() < 0.5:
            yield ("write", name, offset + start, data[start : start + SECTOR])


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = os.path.basename(path)
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.log.append(("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self._disk.log.append(("size", self._name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._disk.log.append(("sync", self._name))


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__(VFS, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _File(self._disk, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        super().xDelete(name, sync_folder)
        self._disk.log.append(("delete", os.path.basename(name)))


class _Cursor:
    """An apsw cursor with the face of one of Python's own module."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self.rowcount = -1
        self.lastrowid = 0

    def execute(self, sql: str, arguments: Any = ()) -> "_Cursor":
        before = self._connection.total_changes()
        self._cursor.execute(sql, tuple(arguments))
        return self._done(before)

    def executemany(self, sql: str, rows: Any) -> "_Cursor":
        before = self._connection.total_changes()
        self._cursor.executemany(sql, [tuple(row) for row in rows])
        return self._done(before)

    def _done(self, before: int) -> "_Cursor":
        self.rowcount = self._connection.total_changes() - before
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> Any:
        return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    @property
    def description(self) -> Any:
        return self._cursor.get_description()

    def close(self) -> None:
        self._cursor.close()


class _Connection:
    def __init__(self, path: str) -> None:
        self._connection = apsw.Connection(path, vfs=VFS)

    def cursor(self) -> _Cursor:
        return _Cursor(self._connection)

    def execute(self, sql: str, arguments: Any = ()) -> _Cursor:
        return self.cursor().execute(sql, arguments)

    def executemany(self, sql: str, rows: Any) -> _Cursor:
        return self.cursor().executemany(sql, rows)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def close(self) -> None:
        self._connection.close()


class _PowerDatabase(peewee.SqliteDatabase):
    def _connect(self) -> Any:
        return _Connection(self.database)


def _writable(synchronous: str) -> Any:
    def open_on_disk(path: Path) -> peewee.SqliteDatabase:
        database = _PowerDatabase(str(path))
        database.connect()
        for pragma in (
            "journal_mode = wal",
            f"synchronous = {synchronous}",
            "foreign_keys = on",
            # Small, so that the log is merged into the file in the middle of the work.
            "wal_autocheckpoint = 60",
        ):
            database.execute_sql(f"PRAGMA {pragma}").fetchall()
        return database

    return open_on_disk


async def _work(path: Path, disk: Disk, random: Random, steps: int) -> None:
    """Edits, messages and images through the storage's own writer, each acknowledged in the log."""
    database = Database(path)
    await database.run_alone(migrate)
    canvases, chats = Canvases(database), Chats(database)
    project = await canvases.create(Project(id="p"))
    session = await chats.create_session(Session(id="s", project=project.id))
    disk.told("made")
    futures: list[Any] = []

    def record(change: Change) -> None:
        futures.append(canvases.record(project.id, change))

    canvas = Canvas(CanvasState(), record)
    for number in range(1, steps + 1):
        match random.choice(["edit", "edit", "message", "image"]):
            case "edit":
                item = ImageItem(
                    id=f"i{number % 4}",
                    x=number,
                    y=0,
                    width=1,
                    height=1,
                    asset="0" * 64,
                    natural_width=1,
                    natural_height=1,
                )
                canvas.apply(f"Move {number}", {item.id: item})
                await futures[-1]
                disk.told("item", item.id, number)
            case "message":
                message = Message(
                    id=f"m{number % 3}",
                    session=session.id,
                    role=Role.ASSISTANT,
                    parts=(TextPart("word " * number),),
                    state=MessageState.STREAMING,
                )
                await chats.save_message(message)
                disk.told("message", message.id, number)
            case "image":
                data = random.randbytes(random.randrange(2_000, 60_000))
                key = asset_id(data)
                looked = look(data)
                await database.write(partial(store, key=key, data=data, looked=looked))
                disk.told("asset", key)
    await database.aclose()
    disk.told("closed")


@contextmanager
def _logged(synchronous: str) -> Iterator[Disk]:
    disk = Disk()
    vfs = _Vfs(disk)
    with patch("kupuri_desktop.storage.connection.writable", _writable(synchronous)):
        yield disk
    vfs.unregister()


def run(cuts: int, root: Path, seed: int = 0, synchronous: str = "full") -> Outcome:
    """synchronous: anything but `full` shows what this test would find."""
    random = Random(seed)
    outcome = Outcome(f"power cuts, synchronous={synchronous}")
    while outcome.rounds < cuts:
        folder = root / f"work-{outcome.rounds}"
        folder.mkdir(parents=True)
        with _logged(synchronous) as disk:
            asyncio.run(_work(folder / "kupuri.db", disk, random, steps=30))
        shutil.rmtree(folder)
        begin = next(at for at, event in enumerate(disk.log) if event[:2] == ("told", "made"))
        for _ in range(min(20, cuts - outcome.rounds)):
            at = random.randrange(begin + 1, len(disk.log) + 1)
            files, told = disk.after_cut(at, random)
            outcome.rounds += 1
            outcome.counts["acknowledged"] += len(told)
            faults = asyncio.run(_verify(root / f"cut-{outcome.rounds}", files, told))
            outcome.faults += [f"cut {outcome.rounds} at {at}: {fault}" for fault in faults]
    return outcome


async def _verify(root: Path, files: dict[str, bytes], told: list[Event]) -> list[str]:
    folder = DataFolder(root)
    root.mkdir(parents=True)
    for name, content in files.items():
        if not name.endswith("-shm"):
            (root / name).write_bytes(content)
    faults: list[str] = []
    try:
        storage = await Storage.open(folder, secrets=Secrets())
    except KupuriError as error:
        return [f"cannot be opened: {error.problem}"]
    try:
        faults += await asyncio.to_thread(Check(folder.database).run)
        items = {item.id: item for item in (await storage.canvases.load("p")).items}
        messages = {message.id: message for message in await storage.chats.messages("s")}
        for event in {(*event[:2],): event for event in told}.values():
            match event:
                case ("item", key, number) if key not in items or items[key].x < number:
                    faults.append(f"item {key} is gone or older than {number}")
                case ("message", key, words) if (
                    key not in messages or messages[key].text.count("word") < words
                ):
                    faults.append(f"message {key} is gone or shorter than {words}")
                case ("asset", key):
                    await storage.assets.data(key)
    except KupuriError as error:
        faults.append(f"{error.problem}")
    finally:
        await storage.aclose()
    shutil.rmtree(root)
    return faults
