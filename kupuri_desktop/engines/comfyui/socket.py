"""Keeps ComfyUI's WebSocket open while somebody listens, and hands each job its own events.

The socket is a hint and never the truth: a message may be missing at any time, so a listener
learns of each drop and return and then asks /queue and /history.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from kupuri_desktop.engines.comfyui import wire
from kupuri_desktop.engines.comfyui.address import Address

OPEN_SECONDS = 3.0
BACKOFF = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
LARGEST_MESSAGE = 64 * 1024 * 1024

_SILENT = logging.Logger("websocket", logging.CRITICAL)
"""The library's debug lines show whole messages, a failed node's inputs among them."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection ended; messages may have been lost from here on."""


@dataclass(frozen=True, slots=True)
class Restored:
    """There is a connection again; nothing of the time between is sent again."""


@dataclass(frozen=True, slots=True)
class Closed:
    """We closed it ourselves, for good."""


class Line:
    """The events of one job, in order."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[object] = asyncio.Queue()

    def put(self, event: object) -> None:
        self._events.put_nowait(event)

    async def next(self, seconds: float) -> object | None:
        """The next event, or None after that long without one."""
        if not self._events.empty():
            return self._events.get_nowait()
        try:
            async with asyncio.timeout(seconds):
                return await self._events.get()
        except TimeoutError:
            return None


class ComfySocket:
    """One connection, opened when first wanted; `backoff`: seconds before each new attempt."""

    def __init__(
        self, address: Address, client_id: str, backoff: Sequence[float] = BACKOFF
    ) -> None:
        self._address = address
        self._url = f"{address.ws}/ws?clientId={client_id}"
        self._backoff = backoff
        self._lines: dict[str, list[Line]] = defaultdict(list)
        self._task: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._connection: ClientConnection | None = None
        self._closed = False
        self._running = ""

    @property
    def connected(self) -> bool:
        return self._connection is not None

    @contextlib.contextmanager
    def listen(self, job: str) -> Iterator[Line]:
        """Collects the job's events from now on."""
        line = Line()
        self._lines[job].append(line)
        try:
            yield line
        finally:
            self._lines[job].remove(line)
            if not self._lines[job]:
                del self._lines[job]

    async def open(self) -> bool:
        """Connects, if nobody has yet. False where that fails: it is tried again meanwhile."""
        if self._closed:
            return False
        if self._task is None or self._task.done():
            self._tried.clear()
            self._task = asyncio.create_task(self._keep_open(), name="comfyui socket")
        await self._tried.wait()
        return self.connected

    async def renew(self) -> None:
        """Closes the connection properly and opens another.

        A server that saw an older connection of the same client end later than this one began
        sends nothing any more (ComfyUI 0.3.64).
        """
        if self._connection is not None:
            await self._connection.close()

    async def aclose(self) -> None:
        self._closed = True
        self._tell_everyone(Closed())
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _keep_open(self) -> None:
        """Goes on for as long as somebody listens; an idle connection stays until it drops."""
        attempt = 0
        try:
            while True:
                connection = await self._connect()
                self._tried.set()
                if connection is not None:
                    attempt = 0
                    await self._read(connection)
                if not self._lines:
                    return
                await asyncio.sleep(self._backoff[min(attempt, len(self._backoff) - 1)])
                attempt += 1
        finally:
            self._tried.set()

    async def _connect(self) -> ClientConnection | None:
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                connection = await connect(
                    self._url,
                    # A pause of seconds is normal for the server; jobs are polled for anyway.
                    ping_interval=None,
                    open_timeout=None,
                    close_timeout=1,
                    compression=None,
                    max_size=LARGEST_MESSAGE,
                    proxy=None if self._address.loopback else True,
                    user_agent_header="Kupuri",
                    logger=_SILENT,
                )
                await connection.send(wire.HELLO)
                return connection
        except (OSError, TimeoutError, WebSocketException, ImportError):
            # ImportError: a SOCKS proxy, which needs a package that Kupuri does not bring.
            return None

    async def _read(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._tell_everyone(Restored())
        try:
            async for message in connection:
                self._dispatch(message)
        except WebSocketException:
            pass
        finally:
            self._connection = None
            self._tell_everyone(Dropped())
            await connection.close()

    def _dispatch(self, message: str | bytes) -> None:
        heard = wire.read(message)
        if heard is None:
            return
        if heard.job and not isinstance(heard.event, wire.Preview):
            self._running = "" if isinstance(heard.event, wire.Idle) else heard.job
        # An older preview does not name its job; it is of the one that runs at the moment.
        for line in self._lines.get(heard.job or self._running, ()):
            line.put(heard.event)

    def _tell_everyone(self, event: object) -> None:
        for lines in self._lines.values():
            for line in lines:
                line.put(event)
