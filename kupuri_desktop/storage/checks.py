"""Reads the settings out of a database that may not be opened, or not be whole."""

import json
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from kupuri_desktop.core.settings import Settings
from kupuri_desktop.storage.header import UNREADABLE, open_read_only


def settings_in(path: Path) -> Settings:
    """The stored settings; the defaults instead of what cannot be read or is not accepted."""
    settings = Settings()
    try:
        still = not path.with_name(path.name + "-wal").exists()
        with closing(open_read_only(path, immutable=still)) as connection:
            rows = connection.execute("SELECT name, value FROM setting").fetchall()
    except UNREADABLE:
        return settings
    for name, value in rows:
        try:
            settings = Settings.model_validate(settings.model_dump() | {name: json.loads(value)})
        except (ValidationError, ValueError, TypeError):
            continue
    return settings
