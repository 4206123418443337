"""An image engine and an agent whose every move the test decides; no sockets, no waiting."""

import asyncio
import io
from collections.abc import AsyncGenerator, Sequence

from PIL import Image

from kupuri_desktop.agent.context import Turn
from kupuri_desktop.agent.events import AgentEvent
from kupuri_desktop.core.errors import EngineClosed
from kupuri_desktop.core.generation import (
    Collected,
    GenerationEvent,
    GenerationRequest,
    MadeImage,
    Progress,
    Whereabouts,
)
from kupuri_desktop.core.models import ModelInfo, ModelKind, ModelRef, Place, ProviderStatus

GRAPH = '{"1": {"class_type": "EmptyImage", "inputs": {}}}'


def png(width: int = 64, height: int = 48, colour: str = "#336699") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


class ScriptedJob:
    """One request that the engine was given; the test plays the server."""

    def __init__(self, request: GenerationRequest) -> None:
        self.request = request
        self.cancelled = asyncio.Event()
        self.events: asyncio.Queue[GenerationEvent | Exception] = asyncio.Queue()

    def progress(self, fraction: float, preview: bytes | None = None) -> None:
        self.events.put_nowait(Progress(fraction, preview))

    def finish(self, data: bytes | None = None) -> None:
        request = self.request
        data = data if data is not None else png(request.width, request.height)
        self.events.put_nowait(
            MadeImage(
                data, "image/png", request.width, request.height, request.seed, {"prompt": GRAPH}
            )
        )

    def fail(self, error: Exception) -> None:
        self.events.put_nowait(error)


class ScriptedEngine:
    """Gives the test each job as it starts: `job = await engine.next_job()`."""

    provider = "scripted"

    def __init__(self) -> None:
        self.started: asyncio.Queue[ScriptedJob] = asyncio.Queue()
        self.jobs: list[ScriptedJob] = []
        self.known: dict[str, Collected] = {}
        self.cancelled: list[str] = []
        self.closed = asyncio.Event()

    async def next_job(self) -> ScriptedJob:
        async with asyncio.timeout(10):
            return await self.started.get()

    async def models(self) -> Sequence[ModelInfo]:
        return [ModelInfo(ModelRef("scripted", "one"), "One", ModelKind.IMAGE, Place.LOCAL)]

    async def status(self) -> ProviderStatus:
        models = tuple(await self.models())
        return ProviderStatus("scripted", "Scripted", Place.LOCAL, "nowhere", True, models=models)

    def native_size(self, model: str, aspect: tuple[int, int]) -> tuple[int, int]:
        return 64, round(64 * aspect[1] / aspect[0])

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[GenerationEvent, None]:
        job = ScriptedJob(request)
        self.jobs.append(job)
        self.started.put_nowait(job)
        closed = asyncio.ensure_future(self.closed.wait())
        try:
            while True:
                event = asyncio.ensure_future(job.events.get())
                try:
                    await asyncio.wait([event, closed], return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not event.done():
                        event.cancel()
                if not event.done() or event.cancelled():
                    raise EngineClosed("The engine is closed.")
                match event.result():
                    case Exception() as error:
                        raise error
                    case MadeImage() as image:
                        yield image
                        return
                    case progress:
                        yield progress
        except asyncio.CancelledError:
            job.cancelled.set()
            raise
        finally:
            closed.cancel()

    async def collect(self, request: GenerationRequest) -> Collected:
        return self.known.get(request.job_id, Collected(Whereabouts.UNKNOWN))

    async def cancel(self, request: GenerationRequest) -> None:
        self.cancelled.append(request.job_id)

    async def aclose(self) -> None:
        self.closed.set()


class ScriptedTurn:
    """One turn that the agent was given; the test says what happens in it."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.cancelled = asyncio.Event()
        self.events: asyncio.Queue[AgentEvent | Exception | None] = asyncio.Queue()

    def say(self, *events: AgentEvent | Exception) -> None:
        for event in events:
            self.events.put_nowait(event)

    def end(self) -> None:
        self.events.put_nowait(None)


class ScriptedAgent:
    """Gives the test each turn as it starts: `turn = await agent.next_turn()`."""

    def __init__(self) -> None:
        self.started: asyncio.Queue[ScriptedTurn] = asyncio.Queue()
        self.answers: list[tuple[str, bool]] = []

    async def next_turn(self) -> ScriptedTurn:
        async with asyncio.timeout(10):
            return await self.started.get()

    def answer(self, confirmation: str, approved: bool) -> bool:
        self.answers.append((confirmation, approved))
        return True

    async def run(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        scripted = ScriptedTurn(turn)
        self.started.put_nowait(scripted)
        try:
            while (event := await scripted.events.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
        except asyncio.CancelledError:
            scripted.cancelled.set()
            raise
