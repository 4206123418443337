"""Random damage to the file: never a crash, never a loss that nobody is told of."""

import asyncio
import shutil
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import peewee

from kupuri_desktop.core.errors import DatabaseDamaged, KupuriError
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.doctor import inspect
from kupuri_desktop.storage.salvage import salvage
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.durability import specimen
from tests.durability.outcome import Outcome

PAGE = 4096


def run(rounds: int, root: Path, seed: int = 0) -> Outcome:
    random = Random(seed)
    outcome = Outcome("random damage")
    whole, expected = asyncio.run(_specimen(DataFolder(root / "whole")))
    for number in range(rounds):
        folder = DataFolder(root / f"damaged-{number}")
        folder.root.mkdir(parents=True)
        damaged, what = spoil(whole, random)
        folder.database.write_bytes(damaged)
        try:
            faults = asyncio.run(_round(folder, damaged, expected, outcome))
        except Exception as error:
            faults = [f"crashed: {error!r}"]
        outcome.rounds += 1
        outcome.faults += [f"round {number}, {what}: {fault}" for fault in faults]
        shutil.rmtree(folder.root)
    return outcome


async def _specimen(folder: DataFolder) -> tuple[bytes, dict[str, Any]]:
    storage = await Storage.open(folder, secrets=Secrets())
    await specimen.fill(storage, projects=3, items=20)
    expected = await specimen.contents(storage)
    await storage.aclose()
    return folder.database.read_bytes(), expected


def spoil(whole: bytes, random: Random) -> tuple[bytes, str]:
    """The file with one kind of damage, and its name."""
    data = bytearray(whole)
    at = random.randrange(len(data))
    page = at // PAGE * PAGE
    match random.choice(["bit", "bytes", "zeros", "page", "swap", "cut", "sector", "begin"]):
        case "bit":
            data[at] ^= 1 << random.randrange(8)
            what = f"a bit at {at}"
        case "bytes":
            length = random.randrange(1, 64)
            data[at : at + length] = random.randbytes(len(data[at : at + length]))
            what = f"{length} bytes at {at}"
        case "zeros":
            data[page : page + PAGE] = bytes(PAGE)
            what = f"zeros in page {page // PAGE + 1}"
        case "page":
            data[page : page + PAGE] = random.randbytes(PAGE)
            what = f"noise in page {page // PAGE + 1}"
        case "swap":
            other = random.randrange(len(data) // PAGE) * PAGE
            data[page : page + PAGE] = whole[other : other + PAGE]
            what = f"page {other // PAGE + 1} in place of {page // PAGE + 1}"
        case "cut":
            del data[at:]
            what = f"cut off at {at}"
        case "sector":
            sector = at // 512 * 512
            data[sector : sector + 512] = bytes(512)
            what = f"zeros in the sector at {sector}"
        case _:
            at = random.randrange(200)
            data[at] = random.randrange(256)
            what = f"a byte of the header at {at}"
    return bytes(data), what


async def _round(
    folder: DataFolder, damaged: bytes, expected: dict[str, Any], outcome: Outcome
) -> list[str]:
    faults: list[str] = []
    told = await _open_and_look(folder, expected, outcome)
    if told is None:
        faults.append("something is lost and nobody is told")
    folder.database.write_bytes(damaged)
    for ending in ("-wal", "-shm"):
        folder.database.with_name("kupuri.db" + ending).unlink(missing_ok=True)
    if told:
        faults += await _salvage(folder, damaged, expected, outcome)
    return faults


async def _open_and_look(
    folder: DataFolder, expected: dict[str, Any], outcome: Outcome
) -> bool | None:
    """Whether damage was told; False where there was none to be seen; None for a silent loss."""
    report = await asyncio.to_thread(inspect, folder, True)
    try:
        storage = await Storage.open(folder, secrets=Secrets())
    except DatabaseDamaged:
        outcome.counts["refused at open"] += 1
        return True
    except KupuriError:
        outcome.counts["refused at open otherwise"] += 1
        return True
    told: list[Any] = []
    storage.database.damage_found.connect(told.append)
    try:
        problems = await storage.caretaker.check()
        bad = await storage.assets.verify()
        found = await specimen.contents(storage)
    except KupuriError as error:
        outcome.counts["told when read"] += 1
        told.append(error)
        problems, bad, found = [], [], {}
    finally:
        await _close(storage)
    if problems or bad or told or not report.ok:
        outcome.counts["told"] += 1
        return True
    if specimen.as_text(found) == specimen.as_text(expected):
        outcome.counts["without effect"] += 1
        return False
    return None


async def _close(storage: Storage) -> None:
    try:
        await storage.aclose()
    except KupuriError:
        await storage.aclose(abandon=True)


async def _salvage(
    folder: DataFolder, damaged: bytes, expected: dict[str, Any], outcome: Outcome
) -> list[str]:
    try:
        report = await salvage(folder)
    except DatabaseDamaged:
        outcome.counts["nothing to salvage"] += 1
        if folder.database.read_bytes() != damaged:
            return ["the damaged file was changed"]
        return []
    assert report.aside is not None
    faults: list[str] = []
    if (report.aside / "kupuri.db").read_bytes() != damaged:
        faults.append("the damaged file was not set aside as it was")
    storage = await Storage.open(folder, secrets=Secrets())
    try:
        problems = await storage.caretaker.check()
        if problems:
            faults.append(f"the salvaged file is damaged: {problems[:3]}")
        found = await _readable(storage)
    finally:
        await storage.aclose()
    if specimen.as_text(found) == specimen.as_text(expected):
        outcome.counts["salvaged whole"] += 1
    else:
        outcome.counts["salvaged in part"] += 1
        outcome.counts["lost pieces listed"] += len(report.lost) + len(report.altered)
        if not (report.lost or report.altered or report.found):
            faults.append("salvaged in part, and nothing is listed")
    return faults


async def _readable(storage: Storage) -> dict[str, Any]:
    """The contents, without what cannot be had for want of an image."""
    for asset in await storage.assets.verify():
        await storage.database.write(partial(_forget, asset=asset))
    return await specimen.contents(storage)


def _forget(database: peewee.Database, asset: str) -> None:
    database.execute_sql("DELETE FROM asset WHERE id = ?", (asset,))
