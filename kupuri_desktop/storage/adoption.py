"""Takes whole projects from outside in: all of one file in one transaction, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import peewee

from kupuri_desktop.core.chat import Message, Session
from kupuri_desktop.core.generation import GenerationRequest, Job
from kupuri_desktop.core.items import Item, item_to_json, kind_of
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage import words
from kupuri_desktop.storage.chats import store_message
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.jobs import row_of
from kupuri_desktop.storage.palettes import put_palette
from kupuri_desktop.storage.seals import seal
from kupuri_desktop.storage.tables import (
    JobRow,
    ProjectRow,
    SessionRow,
    now_micros,
    sealed,
    to_micros,
)


@dataclass(frozen=True, slots=True)
class DoneJob:
    """A finished job whose request has no source image: `source` and `mask` name stored bytes."""

    job: Job
    source: str = ""
    mask: str | None = None
    source_asset: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One project as it will be stored. All ids are new ones and all images are stored already."""

    project: Project
    items: tuple[Item, ...] = ()
    chats: tuple[tuple[Session, tuple[Message, ...]], ...] = ()
    jobs: tuple[DoneJob, ...] = ()
    palette: Palette = field(default_factory=Palette)


class Adoption:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def adopt(self, arrivals: Sequence[Arrival]) -> None:
        """Returns after the commit. Raises Conflict where an id is taken; nothing is kept then.

        The projects begin without a history: there is nothing to undo in them.
        """

        def work(database: peewee.Database) -> None:
            for arrival in arrivals:
                _store(database, arrival)

        await self._database.write(work)


def _store(database: peewee.Database, arrival: Arrival) -> None:
    project = arrival.project
    values: dict[str, Any] = {
        "id": project.id,
        "name": project.name,
        "created": project.created,
        "changed": project.changed,
        "starred": project.starred,
        "trashed": None,
        "text_model": _text(project.text_model),
        "image_model": _text(project.image_model),
    }
    ProjectRow.insert(**sealed(ProjectRow, values)).execute(database)
    words.put_words(database, words.PROJECT, project.id, project.id, project.name)
    put_palette(database, project.id, arrival.palette)
    _store_items(database, project.id, arrival.items)
    for session, messages in arrival.chats:
        _store_chat(database, session, messages)
    for done in arrival.jobs:
        _store_job(database, done)
    database.execute_sql(
        "UPDATE project SET changed = ? WHERE id = ?", (to_micros(project.changed), project.id)
    )


def _text(model: ModelRef | None) -> str | None:
    return None if model is None else str(model)


def _store_items(database: peewee.Database, project: str, items: Sequence[Item]) -> None:
    added = now_micros()
    rows = []
    for number, item in enumerate(items):
        body = item_to_json(item)
        asset = getattr(item, "asset", None)
        check = seal(project, item.id, body)
        rows.append((project, item.id, kind_of(item), asset, added + number, body, check))
        words.put_words(database, words.ITEM, project, item.id, words.words_of_item(item))
    database.connection().executemany(
        "INSERT INTO item (project, id, kind, asset, added, body, seal)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _store_chat(database: peewee.Database, session: Session, messages: Sequence[Message]) -> None:
    values = {
        "id": session.id,
        "project": session.project,
        "name": session.name,
        "created": session.created,
        "changed": session.changed,
        "trashed": None,
    }
    SessionRow.insert(**sealed(SessionRow, values)).execute(database)
    words.put_words(database, words.SESSION, session.project, session.id, session.name, session.id)
    for message in messages:
        store_message(database, message)
    # Storing a message makes its chat the newest; these are as old as they were.
    database.execute_sql(
        "UPDATE session SET changed = ? WHERE id = ?", (to_micros(session.changed), session.id)
    )


def _store_job(database: peewee.Database, done: DoneJob) -> None:
    job = done.job
    request: dict[str, Any] = {
        each.name: getattr(job.request, each.name)
        for each in fields(GenerationRequest)
        if each.name not in ("model", "source")
    }
    request["model"] = str(job.request.model)
    if done.source:
        request["source"] = {"data": done.source, "mask": done.mask, "asset": done.source_asset}
    JobRow.insert(**row_of(job, request)).execute(database)
