"""A server that speaks Ollama's native API (v0.33) on a real socket, its failures included."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.wire import (
    Answer,
    End,
    Raw,
    Refusal,
    Request,
    Reset,
    Text,
    Thinking,
    Wait,
    WireServer,
    words,
)

# What a script is written with, the steps that all wires share among it.
__all__ = [
    "CREATED",
    "ENDS",
    "LOOPBACK_NAMES",
    "OUT_OF_MEMORY",
    "RUNNER_STOPPED",
    "SERVER_BUSY",
    "SIGN_IN",
    "Call",
    "Done",
    "End",
    "ErrorLine",
    "FakeOllama",
    "Line",
    "Model",
    "Pull",
    "PullStep",
    "Raw",
    "Refusal",
    "Reset",
    "Script",
    "Step",
    "Text",
    "Thinking",
    "Wait",
    "obliging",
    "whole_pull",
    "words",
]

CREATED = "2026-01-01T00:00:00Z"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Model:
    """A model that the fake has. `context` is the trained length in tokens."""

    name: str
    capabilities: tuple[str, ...] = ("completion", "tools")
    context: int = 131072
    size: int = 5_200_000_000
    digest: str = ""
    family: str = "qwen3"
    parameters: str = "8.2B"

    @property
    def details(self) -> dict[str, Any]:
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": "Q4_K_M",
        }


@dataclass(frozen=True)
class Call:
    """A tool call. `in_done`: it arrives in the done line, as llama-server based models do it."""

    name: str
    arguments: dict[str, Any]
    in_done: bool = False


@dataclass(frozen=True)
class ErrorLine:
    """An error after the first output: a line of the stream, while HTTP stays 200."""

    message: str


@dataclass(frozen=True)
class Line:
    """Any JSON object as a line."""

    value: dict[str, Any]


@dataclass(frozen=True)
class Done:
    """The proper end, with counts. A script without an end step gets one of these."""

    reason: str = "stop"
    prompt_tokens: int | None = None
    tokens: int | None = None


Step = Text | Thinking | Call | ErrorLine | Line | Done | Wait | Raw | Reset | End
Script = Sequence[Step] | Refusal
ENDS = (Done, ErrorLine, Reset, End)

SERVER_BUSY = Refusal(
    503, {"error": "server busy, please try again.  maximum pending requests exceeded"}
)
RUNNER_STOPPED = (
    "model runner has unexpectedly stopped, this may be due to resource limitations or an "
    "internal error, check ollama server logs for details"
)
OUT_OF_MEMORY = Refusal(
    500, {"error": "model requires more system memory (9.6 GiB) than is available (3.1 GiB)"}
)
SIGN_IN = Refusal(401, {"error": "unauthorized", "signin_url": "https://ollama.com/connect?name=x"})


def obliging(body: dict[str, Any]) -> Script:
    """What the fake answers without a script: draws what it was asked for, then says so."""
    last = body["messages"][-1]
    if last["role"] == "tool":
        return [*words("Done. It is on your canvas.")]
    names = [tool["function"]["name"] for tool in body.get("tools") or ()]
    if "generate_image" in names:
        return [Call("generate_image", {"prompt": last["content"].strip()}, in_done=True)]
    return [*words("I can only talk.")]


@dataclass(frozen=True)
class PullStep:
    """One line of a pull's progress."""

    status: str
    digest: str = ""
    total: int | None = None
    completed: int | None = None


@dataclass
class Pull:
    """What `/api/pull` answers: lines (or waits, resets, errors), and the model it brings."""

    steps: list[PullStep | Step]
    brings: Model | None = None


def whole_pull(model: Model) -> Pull:
    """A pull that works; `total` is absent once and `completed` falls once, as it does."""
    digest = "sha256:" + "ab" * 32
    label = "pulling abababababab"
    return Pull(
        [
            PullStep("pulling manifest"),
            PullStep(label, digest),
            PullStep(label, digest, 1000, 400),
            PullStep(label, digest, 1000, 300),
            PullStep(label, digest, 1000, 1000),
            PullStep("verifying sha256 digest"),
            PullStep("writing manifest"),
            PullStep("success"),
        ],
        brings=model,
    )


