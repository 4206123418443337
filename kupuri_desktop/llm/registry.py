"""All providers of language models behind one door."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from typing import Any, Protocol

from kupuri_desktop.core.errors import KupuriError, ModelMissing
from kupuri_desktop.core.models import LlmProvider, ModelInfo, ModelRef, ProviderStatus


class TextProvider(LlmProvider, Protocol):
    """A provider that also remembers what it knows of a model."""

    async def info(self, model: str) -> ModelInfo:
        """Asks the server at most once for each model. Raises ModelMissing, ServerError."""
        ...


class LlmRegistry:
    """The providers by name, in the order of the model picker."""

    def __init__(self, providers: Iterable[TextProvider]) -> None:
        self._providers = {provider.provider: provider for provider in providers}

    @property
    def providers(self) -> tuple[TextProvider, ...]:
        return tuple(self._providers.values())

    def provider(self, name: str) -> TextProvider:
        """Raises ModelMissing for a name that nobody has."""
        try:
            return self._providers[name]
        except KeyError:
            known = ", ".join(self._providers)
            raise ModelMissing(
                f"There is no provider named “{name}”.", hint=f"There are: {known}."
            ) from None

    async def statuses(self) -> tuple[ProviderStatus, ...]:
        """How each stands, asked at the same time; never raises."""
        return tuple(await asyncio.gather(*(p.status() for p in self.providers)))

    async def models(self) -> Sequence[ModelInfo]:
        """The models of all that answer; for the reasons of those that do not see `statuses`."""

        async def ask(provider: TextProvider) -> Sequence[ModelInfo]:
            try:
                return await provider.models()
            except KupuriError:
                return ()

        found = await asyncio.gather(*(ask(provider) for provider in self.providers))
        return [model for models in found for model in models]

    async def info(self, ref: ModelRef) -> ModelInfo:
        return await self.provider(ref.provider).info(ref.model)

    async def chat_model(self, ref: ModelRef) -> Any:
        """The kept LangChain chat model. Raises ModelMissing, ServerUnreachable."""
        return await self.provider(ref.provider).chat_model(ref.model)

    async def replace(self, provider: TextProvider) -> None:
        """Puts a provider in (a new address in the settings) and closes the one it replaces."""
        old = self._providers.get(provider.provider)
        self._providers[provider.provider] = provider
        if old is not None:
            await old.aclose()

    async def remove(self, name: str) -> None:
        old = self._providers.pop(name, None)
        if old is not None:
            await old.aclose()

    async def aclose(self) -> None:
        async with AsyncExitStack() as stack:
            for provider in self.providers:
                stack.push_async_callback(provider.aclose)
