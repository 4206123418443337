"""kill -9 at random instants: whatever was acknowledged before is there afterwards.

A child works and writes each acknowledgement into a pipe; the parent kills it, opens the same
folder and looks for everything that was acknowledged.
"""

import asyncio
import json
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from kupuri_desktop.core.chat import Message, MessageState, Role, Session, TextPart
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.generation import GenerationRequest, Job, JobState
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.backup_files import Reason
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.durability import kill_files, specimen
from tests.durability.kill_files import LIVES
from tests.durability.outcome import Outcome

DATABASES = Path(__file__).parent.parent / "data" / "db"
LONGEST_LIFE = 0.12
"""Seconds that a child has at most, after its first acknowledgement."""

LONGEST_OF_FILES = 0.5
"""The same for those that restore and salvage: one turn takes them about half of that."""

Ack = Callable[..., None]
Work = Callable[[Storage, str, Ack], Awaitable[None]]


async def save(storage: Storage, project: str, ack: Ack) -> None:
    canvas = await specimen.opened(storage, project)
    number = max((int(item.x) for item in canvas.items.values()), default=0)
    while True:
        number += 1
        key = f"image-{number % 5}"
        item = ImageItem(
            id=key,
            x=number,
            y=0,
            width=9,
            height=9,
            asset="0" * 64,
            natural_width=9,
            natural_height=9,
        )
        canvas.apply(f"Move {number}", {key: item})
        await storage.database.saved()
        ack("item", project, key, number)


async def stream(storage: Storage, project: str, ack: Ack) -> None:
    session = await storage.chats.create_session(Session(project=project))
    while True:
        message = Message(session=session.id, role=Role.ASSISTANT, state=MessageState.STREAMING)
        for words in range(1, 20):
            message = replace(message, parts=(TextPart("word " * words),))
            await storage.chats.save_message(message)
            ack("message", session.id, message.id, words)
        await storage.chats.save_message(replace(message, state=MessageState.COMPLETE))
        ack("complete", session.id, message.id)


async def generate(storage: Storage, project: str, ack: Ack) -> None:
    canvas = await specimen.opened(storage, project)
    seed = int.from_bytes(os.urandom(4), "little")
    while True:
        seed += 1
        now = datetime.now(UTC)
        request = GenerationRequest(f"job-{seed}", "a fox", ModelRef("comfyui", "flux"))
        job = Job(
            f"job-{seed}",
            project,
            None,
            None,
            None,
            request,
            Rect(0, 0, 1, 1),
            JobState.REQUESTED,
            now,
            now,
        )
        for state in (JobState.REQUESTED, JobState.POSTED, JobState.RUNNING):
            job = replace(job, state=state)
            await storage.jobs.save(job)
            ack("job", job.id, state.value)
        asset = await storage.assets.add(specimen.picture(seed))
        ack("asset", asset.id)
        item = ImageItem(
            id=f"made-{seed}",
            x=0,
            y=0,
            width=9,
            height=9,
            asset=asset.id,
            natural_width=asset.width,
            natural_height=asset.height,
        )
        canvas.add("Generate", [item])
        await storage.jobs.save(replace(job, state=JobState.COLLECTED, item=item.id))
        ack("item", project, item.id, 0)
        ack("job", job.id, JobState.COLLECTED.value)


async def bring_in(storage: Storage, project: str, ack: Ack) -> None:
    seed = int.from_bytes(os.urandom(4), "little")
    while True:
        seed += 20
        pictures = [specimen.picture(seed + number) for number in range(20)]
        for asset in await asyncio.gather(*map(storage.assets.add, pictures)):
            ack("asset", asset.id)


async def back_up(storage: Storage, project: str, ack: Ack) -> None:
    while True:
        await storage.assets.add(os.urandom(3000))
        made = await storage.backups.make(Reason.AUTOMATIC)
        ack("backup", made.id)


WORKS: dict[str, Work] = {
    "save": save,
    "stream": stream,
    "generation": generate,
    "import": bring_in,
    "backup": back_up,
}