@dataclass
class FakeOllama(WireServer):
    """`scripts` are used up one for each `/api/chat`; after the last one `otherwise` answers.

    tags_tell: whether `/api/tags` has `capabilities` (recent versions only).
    """

    models: list[Model] = field(default_factory=lambda: [Model("qwen3:8b")])
    version: str = "0.33.0"
    tags_tell: bool = True
    otherwise: Callable[[dict[str, Any]], Script] = obliging
    scripts: deque[Script] = field(default_factory=deque)
    pulls: dict[str, Pull] = field(default_factory=dict)
    refuse: dict[str, Refusal] = field(default_factory=dict)
    num_ctx: int = 4096

    def __post_init__(self) -> None:
        super().__init__()

    def script(self, *scripts: Iterable[Step] | Refusal) -> None:
        for script in scripts:
            self.scripts.append(script if isinstance(script, Refusal) else list(script))

    @property
    def chats(self) -> list[dict[str, Any]]:
        """The bodies of all chats so far."""
        return [request.json for request in self.sent_to("/api/chat")]

    def find(self, name: str) -> Model | None:
        full = name if ":" in name else f"{name}:latest"
        return next((model for model in self.models if model.name in (name, full)), None)

    async def respond(self, request: Request, answer: Answer) -> None:
        host = request.headers.get("host", "")
        if not host.startswith(LOOPBACK_NAMES):
            await answer.plain(403, b"")
            return
        if (refusal := self.refuse.get(request.path)) is not None:
            await _refuse(answer, refusal)
            return
        match request.method, request.path:
            case "GET" | "HEAD", "/":
                await answer.plain(200, b"Ollama is running", "text/plain")
            case "GET", "/api/version":
                await answer.json({"version": self.version})
            case "GET", "/api/tags":
                await answer.json({"models": [self._tag(model) for model in self.models]})
            case "GET", "/api/ps":
                await answer.json({"models": [self._running(model) for model in self.models]})
            case "POST", "/api/show":
                await self._show(request.json, answer)
            case "POST", "/api/chat":
                await self._chat(request.json, answer)
            case "POST", "/api/pull":
                await self._pull(request.json, answer)
            case "DELETE", "/api/delete":
                await self._delete(request.json, answer)
            case _:
                await answer.plain(404, b"404 page not found", "text/plain")

    def _tag(self, model: Model) -> dict[str, Any]:
        tag = {
            "name": model.name,
            "model": model.name,
            "modified_at": CREATED,
            "size": model.size,
            "digest": model.digest or _digest(model),
            "details": model.details,
        }
        if self.tags_tell:
            tag["capabilities"] = list(model.capabilities)
        return tag

    def _running(self, model: Model) -> dict[str, Any]:
        return {
            "name": model.name,
            "model": model.name,
            "size": model.size,
            "size_vram": 0,
            "digest": model.digest or _digest(model),
            "details": model.details,
            "expires_at": CREATED,
            "context_length": self.num_ctx,
        }

    async def _show(self, body: dict[str, Any], answer: Answer) -> None:
        name = body.get("model") or body.get("name") or ""
        model = self.find(name)
        if model is None:
            await answer.json({"error": f"model '{name}' not found"}, 404)
            return
        await answer.json(
            {
                "modelfile": f"FROM {model.name}",
                "template": "{{ .Prompt }}",
                "details": model.details,
                "model_info": {
                    "general.architecture": model.family,
                    f"{model.family}.context_length": model.context,
                },
                "capabilities": list(model.capabilities),
                "modified_at": CREATED,
            }
        )

    async def _chat(self, body: dict[str, Any], answer: Answer) -> None:
        refusal, model = self._judge(body)
        if refusal is not None or model is None:
            await _refuse(answer, refusal or Refusal(404))
            return
        options = body.get("options") or {}
        self.num_ctx = min(options.get("num_ctx", self.num_ctx), model.context)
        if not body["messages"]:
            script: Script = [Done("unload" if body.get("keep_alive") == 0 else "load", 0, 0)]
        elif self.scripts:
            script = self.scripts.popleft()
        else:
            script = self.otherwise(body)
        if isinstance(script, Refusal):
            await _refuse(answer, script)
            return
        await self._play(body, list(script), answer)

    def _judge(self, body: dict[str, Any]) -> tuple[Refusal | None, Model | None]:
        name = body.get("model", "")
        model = self.find(name)
        if model is None:
            return Refusal(404, {"error": f"model '{name}' not found"}), None
        library = f"registry.ollama.ai/library/{model.name}"
        if body.get("tools") and "tools" not in model.capabilities:
            return Refusal(400, {"error": f"{library} does not support tools"}), model
        if body.get("think") and "thinking" not in model.capabilities:
            return Refusal(400, {"error": f'"{model.name}" does not support thinking'}), model
        if "image" in model.capabilities and "completion" not in model.capabilities:
            text = "image generation models are not currently supported"
            return Refusal(400, {"error": text}), model
        length = _tokens(body)
        context = (body.get("options") or {}).get("num_ctx", self.num_ctx)
        if length > context and (body.get("truncate") is False or body.get("shift") is False):
            return Refusal(400, {"error": "prompt is longer than the context length"}), model
        return None, model

    async def _play(self, body: dict[str, Any], steps: list[Step], answer: Answer) -> None:
        if not steps or not isinstance(steps[-1], ENDS):
            steps.append(Done())
        await answer.start("application/x-ndjson")
        late: list[Call] = []
        pieces = 0
        for step in steps:
            match step:
                case Text(text):
                    pieces += 1
                    await _line(answer, _message(body, {"content": text}))
                case Thinking(text) if body.get("think") is not False:
                    pieces += 1
                    await _line(answer, _message(body, {"content": "", "thinking": text}))
                case Thinking():
                    pass
                case Call(in_done=True):
                    late.append(step)
                case Call():
                    pieces += 1
                    message = {"content": "", "tool_calls": [_call(0, step)]}
                    await _line(answer, _message(body, message))
                case ErrorLine(message):
                    await _line(answer, {"error": message})
                case Line(value):
                    await _line(answer, value)
                case Raw(data):
                    await answer.chunk(data)
                case Wait(gate):
                    await answer.hold(gate)
                case Reset():
                    answer.reset()
                case Done():
                    await _line(answer, self._done(body, step, late, pieces))
                case End():
                    pass
        await answer.end()

    def _done(
        self, body: dict[str, Any], done: Done, calls: list[Call], pieces: int
    ) -> dict[str, Any]:
        message: dict[str, Any] = {"content": ""}
        if calls:
            message["tool_calls"] = [_call(index, call) for index, call in enumerate(calls)]
        counted = min(_tokens(body), self.num_ctx)
        return _message(body, message) | {
            "done": True,
            "done_reason": done.reason,
            "total_duration": 1_000_000,
            "load_duration": 1_000,
            "prompt_eval_count": counted if done.prompt_tokens is None else done.prompt_tokens,
            "prompt_eval_duration": 1_000,
            "eval_count": pieces if done.tokens is None else done.tokens,
            "eval_duration": 1_000,
        }

    async def _pull(self, body: dict[str, Any], answer: Answer) -> None:
        name = body.get("model") or body.get("name") or ""
        await answer.start("application/x-ndjson")
        pull = self.pulls.get(name)
        if pull is None:
            await _line(answer, {"status": "pulling manifest"})
            await _line(answer, {"error": "pull model manifest: file does not exist"})
            await answer.end()
            return
        for step in pull.steps:
            match step:
                case PullStep():
                    values = {
                        "status": step.status,
                        "digest": step.digest or None,
                        "total": step.total,
                        "completed": step.completed,
                    }
                    await _line(answer, {k: v for k, v in values.items() if v is not None})
                    if step.status == "success" and pull.brings is not None:
                        self.models.append(replace(pull.brings, name=name))
                case ErrorLine(message):
                    await _line(answer, {"error": message})
                case Wait(gate):
                    await answer.hold(gate)
                case Raw(data):
                    await answer.chunk(data)
                case Reset():
                    answer.reset()
        await answer.end()

    async def _delete(self, body: dict[str, Any], answer: Answer) -> None:
        name = body.get("model") or body.get("name") or ""
        model = self.find(name)
        if model is None:
            await answer.json({"error": f"model '{name}' not found"}, 404)
            return
        self.models.remove(model)
        await answer.plain(200, b"")


