"""Puts a new database file in the place of the old one, which is moved aside whole.

The intent is written down first: whatever ends the process in between, the next start goes on.
A log left beside another file than its own would be replayed into it, so no order of renames
is safe by itself.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.copies import forget, sync_file, sync_folder

INTENT = "replacing.json"
ENDINGS = ("-shm", "-wal", "-journal", "")


def coming(folder: DataFolder) -> Path:
    """Where the file that is to take the place is made."""
    return folder.root / "kupuri.db.new"


def replace_database(folder: DataFolder) -> Path | None:
    """Moves the old file aside and the one at `coming` into its place; returns where the old is.

    None where there was no old one. The folder's lock must be held.
    """
    aside = folder.damaged / datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    sync_file(coming(folder))
    intent = folder.root / INTENT
    part = _part(intent)
    part.write_text(json.dumps({"aside": aside.name}))
    sync_file(part)
    os.chmod(part, 0o600)
    part.replace(intent)
    sync_folder(folder.root)
    return finish_replacing(folder)


def _part(intent: Path) -> Path:
    return intent.with_name(f".{intent.name}.part")


def finish_replacing(folder: DataFolder) -> Path | None:
    """Goes on with a replacement that was begun, if there is one; returns where the old file is."""
    intent = folder.root / INTENT
    if not intent.exists():
        # What was being made when the process ended is of no use.
        forget(coming(folder))
        _part(intent).unlink(missing_ok=True)
        return None
    aside = folder.damaged / Path(json.loads(intent.read_text())["aside"]).name
    if coming(folder).exists():
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        for ending in ENDINGS:
            old = folder.database.with_name(folder.database.name + ending)
            if old.exists():
                old.replace(aside / old.name)
        sync_folder(aside)
        coming(folder).replace(folder.database)
        sync_folder(folder.root)
    intent.unlink()
    sync_folder(folder.root)
    return aside if (aside / folder.database.name).exists() else None
