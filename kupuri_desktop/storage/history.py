"""The undo list as rows: a step's items are decoded when somebody undoes it, not before."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from json.encoder import encode_basestring_ascii
from typing import Any

import peewee

from kupuri_desktop.core.edits import Actor, Cause, Change, Edit, Step
from kupuri_desktop.core.items import Item, item_to_json, items_from_json
from kupuri_desktop.storage.failures import Outcome, damaged
from kupuri_desktop.storage.seals import seal
from kupuri_desktop.storage.tables import from_micros, to_micros

MOST_STEPS = 1000
MOST_BYTES = 64 * 2**20
"""A canvas is opened with no more of its history than this; the newest steps go first."""

MOST_TEXTS = 20_000


class ItemTexts:
    """Items as JSON, remembered: what an edit takes away was mostly written by one before it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Item, str]] = {}

    def __call__(self, item: Item) -> str:
        known = self._known.get(item.id)
        if known is not None and known[0] is item:
            return known[1]
        if len(self._known) >= MOST_TEXTS:
            self._known.clear()
        text = item_to_json(item)
        self._known[item.id] = (item, text)
        return text


def encode_edit(edit: Edit, texts: Callable[[Item], str]) -> str:
    """`{"id": [before, after], ...}`."""

    def side(item: Item | None) -> str:
        return "null" if item is None else texts(item)

    pairs = (
        # Before first: `texts` knows an item in one shape only, the latest asked for.
        f"{encode_basestring_ascii(key)}:[{side(edit.before[key])},{side(after)}]"
        for key, after in edit.after.items()
    )
    return "{" + ",".join(pairs) + "}"


class _Body:
    """The text of an edit, decoded once when either side is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def sides(self) -> tuple[dict[str, Item | None], dict[str, Item | None]]:
        try:
            raw: dict[str, list[Any]] = json.loads(self._text)
            present = [
                json.dumps(side) for pair in raw.values() for side in pair if side is not None
            ]
            items = iter(items_from_json(present))
            before: dict[str, Item | None] = {}
            after: dict[str, Item | None] = {}
            for key, (old, new) in raw.items():
                before[key] = None if old is None else next(items)
                after[key] = None if new is None else next(items)
        except (ValueError, AttributeError, TypeError) as error:
            raise damaged("a step", "A step of the history cannot be read.") from error
        return before, after


class _Side(Mapping[str, Item | None]):
    """One side of a stored edit, equal to the dict it stands for."""

    def __init__(self, body: _Body, index: int) -> None:
        self._body = body
        self._index = index

    @property
    def _items(self) -> dict[str, Item | None]:
        return self._body.sides[self._index]

    def __getitem__(self, key: str) -> Item | None:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"_Side({self._items!r})"


def decode_edit(text: str) -> Edit:
    """Never raises by itself; a side that is read from bad text raises DatabaseDamaged."""
    body = _Body(text)
    return Edit(_Side(body, 0), _Side(body, 1))


def record_step(database: peewee.Database, project: str, change: Change, body: str) -> None:
    """Writes down what `change` did to the undo list. body: the new step's edit as JSON."""
    step = change.step
    match change.cause:
        case Cause.APPLY | Cause.GROW:
            database.execute_sql("DELETE FROM step WHERE project = ? AND undone = 1", (project,))
            database.execute_sql(
                "INSERT INTO step (id, project, label, actor, run, created, size, body, seal)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET created = excluded.created,"
                " size = excluded.size, body = excluded.body, seal = excluded.seal",
                (
                    step.id,
                    project,
                    step.label,
                    step.actor.value,
                    step.run,
                    to_micros(step.created),
                    len(body),
                    body,
                    seal(
                        step.id,
                        project,
                        step.label,
                        step.actor.value,
                        step.run,
                        to_micros(step.created),
                        body,
                    ),
                ),
            )
        case Cause.UNDO | Cause.REDO:
            database.execute_sql(
                "UPDATE step SET undone = ? WHERE id = ?", (change.cause is Cause.UNDO, step.id)
            )


def load_steps(
    database: peewee.Database, project: str, suspect: Callable[[str], object]
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The steps done, the oldest first, and those undone, the next to redo last.

    suspect: told where a step is not as it was written.
    """
    oldest = _oldest_to_load(database, project)
    rows = database.execute_sql(
        "SELECT id, label, actor, run, created, undone, body, seal FROM step"
        " WHERE project = ? AND number >= ? ORDER BY number",
        (project, oldest),
    )
    done: list[Step] = []
    undone: list[Step] = []
    for key, label, actor, run, created, is_undone, body, sealed in rows:
        if seal(key, project, label, actor, run, created, body) != sealed:
            suspect(f"a step that changed on the disk: {key}")
            if not can_be_read(actor, body):
                # Undo and redo end where a step is missing.
                if is_undone:
                    break
                done.clear()
                continue
        step = Step(key, label, Actor(actor), decode_edit(body), run, from_micros(created))
        (undone if is_undone else done).append(step)
    return tuple(done), tuple(reversed(undone))


def can_be_read(actor: str, body: str) -> bool:
    """Whether a step that is not as it was written still makes sense."""
    with (outcome := Outcome()):
        assert isinstance(body, str)
        Actor(actor)
        len(decode_edit(body).before)
    return outcome.error is None


def prune_steps(database: peewee.Database, project: str) -> None:
    """Forgets what is older than the steps that a canvas is opened with."""
    database.execute_sql(
        "DELETE FROM step WHERE project = ? AND number < ?",
        (project, _oldest_to_load(database, project)),
    )


def _oldest_to_load(database: peewee.Database, project: str) -> int:
    oldest, total = 0, 0
    for number, size in database.execute_sql(
        "SELECT number, size FROM step WHERE project = ? ORDER BY number DESC LIMIT ?",
        (project, MOST_STEPS),
    ):
        if not isinstance(size, int):
            break
        total += size
        if oldest and total > MOST_BYTES:
            break
        oldest = number
    return oldest