async def _line(answer: Answer, value: dict[str, Any]) -> None:
    await answer.chunk(json.dumps(value, ensure_ascii=False).encode() + b"\n")


async def _refuse(answer: Answer, refusal: Refusal) -> None:
    if isinstance(refusal.body, str):
        await answer.plain(refusal.status, refusal.body.encode(), "text/plain")
    elif refusal.body is None:
        await answer.plain(refusal.status, b"")
    else:
        await answer.json(refusal.body, refusal.status)


def _message(body: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": body["model"],
        "created_at": CREATED,
        "message": {"role": "assistant"} | message,
        "done": False,
    }


def _call(index: int, call: Call) -> dict[str, Any]:
    function = {"index": index, "name": call.name, "arguments": call.arguments}
    return {"id": f"call_{index}", "function": function}


def _tokens(body: dict[str, Any]) -> int:
    """A rough count: four characters a token, 768 an image."""
    text = sum(len(message.get("content") or "") for message in body["messages"])
    images = sum(len(message.get("images") or ()) for message in body["messages"])
    return text // 4 + 768 * images + 1


def _digest(model: Model) -> str:
    return "".join(f"{ord(letter) % 16:x}" for letter in model.name * 64)[:64]


async def main(port: int) -> None:
    """Serve until stopped: `python -m tests.fakes.ollama [PORT]`."""
    server = FakeOllama(models=[Model("qwen3:8b"), Model("gemma3:4b", ("completion", "vision"))])
    await server.start(port)
    print(server.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    import sys

    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
