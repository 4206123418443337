"""Schema 2: a checksum on each row that somebody wrote, so that a changed letter is noticed."""

import zlib

import peewee

SEALED = {
    "project": (
        ("id",),
        ("id", "name", "created", "starred", "trashed", "text_model", "image_model"),
    ),
    "item": (("project", "id"), ("project", "id", "body")),
    "trashed_item": (("project", "id"), ("project", "id", "body")),
    "step": (("id",), ("id", "project", "label", "actor", "run", "created", "body")),
    "session": (("id",), ("id", "project", "name", "created", "trashed")),
    "message": (
        ("id",),
        (
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
    ),
    "confirmation": (
        ("id",),
        ("id", "session", "run", "tool", "arguments", "digest", "state", "created", "answered"),
    ),
    "job": (
        ("id",),
        (
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
    ),
    "asset": (("id",), ("id", "mime", "width", "height", "size", "problem")),
    "usage": (
        ("number",),
        (
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
    ),
    "setting": (("name",), ("name", "value")),
}
"""By table: what names a row, and what is sealed of it, as it was when this schema was new."""


def upgrade(database: peewee.Database) -> None:
    for table, (key, columns) in SEALED.items():
        database.execute_sql(f"ALTER TABLE {table} ADD COLUMN seal INTEGER NOT NULL DEFAULT 0")
        rows = database.execute_sql(
            f"SELECT {', '.join(columns)}, {', '.join(key)} FROM {table}"
        ).fetchall()
        where = " AND ".join(f"{name} = ?" for name in key)
        database.connection().executemany(
            f"UPDATE {table} SET seal = ? WHERE {where}",
            [(_seal(row[: len(columns)]), *row[len(columns) :]) for row in rows],
        )


def _seal(values: tuple[object, ...]) -> int:
    return zlib.crc32("\x1f".join(map(str, values)).encode("utf-8", "surrogatepass"))
