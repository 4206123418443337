"""The use cases: a project out into one file, and projects in from files of several kinds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from kupuri_desktop import __version__
from kupuri_desktop.core.assets import Asset
from kupuri_desktop.core.chat import ImagePart, Message, Session
from kupuri_desktop.core.collector import held_off
from kupuri_desktop.core.errors import AssetDamaged, KupuriError, NotFound, ReadOnly, UsageError
from kupuri_desktop.core.generation import Job
from kupuri_desktop.core.items import ImageItem, Item, item_to_json
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.adoption import Adoption, Arrival
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.transfer.bounds import NOTHING_CHANGED, Untaken, cleaned, told
from kupuri_desktop.workspace.transfer.kinds import reader_for
from kupuri_desktop.workspace.transfer.parcel import Contents, Load
from kupuri_desktop.workspace.transfer.preview import preview_of
from kupuri_desktop.workspace.transfer.renewing import renewed
from kupuri_desktop.workspace.transfer.shapes import (
    FORMAT,
    VERSION,
    Counts,
    Manifest,
    ProjectShape,
    chat_shape,
    job_shape,
    palette_shape,
)
from kupuri_desktop.workspace.transfer.writing import BundleWriter, as_json

T = TypeVar("T")

Reached = Callable[[float], None]
"""Called with how much of it is done, 0 to 1."""

PIECE = 200
"""Messages of a chat that go into one piece of it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A written bundle. `missing`: what could not be put in, a sentence each."""

    path: Path
    items: int
    assets: int
    sessions: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """One project that came in: its id and name, and how much is in it."""

    id: str
    name: str
    items: int
    assets: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file. With a `problem` nothing of it was taken, and nothing changed.

    untaken: what is not among the projects, a sentence each.
    """

    path: Path
    projects: tuple[TakenIn, ...] = ()
    untaken: tuple[str, ...] = ()
    problem: KupuriError | None = None


class Transfer:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._adoption = Adoption(storage.database)

    async def export(self, project: Project, path: Path, reached: Reached) -> Exported:
        """Writes a project as it is saved now. A file of that name is replaced in one step.

        Raises DiskFull, ReadOnly, StorageError; UsageError where it is too large for one file.
        """
        with held_off():
            return await self._export(project, path, reached)

    async def _export(self, project: Project, path: Path, reached: Reached) -> Exported:
        await self._storage.database.saved()
        state = await self._storage.canvases.load(project.id)
        items = await _whole(partial(_in_order, state.items))
        sessions = await self._storage.chats.sessions(project.id)
        palette = await self._storage.palettes.load(project.id)
        preview = await preview_of(items, self._storage.assets)
        async with _entered(BundleWriter(path)) as writer:
            packing = _Packing(self._storage, writer, reached)
            await _whole(partial(writer.put_preview, preview))
            jobs = await packing.put_jobs(items)
            messages = await packing.put_chats(sessions)
            await _whole(partial(writer.put_parts, "items", map(item_to_json, items)))
            await packing.put_assets()
            manifest = Manifest(
                format=FORMAT,
                version=VERSION,
                written_by=f"kupuri {__version__}",
                written=datetime.now(UTC),
                project=ProjectShape(
                    name=project.name, created=project.created, palette=palette_shape(palette)
                ),
                counts=Counts(
                    items=len(items), sessions=len(sessions), messages=messages, jobs=jobs
                ),
                assets=writer.assets,
                missing=told(packing.missing),
            )
            await _whole(partial(writer.put_manifest, manifest))
        reached(1.0)
        return Exported(
            path, len(items), len(manifest.assets), len(sessions), tuple(manifest.missing)
        )

    async def duplicate(self, project: Project, name: str) -> str:
        """The id of a second project like it: whole, or not there.

        Raises NotFound, StorageError.
        """
        from kupuri_desktop.workspace.transfer.duplicating import duplicate

        return await duplicate(self._storage, project, name)

    async def take_in(self, path: Path, reached: Reached) -> Imported:
        """Adopts all of a file, or nothing. Raises HostileFile, UsageError, Conflict, NotFound,

        ReadOnly for the file, StorageError for the database. Images that were added before a
        failure belong to nothing and are collected later.
        """
        with held_off():
            return await self._take_in(path, reached)

    async def _take_in(self, path: Path, reached: Reached) -> Imported:
        async with _opened(path) as contents:
            untaken = list(contents.untaken)
            assets = await self._store_assets(contents, untaken, reached)
            arrivals = []
            for parcel in contents.parcels:
                known = {key: assets[load] for key, load in parcel.assets.items() if load in assets}
                arrivals.append(await _whole(partial(renewed, parcel, known)))
                untaken += await _whole(partial(_lost, parcel.items, known))
            await self._adoption.adopt(arrivals)
            taken = [await _whole(partial(_taken_in, arrival)) for arrival in arrivals]
        reached(1.0)
        return Imported(path, tuple(taken), told(untaken))

    async def _store_assets(
        self, contents: Contents, untaken: list[str], reached: Reached
    ) -> dict[Load, Asset]:
        """One image at a time is in memory."""
        loads = [load for parcel in contents.parcels for load in parcel.assets.values()]
        stored: dict[Load, Asset] = {}
        for done, load in enumerate(loads):
            reached(done / len(loads))
            try:
                data = await _whole(load)
            except Untaken as error:
                untaken.append(str(error))
                continue
            stored[load] = await self._storage.assets.add(data)
        return stored


