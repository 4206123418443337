"""How the engine says how it stands, and what became of jobs of an earlier life."""

import asyncio
import json
from dataclasses import replace

import pytest

from kupuri_desktop.core.errors import (
    EngineClosed,
    ServerAnsweredBadly,
    ServerUnreachable,
    UsageError,
)
from kupuri_desktop.core.generation import Whereabouts
from kupuri_desktop.engines.comfyui.address import Address
from kupuri_desktop.engines.comfyui.client import ComfyClient
from kupuri_desktop.engines.comfyui.results import made
from tests.fakes.comfyui import VERSION, FakeComfyUI
from tests.fakes.comfyui_models import EVERYTHING, FLUX_WITHOUT_ENCODERS
from tests.unit.engines.comfyui.wishes import HASTY, make, wish


async def test_status_names_version_models_and_what_is_missing(engine_of):
    async with FakeComfyUI(FLUX_WITHOUT_ENCODERS) as comfy:
        status = await engine_of(comfy).status()
    assert (status.ok, status.version, status.address) == (True, VERSION, comfy.url)
    assert [model.usable for model in status.models] == [False]
    assert any("T5-XXL" in note and "models/text_encoders" in note for note in status.notes)


async def test_status_asks_in_the_order_of_cost(comfy, engine):
    await engine.status()
    paths = [request.path for request in comfy.requests]
    assert paths[0] == "/system_stats"
    assert paths[1].startswith("/object_info/")
    assert comfy.sockets_opened == 1


async def test_status_of_a_server_that_is_away_is_a_problem_and_no_error(engine_of):
    async with FakeComfyUI() as comfy:
        pass
    status = await engine_of(comfy).status()
    assert not status.ok
    assert status.problem.kind == "ServerUnreachable"
    assert status.problem.action is not None


@pytest.mark.parametrize(
    "address", ["ftp://host", "http://", "http://host:none", "169.254.169.254"]
)
async def test_status_of_an_impossible_address_is_a_problem_and_no_error(engine_of, address):
    engine = engine_of(address)
    assert (await engine.status()).problem.kind == "UsageError"
    with pytest.raises(UsageError):
        await engine.models()


async def test_status_says_that_the_socket_does_not_open(comfy, engine):
    comfy.refuse_sockets()
    status = await engine.status()
    assert status.ok
    assert status.models
    assert "WebSocket" in status.notes[0]


async def test_something_else_at_the_address_is_not_taken_for_comfyui(engine_of):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        status = await engine_of(f"http://127.0.0.1:{port}").status()
    assert not status.ok
    assert "not ComfyUI" in status.problem.message


async def test_server_on_another_machine_is_reached_the_same_way(comfy):
    client = ComfyClient(replace(Address.parse(comfy.url), loopback=False))
    try:
        assert await client.version() == VERSION
        assert (await client.installed(["KSampler"])).has("KSampler")
    finally:
        await client.aclose()
    with pytest.raises(EngineClosed):
        await client.version()


async def test_models_are_read_anew_each_time(comfy, engine):
    assert len(await engine.models()) == 1
    comfy.shelf = EVERYTHING
    assert len(await engine.models()) == 11


def test_native_size_needs_no_server(engine_of):
    async def sizes():
        engine = engine_of("http://127.0.0.1:9", HASTY)
        assert engine.native_size("sd_xl_base_1.0.safetensors", (1, 1)) == (1024, 1024)
        assert engine.native_size("v1-5.safetensors", (1, 1)) == (512, 512)
        assert engine.native_size("mystery", (16, 9)) == (1360, 768)

    asyncio.run(sizes())


async def test_finished_job_is_collected_by_another_life(comfy, engine, engine_of):
    request = wish(seed=4)
    _, (image,) = await make(engine, request)
    collected = await engine_of(comfy).collect(request)
    assert collected.whereabouts is Whereabouts.DONE
    assert collected.images[0].data == image.data
    assert json.loads(collected.images[0].workflow["prompt"]) == json.loads(
        image.workflow["prompt"]
    )


async def test_running_and_waiting_jobs_are_said_to_be_so(comfy, engine, engine_of):
    comfy.hold_steps()
    first, second = wish("first"), wish("second")
    tasks = [asyncio.create_task(make(engine, first))]
    await comfy.sampling()
    tasks.append(asyncio.create_task(make(engine, second)))
    await comfy.until(lambda: len(comfy.pending) == 1)
    later = engine_of(comfy)
    assert (await later.collect(first)).whereabouts is Whereabouts.RUNNING
    assert (await later.collect(second)).whereabouts is Whereabouts.WAITING
    comfy.allow()
    await asyncio.gather(*tasks)


async def test_unknown_job_is_unknown(engine):
    assert (await engine.collect(wish())).whereabouts is Whereabouts.UNKNOWN


async def test_finished_job_whose_file_is_gone_has_failed(comfy, engine):
    request = wish()
    await make(engine, request)
    comfy.forget_files()
    collected = await engine.collect(request)
    assert collected.whereabouts is Whereabouts.FAILED
    assert collected.problem.kind == "JobLost"


async def test_collecting_from_a_server_that_is_away_raises(engine_of):
    async with FakeComfyUI() as comfy:
        pass
    with pytest.raises(ServerUnreachable):
        await engine_of(comfy).collect(wish())


async def test_engine_can_be_closed_twice_and_used_again(comfy, engine):
    await make(engine, wish())
    await engine.aclose()
    await engine.aclose()
    _, images = await make(engine, wish(seed=2))
    assert len(images) == 1


@pytest.mark.parametrize(
    ("text", "http", "ws", "loopback"),
    [
        ("http://127.0.0.1:8188/", "http://127.0.0.1:8188", "ws://127.0.0.1:8188", True),
        ("localhost:8188", "http://localhost:8188", "ws://localhost:8188", True),
        ("http://[::1]:8188", "http://[::1]:8188", "ws://[::1]:8188", True),
        (
            "https://example.org/comfy/",
            "https://example.org/comfy",
            "wss://example.org/comfy",
            False,
        ),
        ("http://192.168.1.5:8188", "http://192.168.1.5:8188", "ws://192.168.1.5:8188", False),
    ],
)
def test_address_is_read(text, http, ws, loopback):
    assert Address.parse(text) == Address(http, ws, loopback)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(30)])
def test_only_a_png_is_an_image(data):
    with pytest.raises(ServerAnsweredBadly):
        made(data, wish(), {})
