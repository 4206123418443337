"""Keeps what can be searched: one text for each project, chat, message and item with words."""

import peewee

from kupuri_desktop.core.chat import Message, TextPart
from kupuri_desktop.core.items import ImageItem, Item, NoteItem, TextItem

PROJECT, SESSION, MESSAGE, ITEM = "project", "session", "message", "item"


def put_words(
    database: peewee.Database,
    kind: str,
    project: str,
    owner: str,
    body: str,
    session: str | None = None,
) -> None:
    """Sets the text that `owner` is found by; an empty one takes it out of the search."""
    if body.strip():
        database.execute_sql(
            "INSERT INTO words (kind, project, session, owner, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (project, kind, owner) DO UPDATE SET body = excluded.body"
            " WHERE body <> excluded.body",
            (kind, project, session, owner, body),
        )
    else:
        drop_words(database, kind, project, owner)


def drop_words(database: peewee.Database, kind: str, project: str, owner: str) -> None:
    database.execute_sql(
        "DELETE FROM words WHERE project = ? AND kind = ? AND owner = ?", (project, kind, owner)
    )


def words_of_item(item: Item | None) -> str:
    """Its name, its text and the prompt it was made by, a line each."""
    match item:
        case None:
            return ""
        case TextItem(text=text) | NoteItem(text=text):
            lines = [item.name, text]
        case ImageItem(making=making) if making is not None:
            lines = [item.name, making.prompt]
        case _:
            lines = [item.name]
    return "\n".join(line for line in lines if line)


def same_words(old: Item | None, new: Item | None) -> bool:
    """Whether both are found by the same words; quick for items that were only moved."""
    if isinstance(old, ImageItem) and isinstance(new, ImageItem):
        return old.name == new.name and old.making is new.making
    return words_of_item(old) == words_of_item(new)


def words_of_message(message: Message) -> str:
    return "\n".join(part.text for part in message.parts if isinstance(part, TextPart))
