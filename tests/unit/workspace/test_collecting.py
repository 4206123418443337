"""What became of the images that were being made when Kupuri ended."""

import asyncio

import pytest

from kupuri_desktop.core.errors import ServerUnreachable
from kupuri_desktop.core.generation import Collected, JobState, MadeImage, Whereabouts
from kupuri_desktop.workspace.wishes import Origin, Wish
from tests.fakes.scripted import png
from tests.unit.workspace.conftest import IMAGE_MODEL, Studio


async def left_behind(tmp_path, count=1):
    """A life that ends while images are made; the ids of their jobs."""
    studio = await Studio.open(tmp_path)
    workspace = await studio.workspace()
    making = asyncio.create_task(
        workspace.generations.make(
            Wish("A fox", IMAGE_MODEL, count=count, seed=3), Origin("s", "r", "c"), lambda *_: None
        )
    )
    await studio.engine.next_job()
    jobs = [placeholder.job for placeholder in workspace.generations.placeholders]
    workspace.generations.leave()
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    await studio.close(workspace)
    return jobs


async def state_of(studio, job):
    stored = await studio.storage.jobs.get(job)
    assert stored is not None
    return stored.state


def made(job):
    image = MadeImage(png(64, 64), "image/png", 64, 64, 3)
    return {job: Collected(Whereabouts.DONE, (image,))}


async def test_closing_does_not_stop_the_job_at_its_server(tmp_path):
    [job] = await left_behind(tmp_path)
    studio = await Studio.open(tmp_path)
    assert await state_of(studio, job) is JobState.POSTED
    await studio.storage.aclose()


async def test_an_image_that_was_finished_meanwhile_is_on_the_canvas(tmp_path):
    [job] = await left_behind(tmp_path)
    studio = await Studio.open(tmp_path)
    studio.engine.known = made(job)
    workspace = await studio.workspace()
    await workspace.idle()
    assert list(workspace.canvas.items) == [job]
    assert await state_of(studio, job) is JobState.COLLECTED
    await studio.close(workspace)


async def test_it_is_collected_once_however_often_kupuri_is_opened(tmp_path):
    [job] = await left_behind(tmp_path)
    for _ in range(3):
        studio = await Studio.open(tmp_path)
        studio.engine.known = made(job)
        workspace = await studio.workspace()
        await workspace.idle()
        assert list(workspace.canvas.items) == [job]
        await studio.close(workspace)


async def test_a_job_that_nobody_knows_is_interrupted_and_offers_to_be_made_again(tmp_path):
    waiting = await left_behind(tmp_path, count=2)
    studio = await Studio.open(tmp_path)
    workspace = await studio.workspace()
    await workspace.idle()
    shown = workspace.generations.placeholders
    assert {placeholder.job for placeholder in shown} == set(waiting)
    assert all(p.problem and p.problem.action for p in shown)
    await workspace.saved()
    states = {await state_of(studio, job) for job in waiting}
    assert states == {JobState.INTERRUPTED}
    again = asyncio.create_task(workspace.generations.retry(waiting[0]))
    (await studio.engine.next_job()).finish()
    await again
    assert len(workspace.canvas.items) == 1
    await studio.close(workspace)


async def test_a_job_whose_server_is_away_stays_open_for_the_next_time(tmp_path, monkeypatch):
    [job] = await left_behind(tmp_path)
    studio = await Studio.open(tmp_path)

    async def away(request):
        raise ServerUnreachable("Nobody answers.")

    monkeypatch.setattr(studio.engine, "collect", away)
    workspace = await studio.workspace()
    await workspace.idle()
    [placeholder] = workspace.generations.placeholders
    assert placeholder.problem and placeholder.problem.message == "Nobody answers."
    assert await state_of(studio, job) is JobState.POSTED
    await studio.close(workspace)

    studio = await Studio.open(tmp_path)
    studio.engine.known = made(job)
    workspace = await studio.workspace()
    await workspace.idle()
    assert list(workspace.canvas.items) == [job]
    await studio.close(workspace)


async def test_a_job_of_an_earlier_life_can_still_be_stopped(tmp_path):
    [job] = await left_behind(tmp_path)
    studio = await Studio.open(tmp_path)
    studio.engine.known = {job: Collected(Whereabouts.RUNNING)}
    workspace = await studio.workspace()
    while not workspace.generations.placeholders:
        await asyncio.sleep(0)
    workspace.generations.stop(job)
    await workspace.idle()
    await workspace.saved()
    assert studio.engine.cancelled == [job]
    assert workspace.generations.placeholders == []
    assert await state_of(studio, job) is JobState.CANCELLED
    await studio.close(workspace)


async def test_closing_while_it_is_waited_for_leaves_it_to_its_server(tmp_path):
    [job] = await left_behind(tmp_path)
    studio = await Studio.open(tmp_path)
    studio.engine.known = {job: Collected(Whereabouts.RUNNING)}
    workspace = await studio.workspace()
    while not workspace.generations.placeholders:
        await asyncio.sleep(0)
    await studio.close(workspace)
    assert studio.engine.cancelled == []
    studio = await Studio.open(tmp_path)
    assert await state_of(studio, job) is JobState.POSTED
    await studio.storage.aclose()
