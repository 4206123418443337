"""A small HTTP/1.1 server on a real socket, with scripted answers, for the fake model servers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass
class Request:
    """One request as it came in, and what became of its answer.

    `first_byte` is `time.perf_counter()` at the arrival of the first byte. `finished` is set
    when the server is done with the request, `disconnected` when the client left before that.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    first_byte: float
    connection: int
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


class Gate:
    """A place in an answer where the server stops until the test opens it."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    def open(self) -> None:
        self.opened.set()


@dataclass(frozen=True)
class Wait:
    """Hold the answer at `gate`."""

    gate: Gate


@dataclass(frozen=True)
class Raw:
    """Send these bytes as one chunk, whatever they are."""

    data: bytes


@dataclass(frozen=True)
class Reset:
    """Break the connection with RST, as a killed server's kernel does."""


@dataclass(frozen=True)
class End:
    """End the HTTP body properly, but without what the protocol calls an end."""


@dataclass(frozen=True)
class Refusal:
    """Answer with an HTTP status and this body instead of a stream."""

    status: int
    body: Any = None


@dataclass(frozen=True)
class Text:
    """A piece of a model's answer."""

    text: str


@dataclass(frozen=True)
class Thinking:
    """A piece of a model's reasoning; how it goes over the wire is the server's matter."""

    text: str


def words(text: str) -> list[Any]:
    """The text as one step a word."""
    return [Text(word) for word in text.replace(" ", " \0").split("\0")]


class ClientGone(Exception):
    """The client closed its side while the answer was under way."""


class _Connection(asyncio.StreamReaderProtocol):
    """Stream protocol that also says when the other side has left."""

    def __init__(self, serve: Callable[..., Awaitable[None]]) -> None:
        reader = asyncio.StreamReader(limit=64 * 1024 * 1024)
        self.lost = asyncio.Event()
        self.arrived = 0.0
        super().__init__(reader, lambda r, w: serve(r, w, self))

    def data_received(self, data: bytes) -> None:
        self.arrived = self.arrived or time.perf_counter()
        super().data_received(data)

    def eof_received(self) -> bool:
        self.lost.set()
        super().eof_received()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()
        super().connection_lost(exc)


class Answer:
    """What a handler writes to: a plain answer, or a chunked stream."""

    def __init__(self, writer: asyncio.StreamWriter, connection: _Connection) -> None:
        self._writer = writer
        self._connection = connection
        self.streaming = False

    async def plain(self, status: int, body: bytes, kind: str = "application/json") -> None:
        head = (
            f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        await self._flush()

    async def json(self, value: Any, status: int = 200) -> None:
        await self.plain(status, json.dumps(value).encode())

    async def start(self, kind: str) -> None:
        self.streaming = True
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
        self._writer.write(head.encode())
        await self._flush()

    async def chunk(self, data: bytes) -> None:
        self._writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await self._flush()

    async def end(self) -> None:
        self._writer.write(b"0\r\n\r\n")
        await self._flush()

    async def hold(self, gate: Gate) -> None:
        """Wait for the gate, or notice that the client has left."""
        gate.reached.set()
        opened = asyncio.ensure_future(gate.opened.wait())
        lost = asyncio.ensure_future(self._connection.lost.wait())
        try:
            await asyncio.wait({opened, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            opened.cancel()
            lost.cancel()
        if self._connection.lost.is_set():
            raise ClientGone

    def reset(self) -> None:
        self.cut()
        raise ClientGone

    def cut(self) -> None:
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def _flush(self) -> None:
        if self._connection.lost.is_set():
            raise ClientGone
        try:
            await self._writer.drain()
        except ConnectionError as error:
            raise ClientGone from error


class WireServer:
    """Serves on 127.0.0.1 with an ephemeral port and keeps every request for the test.

    Subclasses implement `respond`. A test awaits `arrived(n)` instead of sleeping.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._answers: set[Answer] = set()
        self._news = asyncio.Condition()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._serve), "127.0.0.1", port or self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and end every connection; `start()` serves on the same port again."""
        if self._server is None:
            return
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def kill(self) -> None:
        """End like a killed process: every connection is reset and nothing listens any more."""
        for answer in list(self._answers):
            answer.cut()
        await self.stop()

    async def respond(self, request: Request, answer: Answer) -> None:
        raise NotImplementedError

    def sent_to(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    async def arrived(self, path: str, count: int = 1) -> Request:
        """The `count`-th request to `path`, as soon as it is there."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.sent_to(path)) >= count)
        return self.sent_to(path)[count - 1]

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: _Connection
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        number = self.connections
        try:
            while (request := await self._read(reader, connection, number)) is not None:
                self.requests.append(request)
                async with self._news:
                    self._news.notify_all()
                answer = Answer(writer, connection)
                self._answers.add(answer)
                try:
                    await self.respond(request, answer)
                except ClientGone:
                    request.disconnected.set()
                    return
                finally:
                    self._answers.discard(answer)
                    request.finished.set()
                connection.arrived = 0.0
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _read(
        self, reader: asyncio.StreamReader, connection: _Connection, number: int
    ) -> Request | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            first_byte = connection.arrived
            start, *lines = head.decode("latin-1").split("\r\n")
            method, path, _ = start.split(" ", 2)
            pairs = (line.split(":", 1) for line in lines if line)
            headers = {name.strip().lower(): value.strip() for name, value in pairs}
            body = await _read_body(reader, headers)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return Request(method, path.split("?")[0], headers, body, first_byte, number)


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