def run(rounds: int, root: Path, seed: int = 0) -> Outcome:
    """Needs a process without other threads: it forks."""
    random = Random(seed)
    outcome = Outcome("kill -9")
    names = [*WORKS, "migration", *LIVES]
    for number in range(rounds):
        name = names[number % len(names)]
        folder = DataFolder(root / f"{name}-{number // 60 if name in WORKS else number}")
        if name == "migration":
            specimen.put_in_place(DATABASES / "0001.db", folder.database)
        elif name in LIVES:
            kill_files.lay_out(name, root, folder, random)
        acks = _live_and_die(folder, name, random)
        outcome.rounds += 1
        outcome.counts["acknowledged"] += len(acks)
        outcome.faults += [
            f"round {number}, {name}: {fault}"
            for fault in asyncio.run(_look(folder, name, acks, outcome))
        ]
        outcome.counts[f"of {name}"] += 1
        if name not in WORKS:
            shutil.rmtree(folder.root)
    return outcome


def _live_and_die(folder: DataFolder, name: str, random: Random) -> list[list[Any]]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(folder, name, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        # A migration is over before the first word.
        first = b"" if name == "migration" else pipe.readline()
        time.sleep(random.random() * (LONGEST_OF_FILES if name in LIVES else LONGEST_LIFE))
        os.kill(child, signal.SIGKILL)
        told = first + pipe.read()
    os.waitpid(child, 0)
    # A line that was cut off was not told.
    return [json.loads(line) for line in told.split(b"\n")[:-1]]


def _child(folder: DataFolder, name: str, writing: int) -> None:
    """Works until it is killed; never returns."""

    def ack(*what: Any) -> None:
        os.write(writing, json.dumps(what).encode() + b"\n")

    async def live() -> None:
        if name in LIVES:
            await LIVES[name](folder, ack)
        storage = await Storage.open(folder, secrets=Secrets())
        if name == "migration":
            ack("migrated")
            await asyncio.sleep(60)
        projects = await storage.canvases.list()
        project = projects[0] if projects else await storage.canvases.create(Project())
        ack("project", project.id)
        await WORKS[name](storage, project.id, ack)

    try:
        asyncio.run(live())
    finally:
        os._exit(1)


async def _look(
    folder: DataFolder, name: str, acks: list[list[Any]], outcome: Outcome
) -> list[str]:
    if name in LIVES:
        return await kill_files.verify(name, folder, acks)
    return await _verify(folder, name, acks, outcome)


async def _verify(
    folder: DataFolder, name: str, acks: list[list[Any]], outcome: Outcome
) -> list[str]:
    begin = time.perf_counter()
    storage = await Storage.open(folder, secrets=Secrets())
    took = time.perf_counter() - begin
    outcome.slowest_open = max(outcome.slowest_open, took)
    faults = [f"opening took {took:.1f} s"] if took > 3.0 else []
    try:
        faults += await asyncio.to_thread(Check(folder.database).run)
        # Of what grows, only the newest acknowledgement says anything.
        growing = ("item", "message", "job")
        newest = {tuple(ack[:-1] if ack[0] in growing else ack): ack for ack in acks}
        for ack in newest.values():
            try:
                fault = await _missing(storage, ack)
            except KupuriError as error:
                fault = error.message
            if fault:
                faults.append(f"{ack}: {fault}")
        for left in (await storage.backups.list())[:2]:
            if (report := await storage.backups.verify(left.id)).problems:
                faults.append(f"a damaged backup: {report.problems}")
        if name == "migration":
            expected = (DATABASES / "0001.json").read_text()
            if specimen.as_text(await specimen.contents(storage)) != expected:
                faults.append("the migrated data are others")
    finally:
        await storage.aclose()
    return faults


async def _missing(storage: Storage, ack: list[Any]) -> str:
    """What is not there though it was acknowledged; empty where all is well."""
    match ack:
        case ["item", project, key, number]:
            state = await storage.canvases.load(project)
            found = {item.id: item for item in state.items}
            if key not in found or found[key].x < number:
                return "the item is gone or older"
        case ["message", session, key, words]:
            messages = {one.id: one for one in await storage.chats.messages(session)}
            if key not in messages or messages[key].text.count("word") < words:
                return "the message is gone or shorter"
            if messages[key].state is MessageState.STREAMING:
                return "the message looks as if it were being written"
        case ["complete", session, key]:
            messages = {one.id: one for one in await storage.chats.messages(session)}
            if messages[key].state is not MessageState.COMPLETE:
                return "the message is not complete any more"
        case ["job", key, state]:
            job = await storage.jobs.get(key)
            order = [one.value for one in JobState]
            if job is None or order.index(job.state.value) < order.index(state):
                return "the job is gone or older"
        case ["asset", key]:
            await storage.assets.data(key)
        case ["backup", key]:
            if not (await storage.backups.verify(key)).good:
                return "the backup is not whole"
        case ["project", key]:
            await storage.canvases.get(key)
    return ""
