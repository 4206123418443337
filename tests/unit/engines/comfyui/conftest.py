"""A fake ComfyUI and engines that speak to it, closed after each test with nothing left over."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from kupuri_desktop.engines.comfyui import ComfyUI, Timing
from tests.fakes.comfyui import FakeComfyUI
from tests.unit.engines.comfyui.wishes import HASTY


@pytest.fixture
async def comfy() -> AsyncIterator[FakeComfyUI]:
    async with FakeComfyUI() as server:
        yield server


@pytest.fixture
async def engine_of() -> AsyncIterator[Callable[..., ComfyUI]]:
    """Makes engines; after the test they are closed, and no task of theirs may be left."""
    before = asyncio.all_tasks()
    engines: list[ComfyUI] = []

    def make_engine(server: FakeComfyUI | str, timing: Timing = HASTY) -> ComfyUI:
        address = server if isinstance(server, str) else server.url
        engines.append(ComfyUI(address, timing=timing, backoff=(0.01,)))
        return engines[-1]

    yield make_engine
    for engine in engines:
        await engine.aclose()
    names = {"comfyui socket", "comfyui stop"}
    left = [t for t in asyncio.all_tasks() - before if t.get_name() in names and not t.done()]
    assert not left


@pytest.fixture
def engine(comfy: FakeComfyUI, engine_of: Callable[..., ComfyUI]) -> ComfyUI:
    return engine_of(comfy)
