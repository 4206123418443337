"""Finds projects, chats, messages and items by the words in them, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

import peewee

from kupuri_desktop.core.finding import marks, parts_of, snippet
from kupuri_desktop.storage import words
from kupuri_desktop.storage.database import Database

PROJECTS = 6
"""Projects at most that are found by their name."""


@dataclass(frozen=True, slots=True)
class Hit:
    """`kind` is project, session, message or item; ids are None where there is nothing to name.

    marks: start and end of each place in `snippet` that was looked for. asset: the item's
    picture. cover: the project's. item_kind: as `kind_of` has it. by_user: who said a message.
    """

    kind: str
    project: str
    session: str | None
    message: str | None
    item: str | None
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    project_name: str = ""
    session_name: str = ""
    item_kind: str = ""
    asset: str | None = None
    cover: str | None = None
    by_user: bool = False


_BODIES = """
SELECT words.kind, words.project, words.session, words.owner, words.body,
    project.name, session.name, item.kind, item.asset, message.role
FROM words
JOIN project ON project.id = words.project AND project.trashed IS NULL
LEFT JOIN session ON session.id = words.session
LEFT JOIN item ON words.kind = 'item' AND item.project = words.project AND item.id = words.owner
LEFT JOIN message ON words.kind = 'message' AND message.id = words.owner
WHERE words.kind <> 'project' AND session.trashed IS NULL AND {conditions}
ORDER BY words.number DESC LIMIT ?
"""

_COVER = """
SELECT asset FROM item WHERE project = ? AND asset IS NOT NULL ORDER BY added DESC LIMIT 1
"""


class Search:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, text: str, limit: int = 50) -> list[Hit]:
        """What has all words of `text`, each as the beginning of a word; nothing of the trash.

        Projects of that name come first. Writing without spaces (Chinese, Japanese, Thai) is
        looked for as it stands.
        """
        wanted = text.split()
        if not wanted:
            return []
        return await self._database.read(lambda database: _find(database, wanted, limit))


def _find(database: peewee.Database, wanted: Sequence[str], limit: int) -> list[Hit]:
    covers: dict[str, str | None] = {}

    def cover(project: str) -> str | None:
        if project not in covers:
            row = database.execute_sql(_COVER, (project,)).fetchone()
            covers[project] = None if row is None else row[0]
        return covers[project]

    found = []
    for key, name in _named(database, wanted)[:PROJECTS]:
        found.append(
            Hit(
                kind=words.PROJECT,
                project=key,
                session=None,
                message=None,
                item=None,
                snippet=name,
                marks=marks(name, wanted),
                project_name=name,
                cover=cover(key),
            )
        )
    conditions, arguments = _conditions(wanted)
    for (
        kind,
        project,
        session,
        owner,
        body,
        name,
        chat,
        item_kind,
        asset,
        role,
    ) in database.execute_sql(_BODIES.format(conditions=conditions), (*arguments, limit)):
        piece = snippet(body, wanted)
        found.append(
            Hit(
                kind=kind,
                project=project,
                session=session,
                message=owner if kind == words.MESSAGE else None,
                item=owner if kind == words.ITEM else None,
                snippet=piece,
                marks=marks(piece, wanted),
                project_name=name,
                session_name=chat or "",
                item_kind=item_kind or "",
                asset=asset,
                cover=cover(project),
                by_user=role == "user",
            )
        )
    return found[:limit]


def _named(database: peewee.Database, wanted: Sequence[str]) -> list[tuple[str, str]]:
    """Id and name of the projects whose name has it all: their names are few, words are many."""
    rows = database.execute_sql(
        "SELECT id, name FROM project WHERE trashed IS NULL ORDER BY changed DESC, id"
    )
    return [(key, name) for key, name in rows if all(marks(name, [word]) for word in wanted)]


def _conditions(wanted: Sequence[str]) -> tuple[str, list[object]]:
    spaced, unspaced = parts_of(wanted)
    conditions: list[str] = []
    arguments: list[object] = []
    if spaced:
        conditions.append(
            "words.number IN (SELECT rowid FROM words_index WHERE words_index MATCH ?)"
        )
        arguments.append(" ".join(f'"{_quoted(word)}"*' for word in spaced))
    for word in unspaced:
        conditions.append("instr(words.body, ?) > 0")
        arguments.append(word)
    return " AND ".join(conditions), arguments


def _quoted(word: str) -> str:
    return word.replace('"', '""').replace("\x00", "")
