"""A ComfyUI for tests: real sockets, frame by frame what version 0.3.64 says, faults at will.

`python -m tests.fakes.comfyui [--port N] [--step-seconds S]` serves one by itself.
"""

import argparse
import asyncio
import copy
import json
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from tests.fakes.comfyui_graph import validate
from tests.fakes.comfyui_jobs import Job, Studio
from tests.fakes.comfyui_models import EVERYTHING, SD15, Shelf
from tests.fakes.comfyui_wire import LOST, Request, Response, Socket, Wire, parse_upload

DATA = Path(__file__).parents[1] / "data" / "comfyui"
VERSION = "0.3.64"
MAX_UPLOAD = 104_857_600
FEATURES = {"supports_preview_metadata": True, "max_upload_size": MAX_UPLOAD}
VIEW_FOLDERS = ("input", "output", "temp")
FOLDERS = ("checkpoints", "diffusion_models", "text_encoders", "vae", "loras", "upscale_models")
CHOICES = {
    "ckpt_name": "checkpoints",
    "unet_name": "diffusion_models",
    "clip_name": "text_encoders",
    "clip_name1": "text_encoders",
    "clip_name2": "text_encoders",
    "clip_name3": "text_encoders",
    "vae_name": "vae",
    "model_name": "upscale_models",
}


