"""Makes a second project of one that is here: all of it under ids of its own, its images shared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.collector import held_off
from kupuri_desktop.core.generation import Job
from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.adoption import Adoption, DoneJob
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.transfer.parcel import Parcel, ParcelChat
from kupuri_desktop.workspace.transfer.renewing import renewed


async def duplicate(storage: Storage, project: Project, name: str) -> str:
    """The id of the new project: what was saved of the other, in one transaction, or nothing.

    Its images are the same bytes, stored once. It begins without a history, as what comes from a
    file does. Raises NotFound, StorageError.
    """
    with held_off():
        return await _duplicate(storage, project, name)


async def _duplicate(storage: Storage, project: Project, name: str) -> str:
    await storage.database.saved()
    items = (await storage.canvases.load(project.id)).items
    chats = []
    # The oldest first, as they are listed after they are stored.
    for session in reversed(await storage.chats.sessions(project.id)):
        messages = await storage.chats.messages(session.id)
        chats.append(ParcelChat(session, tuple(messages)))
    jobs = [await _done(storage.assets, *each) for each in await _jobs(storage, items)]
    palette = await storage.palettes.load(project.id)
    parcel = Parcel(name, tuple(items), tuple(chats), tuple(jobs), palette=palette)
    known = await storage.assets.info(_wanted(parcel))
    arrival = await asyncio.to_thread(partial(renewed, parcel, known))
    own = replace(arrival.project, text_model=project.text_model, image_model=project.image_model)
    await Adoption(storage.database).adopt([replace(arrival, project=own)])
    return own.id


async def _jobs(storage: Storage, items: Iterable[Item]) -> list[tuple[Job, str]]:
    """The jobs that made images, each with the first of its items."""
    made_by: dict[str, str] = {}
    for item in items:
        if isinstance(item, ImageItem) and item.making is not None and item.making.job:
            made_by.setdefault(item.making.job, item.id)
    found = [(await storage.jobs.get(key), item) for key, item in made_by.items()]
    return [(job, item) for job, item in found if job is not None]


async def _done(assets: Assets, job: Job, item: str) -> DoneJob:
    source = job.request.source
    bare = replace(job, item=item, request=replace(job.request, source=None))
    if source is None:
        return DoneJob(bare)

    def hashed() -> tuple[str, str | None]:
        data = asset_id(source.data) if source.data else ""
        return data, asset_id(source.mask) if source.mask else None

    data, mask = await asyncio.to_thread(hashed)
    return DoneJob(bare, source=data, mask=mask, source_asset=source.asset)


def _wanted(parcel: Parcel) -> set[str]:
    """All images that are named anywhere in it."""
    wanted: set[str | None] = set()
    for item in parcel.items:
        if isinstance(item, ImageItem):
            wanted |= {item.asset, item.mask}
    for done in parcel.jobs:
        wanted |= {done.source, done.mask, done.source_asset}
    for chat in parcel.chats:
        for message in chat.messages:
            for part in message.parts:
                if isinstance(part, ImagePart):
                    wanted.update(part.assets)
    return {each for each in wanted if each}
