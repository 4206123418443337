"""ComfyUI as an engine: which models it has, one image at a time, and what became of a job."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncGenerator, Sequence

from kupuri_desktop.core.errors import (
    Action,
    KupuriError,
    Mend,
    ModelMissing,
    PartMissing,
    ServerBusy,
)
from kupuri_desktop.core.generation import (
    Collected,
    GenerationEvent,
    GenerationRequest,
    Progress,
    Whereabouts,
    size_for,
)
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.models import ModelInfo, Place, ProviderStatus
from kupuri_desktop.engines.comfyui.address import Address
from kupuri_desktop.engines.comfyui.catalogue import Catalogue
from kupuri_desktop.engines.comfyui.client import ComfyClient
from kupuri_desktop.engines.comfyui.graphs import Uploads, build
from kupuri_desktop.engines.comfyui.job import Errand, Timing, nodes_of
from kupuri_desktop.engines.comfyui.models import PROVIDER, Candidate, Inventory
from kupuri_desktop.engines.comfyui.results import ended, fetch, lost, made
from kupuri_desktop.engines.comfyui.socket import BACKOFF, ComfySocket

NAME = "ComfyUI"
ON_THE_SERVER = 2
"""One job runs and one waits behind it; the others wait here, where cancelling costs nothing."""


class ComfyUI:
    """An Engine (see core/generation.py). Nothing is opened before the first question.

    address: as the person wrote it; one that cannot be used is said by `status` and raised as
    UsageError by the rest. backoff: seconds before each attempt to open the socket again.
    """

    def __init__(
        self,
        address: str,
        *,
        timing: Timing | None = None,
        backoff: Sequence[float] = BACKOFF,
    ) -> None:
        self._written = address
        self._timing = timing or Timing()
        self._backoff = backoff
        self._client_id = new_id()
        self._catalogue: Catalogue | None = None
        self._inventory: Inventory | None = None
        self._connections: tuple[ComfyClient, ComfySocket] | None = None
        self._places = asyncio.Semaphore(ON_THE_SERVER)
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def provider(self) -> str:
        return PROVIDER

    async def status(self) -> ProviderStatus:
        """Asks for the version, then the socket, then the nodes; never raises."""
        version = ""
        try:
            client, socket = self._open()
            version = await client.version()
            hears = await socket.open()
            inventory = await self._look(client)
        except KupuriError as error:
            return ProviderStatus(
                PROVIDER, NAME, Place.LOCAL, self._written, False, version, problem=error.problem
            )
        notes = inventory.notes
        if not hears:
            notes = ("ComfyUI's WebSocket does not open: no previews.", *notes)
        return ProviderStatus(
            PROVIDER,
            NAME,
            Place.LOCAL,
            self._written,
            True,
            version,
            inventory.models,
            notes=notes,
        )

    async def models(self) -> Sequence[ModelInfo]:
        """As the server has them now. Raises ServerError or UsageError."""
        client, _ = self._open()
        return (await self._look(client)).models

    def native_size(self, model: str, aspect: tuple[int, int]) -> tuple[int, int]:
        candidate = self._inventory.get(model) if self._inventory else None
        known = candidate.architecture if candidate else self._knowledge.classify(model)
        return known.native_size(aspect) if known else size_for(aspect)

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[GenerationEvent, None]:
        client, socket = self._open()
        if self._places.locked():
            yield Progress(0.0, note="Waits for the images before it")
        async with self._places:
            inventory, candidate = await self._candidate(client, request.model.model)
            uploads = await self._upload(client, request)
            graph = build(request, candidate, inventory.catalogue, inventory.installed, uploads)
            errand = Errand(client, socket, self._client_id, request, self._timing, self._endings)
            async with contextlib.aclosing(errand.run(graph)) as events:
                try:
                    async for event in events:
                        yield event
                except PartMissing:
                    # What was installed at the last look is so no more.
                    self._inventory = None
                    raise

    async def collect(self, request: GenerationRequest) -> Collected:
        """Raises ServerUnreachable while nothing answers: nothing is known of the job then."""
        client, _ = self._open()
        try:
            return await self._collect(client, request)
        except ServerBusy:
            # It holds Python's lock, as it does while it loads the job's model.
            return Collected(Whereabouts.RUNNING)

    async def cancel(self, request: GenerationRequest) -> None:
        """Raises ServerUnreachable while nothing answers."""
        client, _ = self._open()
        await client.stop(request.job_id)

    async def _collect(self, client: ComfyClient, request: GenerationRequest) -> Collected:
        entry = await client.history(request.job_id)
        if entry is None:
            queue = await client.queue()
            if request.job_id in queue.running:
                return Collected(Whereabouts.RUNNING)
            if request.job_id in queue.pending:
                return Collected(Whereabouts.WAITING)
            entry = await client.history(request.job_id)
        if entry is None:
            return Collected(Whereabouts.UNKNOWN)
        end = ended(entry, request.prompt)
        data = await fetch(client, end.images)
        if end.error is not None or data is None:
            return Collected(Whereabouts.FAILED, problem=(end.error or lost()).problem)
        nodes = nodes_of(entry)
        return Collected(Whereabouts.DONE, tuple(made(each, request, nodes) for each in data))

    async def aclose(self) -> None:
        """Waits for jobs that are being stopped, then closes the connections.

        Jobs under way are left to the server and raise EngineClosed here.
        """
        if self._endings:
            await asyncio.wait(self._endings)
        if self._connections is not None:
            client, socket = self._connections
            self._connections = None
            client.close()
            await socket.aclose()
            await client.aclose()

    @property
    def _knowledge(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = Catalogue.load()
        return self._catalogue

    def _open(self) -> tuple[ComfyClient, ComfySocket]:
        if self._connections is None:
            address = Address.parse(self._written)
            socket = ComfySocket(address, self._client_id, self._backoff)
            self._connections = ComfyClient(address), socket
        return self._connections

    async def _look(self, client: ComfyClient) -> Inventory:
        """Reads what is installed anew."""
        if self._catalogue is None:
            self._catalogue = await asyncio.to_thread(Catalogue.load)
        installed = await client.installed(self._catalogue.classes)
        sizes: dict[str, int] = {}
        for folder in ("checkpoints", "diffusion_models"):
            if installed.files(folder):
                sizes |= await client.sizes(folder)
        self._inventory = Inventory(self._catalogue, installed, sizes)
        return self._inventory

    async def _candidate(self, client: ComfyClient, model: str) -> tuple[Inventory, Candidate]:
        inventory = self._inventory or await self._look(client)
        candidate = inventory.get(model)
        if candidate is None or candidate.problem is not None:
            # It may have been put there since.
            inventory = await self._look(client)
            candidate = inventory.get(model)
        if candidate is None:
            raise ModelMissing(
                f"ComfyUI has no model “{model}” (any more).",
                hint="Choose another one, or put the file back into ComfyUI's models folder.",
            )
        if candidate.problem is not None:
            raise PartMissing(
                f"“{model}” cannot be used.",
                hint=candidate.problem,
                action=Action(Mend.CHOOSE_MODEL, "Choose another model"),
            )
        return inventory, candidate

    async def _upload(self, client: ComfyClient, request: GenerationRequest) -> Uploads | None:
        if request.source is None:
            return None
        source = await client.upload(_name(request.source.data), request.source.data)
        mask = request.source.mask
        return Uploads(source, await client.upload(_name(mask), mask) if mask else None)


def _name(data: bytes) -> str:
    """The same image always has the same name, so that the server keeps it once."""
    return f"kupuri-{hashlib.sha256(data).hexdigest()[:24]}.png"
