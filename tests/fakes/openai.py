"""A server that speaks OpenAI's chat API on a real socket as llama.cpp does, failures included."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
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
    "BAD_KEY",
    "CREATED",
    "ENDS",
    "LOADING",
    "NO_PICTURES",
    "TOO_LONG",
    "Call",
    "CallText",
    "End",
    "ErrorEvent",
    "FakeOpenAI",
    "Finish",
    "Ping",
    "Raw",
    "Refusal",
    "Reset",
    "Script",
    "Step",
    "Text",
    "Thinking",
    "Wait",
    "error",
    "obliging",
    "words",
]

CREATED = 1_767_225_600


@dataclass(frozen=True)
class Call:
    """A tool call: first its id, name and `{`, then its arguments in pieces of `split` letters."""

    name: str
    arguments: dict[str, Any]
    index: int = 0
    split: int = 5


@dataclass(frozen=True)
class CallText:
    """A tool call whose arguments are this text, whole or not."""

    name: str
    arguments: str
    index: int = 0


@dataclass(frozen=True)
class Ping:
    """A comment line, as some servers send them while they think."""


@dataclass(frozen=True)
class ErrorEvent:
    """A failure in mid-stream: HTTP stays 200, and no `[DONE]` follows."""

    message: str = "Compute error."
    code: int = 500


@dataclass(frozen=True)
class Finish:
    """The proper end: `finish_reason`, usage where it was asked for, `[DONE]`.

    reason None leaves the finish_reason out; done False leaves `[DONE]` out.
    """

    reason: str | None = "stop"
    done: bool = True


Step = Text | Thinking | Call | CallText | Ping | ErrorEvent | Finish | Wait | Raw | Reset | End
Script = Sequence[Step] | Refusal
ENDS = (Finish, ErrorEvent, Reset, End)


def error(code: int, message: str, kind: str, **more: Any) -> Refusal:
    return Refusal(code, {"error": {"code": code, "message": message, "type": kind} | more})


TOO_LONG = error(
    400,
    "the request exceeds the available context size, try increasing it",
    "exceed_context_size_error",
    n_prompt_tokens=24063,
    n_ctx=4096,
)
LOADING = error(503, "Loading model", "unavailable_error")
BAD_KEY = error(401, "Invalid API Key", "authentication_error")
NO_PICTURES = error(500, "image input is not supported by this model", "server_error")


def obliging(body: dict[str, Any]) -> Script:
    """What the fake answers without a script: draws what it was asked for, then says so."""
    last = body["messages"][-1]
    if last["role"] == "tool":
        return [*words("Done. It is on your canvas.")]
    names = [tool["function"]["name"] for tool in body.get("tools") or ()]
    if "generate_image" in names:
        return [Call("generate_image", {"prompt": _plain(last["content"])})]
    return [*words("I can only talk.")]


@dataclass
class FakeOpenAI(WireServer):
    """`scripts` are used up one for each completion; after the last one `otherwise` answers.

    key: what `Authorization: Bearer` must hold; None lets everybody in.
    drops: that many requests on a connection that has been used before are answered by closing
    it, as llama.cpp's server does when the next request follows at once.
    """

    models: list[str] = field(default_factory=lambda: ["qwen3-8b"])
    key: str | None = None
    context: int = 8192
    vision: bool = False
    drops: int = 0
    otherwise: Callable[[dict[str, Any]], Script] = obliging
    scripts: deque[Script] = field(default_factory=deque)
    refuse: dict[str, Refusal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._used: set[int] = set()

    def script(self, *scripts: Iterable[Step] | Refusal) -> None:
        for script in scripts:
            self.scripts.append(script if isinstance(script, Refusal) else list(script))

    @property
    def chats(self) -> list[dict[str, Any]]:
        """The bodies of all completions so far."""
        return [request.json for request in self.sent_to("/v1/chat/completions")]

    async def respond(self, request: Request, answer: Answer) -> None:
        if (refusal := self.refuse.get(request.path)) is not None:
            await answer.json(refusal.body, refusal.status)
            return
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            await answer.json(BAD_KEY.body, BAD_KEY.status)
            return
        match request.method, request.path:
            case "GET", "/health":
                await answer.json({"status": "ok"})
            case "GET", "/v1/models":
                await answer.json({"object": "list", "data": [self._entry(m) for m in self.models]})
            case "GET", "/props":
                await answer.json(
                    {
                        "default_generation_settings": {"n_ctx": self.context},
                        "modalities": {"vision": self.vision, "audio": False},
                    }
                )
            case "POST", "/v1/chat/completions":
                await self._complete(request, answer)
            case _:
                body = error(404, "File Not Found", "not_found_error")
                await answer.json(body.body, body.status)

    def _entry(self, model: str) -> dict[str, Any]:
        return {
            "id": model,
            "object": "model",
            "created": CREATED,
            "owned_by": "llamacpp",
            "meta": {"n_ctx_train": self.context, "size": 5_000_000_000, "n_params": 8_000_000_000},
        }

    async def _complete(self, request: Request, answer: Answer) -> None:
        if self.drops and request.connection in self._used:
            self.drops -= 1
            answer.reset()
        self._used.add(request.connection)
        try:
            body = request.json
        except json.JSONDecodeError:
            await answer.json({"error": {"code": 500, "message": "parse error"}}, 500)
            return
        script = self.scripts.popleft() if self.scripts else self.otherwise(body)
        if isinstance(script, Refusal):
            await answer.json(script.body, script.status)
            return
        await self._play(body, list(script), answer)

    async def _play(self, body: dict[str, Any], steps: list[Step], answer: Answer) -> None:
        if not steps or not isinstance(steps[-1], ENDS):
            called = any(isinstance(step, Call | CallText) for step in steps)
            steps.append(Finish("tool_calls" if called else "stop"))
        await answer.start("text/event-stream")
        await _event(answer, _chunk(body, {"role": "assistant", "content": None}))
        pieces = 0
        for step in steps:
            match step:
                case Text(text):
                    pieces += 1
                    await _event(answer, _chunk(body, {"content": text}))
                case Thinking(text):
                    pieces += 1
                    await _event(answer, _chunk(body, {"reasoning_content": text}))
                case Call():
                    whole = json.dumps(step.arguments, ensure_ascii=False)
                    await _call(answer, body, step.name, whole, step.index, step.split)
                case CallText(name, arguments, index):
                    await _call(answer, body, name, arguments, index, 5)
                case Ping():
                    await answer.chunk(b": ping\n\n")
                case ErrorEvent(message, code):
                    await _event(
                        answer,
                        {"error": {"code": code, "message": message, "type": "server_error"}},
                    )
                case Raw(data):
                    await answer.chunk(data)
                case Wait(gate):
                    await answer.hold(gate)
                case Reset():
                    answer.reset()
                case Finish():
                    await self._finish(answer, body, step, pieces)
                case End():
                    pass
        await answer.end()

    async def _finish(
        self, answer: Answer, body: dict[str, Any], finish: Finish, pieces: int
    ) -> None:
        if finish.reason is not None:
            await _event(answer, _chunk(body, {}, finish.reason))
        if (body.get("stream_options") or {}).get("include_usage"):
            prompt = sum(len(_plain(message.get("content"))) for message in body["messages"]) // 4
            usage = {
                "prompt_tokens": prompt,
                "completion_tokens": pieces,
                "total_tokens": prompt + pieces,
            }
            last = _chunk(body, {}) | {"choices": [], "usage": usage, "timings": {"predicted_n": 1}}
            await _event(answer, last)
        if finish.done:
            await answer.chunk(b"data: [DONE]\n\n")


async def _event(answer: Answer, value: dict[str, Any]) -> None:
    await answer.chunk(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n")


async def _call(
    answer: Answer, body: dict[str, Any], name: str, arguments: str, index: int, split: int
) -> None:
    first = {
        "index": index,
        "id": f"call{index}",
        "type": "function",
        "function": {"name": name, "arguments": arguments[:1]},
    }
    await _event(answer, _chunk(body, {"tool_calls": [first]}))
    for start in range(1, len(arguments), split):
        piece = {"index": index, "function": {"arguments": arguments[start : start + split]}}
        await _event(answer, _chunk(body, {"tool_calls": [piece]}))


def _chunk(
    body: dict[str, Any], delta: dict[str, Any], finish_reason: str | None = None
) -> dict[str, Any]:
    return {
        "choices": [{"index": 0, "finish_reason": finish_reason, "delta": delta}],
        "created": CREATED,
        "id": "chatcmpl-fake",
        "model": body.get("model", ""),
        "object": "chat.completion.chunk",
    }


def _plain(content: Any) -> str:
    """The text of a message whose content may be a list of parts."""
    if isinstance(content, list):
        return " ".join(part.get("text", "") for part in content).strip()
    return (content or "").strip()


async def main(port: int) -> None:
    """Serve until stopped: `python -m tests.fakes.openai [PORT]`."""
    server = FakeOpenAI()
    await server.start(port)
    print(server.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    import sys

    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
