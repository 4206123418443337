"""Puts Kupuri together below both faces: builds the rooms, joins them, and owns their lifetimes."""

import asyncio
import logging
import logging.handlers
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kupuri_desktop.agent.agent import Agent, preload
from kupuri_desktop.core.errors import Action, KupuriError, Mend, NotFound, UsageError
from kupuri_desktop.core.generation import Engine
from kupuri_desktop.core.models import Place, ProviderStatus
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.engines.builtin import BuiltinEngine
from kupuri_desktop.engines.comfyui import ComfyUI
from kupuri_desktop.engines.registry import EngineRegistry
from kupuri_desktop.llm.builtin import BuiltinAssistant
from kupuri_desktop.llm.http import is_loopback
from kupuri_desktop.llm.misnamed import Misnamed
from kupuri_desktop.llm.ollama import Ollama
from kupuri_desktop.llm.openai_compatible import OpenAICompatible
from kupuri_desktop.llm.registry import LlmRegistry, TextProvider
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.models import Models
from kupuri_desktop.workspace.outgoing import sweep
from kupuri_desktop.workspace.projects import Projects
from kupuri_desktop.workspace.servers import Servers
from kupuri_desktop.workspace.trash import Trash
from kupuri_desktop.workspace.workspace import Workspace

if TYPE_CHECKING:
    from kupuri_desktop.workspace.transfer.transfer import Transfer

log = logging.getLogger(__name__)

OLLAMA_VARIABLES = ("KUPURI_OLLAMA_URL", "OLLAMA_HOST")
COMFYUI_VARIABLE = "KUPURI_COMFYUI_URL"
OPENAI_VARIABLE = "KUPURI_OPENAI_URL"
SERVER_SETTINGS = frozenset(
    {"ollama_url", "comfyui_url", "openai_url", "context_tokens", "show_thinking", "offline"}
)

ABANDON_SECONDS = 2.0
"""How long closing waits for what runs, where the disk takes nothing any more."""
LOOK_SECONDS = 0.5


class App:
    """One Kupuri on one data folder, window or none. Use it as `async with await App.open(...)`.

    `settings_changed` hears of each change of the settings.
    """

    def __init__(
        self,
        folder: DataFolder,
        environment: Mapping[str, str],
        storage: Storage,
        settings: Settings,
    ) -> None:
        self.folder = folder
        self.storage = storage
        self.settings = settings
        self.settings_changed: Signal[Settings] = Signal()
        self._environment = environment
        llms, engines = self._providers()
        registry = LlmRegistry(llms)
        self._agent = Agent(registry, keep=storage.chats.save_confirmation)
        self.models = Models(registry, EngineRegistry(engines))
        self.projects = Projects(storage.canvases, storage.assets, self._transfer)
        self.servers = Servers(lambda: self.settings, self._status, folder.logs)
        self._open: dict[str, Workspace] = {}
        self.trash = Trash(storage, self.projects, self._open.get)
        self._allowing: asyncio.Task[Settings] | None = None
        self._leaving: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        folder: DataFolder,
        environment: Mapping[str, str],
        storage: Storage | None = None,
    ) -> "App":
        """Opens the data folder, or takes over its `storage` where that is open already.

        Nothing is asked of any server yet: `models.refresh` does that. Raises StorageError where
        the folder cannot be used.
        """
        if storage is None:
            storage = await Storage.open(folder)
        try:
            settings = await storage.settings.load()
        except BaseException:
            await storage.aclose()
            raise
        await asyncio.to_thread(sweep, folder.exports)
        return cls(folder, environment, storage, settings)

    async def __aenter__(self) -> "App":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self, *, abandon: bool = False) -> None:
        """Stores what runs as interrupted, leaves its jobs to their servers, and lets go of all.

        Raises what is in the way of writing; call it again then, or with `abandon`, which closes
        all the same: what could not be written is lost. Does nothing where all is closed.
        """
        if not self.storage.database.open:
            return
        if self._leaving is None or _failed(self._leaving):
            # What failed then may go well now: its error is no answer for ever.
            self._leaving = asyncio.create_task(self._leave())
        if abandon:
            await self._abandon(self._leaving)
            return
        while not self._leaving.done():
            await self.storage.database.drained()
            await asyncio.wait([self._leaving], timeout=LOOK_SECONDS)
        self._leaving.result()
        await self.storage.aclose()

    async def _abandon(self, leaving: "asyncio.Task[None]") -> None:
        await asyncio.wait([leaving], timeout=ABANDON_SECONDS)
        await self.storage.aclose(abandon=True)
        # What waited for the disk has been told that nobody will write it any more.
        await asyncio.wait([leaving], timeout=ABANDON_SECONDS)
        if not leaving.done():
            leaving.cancel()
            await asyncio.wait([leaving])
        if not leaving.cancelled() and (error := leaving.exception()) is not None:
            log.warning("left unsaved: %s", type(error).__name__)

    async def _leave(self) -> None:
        if self._allowing is not None:
            await asyncio.wait([self._allowing])
        workspaces = list(self._open.values())
        for workspace in workspaces:
            await workspace.leave()
        await self.models.aclose()
        for workspace in workspaces:
            await workspace.aclose()
        self._open.clear()

    async def open_project(self, project: Project) -> Workspace:
        """The open workspace of a project; the same one as long as it is open."""
        known = self._open.get(project.id)
        if known is None:
            known = await Workspace.open(
                project,
                storage=self.storage,
                models=self.models,
                projects=self.projects,
                agent=self._agent,
                settings=lambda: self.settings,
                allow_always=self._allow_always,
                exports=self.folder.exports,
            )
            self._open[project.id] = known
        return known

    async def close_project(self, project: str) -> None:
        """Lets go of a project that nothing works on; one that is busy stays open."""
        workspace = self._open.get(project)
        if workspace is not None and not workspace.busy:
            del self._open[project]
            await workspace.leave()
            await workspace.aclose()

    async def preload(self) -> None:
        """Imports the agent's stack, which takes a second, in a thread; after the first paint."""
        await asyncio.to_thread(preload)

    async def prepare(self, workspace: Workspace) -> None:
        """Builds what the project's text model needs, so that its first answer does not wait."""
        await self.models.ready()
        with suppress(KupuriError):
            await self._agent.prepare(workspace.text_model())

    async def change_settings(self, **values: Any) -> Settings:
        """Checks, stores and takes up other settings. Raises UsageError for a bad value."""
        before, self.settings = self.settings, self.settings.changed(**values)
        await self.storage.settings.save(self.settings)
        self.settings_changed.emit(self.settings)
        if any(getattr(before, name) != getattr(self.settings, name) for name in SERVER_SETTINGS):
            await self.models.replace(*self._providers())
        return self.settings

    def address(self, provider: str) -> str:
        """Where a provider is looked for now."""
        return address_of(provider, self.settings, self._environment)

    def server_of(self, named: str) -> str:
        """The id of the provider that is named by its id, or by its address as errors tell it.

        Raises NotFound for an address that nobody is looked for at any more.
        """
        statuses = (*self.models.text, *self.models.image)
        for status in statuses:
            if named == status.provider:
                return named
        for status in statuses:
            if named and status.address and _place(named) == _place(status.address):
                return status.provider
        raise NotFound(
            "This server is not set up any more.",
            hint="Look at the addresses in the settings.",
            action=Action(Mend.OPEN_SETTINGS, "Open settings", "ollama_url"),
        )

    def _providers(self) -> tuple[list[TextProvider], list[Engine]]:
        return providers(self.settings, self._environment, self.storage.secrets.get)

    def _transfer(self) -> "Transfer":
        from kupuri_desktop.workspace.transfer.transfer import Transfer

        return Transfer(self.storage)

    def _allow_always(self, tool: str) -> None:
        allowed = sorted({*self.settings.allowed_tools, tool})
        self._allowing = asyncio.create_task(self.change_settings(allowed_tools=allowed))

    async def _status(self, provider: str) -> ProviderStatus:
        """Asks every server anew and tells how one of them stands."""
        await self.models.refresh()
        for status in (*self.models.text, *self.models.image):
            if status.provider == provider:
                return status
        raise NotFound(f"“{provider}” is not set up.")


