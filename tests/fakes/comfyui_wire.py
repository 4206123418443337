"""HTTP/1.1 and WebSocket on one real port, for the fake ComfyUI."""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from websockets.frames import Frame, Opcode
from websockets.http11 import Request as Handshake
from websockets.protocol import State
from websockets.server import ServerProtocol

REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 413: "Too Large"}
TROUBLE = "500 Internal Server Error\n\nServer got itself in trouble"


@dataclass(frozen=True)
class Request:
    """One HTTP request; the path without `/api` and query, decoded."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Response:
    """One HTTP answer."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"

    @classmethod
    def of(cls, value: Any, status: int = 200) -> "Response":
        return cls(status, json.dumps(value).encode())

    @classmethod
    def trouble(cls) -> "Response":
        """What aiohttp says for any exception in a handler."""
        return cls(500, TROUBLE.encode(), "text/plain; charset=utf-8")


LOST = Response(0)
"""The connection is reset in place of an answer."""


class Socket:
    """One accepted WebSocket: sends frames, counts them, and can end like a killed process."""

    def __init__(self, protocol: ServerProtocol, writer: asyncio.StreamWriter) -> None:
        self._protocol = protocol
        self._writer = writer
        self.sent = 0
        self.cut_after: int | None = None
        self.flags: dict[str, Any] = {}

    def send(self, message: dict[str, Any] | bytes) -> None:
        """One text (JSON) or binary frame; nothing at all once the connection is gone."""
        if self._protocol.state is not State.OPEN or self._writer.is_closing():
            return
        if self.cut_after is not None and self.sent >= self.cut_after:
            self.cut()
            return
        if isinstance(message, bytes):
            self._protocol.send_binary(message)
        else:
            self._protocol.send_text(json.dumps(message).encode())
        self.sent += 1
        self._flush()

    def cut(self) -> None:
        """No close frame: the connection is reset."""
        cut(self._writer)

    async def texts(self, reader: asyncio.StreamReader) -> Any:
        """The texts that the client sends, until either side ends the connection."""
        while data := await reader.read(65536):
            self._protocol.receive_data(data)
            for event in self._protocol.events_received():
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    yield bytes(event.data).decode()
            self._flush()
        self._protocol.receive_eof()

    def _flush(self) -> None:
        for chunk in self._protocol.data_to_send():
            if chunk:
                self._writer.write(chunk)
            else:
                with contextlib.suppress(OSError):
                    self._writer.write_eof()


def cut(writer: asyncio.StreamWriter) -> None:
    """Resets a connection, as the kernel does for a process that was killed."""
    sock = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Wire:
    """Listens on 127.0.0.1 and hands requests to `answer` and sockets to `attend`."""

    def __init__(
        self,
        answer: Callable[[Request], Awaitable[Response]],
        attend: Callable[[Request, Socket, asyncio.StreamReader], Awaitable[None]],
    ) -> None:
        self._answer = answer
        self._attend = attend
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.refuse_sockets = False

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", port or self.port, limit=256 * 1024 * 1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stops listening and resets every connection, without a goodbye."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        # A connection that was accepted a moment ago shows itself in the next turns of the loop.
        for _ in range(5):
            for writer in list(self._writers):
                cut(writer)
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:
            cut(writer)
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            await self._converse(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            start, *lines = head.decode("latin-1").split("\r\n")
            method, target, _ = start.split(" ", 2)
            headers = {
                name.strip().lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines if line)
            }
            parts = urlsplit(target)
            request = Request(
                method,
                unquote(parts.path).removeprefix("/api"),
                {key: values[-1] for key, values in parse_qs(parts.query).items()},
                headers,
                await reader.readexactly(int(headers.get("content-length", 0))),
            )
            if _foreign_origin(headers) or (request.path == "/ws" and self.refuse_sockets):
                response = Response(403)
            elif request.path == "/ws":
                protocol = ServerProtocol()
                protocol.receive_data(head)
                (handshake,) = protocol.events_received()
                assert isinstance(handshake, Handshake)
                protocol.send_response(protocol.accept(handshake))
                for chunk in protocol.data_to_send():
                    writer.write(chunk)
                await self._attend(request, Socket(protocol, writer), reader)
                return
            else:
                response = await self._answer(request)
            if response is LOST:
                cut(writer)
                return
            writer.write(
                f"HTTP/1.1 {response.status} {REASONS.get(response.status, 'Status')}\r\n"
                f"Content-Type: {response.kind}\r\nContent-Length: {len(response.body)}\r\n"
                "Server: Python/3.11 aiohttp/3.14.5\r\n\r\n".encode()
                + response.body
            )
            await writer.drain()


def _foreign_origin(headers: dict[str, str]) -> bool:
    """ComfyUI's rule for a loopback host: an Origin with another host or port is refused."""
    origin = urlsplit(headers.get("origin", ""))
    host = urlsplit("//" + headers.get("host", ""))
    if not origin.hostname or host.hostname not in ("127.0.0.1", "localhost", "::1"):
        return False
    return origin.hostname != host.hostname or origin.port not in (None, host.port)


def parse_upload(request: Request) -> dict[str, tuple[str, bytes]]:
    """The fields of a multipart form: name to (file name, bytes)."""
    boundary = request.headers["content-type"].partition("boundary=")[2].strip('"').encode()
    fields = {}
    for part in request.body.split(b"--" + boundary)[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        line = head.decode()
        name = line.partition(' name="')[2].partition('"')[0]
        file = line.partition('filename="')[2].partition('"')[0]
        fields[name] = (file, data.removesuffix(b"\r\n"))
    return fields
