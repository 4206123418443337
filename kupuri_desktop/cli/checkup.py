"""Looks at what Kupuri stands on without changing anything: folder, database, keyring, servers."""

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.generation import Engine
from kupuri_desktop.core.models import LlmProvider, Place, ProviderStatus
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.settings import Settings

KEYRING_SECONDS = 5.0
PROVIDER_SECONDS = 15.0
READ_ONLY = "Make the folder writable, or choose another one with --data or KUPURI_DATA."
RESTORE = "Start Kupuri to restore a backup or to save what can still be read."


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong and what mends it, a sentence each; None where all is well."""

    problem: str | None = None
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class DatabaseFinding:
    """integrity: `ok`, `none` (no database yet), `damaged` or `unreadable`."""

    schema: int | None
    integrity: str
    assets: int = 0
    bad: int = 0
    problem: str | None = None
    mend: str | None = None
    settings: Settings = field(default_factory=Settings)


def look_at_folder(folder: DataFolder) -> Finding:
    """Whether the data folder, or the nearest one that exists above it, can be written."""
    root = folder.root
    if root.exists() and not root.is_dir():
        return Finding(f"{root} is a file, not a folder.", "Choose another folder with --data.")
    place = root
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Finding(f"The data folder cannot be written: {error.strerror}.", READ_ONLY)
    return Finding()


def look_at_database(folder: DataFolder, progress: Callable[[int, int], object]) -> DatabaseFinding:
    """Checks the file and every image's hash by a connection that cannot write."""
    from kupuri_desktop.storage.header import APPLICATION_ID, read_header
    from kupuri_desktop.storage.migrations import NEWEST

    try:
        header = read_header(folder.database)
    except ValueError:
        return DatabaseFinding(
            None, "damaged", problem="The file is not a database any more.", mend=RESTORE
        )
    except OSError as error:
        words = f"The database cannot be read: {error.strerror}."
        return DatabaseFinding(None, "unreadable", problem=words, mend=READ_ONLY)
    if header is None:
        return DatabaseFinding(None, "none")
    try:
        with closing(_connect(folder)) as connection:
            (schema,) = connection.execute("PRAGMA user_version").fetchone()
            if header.application not in (0, APPLICATION_ID):
                return DatabaseFinding(
                    schema,
                    "unreadable",
                    problem="This database belongs to another program.",
                    mend="Choose another folder with --data or KUPURI_DATA.",
                )
            if schema > NEWEST:
                return DatabaseFinding(
                    schema,
                    "unreadable",
                    problem="The database was written by a newer Kupuri.",
                    mend="Update Kupuri; nothing has been changed.",
                )
            return _examine(connection, schema, progress)
    except sqlite3.DatabaseError as error:
        busy = isinstance(error, sqlite3.OperationalError)
        return DatabaseFinding(
            header.schema,
            "unreadable" if busy else "damaged",
            problem=f"The database cannot be read: {error}.",
            mend="Close other programs that use it, and try again." if busy else RESTORE,
        )


def _connect(folder: DataFolder) -> sqlite3.Connection:
    """Reads beside a running Kupuri; in a folder that cannot be written SQLite must not lock."""
    from kupuri_desktop.storage.header import open_read_only

    path = folder.database
    writable = os.access(folder.root, os.W_OK) and os.access(path, os.W_OK)
    log = path.with_name(path.name + "-wal")
    return open_read_only(path, immutable=not writable and not log.exists())


def _examine(
    connection: sqlite3.Connection, schema: int, progress: Callable[[int, int], object]
) -> DatabaseFinding:
    from kupuri_desktop.storage.checks import damaged_assets, stored_settings

    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    count, bad = damaged_assets(connection, progress)
    problem, mend = None, None
    if verdict != "ok":
        problem, mend = "The database is damaged.", RESTORE
    elif bad:
        words = "1 image is damaged" if bad == 1 else f"{bad} images are damaged"
        problem, mend = f"{words}.", "Restore a backup to get what is damaged back."
    integrity = "ok" if verdict == "ok" else "damaged"
    settings = stored_settings(connection)
    return DatabaseFinding(schema, integrity, count, bad, problem, mend, settings)


async def look_at_keyring() -> dict[str, Any]:
    """Whether the system keeps secrets for Kupuri; never waits for a person."""
    from kupuri_desktop.storage.secrets import Secrets

    try:
        async with asyncio.timeout(KEYRING_SECONDS):
            status = await Secrets().status()
    except TimeoutError:
        return {
            "ok": False,
            "backend": "",
            "problem": "The keyring does not answer.",
            "mend": "Unlock it; until then keys live only until Kupuri is closed.",
        }
    problem = status.problem
    return {
        "ok": status.ok,
        "backend": status.backend,
        "problem": problem.message if problem else None,
        "mend": problem.hint if problem else None,
    }


async def ask_providers(
    settings: Settings, environment: Mapping[str, str]
) -> tuple[list[ProviderStatus], list[ProviderStatus]]:
    """How those who think and those who make images stand, all asked at once."""
    from kupuri_desktop.app import providers
    from kupuri_desktop.storage.secrets import Secrets

    llms, engines = providers(settings, environment, Secrets().get)
    try:
        text, image = await asyncio.gather(
            asyncio.gather(*(_status(each.provider, each.status) for each in llms)),
            asyncio.gather(*(_status(each.provider, each.status) for each in engines)),
        )
    finally:
        everyone: list[LlmProvider | Engine] = [*llms, *engines]
        await asyncio.gather(*(each.aclose() for each in everyone))
    return list(text), list(image)


async def _status(provider: str, ask: Callable[[], Awaitable[ProviderStatus]]) -> ProviderStatus:
    try:
        async with asyncio.timeout(PROVIDER_SECONDS):
            return await ask()
    except TimeoutError:
        error = KupuriError(f"{provider} does not answer.", hint="Start it again.")
        return ProviderStatus(provider, provider, Place.LOCAL, "", ok=False, problem=error.problem)
