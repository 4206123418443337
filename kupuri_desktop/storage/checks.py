"""Looks through a database by a connection that cannot write, whatever state the file is in."""

import hashlib
import json
import sqlite3
from collections.abc import Callable

from pydantic import ValidationError

from kupuri_desktop.core.settings import Settings


def damaged_assets(
    connection: sqlite3.Connection, progress: Callable[[int, int], object]
) -> tuple[int, int]:
    """How many images there are, and how many of them are missing or have another hash.

    progress hears how many were looked at, and of how many. One that SQLite cannot read counts
    as damaged. Raises sqlite3.DatabaseError where not even the list can be read.
    """
    listed = connection.execute("SELECT number, id FROM asset ORDER BY number").fetchall()
    bad = 0
    for done, (number, asset) in enumerate(listed, start=1):
        try:
            row = connection.execute(
                "SELECT data FROM original WHERE number = ?", (number,)
            ).fetchone()
        except sqlite3.DatabaseError:
            row = None
        if row is None or hashlib.sha256(row[0]).hexdigest() != asset:
            bad += 1
        progress(done, len(listed))
    return len(listed), bad


def stored_settings(connection: sqlite3.Connection) -> Settings:
    """The settings; the defaults instead of what cannot be read or is not accepted."""
    settings = Settings()
    try:
        rows = connection.execute("SELECT name, value FROM setting").fetchall()
    except sqlite3.DatabaseError:
        return settings
    for name, value in rows:
        try:
            settings = Settings.model_validate(settings.model_dump() | {name: json.loads(value)})
        except (ValidationError, ValueError, TypeError):
            continue
    return settings
