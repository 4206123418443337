"""Schema 2: a checksum on each row that somebody wrote, so that a changed letter is noticed."""

import zlib

import peewee

SEALED = {
    "project": (("id",), ("id", "name")),
    "item": (("project", "id"), ("project", "id", "body")),
    "trashed_item": (("project", "id"), ("project", "id", "body")),
    "step": (("id",), ("id", "project", "label", "body")),
    "session": (("id",), ("id", "project", "name")),
    "message": (("id",), ("id", "session", "role", "parts")),
    "confirmation": (("id",), ("id", "session", "tool", "arguments", "digest")),
    "job": (("id",), ("id", "project", "request", "workflow")),
    "setting": (("name",), ("name", "value")),
}
"""By table: what names a row, and what is sealed of it, as it was when this schema was new."""


def upgrade(database: peewee.Database) -> None:
    for table, (key, columns) in SEALED.items():
        database.execute_sql(f"ALTER TABLE {table} ADD COLUMN seal INTEGER NOT NULL DEFAULT 0")
        rows = database.execute_sql(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
        where = " AND ".join(f"{name} = ?" for name in key)
        database.connection().executemany(
            f"UPDATE {table} SET seal = ? WHERE {where}",
            [
                (
                    zlib.crc32("\x1f".join(map(str, row)).encode("utf-8", "surrogatepass")),
                    *(row[columns.index(name)] for name in key),
                )
                for row in rows
            ],
        )
