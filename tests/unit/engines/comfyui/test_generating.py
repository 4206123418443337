"""One image at a time through the engine: progress, previews, images, and stopping."""

import asyncio
import json
from dataclasses import replace

import httpx
import pytest

from kupuri_desktop.core.errors import ModelMissing, PartMissing
from kupuri_desktop.core.generation import MadeImage, Progress, Whereabouts
from tests.fakes.comfyui import FakeComfyUI
from tests.fakes.comfyui_models import NOTHING
from tests.unit.engines.comfyui.wishes import PATIENT, make, opened, png, source, wish


async def test_image_comes_byte_for_byte_with_its_graph(comfy, engine):
    request = wish(seed=7)
    _, (image,) = await make(engine, request)
    assert (image.width, image.height, image.seed) == (128, 64, 7)
    assert image.data in comfy.files.values()
    with opened(image) as picture:
        assert json.loads(picture.info["prompt"]) == json.loads(image.workflow["prompt"])


async def test_job_is_posted_once_under_our_own_id(comfy, engine):
    request = wish()
    await make(engine, request)
    (body,) = comfy.posts()
    assert body["prompt_id"] == request.job_id
    assert request.job_id in comfy.history


async def test_result_goes_to_the_temp_folder_and_not_to_the_persons_output(comfy, engine):
    await make(engine, wish())
    assert {kind for kind, _, _ in comfy.files} == {"temp"}


async def test_progress_rises_and_never_reaches_one(engine):
    course, _ = await make(engine, wish(steps=6))
    fractions = [progress.fraction for progress in course]
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1
    assert len(set(fractions)) > 6


async def test_progress_says_what_is_being_done(engine):
    course, _ = await make(engine, wish(steps=3))
    notes = [progress.note for progress in course]
    for expected in ("Load the model", "Make the image: step 2 of 3", "Decode the image"):
        assert expected in notes


async def test_previews_are_pictures(comfy, engine):
    course, _ = await make(engine, wish(steps=3))
    previews = [progress.preview for progress in course if progress.preview]
    assert len(previews) == 3
    assert all(preview.startswith(b"\xff\xd8") for preview in previews)
    assert comfy.everyone
    assert all(socket.flags for socket in comfy.everyone)


async def test_older_previews_without_a_job_id_reach_the_job_that_runs(comfy, engine):
    await engine.status()
    for socket in comfy.everyone:
        socket.flags = {}
    course, _ = await make(engine, wish(steps=3))
    assert sum(progress.preview is not None for progress in course) == 3


async def test_messages_before_the_answer_to_the_post_are_not_lost(comfy, engine_of):
    comfy.hold_answer = True
    course, images = await make(engine_of(comfy, PATIENT), wish(steps=3))
    assert any("step 3 of 3" in progress.note for progress in course)
    assert len(images) == 1


async def test_other_peoples_jobs_leave_no_trace_in_ours(comfy, engine_of):
    comfy.hold_steps()
    engine = engine_of(comfy, PATIENT)
    await engine.status()
    theirs = asyncio.create_task(make(engine_of(comfy), wish("theirs", steps=9)))
    await comfy.sampling()
    # A job without a client tells everyone; it runs before ours.
    graph = json.loads(json.dumps(comfy.running.graph))
    graph["5"]["inputs"]["seed"] = 99
    await asyncio.to_thread(_post, comfy.url, {"prompt": graph})
    ours = asyncio.create_task(make(engine, wish("ours", steps=2, seed=5)))
    await comfy.until(lambda: len(comfy.posts()) == 3)
    comfy.allow()
    course, (image,) = await ours
    await theirs
    assert sum(progress.preview is not None for progress in course) == 2
    assert not any("of 9" in progress.note for progress in course)
    assert json.loads(image.workflow["prompt"])["5"]["inputs"]["seed"] == 5


def _post(url: str, body: dict) -> None:
    assert httpx.post(f"{url}/prompt", json=body, trust_env=False).status_code == 200


async def test_server_without_previews_still_makes_images(comfy, engine):
    comfy.previews = False
    course, images = await make(engine, wish())
    assert len(images) == 1
    assert not any(progress.preview for progress in course)


async def test_same_wish_again_gives_the_same_image_at_once(comfy, engine):
    _, (first,) = await make(engine, wish(seed=3))
    course, (second,) = await make(engine, wish(seed=3))
    assert first.data == second.data
    assert not any(progress.preview for progress in course)


async def test_cached_result_whose_file_is_gone_is_made_again(comfy, engine):
    _, (first,) = await make(engine, wish(seed=3))
    comfy.forget_files()
    _, (second,) = await make(engine, wish(seed=3))
    with opened(first) as one, opened(second) as two:
        assert one.tobytes() == two.tobytes()
    assert len(comfy.posts()) == 3


