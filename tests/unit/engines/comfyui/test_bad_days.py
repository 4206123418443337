"""Drops, restarts, refusals and crashes: each ends in one image or one sentence, never two jobs."""

import asyncio
import logging

import pytest

from kupuri_desktop.core.errors import (
    EngineClosed,
    GenerationError,
    GraphRejected,
    JobInterrupted,
    JobLost,
    KupuriError,
    Mend,
    OutOfMemory,
    PartMissing,
    ServerAnsweredBadly,
    ServerUnreachable,
)
from kupuri_desktop.core.generation import Progress, Whereabouts
from kupuri_desktop.engines.comfyui import Timing
from tests.fakes.comfyui_jobs import Crash
from tests.fakes.comfyui_wire import LOST, Response
from tests.unit.engines.comfyui.wishes import PATIENT, make, wish

SECRET = "a very private wish"


@pytest.mark.parametrize("messages", range(1, 24))
async def test_dropped_socket_ends_in_one_image_from_one_job(comfy, engine, messages):
    comfy.cut_after = messages
    _, images = await make(engine, wish(steps=2))
    assert len(images) == 1
    assert len(comfy.posts()) == 1


async def test_dropped_socket_comes_back_with_progress_of_the_same_job(comfy, engine):
    comfy.hold_steps()

    def release(progress: Progress) -> None:
        if "step 1 of 4" in progress.note:
            comfy.allow()

    task = asyncio.create_task(make(engine, wish(steps=4), release))
    await comfy.sampling()
    comfy.cut_sockets()
    await comfy.until(lambda: comfy.sockets_opened == 2 and bool(comfy.everyone))
    comfy.allow(1)
    _, images = await task
    assert len(images) == 1
    assert len(comfy.posts()) == 1


async def test_job_that_ended_while_the_socket_was_away_is_found_in_history(comfy, engine):
    comfy.hold_steps()
    request = wish(steps=4)
    task = asyncio.create_task(make(engine, request))
    await comfy.sampling()
    for socket in comfy.everyone:
        socket.cut_after = socket.sent
    comfy.allow()
    _, images = await task
    assert len(images) == 1


async def test_socket_that_hears_nothing_is_made_anew(comfy, engine):
    """The server forgot the client, as it does when an older socket of the same id ends late."""
    comfy.hold_steps()
    task = asyncio.create_task(make(engine, wish(steps=4)))
    await comfy.sampling()
    comfy.sockets.clear()
    await comfy.until(lambda: comfy.sockets_opened == 2)
    comfy.allow()
    _, images = await task
    assert len(images) == 1


async def test_long_silence_is_no_disconnect(comfy, engine_of):
    comfy.hold_steps()
    engine = engine_of(comfy, Timing(quiet=0.01, retry=0.01, patience=0.01))
    task = asyncio.create_task(make(engine, wish()))
    await comfy.sampling()
    asked = len(comfy.requests)
    await comfy.until(lambda: len(comfy.requests) > asked + 12)
    comfy.allow()
    _, images = await task
    assert len(images) == 1
    assert len(comfy.posts()) == 1


async def test_server_whose_socket_never_opens_still_makes_images(comfy, engine):
    comfy.refuse_sockets()
    _, images = await make(engine, wish())
    assert len(images) == 1
    assert comfy.sockets_opened == 0


async def test_job_whose_answer_is_lost_is_found_and_not_posted_again(comfy, engine):
    comfy.hold_steps()
    comfy.lose_answer = True
    task = asyncio.create_task(make(engine, wish()))
    await comfy.sampling()
    comfy.allow()
    _, images = await task
    assert len(images) == 1
    assert len(comfy.posts()) == 1


async def test_job_whose_answer_is_lost_is_found_without_a_socket_too(comfy, engine):
    comfy.refuse_sockets()
    comfy.lose_answer = True
    _, images = await make(engine, wish())
    assert len(images) == 1
    assert len(comfy.posts()) == 1


async def test_post_that_never_arrived_is_an_error_and_is_not_waited_for(comfy, engine_of):
    comfy.answers.append(LOST)
    with pytest.raises(ServerUnreachable):
        await make(engine_of(comfy, PATIENT), wish())
    assert len(comfy.posts()) == 1


