"""Checksums of rows: SQLite would not notice a letter that the disk has changed."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import peewee

SEALED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "project": ("id", "name", "created", "starred", "trashed", "text_model", "image_model"),
        "item": ("project", "id", "body"),
        "trashed_item": ("project", "id", "body"),
        "step": ("id", "project", "label", "actor", "run", "created", "body"),
        "session": ("id", "project", "name", "created", "trashed"),
        "message": (
            "id",
            "session",
            "role",
            "state",
            "run",
            "model",
            "input_tokens",
            "output_tokens",
            "created",
            "parts",
        ),
        "confirmation": (
            "id",
            "session",
            "run",
            "tool",
            "arguments",
            "digest",
            "state",
            "created",
            "answered",
        ),
        "job": (
            "id",
            "project",
            "session",
            "run",
            "tool_call",
            "state",
            "item",
            "created",
            "changed",
            "place",
            "request",
            "problem",
            "workflow",
        ),
        "asset": ("id", "mime", "width", "height", "size", "problem"),
        "usage": (
            "created",
            "model",
            "project",
            "session",
            "run",
            "input_tokens",
            "output_tokens",
            "images",
            "micro_usd",
        ),
        "setting": ("name", "value"),
        "palette": ("project", "body"),
    }
)
"""The columns of each table that its `seal` covers, in this order."""


def seal(*values: Any) -> int:
    """CRC-32 of the values, as they are stored, as text; 0 to 2**32 - 1."""
    try:
        text = "\x1f".join(values)
    except TypeError:
        text = "\x1f".join(map(str, values))
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def seal_row(table: str, row: Mapping[str, Any]) -> int:
    """The seal that belongs on a row given by column name; what else is in it does not count."""
    return seal(*(row[column] for column in SEALED[table]))


def reseal(database: peewee.Database, table: str, key: str, value: str) -> None:
    """Seals rows anew after a change. Must run in the transaction of the change."""
    columns = ", ".join(SEALED[table])
    rows = database.execute_sql(f"SELECT {columns} FROM {table} WHERE {key} = ?", (value,))
    for row in rows.fetchall():
        database.execute_sql(f"UPDATE {table} SET seal = ? WHERE {key} = ?", (seal(*row), value))


def broken_seals(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Of rows (seal, then the sealed columns), those that are not as they were written."""
    return (row for row in rows if seal(*row[1:]) != row[0])


def select_sealed(table: str) -> str:
    """The query whose rows `broken_seals` takes."""
    return f"SELECT seal, {', '.join(SEALED[table])} FROM {table}"