async def test_image_to_image_starts_from_the_upload(comfy, engine):
    request = wish(source=source(), denoise=0.5)
    _, (image,) = await make(engine, request)
    graph = json.loads(image.workflow["prompt"])
    classes = {node["class_type"] for node in graph.values()}
    assert {"LoadImage", "VAEEncode"} <= classes
    assert "EmptyLatentImage" not in classes
    (sampler,) = (node for node in graph.values() if node["class_type"] == "KSampler")
    assert sampler["inputs"]["denoise"] == 0.5
    assert png() in comfy.uploads.values()


async def test_upload_is_named_as_the_server_named_it(comfy, engine):
    request = wish(source=source())
    await make(engine, request)
    (taken,) = comfy.uploads
    comfy.uploads[taken] = b"somebody else's"
    _, (image,) = await make(engine, replace(request, job_id="again"))
    names = [
        node["inputs"]["image"]
        for node in json.loads(image.workflow["prompt"]).values()
        if node["class_type"] == "LoadImage"
    ]
    assert names == [taken.replace(".png", " (1).png")]


async def test_mask_keeps_what_is_not_white(comfy, engine):
    _, (image,) = await make(engine, wish(source=source(mask=True)))
    classes = [node["class_type"] for node in json.loads(image.workflow["prompt"]).values()]
    assert classes.count("LoadImage") == 2
    assert {"SetLatentNoiseMask", "ImageToMask", "ImageCompositeMasked"} <= set(classes)


async def test_cancelling_interrupts_this_job_and_no_other(comfy, engine):
    comfy.hold_steps()
    request = wish(steps=50)
    task = asyncio.create_task(make(engine, request))
    await comfy.sampling()
    comfy.allow(2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert comfy.posts("/interrupt") == [{"prompt_id": request.job_id}]
    await comfy.until(lambda: request.job_id in comfy.history)
    assert (await engine.collect(request)).whereabouts is Whereabouts.FAILED


async def test_cancelling_a_waiting_job_takes_it_off_the_queue(comfy, engine, engine_of):
    comfy.hold_steps()
    other = wish("the other")
    running = asyncio.create_task(make(engine_of(comfy), other))
    await comfy.sampling()
    waiting = wish("waiting")
    task = asyncio.create_task(make(engine, waiting))
    await comfy.until(lambda: len(comfy.pending) == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert comfy.pending == []
    assert comfy.posts("/interrupt") == []
    comfy.allow()
    _, images = await running
    assert len(images) == 1


async def test_leaving_the_loop_early_stops_the_job_too(comfy, engine):
    comfy.hold_steps()
    request = wish(steps=50)
    events = engine.generate(request)
    async for event in events:
        if isinstance(event, Progress) and "Make the image" in event.note:
            break
    await events.aclose()
    assert comfy.posts("/interrupt") == [{"prompt_id": request.job_id}]


async def test_cancelling_before_the_answer_to_the_post_stops_the_job_all_the_same(comfy, engine):
    comfy.hold_steps()
    comfy.hold_answer = True
    request = wish(steps=50)
    task = asyncio.create_task(make(engine, request))
    await comfy.sampling()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await comfy.until(lambda: comfy.running is None)
    assert comfy.pending == []


async def test_cancelling_does_not_hang_on_a_dead_server(comfy, engine):
    comfy.hold_steps()
    task = asyncio.create_task(make(engine, wish(steps=50)))
    await comfy.sampling()
    await comfy.kill()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_at_most_two_jobs_are_on_the_server(comfy, engine):
    comfy.hold_steps()
    tasks = [asyncio.create_task(make(engine, wish(seed=seed))) for seed in range(4)]
    await comfy.sampling()
    await comfy.until(lambda: len(comfy.pending) == 1)
    assert len(comfy.posts()) == 2
    comfy.allow()
    results = await asyncio.gather(*tasks)
    assert all(len(images) == 1 for _, images in results)
    notes = {progress.note for course, _ in results for progress in course}
    assert "Waits for the images before it" in notes


async def test_unknown_model_is_said_before_anything_is_posted(comfy, engine):
    with pytest.raises(ModelMissing, match="gone\\.safetensors"):
        await make(engine, wish(model="gone.safetensors"))
    assert comfy.posts() == []


async def test_model_that_vanished_since_the_last_look_names_its_folder(comfy, engine):
    await engine.models()
    comfy.shelf = NOTHING
    with pytest.raises(PartMissing) as caught:
        await make(engine, wish())
    assert "v1-5-pruned-emaonly-fp16.safetensors" in caught.value.message
    assert "models/checkpoints" in caught.value.hint
    with pytest.raises(ModelMissing):
        await make(engine, wish())


async def test_every_socket_says_hello_first(comfy: FakeComfyUI, engine):
    await make(engine, wish())
    comfy.cut_sockets()
    _, images = await make(engine, wish(seed=2))
    assert isinstance(images[0], MadeImage)
    assert comfy.sockets_opened == 2
    assert all(socket.flags["supports_preview_metadata"] for socket in comfy.everyone)
