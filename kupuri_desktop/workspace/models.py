"""Which models there are now, and which one a project uses."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kupuri_desktop.core.errors import ModelMissing
from kupuri_desktop.core.generation import Engine
from kupuri_desktop.core.models import (
    BUILTIN,
    Capability,
    LlmProvider,
    ModelInfo,
    ModelKind,
    ModelRef,
    Place,
    ProviderStatus,
)
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.engines.registry import EngineRegistry
from kupuri_desktop.llm.registry import LlmRegistry, TextProvider


@dataclass(frozen=True, slots=True)
class Chosen:
    """A model and whether a person chose it, here or in the settings."""

    ref: ModelRef
    by_person: bool


class Models:
    """The models of all providers as they were last seen, and the choice among them.

    `changed` hears of each provider that was asked anew, `refreshing` of the start and end.
    """

    def __init__(self, llms: LlmRegistry, engines: EngineRegistry) -> None:
        self._llms = llms
        self._engines = engines
        self._turns: dict[str, asyncio.Lock] = {}
        self._seen: dict[tuple[ModelKind, str], ProviderStatus] = {}
        self._refresh: asyncio.Task[None] | None = None
        self._asked = False
        self.changed: Signal[ProviderStatus] = Signal()
        self.refreshing: Signal[bool] = Signal()

    @property
    def text(self) -> list[ProviderStatus]:
        """The providers of text models, as last seen, in their order."""
        names = [provider.provider for provider in self._llms.providers]
        return self._of(ModelKind.TEXT, names)

    @property
    def image(self) -> list[ProviderStatus]:
        """The image engines, as last seen, in their order."""
        return self._of(ModelKind.IMAGE, self._engines.providers)

    def llm(self, provider: str) -> LlmProvider:
        """Raises ModelMissing for a provider that is not set up."""
        return self._llms.provider(provider)

    def engine(self, provider: str) -> Engine:
        """Raises ModelMissing for a provider that is not set up."""
        return self._engines.get(provider)

    def turn(self, provider: str) -> asyncio.Lock:
        """The lock that lets one job at a time to an engine."""
        return self._turns.setdefault(provider, asyncio.Lock())

    async def replace(self, llms: Sequence[TextProvider], engines: Sequence[Engine]) -> None:
        """Takes other servers (their addresses were changed) and asks them."""
        if self._refresh is not None:
            self._refresh.cancel()
            await asyncio.wait([self._refresh])
        for gone in {old.provider for old in self._llms.providers} - {p.provider for p in llms}:
            await self._llms.remove(gone)
        for gone in set(self._engines.providers) - {engine.provider for engine in engines}:
            await self._engines.remove(gone)
        for provider in llms:
            await self._llms.replace(provider)
        for engine in engines:
            await self._engines.replace(engine)
        self._seen.clear()
        self._asked = False
        await self.refresh()

    async def ready(self) -> None:
        """Waits until each provider has been asked once; a later refresh is not waited for."""
        if not self._asked:
            await self.refresh()

    async def refresh(self) -> None:
        """Asks every provider what it has, all at once; joins a refresh that is under way."""
        if self._refresh is None:
            self._refresh = asyncio.create_task(self._ask_all())
        await asyncio.shield(self._refresh)

    def find(self, ref: ModelRef, kind: ModelKind) -> ModelInfo | None:
        status = self._seen.get((kind, ref.provider))
        models = status.models if status else ()
        return next((model for model in models if model.ref == ref), None)

    def can(self, ref: ModelRef, kind: ModelKind, capability: Capability) -> bool:
        info = self.find(ref, kind)
        return info is not None and capability in info.capabilities

    def pick(self, kind: ModelKind, chosen: ModelRef | None, settings: Settings) -> Chosen:
        """The project's choice, else the settings', else the best local one that can work now.

        A choice is kept even while its server is away: the error that follows says so. The
        built-in one is picked only where nothing was chosen and no local model is there.
        """
        if chosen is not None:
            return Chosen(chosen, by_person=True)
        named = settings.text_model if kind is ModelKind.TEXT else settings.image_model
        if named:
            return Chosen(ModelRef.parse(named), by_person=True)
        statuses = self.text if kind is ModelKind.TEXT else self.image
        usable = [
            model
            for status in statuses
            for model in status.models
            if model.place is Place.LOCAL and model.usable and model.kind is kind
        ]
        if usable:
            return Chosen(max(usable, key=_worth).ref, by_person=False)
        return Chosen(ModelRef(BUILTIN, self._builtin_model(statuses)), by_person=False)

    async def aclose(self) -> None:
        if self._refresh is not None:
            self._refresh.cancel()
            await asyncio.wait([self._refresh])
        await asyncio.gather(self._llms.aclose(), self._engines.aclose())

    def _of(self, kind: ModelKind, providers: Iterable[str]) -> list[ProviderStatus]:
        return [self._seen[kind, name] for name in providers if (kind, name) in self._seen]

    def _builtin_model(self, statuses: list[ProviderStatus]) -> str:
        for status in statuses:
            if status.provider == BUILTIN and status.models:
                return status.models[0].ref.model
        raise ModelMissing("There is no built-in model.")

    async def _ask_all(self) -> None:
        self.refreshing.emit(True)
        try:
            await asyncio.gather(
                *(self._ask(ModelKind.TEXT, provider) for provider in self._llms.providers),
                *(
                    self._ask(ModelKind.IMAGE, self._engines.get(name))
                    for name in self._engines.providers
                ),
            )
            self._asked = True
        finally:
            self._refresh = None
            self.refreshing.emit(False)

    async def _ask(self, kind: ModelKind, provider: LlmProvider | Engine) -> None:
        status = await provider.status()
        self._seen[kind, provider.provider] = status
        self.changed.emit(status)


def _worth(model: ModelInfo) -> tuple[bool, bool, int]:
    """Tools before none, then the larger: a rough sign of the better one."""
    return (
        Capability.TOOLS in model.capabilities or model.kind is ModelKind.IMAGE,
        Capability.VISION in model.capabilities,
        model.size or 0,
    )
