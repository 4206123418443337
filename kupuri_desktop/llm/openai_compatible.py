"""Any server that speaks OpenAI's chat API as a provider: llama.cpp, LM Studio, vLLM, a cloud."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import httpx

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.models import ModelInfo, Place, ProviderStatus
from kupuri_desktop.llm import openai_wire as wire
from kupuri_desktop.llm.http import IDLE_LIMIT, get_json, is_nearby, open_client, refused

Secret = Callable[[], Awaitable[str | None]]
"""Fetches a key from where secrets are kept; None where there is none."""


class OpenAICompatible:
    """One server. `secret` is asked at most once; the key goes to this address only."""

    def __init__(
        self,
        address: str,
        *,
        provider: str = "openai",
        name: str = "OpenAI-compatible server",
        secret: Secret | None = None,
        idle_limit: float = IDLE_LIMIT,
    ) -> None:
        self.address = wire.parse_base(address)
        self.provider = provider
        self.name = name
        self.place = Place.LOCAL if is_nearby(self.address) else Place.CLOUD
        self._secret = secret
        self._key: str | None = None
        self._idle_limit = idle_limit
        self._client: httpx.AsyncClient | None = None
        self._known: dict[str, ModelInfo] | None = None
        self._chats: dict[str, Any] = {}

    async def status(self) -> ProviderStatus:
        status = ProviderStatus(self.provider, self.name, self.place, self.address, ok=False)
        try:
            models = await self.models()
        except KupuriError as error:
            return replace(status, problem=error.problem)
        return replace(status, ok=True, models=tuple(models))

    async def models(self) -> Sequence[ModelInfo]:
        body = await get_json(self._open(), "models", self.name, await self._headers())
        try:
            models = [wire.read_model(entry, self.provider, self.place) for entry in body["data"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise wire.broken_event(self.name, "no list of models") from error
        self._known = {model.ref.model: model for model in models}
        return models

    async def info(self, model: str) -> ModelInfo:
        """What is known of a model; the server is asked only once. Raises ModelMissing."""
        if self._known is None or model not in self._known:
            await self.models()
        if self._known is None or model not in self._known:
            raise wire.missing(self.name, model)
        return self._known[model]

    async def chat_model(self, model: str) -> Any:
        """A chat model, built once for each model and kept."""
        info = await self.info(model)
        if model not in self._chats:
            chat = await asyncio.to_thread(
                _build_chat,
                client=self._open(),
                headers=self._headers,
                name_of_server=self.name,
                model=model,
                context=info.context,
                idle_limit=self._idle_limit,
            )
            self._chats.setdefault(model, chat)
        return self._chats[model]

    async def aclose(self) -> None:
        self._chats.clear()
        self._key = None
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = open_client(self.address + "/")
        return self._client

    async def _headers(self) -> dict[str, str]:
        if self._key is None and self._secret is not None:
            self._key = await self._secret()
        return bearer(self._key, self.name)


def _build_chat(context: int | None, **options: Any) -> Any:
    from kupuri_desktop.llm.openai_chat import MAX_TOKENS, OpenAICompatibleChat

    # An answer as long as the whole context leaves no room for the next question.
    longest = min(MAX_TOKENS, context // 2) if context else MAX_TOKENS
    return OpenAICompatibleChat(max_tokens=longest, **options)


def bearer(key: str | None, name: str) -> dict[str, str]:
    """The header with the key. Raises NotAuthorised for a key that no header can hold."""
    if not key:
        return {}
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        raise refused(name, 401)
    return {"Authorization": f"Bearer {key}"}
