"""Starts the designer's own model servers when they are asked for and not there."""

import asyncio
import logging
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from kupuri_desktop.core.errors import Action, Mend, NotFound, ServerUnreachable
from kupuri_desktop.core.models import ProviderStatus
from kupuri_desktop.core.settings import Settings

log = logging.getLogger(__name__)

OLLAMA, COMFYUI = "ollama", "comfyui"
START_TIMEOUT = 60.0
"""Seconds; ComfyUI imports PyTorch before it answers."""
LOOK_EVERY = 0.5


class Servers:
    """Starts `ollama serve`, or the command that the settings name for ComfyUI.

    A server that was started goes on when Kupuri ends: it is the designer's, and other programs
    may use it. `status` asks a provider how it stands. `started`: the newest process of each
    provider that was started in this life.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        status: Callable[[str], Awaitable[ProviderStatus]],
        logs: Path,
    ) -> None:
        self._settings = settings
        self._status = status
        self._logs = logs
        self.started: dict[str, subprocess.Popen[bytes]] = {}

    def command(self, provider: str) -> list[str]:
        """The command line that starts a provider. Raises NotFound with the way to mend it."""
        if provider == OLLAMA:
            program = shutil.which("ollama")
            if program is None:
                raise NotFound(
                    "Ollama is not installed on this machine.",
                    hint="Install it from ollama.com, then start it.",
                    action=Action(Mend.OPEN_LINK, "Get Ollama", "https://ollama.com/download"),
                )
            return [program, "serve"]
        if provider != COMFYUI:
            raise NotFound(
                "Kupuri does not know how this server is started.",
                hint="Start it yourself, or look at its address in the settings.",
                action=Action(Mend.OPEN_SETTINGS, "Open settings", f"{provider}_url"),
            )
        command = shlex.split(self._settings().comfyui_command, posix=sys.platform != "win32")
        if not command:
            raise NotFound(
                "Kupuri does not know how ComfyUI is started on this machine.",
                hint="Start it yourself, or name its command in the settings.",
                action=Action(Mend.OPEN_SETTINGS, "Open settings", "comfyui_command"),
            )
        return command

    async def start(self, provider: str, *, timeout: float = START_TIMEOUT) -> ProviderStatus:
        """Starts the server, unless it answers already, and waits until it answers.

        Raises NotFound where it is not known how; ServerUnreachable if it ends or stays silent.
        """
        status = await self._status(provider)
        if status.ok:
            return status
        command = self.command(provider)
        environment = _environment(provider, status.address)
        process = await asyncio.to_thread(self._spawn, provider, command, environment)
        self.started[provider] = process
        try:
            async with asyncio.timeout(timeout):
                while True:
                    status = await self._status(provider)
                    if status.ok:
                        return status
                    if process.poll() is not None:
                        raise ServerUnreachable(
                            f"{status.name} was started and ended at once.",
                            hint="Its own words are in the log folder.",
                            action=Action(Mend.OPEN_FOLDER, "Open the logs", str(self._logs)),
                            details=f"exit code {process.returncode}",
                        )
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise ServerUnreachable(
                f"The server was started but does not answer after {timeout:.0f} seconds.",
                hint="It may still be loading; try again in a moment.",
            ) from None

    def _spawn(
        self, provider: str, command: list[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        try:
            self._logs.mkdir(parents=True, exist_ok=True)
            with (self._logs / f"{provider}.log").open("ab") as output:
                return subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    start_new_session=True,
                )
        except OSError as error:
            raise NotFound(
                f"“{command[0]}” cannot be started.",
                hint="Check the command in the settings.",
                action=Action(Mend.OPEN_SETTINGS, "Open settings", "comfyui_command"),
                details=str(error),
            ) from error


def _environment(provider: str, address: str) -> dict[str, str]:
    """Ollama listens where OLLAMA_HOST says, and Kupuri looks for it at `address`.

    Source: https://docs.ollama.com/faq (OLLAMA_HOST).
    """
    environment = dict(os.environ)
    place = urlsplit(address).netloc
    if provider == OLLAMA and place:
        environment["OLLAMA_HOST"] = place
    return environment
