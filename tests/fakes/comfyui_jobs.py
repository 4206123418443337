"""The queue, the worker and the messages of the fake ComfyUI."""

import asyncio
import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import comfyui_pictures as pictures
from tests.fakes.comfyui_graph import Graph, order, signature
from tests.fakes.comfyui_wire import Socket

OUTPUTS = {"SaveImage": "output", "PreviewImage": "temp"}


@dataclass
class Job:
    """One posted prompt."""

    number: float
    id: str
    graph: Graph
    extra: dict[str, Any]
    outputs: list[str]
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    messages: list[Any] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)

    @property
    def client(self) -> str | None:
        return self.extra.get("client_id")

    @property
    def item(self) -> list[Any]:
        return [self.number, self.id, self.graph, self.extra, self.outputs]


class Interrupted(Exception):
    """Somebody posted /interrupt."""


@dataclass
class Crash(Exception):
    """What a node raises when a test wants it to."""

    node_class: str
    kind: str
    message: str


class Studio:
    """Runs jobs one after the other and tells the sockets, in ComfyUI's order of messages."""

    def __init__(self) -> None:
        self.uploads: dict[str, bytes] = {}
        self.crash: Crash | None = None
        self.step_seconds = 0.0
        self.previews = True
        self._steps: asyncio.Semaphore | None = None
        self._news = asyncio.Condition()
        self.forget_everything()

    def forget_everything(self) -> None:
        """What ends with the process."""
        self.sockets: dict[str, Socket] = {}
        self.everyone: set[Socket] = set()
        self.pending: list[Job] = []
        self.running: Job | None = None
        self.history: dict[str, Any] = {}
        self.files: dict[tuple[str, str, str], bytes] = {}
        self._cache: dict[str, Any] = {}
        self._last_node: str | None = None
        self._last_client: str | None = None
        self._put = asyncio.Event()

    def hold_steps(self) -> None:
        self._steps = asyncio.Semaphore(0)

    def allow(self, steps: int = 10_000) -> None:
        assert self._steps is not None
        for _ in range(steps):
            self._steps.release()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits for something that a request, a message or a job brings about."""
        async with self._news:
            await self._news.wait_for(condition)

    async def sampling(self) -> None:
        """A sampler is at work, or stands before its first held step."""
        await self.until(self._at_sampler)

    def _at_sampler(self) -> bool:
        job = self.running
        return (
            job is not None
            and self._last_node is not None
            and job.graph[self._last_node]["class_type"] == "KSampler"
        )

    async def _announce(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _send(self, kind: str, data: dict[str, Any], job: Job | None) -> None:
        """To the job's own client; to everyone for a status and for a job without a client."""
        if job is not None and kind.startswith("execution_"):
            data = {**data, "prompt_id": job.id, "timestamp": int(time.time() * 1000)}
            job.messages.append([kind, data])
        message = {"type": kind, "data": copy.deepcopy(data)}
        for socket in self._hearers(job):
            socket.send(message)

    def _hearers(self, job: Job | None) -> list[Socket]:
        if job is None or job.client is None:
            return list(self.everyone & set(self.sockets.values()))
        return [self.sockets[job.client]] if job.client in self.sockets else []

    def _exec_info(self) -> dict[str, Any]:
        remaining = len(self.pending) + (self.running is not None)
        return {"exec_info": {"queue_remaining": remaining}}

    def _status(self) -> None:
        self._send("status", {"status": self._exec_info()}, None)

    async def _work(self) -> None:
        while True:
            await self._put.wait()
            if not self.pending:
                self._put.clear()
                continue
            job = self.running = self.pending.pop(0)
            self._last_client = job.client
            self._status()
            outputs: dict[str, Any] = {}
            success = False
            try:
                await self._execute(job, outputs)
                success = True
            except Interrupted:
                node = self._last_node
                assert node is not None
                where = {"node_id": node, "node_type": job.graph[node]["class_type"]}
                self._send("execution_interrupted", {**where, "executed": []}, job)
            except Crash as crash:
                self._send("execution_error", _execution_error(job, self._last_node, crash), job)
            self.running = None
            self._last_node = None
            self.history[job.id] = {
                "prompt": job.item,
                "outputs": outputs,
                "status": {
                    "status_str": "success" if success else "error",
                    "completed": success,
                    "messages": job.messages,
                },
                "meta": {},
            }
            self._status()
            if job.client is not None:
                self._send("executing", {"node": None, "prompt_id": job.id}, job)
            job.ended.set()
            await self._announce()

    async def _execute(self, job: Job, outputs: dict[str, Any]) -> None:
        needed = order(job.graph, job.outputs)
        cached = [number for number in needed if signature(job.graph, number) in self._cache]
        self._send("execution_start", {}, job)
        self._send("execution_cached", {"nodes": cached}, job)
        for number in needed:
            kept = self._cache.get(signature(job.graph, number))
            if number in cached:
                if kept:
                    outputs[number] = kept
                    self._executed(job, number, kept)
                    self._state(job, number, 1, 1, "finished")
                continue
            await self._run_node(job, number, outputs)
            self._cache[signature(job.graph, number)] = outputs.get(number)
        self._send("execution_success", {}, job)

    async def _run_node(self, job: Job, number: str, outputs: dict[str, Any]) -> None:
        node = job.graph[number]
        self._last_node = number
        self._state(job, number, 0.0, 1.0, "running")
        self._send("executing", {"node": number, "display_node": number, "prompt_id": job.id}, job)
        await self._announce()
        if job.interrupted.is_set():
            raise Interrupted
        if self.crash is not None and self.crash.node_class == node["class_type"]:
            raise self.crash
        last: tuple[float, float] = (1.0, 1.0)
        match node["class_type"]:
            case "KSampler":
                steps = node["inputs"]["steps"]
                await self._sample(job, number, steps)
                last = (steps, steps)
            case "SaveImageWebsocket":
                self._save_to_socket(job, number)
            case "SaveImage" | "PreviewImage":
                outputs[number] = self._save(job, number)
                self._executed(job, number, outputs[number])
            case _:
                await asyncio.sleep(0)
        self._state(job, number, *last, "finished")

    async def _sample(self, job: Job, number: str, steps: int) -> None:
        preview = pictures.picture(job.graph, number, self.uploads).preview()
        for step in range(1, steps + 1):
            await self._before_step(job)
            if job.interrupted.is_set():
                raise Interrupted
            self._state(job, number, step, steps, "running")
            self._preview(job, number, preview, with_metadata=True)
            values = {"value": step, "max": steps, "prompt_id": job.id, "node": number}
            self._send("progress", values, job)
            self._preview(job, number, preview, with_metadata=False)
            await self._announce()

    async def _before_step(self, job: Job) -> None:
        await asyncio.sleep(self.step_seconds)
        if self._steps is None:
            return
        step = asyncio.ensure_future(self._steps.acquire())
        stop = asyncio.ensure_future(job.interrupted.wait())
        try:
            await asyncio.wait({step, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            step.cancel()
            stop.cancel()

    def _preview(self, job: Job, number: str, image: bytes, *, with_metadata: bool) -> None:
        if not self.previews:
            return
        metadata = _metadata(job, number, "image/jpeg") if with_metadata else None
        for socket in self._hearers(job):
            if bool(socket.flags.get("supports_preview_metadata")) == with_metadata:
                socket.send(pictures.frame(pictures.JPEG_FRAME, image, metadata))

    def _save_to_socket(self, job: Job, number: str) -> None:
        image = pictures.picture(job.graph, number, self.uploads)
        for index in range(image.batch):
            for socket in self._hearers(job):
                modern = socket.flags.get("supports_preview_metadata")
                metadata = _metadata(job, number, "image/png") if modern else None
                socket.send(pictures.frame(2, image.bare_png(index), metadata))

    def _save(self, job: Job, number: str) -> dict[str, Any]:
        node = job.graph[number]
        kind = OUTPUTS[node["class_type"]]
        prefix = node["inputs"].get("filename_prefix", "ComfyUI_temp_abcde")
        image = pictures.picture(job.graph, number, self.uploads)
        saved = []
        for index in range(image.batch):
            name = f"{prefix}_{len(self.files) + 1:05}_.png"
            extra = job.extra.get("extra_pnginfo", {})
            self.files[kind, "", name] = image.png(index, job.graph, extra)
            saved.append({"filename": name, "subfolder": "", "type": kind})
        return {"images": saved}

    def _executed(self, job: Job, number: str, output: dict[str, Any]) -> None:
        about = {"node": number, "display_node": number, "output": output, "prompt_id": job.id}
        self._send("executed", about, job)

    def _state(self, job: Job, number: str, value: float, most: float, state: str) -> None:
        job.states[number] = {
            "value": value,
            "max": most,
            "state": state,
            **_place(number),
            "prompt_id": job.id,
        }
        self._send("progress_state", {"prompt_id": job.id, "nodes": job.states}, job)


def _place(number: str) -> dict[str, Any]:
    return {
        "node_id": number,
        "display_node_id": number,
        "parent_node_id": None,
        "real_node_id": number,
    }


def _metadata(job: Job, number: str, mime: str) -> dict[str, Any]:
    return {"node_id": number, "prompt_id": job.id, **_place(number), "image_type": mime}


def _execution_error(job: Job, number: str | None, crash: Crash) -> dict[str, Any]:
    """current_inputs holds what a node got, the person's words among it."""
    assert number is not None
    texts = [str(n["inputs"]["text"]) for n in job.graph.values() if "text" in n["inputs"]]
    return {
        "node_id": number,
        "node_type": job.graph[number]["class_type"],
        "executed": [],
        "exception_message": crash.message,
        "exception_type": crash.kind,
        "traceback": ['  File "/opt/ComfyUI/execution.py", line 496, in execute\n'],
        "current_inputs": {"text": texts, "samples": ["tensor([[[[0.68, 75.16]]]])"]},
        "current_outputs": [],
    }