async def test_killed_server_is_said_and_not_waited_for_without_end(comfy, engine):
    comfy.hold_steps()
    task = asyncio.create_task(make(engine, wish()))
    await comfy.sampling()
    await comfy.kill()
    with pytest.raises(ServerUnreachable, match="ended while it made the image") as caught:
        await task
    assert caught.value.action is not None
    assert caught.value.action.mend is Mend.START_SERVER


async def test_restarted_server_has_lost_the_job_and_gets_no_second_one(comfy, engine):
    comfy.hold_steps()
    task = asyncio.create_task(make(engine, wish()))
    await comfy.sampling()
    await comfy.kill()
    await comfy.start()
    with pytest.raises(JobLost):
        await task
    assert len(comfy.posts()) == 1
    comfy.allow()
    _, images = await make(engine, wish())
    assert len(images) == 1


async def test_server_that_is_away_is_said_at_once(comfy, engine_of):
    await comfy.kill()
    with pytest.raises(ServerUnreachable, match="does not answer at"):
        await make(engine_of(comfy, PATIENT), wish())


async def test_closing_the_engine_leaves_the_job_to_the_server(comfy, engine, engine_of):
    comfy.hold_steps()
    request = wish()
    task = asyncio.create_task(make(engine, request))
    await comfy.sampling()
    await engine.aclose()
    with pytest.raises(EngineClosed):
        await task
    assert comfy.posts("/interrupt") == []
    later = engine_of(comfy)
    assert (await later.collect(request)).whereabouts is Whereabouts.RUNNING
    comfy.allow()
    await comfy.until(lambda: request.job_id in comfy.history)
    collected = await later.collect(request)
    assert (collected.whereabouts, len(collected.images)) == (Whereabouts.DONE, 1)


async def test_closing_the_engine_ends_jobs_that_wait_here(comfy, engine):
    comfy.hold_steps()
    tasks = [asyncio.create_task(make(engine, wish(seed=seed))) for seed in range(4)]
    await comfy.until(lambda: len(comfy.pending) == 1)
    await engine.aclose()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [EngineClosed] * 4
    assert len(comfy.posts()) == 2


async def test_closing_does_not_wait_for_a_server_that_never_answers(engine_of):
    asked = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with server:
        engine = engine_of(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        task = asyncio.create_task(make(engine, wish()))
        await asked.wait()
        await engine.aclose()
        with pytest.raises(EngineClosed):
            await task


async def test_job_behind_other_peoples_says_how_many_come_first(comfy, engine, engine_of):
    comfy.hold_steps()
    others = [asyncio.create_task(make(engine_of(comfy), wish(seed=seed))) for seed in (1, 2)]
    await comfy.until(lambda: len(comfy.pending) == 1)

    def release(progress: Progress) -> None:
        if progress.note == "Waits in ComfyUI's queue, 2 before it":
            comfy.allow()

    _, images = await make(engine, wish(seed=3), release)
    assert len(images) == 1
    await asyncio.gather(*others)


async def test_job_taken_off_the_queue_by_somebody_else_is_lost(comfy, engine, engine_of):
    comfy.hold_steps()
    other = asyncio.create_task(make(engine_of(comfy), wish("first")))
    await comfy.sampling()
    task = asyncio.create_task(make(engine, wish("second")))
    await comfy.until(lambda: len(comfy.pending) == 1)
    comfy._change_queue({"clear": True})
    with pytest.raises(JobLost):
        await task
    comfy.allow()
    await other


async def test_interruption_by_somebody_else_is_no_fault_of_ours(comfy, engine):
    comfy.hold_steps()
    task = asyncio.create_task(make(engine, wish()))
    await comfy.sampling()
    comfy.running.interrupted.set()
    with pytest.raises(JobInterrupted):
        await task


async def test_interruption_that_nobody_heard_is_read_in_history(comfy, engine):
    comfy.hold_steps()
    task = asyncio.create_task(make(engine, wish()))
    await comfy.sampling()
    comfy.sockets.clear()
    comfy.running.interrupted.set()
    with pytest.raises(JobInterrupted):
        await task


@pytest.mark.parametrize("heard", [True, False])
async def test_crash_names_the_node_and_tells_nobody_the_wish(comfy, engine, caplog, heard):
    caplog.set_level(logging.DEBUG)
    comfy.hold_steps()
    comfy.crash = Crash("VAEDecode", "RuntimeError", f"expected 16 channels for {SECRET}")
    task = asyncio.create_task(make(engine, wish(SECRET)))
    await comfy.sampling()
    if not heard:
        comfy.sockets.clear()
    comfy.allow()
    with pytest.raises(GenerationError) as caught:
        await task
    assert "“Decode the image” (VAEDecode)" in caught.value.message
    assert "16 channels" in caught.value.details
    assert SECRET not in str(caught.value.problem.to_json())
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("torch.OutOfMemoryError", "Allocation on device 0 would exceed allowed memory."),
        ("torch.cuda.OutOfMemoryError", "CUDA out of memory. Tried to allocate 2.00 GiB"),
        ("RuntimeError", "[enforce fail] DefaultCPUAllocator: can't allocate memory"),
        ("MemoryError", ""),
    ],
)
async def test_want_of_memory_is_called_so(comfy, engine, kind, message):
    comfy.crash = Crash("KSampler", kind, message)
    with pytest.raises(OutOfMemory) as caught:
        await make(engine, wish())
    assert "smaller size" in caught.value.hint


