"""Images in the making, from the wish to the canvas, and each way in which they end."""

import asyncio

import pytest

from kupuri_desktop.core.errors import OutOfMemory
from kupuri_desktop.core.generation import JobState, Placeholder
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.workspace.wishes import Origin, Wish
from tests.fakes.scripted import GRAPH
from tests.unit.workspace.conftest import IMAGE_MODEL, Studio

ORIGIN = Origin("s", "r", "call")


def wish(count=1, **more):
    return Wish("A quiet lake", IMAGE_MODEL, count=count, seed=7, **more)


def unheard(fraction, image, note):
    pass


async def test_an_image_takes_the_place_that_was_kept_for_it(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    job = await studio.engine.next_job()
    [placeholder] = workspace.generations.placeholders
    job.finish()
    outcome = await made
    [item] = outcome.items
    assert item.rect == placeholder.place
    assert workspace.canvas.items[item.id] == item
    assert workspace.generations.placeholders == []
    assert item.making.prompt == "A quiet lake"
    assert (item.making.seed, item.making.run) == (7, "r")


async def test_a_job_is_on_the_disk_before_the_engine_hears_of_it(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    job = await studio.engine.next_job()
    stored = await studio.storage.jobs.get(job.request.job_id)
    assert stored.state is JobState.POSTED
    assert stored.request == job.request
    job.finish()
    await made
    stored = await studio.storage.jobs.get(job.request.job_id)
    assert (stored.state, stored.item) == (JobState.COLLECTED, job.request.job_id)
    assert stored.workflow == {"prompt": GRAPH}


async def test_three_variants_stand_side_by_side_with_following_seeds(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(3), ORIGIN, unheard))
    for _ in range(3):
        (await studio.engine.next_job()).finish()
    items = (await made).items
    assert [item.making.seed for item in items] == [7, 8, 9]
    assert len({item.y for item in items}) == 1
    assert not any(a.rect.meets(b.rect) for a in items for b in items if a is not b)


async def test_one_job_at_a_time_waits_at_the_engine(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(2), ORIGIN, unheard))
    first = await studio.engine.next_job()
    assert studio.engine.started.empty()
    assert workspace.generations.active == 2
    first.finish()
    second = await studio.engine.next_job()
    second.finish()
    await made


async def test_progress_is_over_all_images_of_the_wish(workspace, studio):
    heard: list[tuple[float, int]] = []
    made = asyncio.create_task(
        workspace.generations.make(wish(2), ORIGIN, lambda f, n, note: heard.append((f, n)))
    )
    first = await studio.engine.next_job()
    first.progress(0.5)
    first.finish()
    (await studio.engine.next_job()).finish()
    await made
    assert (0.25, 1) in heard
    assert heard == sorted(heard)


async def test_a_preview_stays_until_a_newer_one_comes(workspace, studio):
    seen: list[Placeholder] = []
    workspace.generations.changed.connect(seen.append)
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    job = await studio.engine.next_job()
    job.progress(0.2, b"picture")
    job.progress(0.3)
    job.finish()
    await made
    assert [p.progress.preview for p in seen if p.progress.fraction == 0.3] == [b"picture"]


async def test_stopping_one_image_lets_the_others_go_on(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(2), ORIGIN, unheard))
    first = await studio.engine.next_job()
    workspace.generations.stop(first.request.job_id)
    (await studio.engine.next_job()).finish()
    outcome = await made
    assert first.cancelled.is_set()
    assert (len(outcome.items), outcome.stopped) == (1, 1)
    stored = await studio.storage.jobs.get(first.request.job_id)
    assert stored.state is JobState.CANCELLED


async def test_cancelling_the_wish_stops_all_its_jobs(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(2), ORIGIN, unheard))
    first = await studio.engine.next_job()
    made.cancel()
    with pytest.raises(asyncio.CancelledError):
        await made
    assert first.cancelled.is_set()
    assert len(studio.engine.jobs) == 1
    assert workspace.generations.placeholders == []
    await workspace.saved()
    assert await studio.storage.jobs.open_jobs() == []


async def test_a_failed_image_stays_on_the_canvas_with_its_reason(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    job = await studio.engine.next_job()
    job.fail(OutOfMemory("The graphics card is full."))
    with pytest.raises(OutOfMemory):
        await made
    [placeholder] = workspace.generations.placeholders
    assert placeholder.state is JobState.FAILED
    assert placeholder.problem.message == "The graphics card is full."
    stored = await studio.storage.jobs.get(job.request.job_id)
    assert stored.problem == placeholder.problem
    workspace.generations.dismiss(placeholder.job)
    assert workspace.generations.placeholders == []


async def test_a_failed_image_is_made_again_in_its_place(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    (await studio.engine.next_job()).fail(OutOfMemory("Full."))
    with pytest.raises(OutOfMemory):
        await made
    [failed] = workspace.generations.placeholders
    again = asyncio.create_task(workspace.generations.retry(failed.job))
    job = await studio.engine.next_job()
    assert job.request.job_id != failed.job
    assert job.request.seed == 7
    job.finish()
    await again
    assert workspace.canvas.items[job.request.job_id].rect == failed.place


async def test_what_is_made_after_one_failure_is_kept(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(2), ORIGIN, unheard))
    (await studio.engine.next_job()).fail(OutOfMemory("Full."))
    (await studio.engine.next_job()).finish()
    outcome = await made
    assert len(outcome.items) == 1
    assert [type(error) for error in outcome.errors] == [OutOfMemory]


async def test_a_picture_that_cannot_be_read_is_an_error_not_an_item(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    (await studio.engine.next_job()).finish(b"no picture")
    with pytest.raises(Exception, match="cannot be read"):
        await made
    assert not workspace.canvas.items


async def test_the_agents_image_is_undone_like_any_edit(workspace, studio):
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    (await studio.engine.next_job()).finish()
    [item] = (await made).items
    assert workspace.canvas.undo_label == "Generate “A quiet lake”"
    workspace.canvas.undo()
    assert item.id not in workspace.canvas.items
    workspace.canvas.redo()
    await workspace.saved()
    state = await studio.storage.canvases.load(workspace.project.id)
    assert [type(stored) for stored in state.items] == [ImageItem]


async def test_a_new_image_never_lands_on_one_that_is_there(workspace, studio):
    for _ in range(3):
        made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
        (await studio.engine.next_job()).finish()
        await made
    rects = workspace.canvas.rects()
    assert not any(a.meets(b) for a in rects for b in rects if a is not b)


async def test_nothing_is_left_running(tmp_path):
    studio = await Studio.open(tmp_path / "other")
    workspace = await studio.workspace()
    made = asyncio.create_task(workspace.generations.make(wish(), ORIGIN, unheard))
    await studio.engine.next_job()
    workspace.generations.leave()
    made.cancel()
    with pytest.raises(asyncio.CancelledError):
        await made
    await studio.close(workspace)
    assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []
