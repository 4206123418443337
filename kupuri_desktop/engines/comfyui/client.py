"""ComfyUI's HTTP interface: each request that Kupuri makes, with time limits and typed answers."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from kupuri_desktop.core.errors import (
    Action,
    EngineClosed,
    GenerationError,
    Mend,
    NotAuthorised,
    ServerAnsweredBadly,
    ServerBusy,
    ServerUnreachable,
)
from kupuri_desktop.engines.comfyui.address import Address
from kupuri_desktop.engines.comfyui.faults import rejection
from kupuri_desktop.engines.comfyui.nodes import Installed
from kupuri_desktop.engines.comfyui.wire import StoredImage

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 30.0
"""A server that loads a model holds Python's lock for seconds and answers nobody meanwhile."""

TIMES = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
GRACE_SECONDS = 0.5
LARGEST_IMAGE = 256 * 1024 * 1024
AT_ONCE = 8

_START = Action(Mend.START_SERVER, "Start ComfyUI", "comfyui")


@dataclass(frozen=True, slots=True)
class Queue:
    """The ids of the jobs that run and that wait, in order."""

    running: tuple[str, ...]
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job is in the queue; `node_errors` names the outputs that were dropped from it."""

    node_errors: Mapping[str, Any]


class ComfyClient:
    """One pool of connections, opened at the first request.

    Every method raises ServerUnreachable, ServerBusy, ServerAnsweredBadly or NotAuthorised, and
    EngineClosed from the moment that `close` is called.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._http: httpx.AsyncClient | httpx.AsyncHTTPTransport | None = None
        self._closed = False
        self._under_way: set[asyncio.Task[httpx.Response]] = set()

    def _open(self) -> httpx.AsyncClient | httpx.AsyncHTTPTransport:
        """A proxy is for other machines: this one is reached directly.

        What httpx.AsyncClient adds to its transport (proxies, redirects, cookies) is of no use
        then, and is a quarter of the time that a small request takes.
        """
        limits = httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=60)
        if self._address.loopback:
            return httpx.AsyncHTTPTransport(trust_env=False, limits=limits)
        return httpx.AsyncClient(limits=limits)

    def close(self) -> None:
        """Lets no further request out; those under way end with `aclose`."""
        self._closed = True

    async def aclose(self) -> None:
        self.close()
        if self._under_way:
            # A request to a server that is there or gone ends by itself in a moment.
            await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def version(self) -> str:
        """From /system_stats: the cheapest proof that a ComfyUI answers."""
        stats = await self._json("GET", "/system_stats")
        try:
            return str(stats["system"].get("comfyui_version") or "unknown")
        except (KeyError, TypeError, AttributeError) as error:
            raise ServerAnsweredBadly(
                f"What answers at {self._address.http} is not ComfyUI."
            ) from error

    async def installed(self, names: Iterable[str]) -> Installed:
        """The node classes of those names that are installed.

        One small request each: the whole of /object_info is half a megabyte, and many times
        that where nodes were added.
        """
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(name: str) -> Any:
            async with limit:
                return await self._json("GET", f"/object_info/{name}")

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(name)) for name in names]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        classes: dict[str, Any] = {}
        for task in tasks:
            if not isinstance(task.result(), dict):
                raise ServerAnsweredBadly("ComfyUI's list of nodes cannot be read.")
            classes |= task.result()
        return Installed(classes)

    async def sizes(self, folder: str) -> dict[str, int]:
        """Bytes of each model file; empty where the server has no such list (it is optional)."""
        response = await self._send("GET", f"/experiment/models/{folder}")
        try:
            found = response.json() if response.status_code == 200 else []
            return {entry["name"]: int(entry["size"]) for entry in found}
        except (ValueError, KeyError, TypeError):
            return {}

    async def post(
        self, nodes: Mapping[str, Any], prompt_id: str, client_id: str, prompt: str
    ) -> Accepted:
        """Raises GraphRejected or PartMissing where the graph is not accepted.

        prompt: the person's words, to keep them out of an error's details.
        """
        body = {"prompt": nodes, "prompt_id": prompt_id, "client_id": client_id}
        response = await self._send("POST", "/prompt", json=body)
        if response.status_code == 400:
            raise rejection(_decoded(response), prompt)
        answer = self._checked(response)
        errors = answer.get("node_errors") if isinstance(answer, dict) else None
        return Accepted(errors if isinstance(errors, dict) else {})

    async def queue(self) -> Queue:
        answer = await self._json("GET", "/queue")
        try:
            running = tuple(str(item[1]) for item in answer["queue_running"])
            waiting = sorted(answer["queue_pending"], key=lambda item: item[0])
            return Queue(running, tuple(str(item[1]) for item in waiting))
        except (KeyError, TypeError, IndexError) as error:
            raise ServerAnsweredBadly("ComfyUI's queue cannot be read.") from error

    async def history(self, prompt_id: str) -> Mapping[str, Any] | None:
        """The entry of an ended job; None for one that runs, waits or is not known."""
        answer = await self._json("GET", f"/history/{prompt_id}")
        entry = answer.get(prompt_id) if isinstance(answer, dict) else None
        return entry if isinstance(entry, dict) else None

    async def view(self, image: StoredImage) -> bytes | None:
        """The bytes of an image; None where the file is gone."""
        query = {"filename": image.filename, "subfolder": image.subfolder, "type": image.type}
        response = await self._send("GET", "/view", params=query, largest=LARGEST_IMAGE)
        if response.status_code == 404:
            return None
        self._check(response)
        return response.content

    async def upload(self, name: str, data: bytes) -> str:
        """How a graph names the image: under another name if that one was taken.

        It goes to the temp folder, which ComfyUI empties by itself: the person's input folder
        is not Kupuri's to fill.
        """
        form = {"image": (name, data)}
        response = await self._send("POST", "/upload/image", files=form, data={"type": "temp"})
        if response.status_code == 413:
            raise GenerationError("The image is too large for ComfyUI's upload limit.")
        answer = self._checked(response)
        try:
            folder = f"{answer['subfolder']}/" if answer.get("subfolder") else ""
            return f"{folder}{answer['name']} [{answer['type']}]"
        except (KeyError, TypeError, AttributeError) as error:
            raise ServerAnsweredBadly("ComfyUI's answer to an upload cannot be read.") from error

    async def stop(self, prompt_id: str) -> None:
        """Takes a job off the queue, or interrupts it, and no other.

        Deleting first leaves no gap in which a waiting job could begin unseen. Interrupting only
        what really runs keeps other people's jobs safe from older servers, which take no id.
        """
        await self._send("POST", "/queue", json={"delete": [prompt_id]})
        if prompt_id in (await self.queue()).running:
            await self._send("POST", "/interrupt", json={"prompt_id": prompt_id})

    async def _json(self, method: str, path: str) -> Any:
        return self._checked(await self._send(method, path))

    async def _send(
        self, method: str, path: str, *, largest: int | None = None, **content: Any
    ) -> httpx.Response:
        """Cancelling stops the waiting; the request itself ends in peace.

        A request that is cancelled while httpcore clears dead connections away leaves the rest of
        them open (httpcore 1.0.9: its shield keeps off anyio's cancellation only).
        """
        if self._closed:
            raise closed()
        task = asyncio.create_task(self._request(method, path, largest, content))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if task.cancelled() and caller is not None and not caller.cancelling():
                # It was `aclose` that lost patience with the server, not the caller.
                raise closed() from None
            raise

    def _ended(self, task: asyncio.Task[httpx.Response]) -> None:
        """Takes note of an error that nobody waits for any more."""
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()

    async def _request(
        self, method: str, path: str, largest: int | None, content: dict[str, Any]
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                request = httpx.Request(
                    method,
                    self._address.http + path,
                    headers={"User-Agent": "Kupuri"},
                    extensions={"timeout": TIMES.as_dict()},
                    **content,
                )
                response = await self._exchange(request)
                try:
                    if largest and int(response.headers.get("content-length", 0)) > largest:
                        raise GenerationError("ComfyUI's image is too large to be taken over.")
                    await response.aread()
                finally:
                    await response.aclose()
        except (httpx.TimeoutException, TimeoutError) as error:
            if isinstance(error, httpx.ConnectTimeout):
                raise self._unreachable(error) from error
            raise ServerBusy(
                "ComfyUI takes too long to answer.", details=f"{method} {path}"
            ) from error
        except ImportError as error:
            # The libraries speak to SOCKS proxies only with packages that Kupuri does not bring.
            raise ServerUnreachable(
                "Kupuri cannot use this system's proxy to reach ComfyUI.",
                hint="Except ComfyUI's host from the proxy, for example by NO_PROXY.",
                details=type(error).__name__,
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise self._unreachable(error) from error
        return response

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        if self._http is None:
            self._http = self._open()
        if isinstance(self._http, httpx.AsyncClient):
            return await self._http.send(request, stream=True)
        response = await self._http.handle_async_request(request)
        response.request = request
        return response

    def _unreachable(self, error: Exception) -> ServerUnreachable | EngineClosed:
        if self._closed:
            return closed()
        return ServerUnreachable(
            f"ComfyUI does not answer at {self._address.http}.",
            hint="Start ComfyUI, or correct its address in the settings.",
            # A server on another machine is for its owner to start.
            action=_START if self._address.loopback else None,
            details=type(error).__name__,
        )

    def _checked(self, response: httpx.Response) -> Any:
        self._check(response)
        return _decoded(response)

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in (401, 403):
            raise NotAuthorised("ComfyUI refuses Kupuri's requests.", details=f"HTTP {status}")
        if status in (502, 503, 504):
            raise ServerBusy("ComfyUI is not ready yet.", details=f"HTTP {status}")
        if status != 200:
            raise ServerAnsweredBadly(
                f"ComfyUI answered with the error {status}.",
                hint="ComfyUI's own window or log says more.",
                details=f"HTTP {status} for {response.request.url.path}",
            )


def closed() -> EngineClosed:
    return EngineClosed(
        "Kupuri let go of ComfyUI while the job was under way.",
        kept="If ComfyUI finishes the image, Kupuri fetches it at the next start.",
    )


def _decoded(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError as error:
        raise ServerAnsweredBadly(
            "ComfyUI's answer cannot be read.", details=f"HTTP {response.status_code}, no JSON"
        ) from error
