"""From posting a job to ComfyUI to the image's bytes, beside a bare Qt client in the same run.

The graph is EmptyImage 64x64 to SaveImage: nothing but the way there and back. The server is the
fake one in a process of its own, and a real one too where KUPURI_LIVE_COMFYUI names it.
"""

import asyncio
import base64
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QUrl
from PySide6.QtNetwork import (
    QNetworkAccessManager,
    QNetworkProxy,
    QNetworkReply,
    QNetworkRequest,
    QTcpSocket,
)
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.generation import GenerationRequest, MadeImage
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.engines.comfyui.address import Address
from kupuri_desktop.engines.comfyui.client import ComfyClient
from kupuri_desktop.engines.comfyui.graphs import Graph
from kupuri_desktop.engines.comfyui.job import Errand, Timing
from kupuri_desktop.engines.comfyui.socket import ComfySocket
from kupuri_desktop.ui.loop import DesktopLoop
from tests.benchmarks.figures import Figure

NAME = "comfyui"
SUMMARY = "from POST /prompt to the image's bytes, in turn with a bare Qt client (medians)"
MOST_OVER = 3.0
WARM_UP = 5


def run(quick: bool) -> list[Figure]:
    app = QApplication.instance() or QApplication([])
    rounds = 30 if quick else 200
    with fake_server() as url:
        figures = compare(app, "fake server", url, rounds)
    if live := os.environ.get("KUPURI_LIVE_COMFYUI"):
        figures += compare(app, "real ComfyUI", live, rounds)
    return figures


def compare(app: QCoreApplication, where: str, url: str, rounds: int) -> list[Figure]:
    loop = DesktopLoop(app)
    asyncio.set_event_loop(loop)
    bare, ours = BareClient(url), OurClient(url)
    bare.connect_socket()
    loop.run_until_complete(ours.socket.open())
    floor: list[float] = []
    kupuri: list[float] = []
    for number in range(WARM_UP + rounds):
        # Who goes first changes, so that what the server does afterwards troubles both alike.
        for client in ((bare, ours), (ours, bare))[number % 2]:
            graph = empty_image()
            if client is bare:
                took = bare.make(graph)
                times = floor
            else:
                took = loop.run_until_complete(ours.make(graph))
                times = kupuri
            if number >= WARM_UP:
                times.append(took * 1000)
    loop.run_until_complete(ours.aclose())
    bare.close()
    loop.close()
    asyncio.set_event_loop(None)
    floor_ms, kupuri_ms = statistics.median(floor), statistics.median(kupuri)
    note = "EmptyImage 64x64 to SaveImage; the peer is QTcpSocket + QNetworkAccessManager"
    over = kupuri_ms - floor_ms
    return [
        Figure(f"POST to image, {where}", kupuri_ms, "ms", floor_ms, note=note),
        Figure(f"more than the bare client, {where}", over, "ms", bar=MOST_OVER),
    ]


def empty_image() -> dict[str, Any]:
    """A graph that no server has in its cache."""
    inputs = {"width": 64, "height": 64, "batch_size": 1, "color": random.randrange(1 << 24)}
    save = {"images": ["1", 0], "filename_prefix": "kupuri-bench/image"}
    return {
        "1": {"class_type": "EmptyImage", "inputs": inputs},
        "2": {"class_type": "SaveImage", "inputs": save},
    }


@contextmanager
def fake_server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.fakes.comfyui"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class OurClient:
    """The engine's own way, without choosing a model: what follows once the graph is there."""

    def __init__(self, url: str) -> None:
        address = Address.parse(url)
        self._id = new_id()
        self.client = ComfyClient(address)
        self.socket = ComfySocket(address, self._id)
        self._endings: set[asyncio.Task[None]] = set()

    async def make(self, nodes: dict[str, Any]) -> float:
        request = GenerationRequest(new_id(), "", ModelRef("comfyui", "none"), 64, 64)
        errand = Errand(self.client, self.socket, self._id, request, Timing(), self._endings)
        begun = time.perf_counter()
        async for event in errand.run(Graph(nodes, "2")):
            if isinstance(event, MadeImage):
                return time.perf_counter() - begun
        raise AssertionError("no image")

    async def aclose(self) -> None:
        await self.socket.aclose()
        await self.client.aclose()


class BareClient(QObject):
    """The least that does it with Qt alone. PySide6-Essentials has no QtWebSockets: the few lines
    of the protocol that a client needs here stand below, on a QTcpSocket.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._id = new_id()
        self._http = QNetworkAccessManager()
        self._http.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        self._tcp = QTcpSocket()
        self._tcp.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        self._tcp.setSocketOption(QTcpSocket.SocketOption.LowDelayOption, 1)
        self._buffer = b""
        self._job = ""
        self._image = b""
        self._turn = QEventLoop()

    def connect_socket(self) -> None:
        parts = urlsplit(self._url)
        assert parts.hostname is not None
        self._tcp.connectToHost(parts.hostname, parts.port or 80)
        assert self._tcp.waitForConnected(5000)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET /ws?clientId={self._id} HTTP/1.1",
            f"Host: {parts.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        )
        self._tcp.write("\r\n".join((*head, "", "")).encode())
        while b"\r\n\r\n" not in self._buffer:
            assert self._tcp.waitForReadyRead(5000)
            self._buffer += bytes(self._tcp.readAll().data())
        self._buffer = self._buffer.partition(b"\r\n\r\n")[2]
        self._tcp.readyRead.connect(self._read)

    def close(self) -> None:
        self._tcp.abort()

    def make(self, nodes: dict[str, Any]) -> float:
        self._job, self._image = new_id(), b""
        body = json.dumps({"prompt": nodes, "prompt_id": self._job, "client_id": self._id})
        request = QNetworkRequest(QUrl(f"{self._url}/prompt"))
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        begun = time.perf_counter()
        reply = self._http.post(request, body.encode())
        reply.finished.connect(reply.deleteLater)
        self._turn.exec()
        assert self._image.startswith(b"\x89PNG")
        return time.perf_counter() - begun

    def _read(self) -> None:
        self._buffer += bytes(self._tcp.readAll().data())
        while len(self._buffer) >= 2:
            size, start = self._buffer[1] & 127, 2
            if size >= 126:
                start = 4 if size == 126 else 10
                size = int.from_bytes(self._buffer[2:start], "big")
            if len(self._buffer) < start + size:
                return
            kind, payload = self._buffer[0] & 15, self._buffer[start : start + size]
            self._buffer = self._buffer[start + size :]
            if kind == 1:
                self._hear(json.loads(payload))

    def _hear(self, message: dict[str, Any]) -> None:
        data = message["data"]
        if message["type"] == "executed" and data["prompt_id"] == self._job:
            query = urlencode(data["output"]["images"][0])
            reply = self._http.get(QNetworkRequest(QUrl(f"{self._url}/view?{query}")))
            reply.finished.connect(lambda: self._finish(reply))

    def _finish(self, reply: QNetworkReply) -> None:
        self._image = bytes(reply.readAll().data())
        reply.deleteLater()
        self._turn.quit()