class FakeComfyUI(Studio):
    """`async with FakeComfyUI() as comfy:` and then `comfy.url`.

    A test steers it: `hold_steps()` and `allow(n)` for sampling steps, `crash` for an error in a
    node, `answers` for scripted answers of POST /prompt, `cut_sockets`, `cut_after`, `kill`,
    `start` (again, on the same port), `forget_files`, `hold_answer`. It awaits `until(condition)`.
    """

    def __init__(self, shelf: Shelf = SD15, missing_nodes: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.nodes: dict[str, Any] = json.loads((DATA / "object_info.json").read_text())
        for name in missing_nodes:
            del self.nodes[name]
        self.shelf = shelf
        self.requests: list[Request] = []
        self.answers: deque[Response] = deque()
        self.cut_after: int | None = None
        self.hold_answer = False
        self.lose_answer = False
        self.dropped_outputs: dict[str, Any] = {}
        self.answer_views_with: bytes | None = None
        self.sockets_opened = 0
        self._wire = Wire(self._answer, self._attend)
        self._worker: asyncio.Task[None] | None = None
        self._number = 0
        self._filled: tuple[Shelf, dict[str, Any]] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._wire.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.kill()

    async def start(self, port: int = 0) -> None:
        """A fresh process: no queue, no history, no temp files; the same port as before."""
        self.forget_everything()
        await self._wire.start(port)
        self._worker = asyncio.create_task(self._work())

    async def kill(self) -> None:
        """No close frame and no answer to what is under way."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
            self._worker = None
        await self._wire.stop()

    # --- steering by tests

    def cut_sockets(self) -> None:
        for socket in list(self.everyone):
            socket.cut()

    def refuse_sockets(self) -> None:
        """As a proxy in between does that knows HTTP alone."""
        self._wire.refuse_sockets = True

    def forget_files(self) -> None:
        self.files.clear()

    def posts(self, path: str = "/prompt") -> list[Any]:
        return [r.json for r in self.requests if r.method == "POST" and r.path == path]

    # --- HTTP

    async def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        await self._announce()
        try:
            return await self._route(request)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            return Response.trouble()

    async def _route(self, request: Request) -> Response:
        folder, _, rest = request.path.removeprefix("/").partition("/")
        match request.method, folder:
            case "POST", "prompt":
                return await self._prompt(request)
            case "GET", "prompt":
                return Response.of(self._exec_info())
            case "GET", "queue":
                running = [self.running.item] if self.running else []
                pending = [job.item for job in self.pending]
                return Response.of({"queue_running": running, "queue_pending": pending})
            case "POST", "queue":
                return self._change_queue(request.json)
            case "POST", "interrupt":
                return self._interrupt(request.body)
            case "GET", "history":
                if not rest:
                    return Response.of(self.history)
                return Response.of({rest: self.history[rest]} if rest in self.history else {})
            case "GET", "view":
                return self._view(request.query)
            case "POST", "upload":
                return self._upload(request, rest)
            case "GET", "models":
                found = self.shelf.files(rest) if rest else FOLDERS
                return Response(404) if found is None else Response.of(list(found))
            case "GET", "experiment":
                return self._sizes(rest.removeprefix("models/"))
            case "GET", "object_info":
                return Response.of(self._object_info(rest))
            case "GET", "system_stats":
                return Response.of(_system_stats())
            case "GET", "features":
                return Response.of(
                    {"supports_preview_metadata": True, "max_upload_size": MAX_UPLOAD}
                )
        return Response(404)

    async def _prompt(self, request: Request) -> Response:
        if self.answers:
            return self.answers.popleft()
        body = request.json
        if "prompt" not in body:
            words = "No prompt provided"
            error = {"type": "no_prompt", "message": words, "details": words, "extra_info": {}}
            return Response.of({"error": error, "node_errors": {}}, 400)
        number = body.get("number", -self._number if body.get("front") else self._number)
        self._number += 1
        if body["prompt"] is None:
            raise TypeError("argument of type 'NoneType' is not iterable")
        verdict = validate(body["prompt"], self._object_info(""), set(self.uploads))
        if verdict.error is not None:
            refusal = {"error": verdict.error, "node_errors": verdict.node_errors}
            return Response.of(refusal, 400)
        extra = dict(body.get("extra_data", {}))
        if "client_id" in body:
            extra["client_id"] = body["client_id"]
        job = Job(
            number,
            str(body.get("prompt_id", uuid.uuid4())),
            body["prompt"],
            extra,
            verdict.outputs,
        )
        self.pending.append(job)
        self.pending.sort(key=lambda waiting: waiting.number)
        self._put.set()
        self._status()
        if self.hold_answer:
            await job.ended.wait()
        if self.lose_answer:
            return LOST
        errors = verdict.node_errors | self.dropped_outputs
        return Response.of({"prompt_id": job.id, "number": number, "node_errors": errors})

    def _change_queue(self, wish: dict[str, Any]) -> Response:
        gone = wish.get("delete", [])
        if wish.get("clear"):
            gone = [job.id for job in self.pending]
        for job in [job for job in self.pending if job.id in gone]:
            self.pending.remove(job)
            job.ended.set()
            self._status()
        return Response()

    def _interrupt(self, body: bytes) -> Response:
        wanted = (json.loads(body) if body else {}).get("prompt_id")
        if self.running is not None and wanted in (None, self.running.id):
            self.running.interrupted.set()
        return Response()

    def _view(self, query: dict[str, str]) -> Response:
        name, kind = query.get("filename"), query.get("type", "output")
        if name is None:
            return Response(404)
        if not name or name.startswith("/") or ".." in name or kind not in VIEW_FOLDERS:
            return Response(400)
        subfolder = query.get("subfolder", "")
        if ".." in subfolder or subfolder.startswith("/"):
            return Response(403)
        kept = self.answer_views_with or self.files.get((kind, subfolder, name))
        data = self.uploads.get(name) if kind == "input" else kept
        return Response(404) if data is None else Response(200, data, "image/png")

    def _upload(self, request: Request, what: str) -> Response:
        if len(request.body) > MAX_UPLOAD:
            words = f"Maximum request body size {MAX_UPLOAD} exceeded."
            return Response(413, words.encode(), "text/plain; charset=utf-8")
        fields = parse_upload(request)
        if what != "image" or "image" not in fields:
            return Response(400)
        name, data = fields["image"]
        kind = fields["type"][1].decode() if "type" in fields else "input"
        mark = "" if kind == "input" else f" [{kind}]"
        stem, dot, ending = name.rpartition(".")
        number = 1
        while self.uploads.get(name + mark, data) != data and "overwrite" not in fields:
            name = f"{stem} ({number}){dot}{ending}"
            number += 1
        self.uploads[name + mark] = data
        return Response.of({"name": name, "subfolder": "", "type": kind})

    def _sizes(self, folder: str) -> Response:
        files = self.shelf.files(folder)
        if files is None:
            return Response(404)
        sizes = self.shelf.sizes or {}
        return Response.of(
            [{"name": name, "pathIndex": 0, "size": sizes.get(name, 0)} for name in files]
        )

    def _object_info(self, only: str) -> dict[str, Any]:
        if self._filled is None or self._filled[0] is not self.shelf:
            self._filled = (self.shelf, self._with_files())
        nodes = self._filled[1]
        if not only:
            return nodes
        return {only: nodes[only]} if only in nodes else {}

    def _with_files(self) -> dict[str, Any]:
        nodes = copy.deepcopy(self.nodes)
        for node in nodes.values():
            for name, spec in node["input"].get("required", {}).items():
                if name in CHOICES:
                    files = list(self.shelf.files(CHOICES[name]) or ())
                    if name == "vae_name":
                        files.append("pixel_space")
                    if spec[0] == "COMBO":
                        spec[1]["options"] = files
                    else:
                        spec[0] = files
        return nodes

    # --- WebSocket

    async def _attend(self, request: Request, socket: Socket, reader: asyncio.StreamReader) -> None:
        sid = request.query.get("clientId") or uuid.uuid4().hex
        self.sockets_opened += 1
        socket.cut_after = self.cut_after
        self.sockets[sid] = socket
        self.everyone.add(socket)
        try:
            socket.send({"type": "status", "data": {"status": self._exec_info(), "sid": sid}})
            if self._last_client == sid and self._last_node is not None:
                socket.send({"type": "executing", "data": {"node": self._last_node}})
            await self._announce()
            first = True
            async for text in socket.texts(reader):
                message = json.loads(text)
                if first and message.get("type") == "feature_flags":
                    socket.flags = message["data"]
                    socket.send({"type": "feature_flags", "data": FEATURES})
                    await self._announce()
                first = False
        finally:
            # Whoever has the id by now loses it: a newer socket then hears nothing any more.
            self.sockets.pop(sid, None)
            self.everyone.discard(socket)


def _system_stats() -> dict[str, Any]:
    return {
        "system": {
            "os": "posix",
            "ram_total": 25276514304,
            "ram_free": 20159700992,
            "comfyui_version": VERSION,
            "python_version": "3.11.7 (main)",
            "pytorch_version": "2.13.0+cpu",
            "embedded_python": False,
            "argv": ["main.py", "--cpu"],
        },
        "devices": [{"name": "cpu", "type": "cpu", "index": None, "vram_total": 25276514304}],
    }


async def serve(port: int, step_seconds: float, started: Callable[[str], Awaitable[None]]) -> None:
    """Serves until cancelled."""
    async with FakeComfyUI(EVERYTHING) as comfy:
        if port:
            await comfy.kill()
            await comfy.start(port)
        comfy.step_seconds = step_seconds
        await started(comfy.url)
        await asyncio.Event().wait()


async def _say(url: str) -> None:
    print(url, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--step-seconds", type=float, default=0.0)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.step_seconds, _say))
