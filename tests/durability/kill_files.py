"""kill -9 while a bundle is taken in, a backup restored, a damaged database salvaged.

Afterwards it is there whole or not at all, and what it replaced is still to be had.
"""

import asyncio
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.backup_files import Reason
from kupuri_desktop.storage.doctor import inspect
from kupuri_desktop.storage.restoring import restore
from kupuri_desktop.storage.salvage import salvage
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.transfer.transfer import Transfer
from tests.durability import specimen
from tests.durability.damage import spoil

Ack = Callable[..., None]
Live = Callable[[DataFolder, Ack], Awaitable[None]]

LATER = "later"
"""The project that is written after the backup was made."""

BUNDLE = "work.kupuri"
EXPECTED = "expected.json"
BEFORE = "before.txt"


async def take_in(folder: DataFolder, ack: Ack) -> None:
    storage = await Storage.open(folder, secrets=Secrets())
    transfer = Transfer(storage)
    ack("begun")
    while True:
        taken = await transfer.take_in(folder.root / BUNDLE, lambda fraction: None)
        [project] = taken.projects
        ack("adopted", project.id)


async def bring_back(folder: DataFolder, ack: Ack) -> None:
    [backup] = [path.name for path in folder.backups.iterdir() if "by-hand" in path.name]
    ack("begun")
    while True:
        await restore(folder, backup)
        ack("restored")
        await _write_later(folder)
        ack("written")


async def save_what_can_be_read(folder: DataFolder, ack: Ack) -> None:
    ack("begun")
    while True:
        await salvage(folder)
        ack("salvaged")


LIVES: dict[str, Live] = {
    "bundle": take_in,
    "restore": bring_back,
    "salvage": save_what_can_be_read,
}


def lay_out(name: str, root: Path, folder: DataFolder, random: Random) -> None:
    """Puts the folder of one round in place; what is common to all rounds is made once."""
    common = root / f"common-{name}"
    if not common.exists():
        asyncio.run(_make_common(name, DataFolder(common)))
    shutil.copytree(common, folder.root)
    if name == "salvage":
        data = folder.database.read_bytes()
        while data == folder.database.read_bytes() or not _can_be_saved(folder):
            folder.database.write_bytes(spoil(data, random)[0])


async def verify(name: str, folder: DataFolder, acks: list[list[Any]]) -> list[str]:
    told = [ack[0] for ack in acks]
    match name:
        case "bundle":
            faults = await _look_at_projects(folder, [ack[1] for ack in acks if len(ack) > 1])
        case "restore":
            faults = await _look_at_restored(folder, told)
        case _:
            faults = await _look_at_salvaged(folder, told)
    report = await asyncio.to_thread(inspect, folder, True)
    if not report.ok:
        faults.append(f"the doctor says {report.state}: {report.problems} {report.bad}")
    left = [path.name for path in folder.root.iterdir() if "replacing" in path.name]
    return faults + [f"{one} was left behind" for one in left]


async def _make_common(name: str, folder: DataFolder) -> None:
    storage = await Storage.open(folder, secrets=Secrets())
    await specimen.fill(storage, projects=1 if name == "bundle" else 2)
    if name == "bundle":
        project = await storage.canvases.get("project-0")
        await Transfer(storage).export(project, folder.root / BUNDLE, lambda fraction: None)
    if name == "restore":
        await storage.backups.make(Reason.BY_HAND)
    _keep(folder, await specimen.contents(storage))
    await storage.aclose()
    if name == "restore":
        await _write_later(folder)


async def _write_later(folder: DataFolder) -> None:
    storage = await Storage.open(folder, secrets=Secrets())
    await storage.canvases.create(Project(id=LATER, name="Written after the backup"))
    await storage.aclose()


async def _look_at_projects(folder: DataFolder, adopted: list[str]) -> list[str]:
    """Each project that is there is whole; each that was acknowledged is there."""
    storage = await Storage.open(folder, secrets=Secrets())
    found = _plain(await specimen.contents(storage))
    await storage.aclose()
    expected = _kept(folder)
    projects = {key: one for key, one in found.items() if isinstance(one, dict) and "items" in one}
    faults = [f"{key} was adopted and is gone" for key in adopted if key not in projects]
    original = projects["project-0"]
    faults += [] if found["images"] == expected["images"] else ["the images are others"]
    for key, project in projects.items():
        if project["name"].startswith("Harbour") and _counts(project) != _counts(original):
            faults.append(f"{key} is in parts: {_counts(project)}")
    return faults


def _counts(project: dict[str, Any]) -> tuple[int, int, int]:
    messages = sum(len(chat[1]) for chat in project["chats"].values())
    return len(project["items"]), len(project["chats"]), messages


async def _look_at_restored(folder: DataFolder, told: list[str]) -> list[str]:
    storage = await Storage.open(folder, secrets=Secrets())
    found = _plain(await specimen.contents(storage))
    await storage.aclose()
    later = found.pop(LATER, None)
    faults = [] if found == _kept(folder) else ["the data are neither the old nor the restored"]
    if later is None and told[-1] != "restored" and not any(map(_has_later, _put_by(folder))):
        faults.append("what was restored over is not to be had any more")
    return faults


def _put_by(folder: DataFolder) -> Iterator[Path]:
    """Where an old database may be: a backup of it, or the file itself."""
    yield from folder.backups.glob("*before-restore*.db")
    yield from folder.damaged.glob("*/kupuri.db")


def _has_later(path: Path) -> bool:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("SELECT 1 FROM project WHERE id = ?", (LATER,)).fetchall())


async def _look_at_salvaged(folder: DataFolder, told: list[str]) -> list[str]:
    """The damaged file is in its place or set aside, bit for bit, and has lost nothing more."""
    before = (folder.root / BEFORE).read_text()
    places = [folder.database, *folder.damaged.glob("*/kupuri.db")]
    faults = []
    if before not in [_digest(path) for path in places]:
        faults.append("the damaged file is not to be had any more")
    if "salvaged" in told and _digest(folder.database) == before:
        faults.append("what was salvaged is gone")
    # Whoever comes next salvages what the one that was killed did not come to.
    await salvage(folder)
    storage = await Storage.open(folder, secrets=Secrets())
    found = _plain(await specimen.contents(storage))
    await storage.aclose()
    return faults if found == _kept(folder) else [*faults, "something else was salvaged"]


def _can_be_saved(folder: DataFolder) -> bool:
    """Notes what an undisturbed salvage gives; False where nothing at all can be read."""
    trial = DataFolder(folder.root / "trial")
    trial.root.mkdir()
    shutil.copyfile(folder.database, trial.database)
    try:
        _keep(folder, asyncio.run(_salvaged(trial)))
    except Exception:
        return False
    finally:
        shutil.rmtree(trial.root)
    (folder.root / BEFORE).write_text(_digest(folder.database))
    return True


async def _salvaged(folder: DataFolder) -> dict[str, Any]:
    await salvage(folder)
    storage = await Storage.open(folder, secrets=Secrets())
    try:
        return await specimen.contents(storage)
    finally:
        await storage.aclose()


def _digest(path: Path) -> str:
    """Empty where there is none: the old one moved aside already, the new one not yet here."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _keep(folder: DataFolder, contents: dict[str, Any]) -> None:
    (folder.root / EXPECTED).write_text(specimen.as_text(contents))


def _plain(contents: dict[str, Any]) -> dict[str, Any]:
    """As it is after a way through JSON."""
    found: dict[str, Any] = json.loads(specimen.as_text(contents))
    return found


def _kept(folder: DataFolder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder.root / EXPECTED).read_text())
    return found