class _Packing:
    """One project on its way into a bundle."""

    def __init__(self, storage: Storage, writer: BundleWriter, reached: Reached) -> None:
        self._storage = storage
        self._writer = writer
        self._reached = reached
        self._wanted: dict[str, None] = {}
        self.missing: list[str] = []

    async def put_jobs(self, items: Sequence[Item]) -> int:
        """The finished jobs of the images, and what they started from; returns how many."""
        texts: list[str] = []
        made_by = await _whole(partial(self._want_images, items))
        for key, item in made_by.items():
            job: Job | None = await self._storage.jobs.get(key)
            if job is not None:
                shape = job_shape(job, item)
                self._want(shape.request.source, shape.request.mask)
                texts.append(as_json(shape))
        await _whole(partial(self._writer.put_parts, "jobs", texts))
        return len(texts)

    async def put_chats(self, sessions: Sequence[Session]) -> int:
        """Returns how many messages there are."""
        texts: list[str] = []
        count = 0
        # The oldest first: whoever takes them in again sees the same order.
        for session in reversed(sessions):
            messages = tuple(await self._storage.chats.messages(session.id))
            count += len(messages)
            self._want_pictures(messages)
            for start in range(0, max(len(messages), 1), PIECE):
                texts.append(as_json(chat_shape(session, messages[start : start + PIECE])))
        await _whole(partial(self._writer.put_parts, "chats", texts))
        return count

    async def put_assets(self) -> None:
        for done, key in enumerate(self._wanted):
            self._reached(done / len(self._wanted))
            try:
                data = await self._storage.assets.data(key)
            except (AssetDamaged, NotFound) as error:
                self.missing.append(f"An image: {error.message}")
                continue
            await _whole(partial(self._writer.put_asset, key, data))

    def _want_images(self, items: Sequence[Item]) -> dict[str, str]:
        """Notes what they show. The jobs that made them, each with the first of its items."""
        made_by: dict[str, str] = {}
        for item in items:
            if isinstance(item, ImageItem):
                self._want(item.asset, item.mask)
                if item.making is not None and item.making.job:
                    made_by.setdefault(item.making.job, item.id)
        return made_by

    def _want(self, *keys: str | None) -> None:
        self._wanted.update(dict.fromkeys(key for key in keys if key))

    def _want_pictures(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._want(*_attached(message))


@asynccontextmanager
async def _entered(writer: BundleWriter) -> AsyncIterator[BundleWriter]:
    """The same context, its files opened and closed in a thread."""
    await _whole(writer.__enter__)
    try:
        yield writer
    except BaseException as error:
        await _whole(partial(writer.__exit__, type(error), error, None))
        raise
    await _whole(partial(writer.__exit__, None, None, None))


async def _whole(work: Callable[[], T]) -> T:
    """Runs in a thread. Being cancelled waits for its end: what it has open is ours to close."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        # Nobody waits for its outcome any more; asking for it keeps asyncio from complaining.
        task.cancelled() or task.exception()
        raise


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Contents]:
    """Reads in a thread; what the system says of the file is told to a person."""
    with ExitStack() as stack:
        try:
            contents = await _whole(lambda: stack.enter_context(reader_for(path)))
        except FileNotFoundError as error:
            raise NotFound(f"“{cleaned(path.name)}” is not there.", kept=NOTHING_CHANGED) from error
        except OSError as error:
            raise ReadOnly(
                f"“{cleaned(path.name)}” cannot be read.",
                hint="Check its permissions.",
                kept=NOTHING_CHANGED,
                details=str(error),
            ) from error
        if not any(parcel.items or parcel.chats for parcel in contents.parcels) and (
            contents.untaken
        ):
            raise UsageError(
                f"Nothing in “{cleaned(path.name)}” can be taken in.",
                hint=contents.untaken[0],
                kept=NOTHING_CHANGED,
            )
        yield contents


def _in_order(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.z, item.id))


def _lost(items: Sequence[Item], known: dict[str, Asset]) -> list[str]:
    """Images whose bytes are not there; a list that names each would say the same again."""
    gone = sum(isinstance(item, ImageItem) and item.asset not in known for item in items)
    return [f"Images without their picture in the file: {gone}."] if gone else []


def _taken_in(arrival: Arrival) -> TakenIn:
    assets = {item.asset for item in arrival.items if isinstance(item, ImageItem)}
    for _, messages in arrival.chats:
        for message in messages:
            assets |= set(_attached(message))
    project = arrival.project
    return TakenIn(project.id, project.name, len(arrival.items), len(assets), len(arrival.chats))


def _attached(message: Message) -> list[str]:
    parts = (part for part in message.parts if isinstance(part, ImagePart))
    return [asset for part in parts for asset in part.assets]
