"""Keeps keys in the system's keyring, and nowhere else; without one, in memory until the end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kupuri_desktop.core.errors import KupuriError, NoKeyring, Problem

SERVICE = "Kupuri"
WORST_PRIORITY = 1.0
"""A backend below this keeps secrets as plain text, or not at all: keyring's own advice."""

CALL_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class SecretsStatus:
    """ok: keys survive the end of Kupuri. backend: the keyring's name, for a person."""

    ok: bool
    backend: str
    problem: Problem | None = None


class Secrets:
    """Names and values are text. Calls may wait for a person to unlock the keyring.

    backend: a keyring to use instead of the system's.
    """

    def __init__(self, backend: Any | None = None) -> None:
        self._given = backend
        self._session: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        """None where there is no such secret, or no keyring that could know it."""
        if name in self._session:
            return self._session[name]
        try:
            value = await self._call(lambda keyring: keyring.get_password(SERVICE, name))
        except NoKeyring:
            return None
        return None if value is None else str(value)

    async def set(self, name: str, value: str) -> None:
        """Raises NoKeyring where it could be kept in memory only; it is kept there then."""
        self._session[name] = value
        await self._call(lambda keyring: keyring.set_password(SERVICE, name, value))
        del self._session[name]

    async def delete(self, name: str) -> None:
        """Also of what was never there. Raises NoKeyring where the keyring cannot be asked."""
        self._session.pop(name, None)

        def forget(keyring: Any) -> None:
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)

        await self._call(forget)

    async def status(self) -> SecretsStatus:
        """Asks the keyring for something that is not there: locked ones tell on themselves."""
        try:
            name = await self._call(_name_after_trying)
        except KupuriError as error:
            return SecretsStatus(False, "", error.problem)
        return SecretsStatus(True, str(name))

    async def _call(self, work: Callable[[Any], Any]) -> Any:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await asyncio.to_thread(self._with_keyring, work)
        except TimeoutError as error:
            raise _no_keyring("it did not answer", "The keyring does not answer.") from error

    def _with_keyring(self, work: Callable[[Any], Any]) -> Any:
        from keyring.errors import KeyringError, KeyringLocked

        try:
            keyring = self._given if self._given is not None else _system_keyring()
            keyring = _trustworthy(keyring)
            if keyring is None:
                raise _no_keyring("no backend of priority 1 or more")
            return work(keyring)
        except KeyringLocked as error:
            raise _no_keyring(type(error).__name__, "The keyring is locked.") from error
        except (KeyringError, RuntimeError, OSError) as error:
            raise _no_keyring(type(error).__name__) from error


def _no_keyring(
    details: str, message: str = "This system has no keyring that keeps secrets."
) -> NoKeyring:
    return NoKeyring(
        message,
        hint="Unlock or install a keyring, such as GNOME Keyring or KWallet, and enter keys again.",
        kept="Keys stay in memory until Kupuri is closed; they are never written to a file.",
        details=details,
    )


def _system_keyring() -> Any:
    import keyring

    return keyring.get_keyring()


def _trustworthy(keyring: Any) -> Any | None:
    """The keyring itself, or the first good one of a chain; None where there is none."""
    chained = getattr(keyring, "backends", None)
    for candidate in [keyring] if chained is None else list(chained):
        # A service that ended since it was chosen has no priority, only an error.
        with suppress(RuntimeError):
            if float(candidate.priority) >= WORST_PRIORITY:
                return candidate
    return None


def _name_after_trying(keyring: Any) -> str:
    keyring.get_password(SERVICE, "nothing")
    return str(getattr(keyring, "name", type(keyring).__name__))
