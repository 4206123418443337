"""Runs inside a bus of its own: keeps keys in a real GNOME Keyring and prints what came of it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import secretstorage
from secretstorage.exceptions import SecretStorageException

from kupuri_desktop.core.errors import NoKeyring
from kupuri_desktop.storage.secrets import Secrets

PATIENCE = 30.0
KEY = "sk-geheim-ß-鍵"


@contextmanager
def keyring() -> Iterator[None]:
    """The daemon with an unlocked keyring, made at the first time."""
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert daemon.stdin is not None
        daemon.stdin.write(b"password")
        daemon.stdin.close()
        deadline = time.monotonic() + PATIENCE
        while not _is_unlocked():
            if time.monotonic() > deadline:
                raise TimeoutError("the keyring does not open")
            time.sleep(0.02)
        yield
    finally:
        daemon.terminate()
        daemon.wait(PATIENCE)


def _is_unlocked() -> bool:
    try:
        with closing(secretstorage.dbus_init()) as bus:
            return not secretstorage.get_collection_by_alias(bus, "default").is_locked()
    except SecretStorageException:
        return False


def lock() -> None:
    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_collection_by_alias(bus, "default").lock()


async def refused(work: Any) -> list[str]:
    try:
        await work
    except NoKeyring as error:
        return [error.message, error.hint, error.kept]
    return []


async def main() -> dict[str, Any]:
    said: dict[str, Any] = {}
    with keyring():
        status = await Secrets().status()
        said["status"] = [status.ok, status.backend]
        await Secrets().set("openai", "an older one")
        await Secrets().set("openai", KEY)
        said["read by another life"] = await Secrets().get("openai")
        said["what is not there"] = await Secrets().get("anthropic")
    with keyring():
        said["read after a restart"] = await Secrets().get("openai")
        lock()
        status = await Secrets().status()
        said["locked status"] = [status.ok, status.problem.message if status.problem else ""]
        said["locked get"] = await Secrets().get("openai")
        secrets = Secrets()
        said["locked set"] = await refused(secrets.set("anthropic", "for now"))
        said["kept for now"] = await secrets.get("anthropic")
        said["locked delete"] = await refused(secrets.delete("openai"))
    with keyring():
        said["still there"] = await Secrets().get("openai")
        await Secrets().delete("openai")
        await Secrets().delete("never there")
        said["deleted"] = await Secrets().get("openai")
    status = await Secrets().status()
    said["no service"] = [status.ok, status.problem.message if status.problem else ""]
    return said


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main())))
    sys.exit(0)