async def test_checkpoint_without_a_text_encoder_is_called_so(comfy, engine):
    comfy.crash = Crash("CLIPTextEncode", "RuntimeError", "ERROR: clip input is invalid: None")
    with pytest.raises(PartMissing, match="no text encoder") as caught:
        await make(engine, wish())
    assert "models/text_encoders" in caught.value.hint


async def test_engine_goes_on_after_a_crash(comfy, engine):
    comfy.crash = Crash("KSampler", "RuntimeError", "boom")
    with pytest.raises(GenerationError):
        await make(engine, wish())
    comfy.crash = None
    _, images = await make(engine, wish())
    assert len(images) == 1


async def test_answer_500_in_plain_text_is_said(comfy, engine):
    comfy.answers.append(Response.trouble())
    with pytest.raises(ServerAnsweredBadly, match="500"):
        await make(engine, wish())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"error": 5, "node_errors": {"1": 5}}'])
async def test_refusal_without_sense_is_an_error_and_no_crash(comfy, engine, body):
    comfy.answers.append(Response(400, body))
    with pytest.raises(KupuriError):
        await make(engine, wish())


async def test_number_out_of_range_names_node_and_field(comfy, engine):
    with pytest.raises(GraphRejected, match="too large for “cfg” of KSampler"):
        await make(engine, wish(guidance=1000.0))


async def test_output_that_was_dropped_is_told_with_the_progress(comfy, engine):
    await engine.models()
    request = wish()
    fault = {
        "type": "required_input_missing",
        "message": "Required input is missing",
        "details": "filename_prefix",
        "extra_info": {"input_name": "filename_prefix"},
    }
    node = {"errors": [fault], "dependent_outputs": ["3"], "class_type": "SaveImage"}
    comfy.dropped_outputs = {"3": node}
    course, (image,) = await make(engine, request)
    sentence = "ComfyUI left a part of the workflow out: SaveImage needs “filename_prefix”."
    assert sentence in [progress.note for progress in course]
    assert sentence in image.notes


async def test_file_that_is_no_image_is_not_taken_for_one(comfy, engine):
    comfy.hold_steps()
    task = asyncio.create_task(make(engine, wish()))
    await comfy.sampling()
    comfy.answer_views_with = b"<html>not found</html>"
    comfy.allow()
    with pytest.raises(ServerAnsweredBadly, match="not the image"):
        await task


async def test_proxy_is_passed_by_for_this_machine(comfy, engine_of, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    _, images = await make(engine_of(comfy), wish())
    assert len(images) == 1


async def test_proxy_that_kupuri_cannot_speak_to_is_said(engine_of, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    # An address for documentation: nothing is there, and nothing is sent to it.
    status = await engine_of("http://192.0.2.1:8188").status()
    assert not status.ok
    assert "proxy" in status.problem.message
