"""How much the agent costs: from send to the server's first byte, per token, and to import."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from langchain_ollama import ChatOllama

from kupuri_desktop.agent.agent import Agent, preload
from kupuri_desktop.llm.ollama import Ollama
from kupuri_desktop.llm.registry import LlmRegistry
from tests.benchmarks.figures import Figure
from tests.fakes.ollama import FakeOllama, Text
from tests.fakes.studio import Studio

NAME = "agent"
SUMMARY = "from send to the first byte at the LLM server; overhead per token; import"

TOKENS = 2000
# A server in a process of its own: its work must not hide in what is measured here.
SERVER = f"""
import asyncio, sys
from tests.fakes.ollama import FakeOllama, Text

async def main():
    async with FakeOllama(otherwise=lambda body: [Text("word ")] * {TOKENS}) as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""
IMPORT = "from kupuri_desktop.agent.agent import preload; preload()"


def run(quick: bool) -> list[Figure]:
    return asyncio.run(_measure(turns=10 if quick else 60, streams=3 if quick else 11))


async def _measure(turns: int, streams: int) -> list[Figure]:
    preload()
    figures = []
    async with FakeOllama() as server:
        ollama = Ollama(server.url)
        registry = LlmRegistry([ollama])
        try:
            agent = Agent(registry)
            chat = await ollama.chat_model("qwen3:8b")
            figures.append(await _first_byte(server, agent, chat, turns))
        finally:
            await registry.aclose()
    figures.append(await _per_token(streams))
    figures.append(await asyncio.to_thread(_import_time, 1 if turns < 20 else 3))
    return figures


async def _first_byte(server: FakeOllama, agent: Agent, chat: Any, turns: int) -> Figure:
    """Both speak to a server on the same event loop, so its own work is in both."""
    server.otherwise = lambda body: [Text("Yes.")]
    studio = Studio()

    async def by_agent() -> None:
        await _drain(agent.run(studio.turn("Generate a sunset landscape")))

    async def plainly() -> None:
        await _drain(chat.astream("Generate a sunset landscape"))

    ours = await _delays(server, by_agent, turns)
    plain = await _delays(server, plainly, turns)
    return Figure(
        "send to first byte at the server",
        statistics.median(ours),
        "ms",
        bar=10.0,
        note=f"chat model alone {statistics.median(plain):.1f} ms; worst {max(ours):.1f} ms",
    )


async def _delays(
    server: FakeOllama, send: Callable[[], Awaitable[None]], turns: int
) -> list[float]:
    delays = []
    for turn in range(turns + 2):
        before = len(server.sent_to("/api/chat"))
        start = time.perf_counter()
        await send()
        arrival = server.sent_to("/api/chat")[before].first_byte
        # The first two open the connection and compile what is compiled once.
        if turn >= 2:
            delays.append((arrival - start) * 1e3)
    return delays


async def _per_token(streams: int) -> Figure:
    """One stream of one-word lines, taken in turn by the agent and by LangChain's own model."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None and child.stdout is not None
    ollama = Ollama((await child.stdout.readline()).decode().strip())
    registry = LlmRegistry([ollama])
    try:
        agent, studio = Agent(registry), Studio()
        chat = ChatOllama(model="qwen3:8b", base_url=ollama.address)
        ours, plain = [], []
        for _ in range(streams):
            ours.append(await _busy(agent.run(studio.turn("go"))))
            plain.append(await _busy(chat.astream("go")))
    finally:
        await registry.aclose()
        child.stdin.close()
        await child.wait()
    return Figure(
        "agent per token",
        statistics.median(ours) / TOKENS * 1e6,
        "us",
        peer=statistics.median(plain) / TOKENS * 1e6,
        bar=2.0,
        note="this process's CPU time, over a plain ChatOllama's",
    )


async def _busy(source: Any) -> float:
    start = time.process_time()
    await _drain(source)
    return time.process_time() - start


async def _drain(source: Any) -> None:
    async with aclosing(source) as items:
        async for _ in items:
            pass


def _import_time(times: int) -> Figure:
    """As whole processes, less an empty one."""

    def seconds(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    empty = min(seconds("pass") for _ in range(times))
    loaded = statistics.median(seconds(IMPORT) for _ in range(times))
    return Figure(
        "import of the agent",
        (loaded - empty) * 1e3,
        "ms",
        note="in a thread after the first paint; no part of the start",
    )
