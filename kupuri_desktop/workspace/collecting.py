"""Finds out what became of the jobs that were under way when Kupuri ended."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import (
    Action,
    EngineClosed,
    KupuriError,
    Mend,
    Problem,
    ServerUnreachable,
)
from kupuri_desktop.core.generation import Collected, Engine, Job, JobState, Whereabouts
from kupuri_desktop.storage.jobs import Jobs
from kupuri_desktop.workspace.generations import Generations
from kupuri_desktop.workspace.wishes import Origin

LOOK_EVERY = 2.0
"""Seconds between two looks at a job that its server still works on."""

INTERRUPTED = Problem(
    kind="JobLost",
    message="Kupuri was closed while this image was being made.",
    kept="The wish is kept.",
    action=Action(Mend.RETRY, "Make it again"),
)


class Collecting:
    """Goes through the open jobs of a project once, at opening.

    A job whose image came and was stored is closed. One that an engine still knows is collected,
    waited for if need be. One that nobody knows is marked interrupted and stands on the canvas
    with the offer to make it again. One whose engine is away stays open for the next time.
    """

    def __init__(
        self,
        canvas: Canvas,
        generations: Generations,
        *,
        engine: Callable[[str], Engine],
        jobs: Jobs,
    ) -> None:
        self._canvas = canvas
        self._generations = generations
        self._engine = engine
        self._jobs = jobs

    async def run(self, jobs: Iterable[Job]) -> None:
        """jobs: those that were open when the project was opened, none of this life's own."""
        await asyncio.gather(*(self._collect(job) for job in jobs))

    async def _collect(self, job: Job) -> None:
        if job.id in self._canvas.items:
            self._close(job, JobState.COLLECTED, item=job.id)
            return
        if job.state is JobState.REQUESTED:
            self._give_up(job, JobState.INTERRUPTED, INTERRUPTED)
            return
        try:
            found = await self._ask(job)
            while found.whereabouts in (Whereabouts.WAITING, Whereabouts.RUNNING):
                waiting = found.whereabouts is Whereabouts.WAITING
                state = JobState.POSTED if waiting else JobState.RUNNING
                self._generations.show(
                    replace(job, state=state), _origin(job), follower=asyncio.current_task()
                )
                await asyncio.sleep(LOOK_EVERY)
                found = await self._ask(job)
            await self._finish(job, found)
        except asyncio.CancelledError:
            if self._generations.leaving:
                raise
            await self._stop(job)
        except EngineClosed:
            return
        except ServerUnreachable as error:
            away = replace(
                error.problem,
                kept="If the image was finished meanwhile, it is fetched when the server is back.",
            )
            self._generations.show(job, _origin(job), away)
        except KupuriError as error:
            self._give_up(job, JobState.FAILED, error.problem)

    async def _stop(self, job: Job) -> None:
        """The user has pressed stop on it."""
        self._generations.give_up(job)
        with suppress(KupuriError):
            await self._engine(job.request.model.provider).cancel(job.request)

    async def _ask(self, job: Job) -> Collected:
        return await self._engine(job.request.model.provider).collect(job.request)

    async def _finish(self, job: Job, found: Collected) -> None:
        if found.whereabouts is Whereabouts.DONE and found.images:
            await self._generations.settle(job, found.images)
        elif found.whereabouts is Whereabouts.FAILED and found.problem:
            self._give_up(job, JobState.FAILED, found.problem)
        else:
            self._give_up(job, JobState.INTERRUPTED, INTERRUPTED)

    def _give_up(self, job: Job, state: JobState, problem: Problem) -> None:
        self._close(job, state, problem=problem)
        self._generations.show(replace(job, state=state), _origin(job), problem)

    def _close(
        self, job: Job, state: JobState, *, item: str | None = None, problem: Problem | None = None
    ) -> None:
        self._jobs.save(
            replace(
                job, state=state, item=item or job.item, problem=problem, changed=datetime.now(UTC)
            )
        )


def _origin(job: Job) -> Origin:
    return Origin(job.session, job.run, job.tool_call)
