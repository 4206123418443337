"""Follows one job on a ComfyUI from its posting to its images, through drops and restarts."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from kupuri_desktop.core.errors import (
    KupuriError,
    ServerBusy,
    ServerUnreachable,
)
from kupuri_desktop.core.generation import GenerationEvent, GenerationRequest, Progress
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.engines.comfyui import wire
from kupuri_desktop.engines.comfyui.client import Accepted, ComfyClient, closed
from kupuri_desktop.engines.comfyui.faults import crash, dropped
from kupuri_desktop.engines.comfyui.graphs import Graph
from kupuri_desktop.engines.comfyui.results import Ended, ended, fetch, interrupted, lost, made
from kupuri_desktop.engines.comfyui.socket import Closed, ComfySocket, Dropped, Line, Restored
from kupuri_desktop.engines.comfyui.tracker import Tracker

QUIETS_BEFORE_RENEWAL = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. `quiet`: without a message before the truth is asked for; `retry`: between two
    questions while the socket or the server is away; `patience`: until a server that is away is
    given up; `stop`: for stopping a job.
    """

    quiet: float = 5.0
    retry: float = 0.5
    patience: float = 10.0
    stop: float = 3.0


@dataclass(frozen=True, slots=True)
class PostFailed:
    """POST /prompt raised."""

    error: KupuriError


