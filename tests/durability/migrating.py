"""Migrations ended at every single step: the file is of the old schema or the new, and whole."""

import asyncio
import os
import shutil
import signal
from pathlib import Path
from unittest.mock import patch

import peewee

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage import migrate
from kupuri_desktop.storage.backups import list_backups, verify_backup
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.migrations import NEWEST
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.durability import specimen
from tests.durability.outcome import Outcome

STEPS = 40
"""About as many statements as the longest way to today's schema has."""

DATABASES = Path(__file__).parent.parent / "data" / "db"


def old_schemas() -> list[Path]:
    return sorted(DATABASES.glob("[0-9]*.db"))


def run(steps: int, root: Path, seed: int = 0) -> Outcome:
    """steps: how many steps of each migration at most are tried, evenly spread over all of them.

    Needs a process without other threads: it forks.
    """
    outcome = Outcome("migrations killed at each step")
    every = max(1, STEPS // steps)
    for specimen_path in old_schemas():
        step, ended = seed % every, True
        while ended:
            folder = DataFolder(root / f"{specimen_path.stem}-{step}")
            specimen.put_in_place(specimen_path, folder.database)
            ended = _migrate_and_die(folder, step)
            outcome.rounds += 1
            outcome.counts["killed" if ended else "left to finish"] += 1
            faults = asyncio.run(_verify(folder, specimen_path))
            outcome.faults += [f"{specimen_path.name}, step {step}: {fault}" for fault in faults]
            shutil.rmtree(folder.root)
            step += every
    return outcome


def _migrate_and_die(folder: DataFolder, steps: int) -> bool:
    """Opens the folder in a child that kills itself after so many statements; whether it did."""
    child = os.fork()
    if child == 0:
        try:
            _count_down(steps)
            asyncio.run(_open_and_close(folder))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _count_down(steps: int) -> None:
    real = peewee.SqliteDatabase.execute_sql
    left = steps

    def counted(self: peewee.SqliteDatabase, *arguments: object, **named: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *arguments, **named)

    patch.object(peewee.SqliteDatabase, "execute_sql", counted).start()


async def _open_and_close(folder: DataFolder) -> None:
    storage = await Storage.open(folder, secrets=Secrets())
    await storage.aclose()


async def _verify(folder: DataFolder, specimen_path: Path) -> list[str]:
    faults = list(await asyncio.to_thread(Check(folder.database).run))
    storage = await Storage.open(folder, secrets=Secrets())
    try:
        expected = specimen_path.with_suffix(".json").read_text()
        if specimen.as_text(await specimen.contents(storage)) != expected:
            faults.append("the data are others")
        schema = await storage.database.read(migrate.schema_of)
        if schema != NEWEST:
            faults.append(f"schema {schema}")
        if int(specimen_path.stem) < NEWEST:
            before = [one for one in list_backups(folder) if one.schema == int(specimen_path.stem)]
            if not before or any(verify_backup(folder, one.id).problems for one in before):
                faults.append("there is no good backup from before")
        faults += await storage.caretaker.check()
    finally:
        await storage.aclose()
    return faults
