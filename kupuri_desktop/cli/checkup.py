"""Looks at what Kupuri stands on without changing anything: folder, database, keyring, servers."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.models import Place, ProviderStatus
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.settings import Settings

if TYPE_CHECKING:
    from kupuri_desktop.storage.doctor import StorageReport

KEYRING_SECONDS = 5.0
PROVIDER_SECONDS = 15.0
ANOTHER_FOLDER = "Make the folder writable, or choose another one with --data or KUPURI_DATA."
RESTORE = "Start Kupuri to restore a backup or to save what can still be read."


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong and what mends it, a sentence each; None where all is well."""

    problem: str | None = None
    mend: str | None = None


def look_at_folder(folder: DataFolder) -> Finding:
    """Whether the data folder, or the nearest one that exists above it, can be written."""
    root = folder.root
    try:
        if root.exists() and not root.is_dir():
            return Finding(f"{root} is a file, not a folder.", ANOTHER_FOLDER)
        place = root
        while not place.exists() and place != place.parent:
            place = place.parent
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Finding(f"The data folder cannot be written: {error.strerror}.", ANOTHER_FOLDER)
    return Finding()


def judge(report: "StorageReport") -> Finding:
    """What a report on the database means for a person."""
    match report.state:
        case "newer":
            return Finding(
                "The database was written by a newer Kupuri; nothing has been changed.",
                "Update Kupuri.",
            )
        case "foreign":
            return Finding(
                "The database belongs to another program.",
                "Choose another folder with --data or KUPURI_DATA.",
            )
        case "unreadable":
            return Finding("The database cannot be read.", ANOTHER_FOLDER)
        case "damaged" if report.bad and not report.problems:
            count = len(report.bad)
            words = "1 image is" if count == 1 else f"{count} images are"
            return Finding(f"{words} damaged.", "Restore a backup to get what is damaged back.")
        case "damaged":
            return Finding("The database is damaged.", RESTORE)
        case _:
            return Finding()


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
            "mend": "Unlock it; until then keys last only until Kupuri is closed.",
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
    closing = [each.aclose for each in llms] + [each.aclose for each in engines]
    try:
        text, image = await asyncio.gather(
            _all([(each.provider, each.status) for each in llms]),
            _all([(each.provider, each.status) for each in engines]),
        )
    finally:
        await asyncio.gather(*(close() for close in closing))
    return text, image


Ask = Callable[[], Awaitable[ProviderStatus]]


async def _all(asked: Sequence[tuple[str, Ask]]) -> list[ProviderStatus]:
    return list(await asyncio.gather(*(_status(provider, ask) for provider, ask in asked)))


async def _status(provider: str, ask: Ask) -> ProviderStatus:
    try:
        async with asyncio.timeout(PROVIDER_SECONDS):
            return await ask()
    except TimeoutError:
        problem = KupuriError(f"{provider} does not answer.", hint="Start it again.").problem
        return ProviderStatus(provider, provider, Place.LOCAL, "", ok=False, problem=problem)
