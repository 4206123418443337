"""Ollama as a provider: what it has, what its models can do, downloading and deleting them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import httpx

from kupuri_desktop.core.errors import KupuriError, ModelMissing, ServerAnsweredBadly, StreamBroken
from kupuri_desktop.core.models import Capability, ModelInfo, Place, ProviderStatus
from kupuri_desktop.llm import ollama_wire as wire
from kupuri_desktop.llm.failures import cut_off, silent
from kupuri_desktop.llm.http import (
    ANSWER_TIMEOUT,
    IDLE_LIMIT,
    open_client,
    unreachable,
    until_idle,
)

KEEP_ALIVE = "10m"
"""How long a model stays in memory between two wishes; Ollama's own default is 5 minutes."""

SHOW_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class PullProgress:
    """One step of a download. Bytes over all layers seen so far; `fraction` 0 to 1 never falls.

    total and fraction are None until the server has said how much there is.
    """

    status: str
    completed: int = 0
    total: int | None = None
    fraction: float | None = None
    done: bool = False


class Ollama:
    """One Ollama server. Its clients belong to the loop that first uses them.

    address: as `ollama_wire.parse_host` takes it. context_limit: most tokens of context to ask
    for, whatever the model was trained for. think: let models that can reason do so.
    """

    provider = wire.PROVIDER

    def __init__(
        self,
        address: str,
        *,
        context_limit: int = 16384,
        think: bool = True,
        keep_alive: str = KEEP_ALIVE,
        idle_limit: float = IDLE_LIMIT,
    ) -> None:
        self.address = wire.parse_host(address)
        self._context_limit = context_limit
        self._think = think
        self._keep_alive = keep_alive
        self._idle_limit = idle_limit
        self._client: httpx.AsyncClient | None = None
        self._shown: dict[str, wire.Shown] = {}
        self._known: dict[str, ModelInfo] = {}
        self._chats: dict[tuple[str, int, bool | None], Any] = {}

    async def status(self) -> ProviderStatus:
        status = ProviderStatus(self.provider, wire.NAME, Place.LOCAL, self.address, ok=False)
        try:
            version = await self._ask("GET", "/api/version")
            models = await self.models()
        except KupuriError as error:
            return replace(status, problem=error.problem)
        notes = () if models else ("No model yet: download one, for example qwen3:8b.",)
        return replace(
            status,
            ok=True,
            version=str(version.get("version", "")),
            models=tuple(models),
            notes=notes,
        )

    async def models(self) -> Sequence[ModelInfo]:
        """All models that can chat, in the server's order (the newest first)."""
        tags = (await self._ask("GET", "/api/tags")).get("models") or []
        limit = asyncio.Semaphore(SHOW_AT_ONCE)

        async def look(tag: dict[str, Any]) -> ModelInfo | None:
            async with limit:
                return wire.read_model(tag, await self._show(tag["model"], tag.get("digest", "")))

        try:
            found = await asyncio.gather(*(look(tag) for tag in tags))
        except (KeyError, TypeError, AttributeError) as error:
            raise wire.broken_line(type(error).__name__) from error
        models = [model for model in found if model is not None]
        self._known = {model.ref.model: model for model in models}
        return models

    async def info(self, model: str) -> ModelInfo:
        """What is known of a model; the server is asked only once. Raises ModelMissing."""
        full = model if ":" in model else f"{model}:latest"
        if full not in self._known:
            await self.models()
        if full not in self._known:
            raise wire.missing(model)
        return self._known[full]

    async def chat_model(self, model: str) -> Any:
        """A langchain-ollama chat model, built once for each model and kept."""
        info = await self.info(model)
        thinks = Capability.THINKING in info.capabilities
        context = min(info.context or self._context_limit, self._context_limit)
        key = (info.ref.model, context, self._think if thinks else None)
        if key not in self._chats:
            chat = await asyncio.to_thread(
                _build_chat,
                self.address,
                model=info.ref.model,
                num_ctx=context,
                reasoning=key[2],
                keep_alive=self._keep_alive,
                idle_limit=self._idle_limit,
            )
            self._chats.setdefault(key, chat)
        return self._chats[key]

    async def pull(self, model: str) -> AsyncGenerator[PullProgress, None]:
        """Downloads a model; the last value has `done`. An async generator: use `aclosing`.

        Leaving it early stops the download; pulling again goes on where it stopped.
        Raises ModelMissing for a name that Ollama's library does not have, StreamBroken.
        """
        totals: dict[str, int] = {}
        completed: dict[str, int] = {}
        fraction = 0.0
        async with aclosing(self._lines("/api/pull", {"model": model})) as lines:
            async for line in lines:
                if message := line.get("error"):
                    raise _pull_error(str(message), model)
                status = str(line.get("status", ""))
                digest = line.get("digest")
                if digest and line.get("total"):
                    totals[digest] = int(line["total"])
                    completed[digest] = int(line.get("completed") or 0)
                total = sum(totals.values()) or None
                got = sum(completed.values())
                if total:
                    fraction = max(fraction, min(got / total, 1.0))
                if status == "success":
                    self._known.clear()
                    yield PullProgress(status, got, total, 1.0, done=True)
                    return
                yield PullProgress(status, got, total, fraction if total else None)
        raise StreamBroken(
            f"The download of “{model}” stopped before it was complete.",
            hint="Try again: it goes on where it stopped.",
            kept="What was downloaded is kept.",
        )

    async def delete(self, model: str) -> None:
        """Deletes a model from the server's disk. Raises ModelMissing."""
        await self._ask("DELETE", "/api/delete", {"model": model}, model)
        self._known.pop(model, None)

    async def aclose(self) -> None:
        chats, self._chats = self._chats, {}
        for chat in chats.values():
            await chat.aclose()
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = open_client(self.address)
        return self._client

    async def _show(self, model: str, digest: str) -> wire.Shown | None:
        if digest in self._shown:
            return self._shown[digest]
        try:
            body = await self._ask("POST", "/api/show", {"model": model}, model)
            shown = wire.Shown.read(body)
        except (ServerAnsweredBadly, ValueError, TypeError, AttributeError):
            # A model that the server cannot describe is still listed, without its abilities.
            return None
        if digest:
            self._shown[digest] = shown
        return shown

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, model: str = ""
    ) -> dict[str, Any]:
        """The JSON object that a short question is answered with; {} for an empty body."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                response = await self._open().request(method, path, json=body)
        except (TimeoutError, httpx.TransportError) as error:
            raise unreachable(wire.NAME, self.address, error) from error
        if response.status_code != 200:
            raise wire.error_for(response.status_code, response.content, model)
        if not response.content:
            return {}
        try:
            value = response.json()
        except ValueError as error:
            raise wire.broken_line(path) from error
        if not isinstance(value, dict):
            raise wire.broken_line(path)
        return value

    async def _lines(self, path: str, body: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        model = str(body.get("model", ""))
        try:
            async with self._open().stream("POST", path, json=body) as response:
                if response.status_code != 200:
                    raise wire.error_for(response.status_code, await response.aread(), model)
                async with aclosing(until_idle(response.aiter_lines(), self._idle_limit)) as lines:
                    async for line in lines:
                        if line:
                            yield _object(line)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise unreachable(wire.NAME, self.address, error) from error
        except TimeoutError as error:
            raise silent(wire.NAME, self._idle_limit) from error
        except httpx.TransportError as error:
            raise cut_off(wire.NAME, type(error).__name__) from error


def _build_chat(address: str, **options: Any) -> Any:
    # LangChain takes half a second to import: here it does so in a thread, when first needed.
    from kupuri_desktop.llm.ollama_chat import build_chat

    return build_chat(address, **options)


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise wire.broken_line("a line is not JSON") from error
    if not isinstance(value, dict):
        raise wire.broken_line("a line is not an object")
    return value


def _pull_error(message: str, model: str) -> KupuriError:
    if "file does not exist" in message or "not found" in message:
        return ModelMissing(
            f"Ollama's library has no model named “{model}”.",
            hint="See how it is written at ollama.com/library.",
        )
    return wire.error_line(message, model)