def _failed(task: "asyncio.Task[None]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _place(address: str) -> str:
    """What two ways of writing one address have in common: host and port."""
    return urlsplit(address).netloc.casefold()


def address_of(provider: str, settings: Settings, environment: Mapping[str, str]) -> str:
    """Where a provider is looked for: the environment goes before the settings."""
    match provider:
        case "ollama":
            named = next((environment[n] for n in OLLAMA_VARIABLES if environment.get(n)), "")
            return named or settings.ollama_url
        case "comfyui":
            return environment.get(COMFYUI_VARIABLE) or settings.comfyui_url
        case _:
            return environment.get(OPENAI_VARIABLE) or settings.openai_url


def providers(
    settings: Settings,
    environment: Mapping[str, str],
    secret: Callable[[str], Awaitable[str | None]],
) -> tuple[list[TextProvider], list[Engine]]:
    """Who thinks and who makes images, in the order in which they are offered.

    Nobody is asked anything yet. A server whose address is none stands there with its problem.
    Offline leaves out whoever is not on this machine.
    """
    llms: list[TextProvider] = []
    address = address_of("ollama", settings, environment)
    try:
        ollama = Ollama(
            address, context_limit=settings.context_tokens, think=settings.show_thinking
        )
        if _may_be_asked(ollama.address, settings):
            llms.append(ollama)
    except UsageError as error:
        llms.append(Misnamed("ollama", "Ollama", address, error))
    if address := address_of("openai", settings, environment):
        try:
            server = OpenAICompatible(address, secret=lambda: secret("openai"))
            if server.place is Place.LOCAL or not settings.offline:
                llms.append(server)
        except UsageError as error:
            llms.append(Misnamed("openai", "OpenAI-compatible server", address, error))
    engines: list[Engine] = [BuiltinEngine()]
    address = address_of("comfyui", settings, environment)
    if _may_be_asked(address, settings):
        engines.insert(0, ComfyUI(address))
    return [*llms, BuiltinAssistant()], engines


def _may_be_asked(address: str, settings: Settings) -> bool:
    """Offline speaks to this machine alone. What is no address is told by its provider."""
    try:
        return not settings.offline or is_loopback(address)
    except UsageError:
        return True


def log_to(folder: Path) -> None:
    """Sends what Kupuri logs to a file of at most 1 MB, with one older one beside it.

    A folder that cannot be written leaves Kupuri without a log, not without work.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = logging.handlers.RotatingFileHandler(
            folder / "kupuri.log", maxBytes=2**20, backupCount=1, encoding="utf-8", delay=False
        )
    except OSError:
        return
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    )
    root = logging.getLogger("kupuri_desktop")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
