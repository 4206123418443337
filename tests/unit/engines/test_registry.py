"""Engines under one roof: found by name, asked at once, closed whatever happens."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from kupuri_desktop.core.errors import ModelMissing
from kupuri_desktop.core.generation import (
    Collected,
    GenerationEvent,
    GenerationRequest,
    Whereabouts,
)
from kupuri_desktop.core.models import ModelInfo, ModelKind, ModelRef, Place, ProviderStatus
from kupuri_desktop.engines.registry import EngineRegistry


class Named:
    """An engine with one model; `gate` holds its answer."""

    def __init__(self, provider: str, gate: asyncio.Event | None = None) -> None:
        self.provider = provider
        self.gate = gate
        self.closed = False
        ref = ModelRef(provider, "one")
        self.model = ModelInfo(ref, "One", ModelKind.IMAGE, Place.LOCAL)

    async def status(self) -> ProviderStatus:
        if self.gate is not None:
            await self.gate.wait()
        return ProviderStatus(
            self.provider, self.provider, Place.LOCAL, "", True, models=(self.model,)
        )

    async def models(self) -> Sequence[ModelInfo]:
        return (self.model,)

    def native_size(self, model: str, aspect: tuple[int, int]) -> tuple[int, int]:
        return (64, 64)

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[GenerationEvent, None]:
        events: tuple[GenerationEvent, ...] = ()
        for event in events:
            yield event

    async def cancel(self, request: GenerationRequest) -> None:
        """It knows no jobs."""

    async def collect(self, request: GenerationRequest) -> Collected:
        return Collected(Whereabouts.UNKNOWN)

    async def aclose(self) -> None:
        self.closed = True


class Opener(Named):
    """Opens the gate that others wait for."""

    async def status(self) -> ProviderStatus:
        assert self.gate is not None
        self.gate.set()
        return await super().status()


class Broken(Named):
    async def aclose(self) -> None:
        raise OSError("cannot close")


async def test_engine_is_found_by_its_name():
    engines = [Named("a"), Named("b")]
    registry = EngineRegistry(engines)
    assert registry.get("b") is engines[1]
    assert registry.providers == ("a", "b")
    with pytest.raises(ModelMissing, match="“c”") as caught:
        registry.get("c")
    assert "a, b" in caught.value.hint


async def test_models_of_all_engines_come_in_their_order():
    registry = EngineRegistry([Named("b"), Named("a")])
    assert [model.ref.provider for model in await registry.models()] == ["b", "a"]


async def test_engines_are_asked_at_the_same_time():
    gate = asyncio.Event()
    statuses = await EngineRegistry([Named("a", gate), Opener("b", gate)]).statuses()
    assert all(status.ok for status in statuses)


async def test_engine_that_hangs_has_a_problem_and_holds_up_nobody():
    registry = EngineRegistry([Named("slow", asyncio.Event()), Named("quick")], seconds=0.01)
    slow, quick = await registry.statuses()
    assert slow.problem is not None
    assert (slow.ok, slow.problem.kind) == (False, "ServerUnreachable")
    assert quick.ok
    assert [model.ref.provider for model in await registry.models()] == ["quick"]


async def test_engine_that_is_replaced_is_closed_and_found_no_more():
    old, new = Named("a"), Named("a")
    registry = EngineRegistry([old, Named("b")])
    await registry.replace(new)
    assert registry.get("a") is new
    assert old.closed
    assert registry.providers == ("a", "b")


async def test_every_engine_is_closed_even_if_one_fails_to():
    engines = [Broken("a"), Named("b")]
    with pytest.raises(OSError, match="cannot close"):
        await EngineRegistry(engines).aclose()
    assert engines[1].closed
