"""All engines under one roof: finds one by its name, and asks all of them at once."""

import asyncio
from collections.abc import Sequence

from kupuri_desktop.core.errors import ModelMissing, Problem, ServerUnreachable
from kupuri_desktop.core.generation import Engine
from kupuri_desktop.core.models import ModelInfo, Place, ProviderStatus

STATUS_SECONDS = 10.0


class EngineRegistry:
    """The engines, in the order in which they are offered; `seconds`: the wait for each status."""

    def __init__(self, engines: Sequence[Engine], seconds: float = STATUS_SECONDS) -> None:
        self._engines = {engine.provider: engine for engine in engines}
        self._seconds = seconds

    @property
    def providers(self) -> tuple[str, ...]:
        return tuple(self._engines)

    def get(self, provider: str) -> Engine:
        """Raises ModelMissing for a provider that is not there."""
        engine = self._engines.get(provider)
        if engine is None:
            raise ModelMissing(
                f"There is no image engine “{provider}”.",
                hint="Known are " + ", ".join(self._engines) + ".",
            )
        return engine

    async def statuses(self) -> tuple[ProviderStatus, ...]:
        """How each engine stands, its models included; one that hangs has a problem."""
        return tuple(await asyncio.gather(*map(self._status, self._engines.values())))

    async def models(self) -> tuple[ModelInfo, ...]:
        """The models of every engine that answers in time, in the order of the engines."""
        return tuple(model for status in await self.statuses() for model in status.models)

    async def replace(self, engine: Engine) -> None:
        """Puts an engine in (a new address in the settings) and closes the one it replaces."""
        old = self._engines.get(engine.provider)
        self._engines[engine.provider] = engine
        if old is not None:
            await old.aclose()

    async def remove(self, provider: str) -> None:
        """Closes an engine and takes it out."""
        old = self._engines.pop(provider, None)
        if old is not None:
            await old.aclose()

    async def aclose(self) -> None:
        """Closes every engine, whatever another one's closing raises."""
        outcomes = await asyncio.gather(
            *(engine.aclose() for engine in self._engines.values()), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _status(self, engine: Engine) -> ProviderStatus:
        try:
            async with asyncio.timeout(self._seconds):
                return await engine.status()
        except TimeoutError:
            error = ServerUnreachable(
                f"{engine.provider} does not answer.", hint="It may be busy; try again later."
            )
            return _away(engine.provider, error.problem)


def _away(provider: str, problem: Problem) -> ProviderStatus:
    return ProviderStatus(provider, provider, Place.LOCAL, "", False, problem=problem)
