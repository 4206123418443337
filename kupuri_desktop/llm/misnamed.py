"""Stands in for a server whose address is none, so that it shows as such and nothing else ends."""

from collections.abc import Sequence
from typing import Any

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.models import ModelInfo, Place, ProviderStatus


class Misnamed:
    """A provider that answers everything with what is wrong with its address."""

    def __init__(self, provider: str, name: str, address: str, error: KupuriError) -> None:
        self.provider = provider
        self._name = name
        self._address = address
        self._error = error

    async def status(self) -> ProviderStatus:
        return ProviderStatus(
            self.provider,
            self._name,
            Place.LOCAL,
            self._address,
            ok=False,
            problem=self._error.problem,
        )

    async def models(self) -> Sequence[ModelInfo]:
        raise self._error

    async def info(self, model: str) -> ModelInfo:
        raise self._error

    async def chat_model(self, model: str) -> Any:
        raise self._error

    async def aclose(self) -> None:
        """There is nothing to let go of."""
