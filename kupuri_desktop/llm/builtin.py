"""The built-in assistant as a provider: always there, and plainly no AI."""

import asyncio
from collections.abc import Sequence
from typing import Any

from kupuri_desktop.core.errors import ModelMissing
from kupuri_desktop.core.models import (
    BUILTIN,
    Capability,
    ModelInfo,
    ModelKind,
    ModelRef,
    Place,
    ProviderStatus,
)
from kupuri_desktop.core.paths import resource

MODEL = "assistant"
NAME = "Built-in (no AI)"


class BuiltinAssistant:
    """One model, which follows rules. Never chosen in place of a server that fails."""

    provider = BUILTIN

    def __init__(self) -> None:
        self._chat: Any = None

    async def status(self) -> ProviderStatus:
        return ProviderStatus(
            self.provider, NAME, Place.BUILTIN, "", ok=True, models=(_INFO,), notes=(_INFO.detail,)
        )

    async def models(self) -> Sequence[ModelInfo]:
        return (_INFO,)

    async def info(self, model: str) -> ModelInfo:
        if model != MODEL:
            raise ModelMissing(f"The built-in assistant has no model named “{model}”.")
        return _INFO

    async def chat_model(self, model: str) -> Any:
        await self.info(model)
        if self._chat is None:
            self._chat = await asyncio.to_thread(_build)
        return self._chat

    async def aclose(self) -> None:
        self._chat = None


_INFO = ModelInfo(
    ref=ModelRef(BUILTIN, MODEL),
    name="Assistant",
    kind=ModelKind.TEXT,
    place=Place.BUILTIN,
    capabilities=frozenset({Capability.TOOLS}),
    detail="By rules: draws, varies and arranges. No conversation.",
)


def _build() -> Any:
    from kupuri_desktop.llm.builtin_chat import BuiltinChat
    from kupuri_desktop.llm.lexicon import Lexicons

    return BuiltinChat(lexicons=Lexicons.load(resource("prompts", "assistant.json")))