class Errand:
    """One image: posts the graph under the request's own id and sees it through.

    `endings` keeps the tasks that stop a job, so that they outlive a cancelled caller.
    """

    def __init__(
        self,
        client: ComfyClient,
        socket: ComfySocket,
        client_id: str,
        request: GenerationRequest,
        timing: Timing,
        endings: set[asyncio.Task[None]],
    ) -> None:
        self._client = client
        self._socket = socket
        self._client_id = client_id
        self._request = request
        self._timing = timing
        self._endings = endings
        self._post: asyncio.Task[None] | None = None
        self._notes: tuple[str, ...] = ()
        self._away_since: float | None = None
        self._quiets = 0
        # What it means if the server does not know the job; nothing, until POST has ended.
        self._unknown: KupuriError | None = None
        self._started = False
        self._before = 0

    async def run(self, graph: Graph) -> AsyncGenerator[GenerationEvent, None]:
        """Progress, then every image. Left early, by cancelling too, it stops the job."""
        self._notes = graph.notes
        prompt_id = self._request.job_id
        for last in (False, True):
            tracker = Tracker(graph)
            self._unknown, self._started = None, False
            with self._socket.listen(prompt_id) as line:
                await self._socket.open()
                # The answer may come after the first messages, or after all of them.
                self._post = asyncio.create_task(self._send(line, graph, prompt_id))
                settled = False
                try:
                    end: Ended | None = None
                    while end is None:
                        event = await line.next(self._wait)
                        if progress := tracker.progress(event) or self._comment(event, tracker):
                            yield progress
                        end = await self._judge(event, graph, prompt_id)
                    settled = True
                finally:
                    if not settled:
                        await self._stop(prompt_id)
                    await self._finish_posting()
            if end.error is not None:
                raise end.error
            data = await self._fetch(end)
            if data is not None:
                break
            if last:
                raise lost()
            # Everything was cached and the old file is gone: only the result is made again.
            graph, prompt_id = graph.made_anew(self._request.job_id), new_id()
        for bytes_ in data or ():
            yield made(bytes_, self._request, graph.nodes, self._notes)

    @property
    def _wait(self) -> float:
        away = self._away_since is not None or not self._socket.connected
        waits = self._unknown is not None and not self._started
        return self._timing.retry if away or waits else self._timing.quiet

    async def _send(self, line: Line, graph: Graph, prompt_id: str) -> None:
        try:
            line.put(
                await self._client.post(
                    graph.nodes, prompt_id, self._client_id, self._request.prompt
                )
            )
        except KupuriError as error:
            line.put(PostFailed(error))

    def _comment(self, event: object, tracker: Tracker) -> Progress | None:
        match event:
            case Accepted(node_errors) if node_errors:
                return tracker.note(dropped(node_errors)[0])
            case Dropped():
                return tracker.note("The connection to ComfyUI is lost; Kupuri asks again")
            case None if self._away_since is not None:
                return tracker.note("ComfyUI does not answer; Kupuri waits for it")
            case None if self._before and not self._started:
                return tracker.note(f"Waits in ComfyUI's queue, {self._before} before it")
        return None

    async def _judge(self, event: object, graph: Graph, prompt_id: str) -> Ended | None:
        """The end that an event brings, if it does; asks the server wherever it is in doubt."""
        self._quiets = self._quiets + 1 if event is None else 0
        self._started = self._started or isinstance(event, wire.JobEvent)
        match event:
            case wire.Executed(node, images) if node == graph.output and images:
                return Ended(images)
            case Closed():
                # Not ours to stop: the server may finish it, and the next life collects it.
                return Ended(error=closed())
            case wire.Failed(data):
                title = graph.title(str(data.get("node_id")))
                return Ended(error=crash(data, title, self._request.prompt))
            case wire.Interrupted():
                return Ended(error=interrupted())
            case Accepted(node_errors):
                self._unknown = lost()
                self._notes += dropped(node_errors)
                return None
            case PostFailed(ServerBusy() | ServerUnreachable() as error):
                # It may have arrived all the same: only then is it waited for.
                self._unknown = error
                return await self._ask(prompt_id, error)
            case PostFailed(error):
                return Ended(error=error)
            case wire.Idle() | Dropped() | Restored() | None if self._unknown is not None:
                return await self._ask(prompt_id, self._unknown)
        return None

    async def _ask(self, prompt_id: str, unknown: KupuriError) -> Ended | None:
        """What /history and /queue say: None while the job runs or waits.

        `unknown` is the error for a job that the server knows nothing of.
        """
        try:
            entry = await self._client.history(prompt_id)
            if entry is None:
                queue = await self._client.queue()
                self._away_since = None
                if prompt_id in queue.pending:
                    self._before = len(queue.running) + queue.pending.index(prompt_id)
                    return None
                if prompt_id in queue.running:
                    await self._renew_if_deaf()
                    return None
                # It may have ended between the two questions.
                entry = await self._client.history(prompt_id)
            self._away_since = None
        except ServerBusy:
            return None
        except ServerUnreachable as error:
            if isinstance(unknown, ServerUnreachable):
                return Ended(error=unknown)
            return self._still_away(error)
        return ended(entry, self._request.prompt) if entry else Ended(error=unknown)

    def _still_away(self, error: ServerUnreachable) -> Ended | None:
        now = time.monotonic()
        if self._away_since is None:
            self._away_since = now
        if now - self._away_since < self._timing.patience:
            return None
        return Ended(
            error=ServerUnreachable(
                "ComfyUI ended while it made the image.",
                hint="Start ComfyUI again, then try again.",
                action=error.action,
                details=error.details,
            )
        )

    async def _renew_if_deaf(self) -> None:
        if self._quiets >= QUIETS_BEFORE_RENEWAL:
            self._quiets = 0
            await self._socket.renew()

    async def _fetch(self, end: Ended) -> tuple[bytes, ...] | None:
        while True:
            try:
                return await fetch(self._client, end.images)
            except (ServerBusy, ServerUnreachable) as error:
                # Whoever is restarted has no temp files; whoever is busy has them in a moment.
                if isinstance(error, ServerUnreachable) and (given_up := self._still_away(error)):
                    raise given_up.error or error from error
                await asyncio.sleep(self._timing.retry)

    async def _stop(self, prompt_id: str) -> None:
        async def stop() -> None:
            with contextlib.suppress(KupuriError, TimeoutError):
                async with asyncio.timeout(self._timing.stop):
                    # A job cannot be taken back before it has arrived.
                    if self._post is not None:
                        await asyncio.wait({self._post}, timeout=self._timing.stop / 2)
                    await self._client.stop(prompt_id)

        task = asyncio.create_task(stop(), name="comfyui stop")
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)
        await asyncio.shield(task)

    async def _finish_posting(self) -> None:
        """Waits for the answer for a moment: it is on its way where the images are here."""
        if self._post is None:
            return
        if not self._post.done():
            await asyncio.wait({self._post}, timeout=self._timing.retry)
            self._post.cancel()
            await asyncio.wait({self._post})
        self._post = None


def nodes_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The graph in an entry of /history; empty where it is not there."""
    try:
        nodes = entry["prompt"][2]
    except (KeyError, TypeError, IndexError):
        return {}
    return nodes if isinstance(nodes, dict) else {}
