"""Finds projects, chats, messages and items by the words in them, the newest first."""

from dataclasses import dataclass

import peewee

from kupuri_desktop.storage import words
from kupuri_desktop.storage.database import Database

SNIPPET = 120
"""Characters of a hit's snippet, about."""


@dataclass(frozen=True, slots=True)
class Hit:
    """`kind` is project, session, message or item; ids are None where there is nothing to name."""

    kind: str
    project: str
    session: str | None
    message: str | None
    item: str | None
    snippet: str


class Search:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, text: str, limit: int = 50) -> list[Hit]:
        """What has all words of `text`, each as the beginning of a word; nothing of the trash.

        Writing without spaces (Chinese, Japanese, Thai) is looked for as it stands.
        """
        wanted = text.split()
        if not wanted:
            return []
        return await self._database.read(lambda database: _find(database, wanted, limit))


def _find(database: peewee.Database, wanted: list[str], limit: int) -> list[Hit]:
    unspaced = [word for word in wanted if any(ord(letter) >= 0x0E00 for letter in word)]
    spaced = [word for word in wanted if word not in unspaced]
    conditions: list[str] = []
    arguments: list[object] = []
    if spaced:
        conditions.append("number IN (SELECT rowid FROM words_index WHERE words_index MATCH ?)")
        arguments.append(" ".join(f'"{_quoted(word)}"*' for word in spaced))
    for word in unspaced:
        conditions.append("instr(body, ?) > 0")
        arguments.append(word)
    rows = database.execute_sql(
        "SELECT words.kind, words.project, words.session, words.owner, words.body FROM words"
        " JOIN project ON project.id = words.project AND project.trashed IS NULL"
        " LEFT JOIN session ON session.id = words.session"
        f" WHERE {' AND '.join(conditions)} AND session.trashed IS NULL"
        " ORDER BY words.number DESC LIMIT ?",
        (*arguments, limit),
    )
    return [
        Hit(
            kind=kind,
            project=project,
            session=session,
            message=owner if kind == words.MESSAGE else None,
            item=owner if kind == words.ITEM else None,
            snippet=snippet(body, wanted[0]),
        )
        for kind, project, session, owner, body in rows
    ]


def _quoted(word: str) -> str:
    return word.replace('"', '""').replace("\x00", "")


def snippet(body: str, word: str) -> str:
    """A piece of `body` around the first place of `word`, on one line."""
    at = max(body.lower().find(word.lower()), 0)
    start = max(at - SNIPPET // 3, 0)
    piece = " ".join(body[start : start + SNIPPET].split())
    return ("…" if start else "") + piece + ("…" if start + SNIPPET < len(body) else "")
