"""The whole app: on the app's own loop, over real sockets, and nothing may be left behind."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.comfyui import FakeComfyUI
from tests.fakes.ollama import FakeOllama
from tests.tidiness import tidy

__all__ = ["tidy"]


@pytest.fixture
async def ollama() -> AsyncIterator[FakeOllama]:
    async with FakeOllama() as server:
        yield server


@pytest.fixture
async def comfyui() -> AsyncIterator[FakeComfyUI]:
    async with FakeComfyUI() as server:
        yield server
