"""The journal of generations: each job is on the disk before an engine hears of it."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import peewee

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.errors import Problem, UsageError
from kupuri_desktop.core.generation import GenerationRequest, Job, JobState, SourceImage
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.storage import assets
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.images import Looked, sniff
from kupuri_desktop.storage.tables import JobRow, fetch, seal_of, sealed, upsert

_OPEN = [state.value for state in JobState if state.open]

_REQUEST_FIELDS = (
    "job_id",
    "prompt",
    "width",
    "height",
    "seed",
    "negative_prompt",
    "style",
    "steps",
    "guidance",
    "sampler",
    "scheduler",
    "denoise",
)


class Jobs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, job: Job) -> "asyncio.Future[None]":
        """Queues a new job, or what an old one (the same id) has become."""
        return self._database.journal(lambda database: _store(database, job))

    async def get(self, job_id: str) -> Job | None:
        found = await self._find(JobRow.id == job_id)
        return found[0] if found else None

    async def open_jobs(self, project: str | None = None) -> list[Job]:
        """Those that are not at an end yet, the oldest first."""
        where = JobRow.state.in_(_OPEN)
        if project is not None:
            where &= JobRow.project == project
        return await self._find(where)

    async def _find(self, where: Any) -> list[Job]:
        def work(database: peewee.Database) -> list[Job]:
            rows = JobRow.select().where(where).order_by(JobRow.created, JobRow.id)
            found: list[Job] = []
            for row in fetch(rows, database):
                if seal_of(JobRow, row) != row["seal"]:
                    self._database.suspect(f"a job that changed on the disk: {row['id']}")
                try:
                    found.append(_job(database, row))
                except (ValueError, TypeError, KeyError, UsageError):
                    # The row stays as it is; what it asked for cannot be told any more.
                    self._database.suspect(f"a job that cannot be read: {row['id']}")
            return found

        return await self._database.read(work)


def _store(database: peewee.Database, job: Job) -> None:
    upsert(JobRow, row_of(job, _request_to_json(database, job.request))).execute(database)


def row_of(job: Job, request: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed row of a job. request: as it is stored, its pictures by their ids."""
    place = job.place
    return sealed(
        JobRow,
        {
            "id": job.id,
            "project": job.project,
            "session": job.session,
            "run": job.run,
            "tool_call": job.tool_call,
            "state": job.state.value,
            "item": job.item,
            "created": job.created,
            "changed": job.changed,
            "place": json.dumps([place.x, place.y, place.width, place.height]),
            "request": json.dumps(request),
            "problem": None if job.problem is None else json.dumps(job.problem.to_json()),
            "workflow": json.dumps(job.workflow),
        },
    )


def _request_to_json(database: peewee.Database, request: GenerationRequest) -> dict[str, Any]:
    data: dict[str, Any] = {name: getattr(request, name) for name in _REQUEST_FIELDS}
    data["model"] = str(request.model)
    if (source := request.source) is not None:
        data["source"] = {
            "data": _keep(database, source.data),
            "mask": None if source.mask is None else _keep(database, source.mask),
            "asset": source.asset,
        }
    return data


def _keep(database: peewee.Database, data: bytes) -> str:
    """Stores the bytes among the images; what a job starts from needs no smaller copies."""
    key = asset_id(data)
    assets.store(database, key, data, Looked(sniff(data)), levels=False)
    return key


def _request_from_json(database: peewee.Database, text: str) -> GenerationRequest:
    data: dict[str, Any] = json.loads(text)
    request = GenerationRequest(
        model=ModelRef.parse(data["model"]), **{name: data[name] for name in _REQUEST_FIELDS}
    )
    source = data.get("source")
    if source is None:
        return request
    original = assets.read_original(database, source["data"])
    mask = source["mask"] and assets.read_original(database, source["mask"])
    return replace(request, source=SourceImage(original or b"", mask, source["asset"]))


def _job(database: peewee.Database, row: dict[str, Any]) -> Job:
    problem = row["problem"]
    return Job(
        id=row["id"],
        project=row["project"],
        session=row["session"],
        run=row["run"],
        tool_call=row["tool_call"],
        request=_request_from_json(database, row["request"]),
        place=Rect(*json.loads(row["place"])),
        state=JobState(row["state"]),
        created=row["created"],
        changed=row["changed"],
        item=row["item"],
        problem=None if problem is None else Problem.from_json(json.loads(problem)),
        workflow=json.loads(row["workflow"]),
    )
