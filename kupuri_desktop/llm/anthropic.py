"""Anthropic's cloud models as a provider, with the user's own key."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx

from kupuri_desktop.core.errors import Action, KupuriError, Mend, NotAuthorised
from kupuri_desktop.core.models import (
    Capability,
    ModelInfo,
    ModelKind,
    ModelRef,
    Place,
    ProviderStatus,
)
from kupuri_desktop.llm import openai_wire as wire
from kupuri_desktop.llm.http import get_json, open_client
from kupuri_desktop.llm.openai_compatible import Secret

PROVIDER = "anthropic"
NAME = "Anthropic"
ADDRESS = "https://api.anthropic.com"
API_VERSION = "2023-06-01"


class Anthropic:
    """Nothing is sent before there is a key; `secret` is asked until it gives one."""

    provider = PROVIDER

    def __init__(self, secret: Secret, *, address: str = ADDRESS) -> None:
        self.address = address.rstrip("/")
        self._secret = secret
        self._key: str | None = None
        self._client: httpx.AsyncClient | None = None
        self._known: dict[str, ModelInfo] = {}
        self._chats: dict[str, Any] = {}

    async def status(self) -> ProviderStatus:
        status = ProviderStatus(self.provider, NAME, Place.CLOUD, self.address, ok=False)
        try:
            models = await self.models()
        except KupuriError as error:
            return replace(status, problem=error.problem)
        return replace(status, ok=True, models=tuple(models))

    async def models(self) -> Sequence[ModelInfo]:
        headers = {"x-api-key": await self._need_key(), "anthropic-version": API_VERSION}
        body = await get_json(self._open(), "/v1/models?limit=100", NAME, headers)
        try:
            models = [_read_model(entry) for entry in body["data"]]
        except (KeyError, TypeError) as error:
            raise wire.broken_event(NAME, "no list of models") from error
        self._known = {model.ref.model: model for model in models}
        return models

    async def info(self, model: str) -> ModelInfo:
        if model not in self._known:
            await self.models()
        if model not in self._known:
            raise wire.missing(NAME, model)
        return self._known[model]

    async def chat_model(self, model: str) -> Any:
        await self.info(model)
        if model not in self._chats:
            key = await self._need_key()
            self._chats[model] = await asyncio.to_thread(_build, self.address, model, key)
        return self._chats[model]

    async def aclose(self) -> None:
        chats, self._chats = self._chats, {}
        self._key = None
        for chat in chats.values():
            await chat.aclose()
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = open_client(self.address)
        return self._client

    async def _need_key(self) -> str:
        if self._key is None:
            self._key = (await self._secret() or "").strip() or None
        if self._key is None:
            raise NotAuthorised(
                "There is no key for Anthropic.",
                hint="Enter your key in the settings; it is kept in the system's keyring.",
                action=Action(Mend.OPEN_SETTINGS, "Open settings"),
            )
        return self._key


def _read_model(entry: dict[str, Any]) -> ModelInfo:
    model = str(entry["id"])
    return ModelInfo(
        ref=ModelRef(PROVIDER, model),
        name=str(entry.get("display_name") or model),
        kind=ModelKind.TEXT,
        place=Place.CLOUD,
        # All models that this API lists take pictures and call tools.
        capabilities=frozenset({Capability.TOOLS, Capability.VISION}),
        context=200_000,
    )


def _build(address: str, model: str, key: str) -> Any:
    from kupuri_desktop.llm.anthropic_chat import build_chat

    return build_chat(address, model=model, key=key, name=NAME)
