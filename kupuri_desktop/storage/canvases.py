"""Keeps the projects and what lies on their canvases, each change in one transaction."""

import asyncio
from contextlib import suppress
from typing import Any

import peewee

from kupuri_desktop.core.canvas import CanvasState
from kupuri_desktop.core.collector import held_off
from kupuri_desktop.core.edits import Cause, Change
from kupuri_desktop.core.errors import NotFound, UsageError
from kupuri_desktop.core.items import Item, item_from_json, items_from_json
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage import words
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.history import (
    ItemTexts,
    encode_edit,
    load_steps,
    record_step,
)
from kupuri_desktop.storage.seals import reseal, seal
from kupuri_desktop.storage.tables import ProjectRow, from_micros, now_micros, sealed, to_micros

Projects = list[Project]

_UNSET: Any = object()

_SELECT = """
SELECT id, name, created, changed, starred, trashed, text_model, image_model,
    (SELECT asset FROM item WHERE project = project.id AND asset IS NOT NULL
        ORDER BY added DESC LIMIT 1),
    (SELECT count(*) FROM item WHERE project = project.id AND asset IS NOT NULL)
FROM project
"""


class Canvases:
    """Raises NotFound for a project that is not there (any more)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._texts = ItemTexts()

    async def list(self, *, trashed: bool = False) -> Projects:
        """The most lately changed first; those in the trash instead if `trashed`."""
        where = f"WHERE trashed IS {'NOT ' if trashed else ''}NULL ORDER BY changed DESC, id"
        return await self._database.read(lambda database: _projects(database, where, ()))

    async def get(self, project_id: str) -> Project:
        return await self._database.read(lambda database: _project(database, project_id))

    async def create(self, project: Project) -> Project:
        """Raises Conflict where a project has that id already."""

        def work(database: peewee.Database) -> Project:
            row = {
                "id": project.id,
                "name": project.name,
                "created": project.created,
                "changed": project.changed,
                "starred": project.starred,
                "trashed": project.trashed,
                "text_model": _text(project.text_model),
                "image_model": _text(project.image_model),
            }
            ProjectRow.insert(**sealed(ProjectRow, row)).execute(database)
            words.put_words(database, words.PROJECT, project.id, project.id, project.name)
            return _project(database, project.id)

        return await self._database.write(work)

    async def change(
        self,
        project_id: str,
        *,
        name: str = _UNSET,
        starred: bool = _UNSET,
        text_model: ModelRef | None = _UNSET,
        image_model: ModelRef | None = _UNSET,
    ) -> Project:
        """Changes what is given and leaves the rest."""
        values: dict[str, Any] = {"name": name, "starred": starred}
        for key, model in (("text_model", text_model), ("image_model", image_model)):
            values[key] = model if model is _UNSET else _text(model)
        given = {key: value for key, value in values.items() if value is not _UNSET}

        def work(database: peewee.Database) -> Project:
            if given:
                _update(database, project_id, **given)
            if "name" in given:
                words.put_words(database, words.PROJECT, project_id, project_id, name)
            return _project(database, project_id)

        return await self._database.write(work)

    async def trash(self, project_id: str) -> None:
        await self._database.write(
            lambda database: _update(database, project_id, trashed=from_micros(now_micros()))
        )

    async def restore(self, project_id: str) -> None:
        await self._database.write(lambda database: _update(database, project_id, trashed=None))

    async def load(self, project_id: str) -> CanvasState:
        """The items and the undo list, as the last commit left them."""

        def work(database: peewee.Database) -> CanvasState:
            _project(database, project_id)
            done, undone = load_steps(database, project_id, self._database.suspect)
            return CanvasState(self._items(database, project_id), done, undone)

        return await self._database.read(work)

    def record(self, project_id: str, change: Change) -> "asyncio.Future[None]":
        """Queues a change of the canvas: its items and its step, in one transaction."""
        return self._database.journal(
            lambda database: record_change(database, project_id, change, self._texts)
        )

    async def trashed_items(self, project_id: str) -> "list_of_items":
        """What was deleted from the canvas in the last 30 days, the latest first."""

        def work(database: peewee.Database) -> list_of_items:
            rows = database.execute_sql(
                "SELECT body FROM trashed_item WHERE project = ? ORDER BY trashed DESC, id",
                (project_id,),
            )
            return readable_items([row[0] for row in rows])

        return await self._database.read(work)

    def _items(self, database: peewee.Database, project_id: str) -> tuple[Item, ...]:
        rows = database.execute_sql(
            "SELECT seal, id, body FROM item WHERE project = ?", (project_id,)
        ).fetchall()
        if broken := [row[1] for row in rows if seal(project_id, row[1], row[2]) != row[0]]:
            self._database.suspect(f"items that changed on the disk: {broken[:20]}")
        bodies = [row[2] if isinstance(row[2], str) else "" for row in rows]
        try:
            with held_off():
                items = [
                    item
                    for start in range(0, len(bodies), TOGETHER)
                    for item in items_from_json(bodies[start : start + TOGETHER])
                ]
        except ValueError:
            items = readable_items(bodies)
            self._database.suspect(f"{len(bodies) - len(items)} items cannot be read")
        return tuple(items)


list_of_items = list[Item]

TOGETHER = 400
"""Items decoded at once: half the time of one by one, and the window waits 2 ms at most for it."""


def _text(model: ModelRef | None) -> str | None:
    return None if model is None else str(model)


def _model(text: str | None) -> ModelRef | None:
    with suppress(UsageError):
        return None if text is None else ModelRef.parse(text)
    return None


def _projects(database: peewee.Database, where: str, arguments: tuple[Any, ...]) -> Projects:
    return [
        Project(
            id=key,
            name=name,
            created=from_micros(created),
            changed=from_micros(changed),
            starred=bool(starred),
            trashed=None if trashed is None else from_micros(trashed),
            cover=cover,
            images=images,
            text_model=_model(text_model),
            image_model=_model(image_model),
        )
        for (
            key,
            name,
            created,
            changed,
            starred,
            trashed,
            text_model,
            image_model,
            cover,
            images,
        ) in database.execute_sql(_SELECT + where, arguments)
    ]


def _project(database: peewee.Database, project_id: str) -> Project:
    found = _projects(database, "WHERE id = ?", (project_id,))
    if not found:
        raise _gone(project_id)
    return found[0]


def _gone(project_id: str) -> NotFound:
    return NotFound("This project is not there any more.", details=f"project {project_id}")


def _update(database: peewee.Database, project_id: str, **values: Any) -> None:
    changed = (
        ProjectRow.update(changed=from_micros(now_micros()), **values)
        .where(ProjectRow.id == project_id)
        .execute(database)
    )
    if not changed:
        raise _gone(project_id)
    reseal(database, "project", "id", project_id)


def readable_items(bodies: list[str]) -> list[Item]:
    """Those that can be read; a row that cannot stays in the file as it is."""
    items: list[Item] = []
    for body in bodies:
        try:
            items.append(item_from_json(body))
        except ValueError:
            continue
    return items


def record_change(
    database: peewee.Database, project_id: str, change: Change, texts: ItemTexts
) -> None:
    """Writes a change down. Must run in a writing transaction; twice is the same as once."""
    now = now_micros()
    before, after = change.edit.before, change.edit.after
    # Those on the way out are looked up first: they were written when they came in.
    step_body = encode_edit(change.step.edit, texts) if _is_written(change) else ""
    moved: list[tuple[Any, ...]] = []
    fresh: list[tuple[Any, ...]] = []
    gone: list[str] = []
    for key, item in after.items():
        old = before.get(key)
        if item is None:
            gone.append(key)
        elif old is not None and type(old) is type(item) and _asset(old) == _asset(item):
            body = texts(item)
            moved.append((body, seal(project_id, key, body), project_id, key))
        else:
            fresh.append(_row(project_id, item, now + len(fresh), texts))
        if not words.same_words(old, item):
            words.put_words(database, words.ITEM, project_id, key, words.words_of_item(item))
    cursor = database.connection().cursor()
    if moved:
        cursor.executemany("UPDATE item SET body = ?, seal = ? WHERE project = ? AND id = ?", moved)
        if cursor.rowcount != len(moved):
            present = [item for item in after.values() if item is not None]
            fresh = [_row(project_id, item, now, texts) for item in present]
    if fresh:
        cursor.executemany(
            "INSERT INTO item (project, id, kind, asset, added, body, seal)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (project, id) DO UPDATE SET"
            " kind = excluded.kind, asset = excluded.asset,"
            " body = excluded.body, seal = excluded.seal",
            fresh,
        )
        cursor.executemany(
            "DELETE FROM trashed_item WHERE project = ? AND id = ?", (row[:2] for row in fresh)
        )
    if gone:
        cursor.executemany(
            "INSERT OR REPLACE INTO trashed_item (project, id, trashed, body, seal)"
            " SELECT project, id, ?, body, seal FROM item WHERE project = ? AND id = ?",
            [(now, project_id, key) for key in gone],
        )
        cursor.executemany(
            "DELETE FROM item WHERE project = ? AND id = ?", [(project_id, key) for key in gone]
        )
    record_step(database, project_id, change, step_body)
    database.execute_sql(
        "UPDATE project SET changed = max(changed, ?) WHERE id = ?",
        (max(now, to_micros(change.step.created)), project_id),
    )


def _is_written(change: Change) -> bool:
    return change.cause in (Cause.APPLY, Cause.GROW)


def _row(project_id: str, item: Item, added: int, texts: ItemTexts) -> tuple[Any, ...]:
    kind = str(getattr(item, "kind", ""))
    body = texts(item)
    return (project_id, item.id, kind, _asset(item), added, body, seal(project_id, item.id, body))


def _asset(item: Item) -> str | None:
    return getattr(item, "asset", None)
