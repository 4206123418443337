"""Images in the making: reserves their places, keeps the journal, settles them on the canvas."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import (
    EngineClosed,
    KupuriError,
    NotFound,
    Problem,
    ServerAnsweredBadly,
)
from kupuri_desktop.core.generation import (
    Engine,
    Job,
    JobState,
    MadeImage,
    Placeholder,
    Progress,
    parse_aspect,
)
from kupuri_desktop.core.geometry import Rect, find_room
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.jobs import Jobs
from kupuri_desktop.workspace.editing import result_of, shown_size
from kupuri_desktop.workspace.wishes import (
    Origin,
    Outcome,
    Wish,
    jobs_for,
    making_of,
    shortened,
)

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Running:
    job: Job
    placeholder: Placeholder
    origin: Origin
    parents: tuple[str, ...] = ()
    task: "asyncio.Task[Any] | None" = None


class Generations:
    """The images in the making of one project.

    `changed` tells of a placeholder that is new or different, `removed` of one that is gone (its
    job's id), `settled` of the job whose image has come, with the items it gave.
    `turn` gives the lock of an engine: one job at a time waits there, the others here, where
    giving up is cheap. `saved` waits until all that was recorded is on the disk.
    """

    def __init__(
        self,
        project: str,
        canvas: Canvas,
        *,
        engine: Callable[[str], Engine],
        turn: Callable[[str], asyncio.Lock],
        assets: Assets,
        jobs: Jobs,
        saved: Callable[[], Awaitable[None]],
    ) -> None:
        self._project = project
        self._canvas = canvas
        self._engine = engine
        self._turn = turn
        self._assets = assets
        self._jobs = jobs
        self._saved = saved
        self._running: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[list[ImageItem]]] = set()
        self._leaving = False
        self.changed: Signal[Placeholder] = Signal()
        self.removed: Signal[str] = Signal()
        self.settled: Signal[tuple[Job, tuple[ImageItem, ...]]] = Signal()

    @property
    def placeholders(self) -> list[Placeholder]:
        return [running.placeholder for running in self._running.values()]

    @property
    def active(self) -> int:
        """How many jobs run or wait."""
        return sum(1 for r in self._running.values() if r.placeholder.state.open)

    async def make(
        self, wish: Wish, origin: Origin, on_progress: Callable[[float, int, str], None]
    ) -> Outcome:
        """Makes the images and puts them on the canvas; what it returns is committed.

        on_progress hears the fraction over all images, which one runs (from 1), and a note.
        Raises the first error where not one image was made. Cancelling stops all its jobs.
        """
        batch = self._reserve(wish, origin)
        await asyncio.gather(*(self._jobs.save(running.job) for running in batch))
        told = self.changed.connect(lambda _: on_progress(*_overall(batch)))
        tasks = [self._start(running) for running in batch]
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError:
            if not self._leaving:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
            raise
        finally:
            told()
        await self._saved()
        items: list[ImageItem] = []
        errors: list[KupuriError] = []
        stopped = 0
        for task in tasks:
            if task.cancelled():
                stopped += 1
            elif (error := task.exception()) is None:
                items.extend(task.result())
            elif isinstance(error, KupuriError):
                errors.append(error)
            else:
                raise error
        if errors and not items:
            raise errors[0]
        return Outcome(tuple(items), tuple(errors), stopped)

    def stop(self, job: str) -> None:
        """Stops one image; the others of its wish go on."""
        running = self._running.get(job)
        if running and running.task and not running.task.done():
            running.task.cancel()

    def dismiss(self, job: str) -> None:
        """Takes a failed placeholder off the canvas."""
        running = self._running.get(job)
        if running and not running.placeholder.state.open:
            self._forget(running)

    async def retry(self, job: str) -> None:
        """Makes a failed image again, in the same place. Raises NotFound, or why it failed."""
        running = self._running.get(job)
        if running is None or running.placeholder.state.open:
            raise NotFound("This image is not waiting to be tried again.")
        self._forget(running)
        again = new_id()
        now = datetime.now(UTC)
        fresh = replace(
            running.job,
            id=again,
            request=replace(running.job.request, job_id=again),
            state=JobState.REQUESTED,
            created=now,
            changed=now,
            problem=None,
        )
        renewed = self._adopt(fresh, running.origin, running.parents)
        await self._jobs.save(fresh)
        task = self._start(renewed)
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()

    def leave(self) -> None:
        """From now on a cancelled wish leaves its jobs to their engine, to be collected later."""
        self._leaving = True

    async def aclose(self) -> None:
        """Waits for the jobs under way to end; to be called after the engines are closed."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    # --- what other parts of the workspace use for jobs of an earlier life

    def show(
        self,
        job: Job,
        origin: Origin,
        problem: Problem | None = None,
        *,
        follower: "asyncio.Task[Any] | None" = None,
    ) -> None:
        """Puts a job's placeholder on the canvas as it stands.

        follower: the task that looks after the job; `stop` cancels it.
        """
        running = self._running.get(job.id) or self._adopt(job, origin, ())
        running.job = job
        running.task = follower
        state = JobState.FAILED if problem else job.state
        self._show(running, state=state, problem=problem)

    def give_up(self, job: Job) -> None:
        """Takes the placeholder of a job that was stopped off the canvas, and notes it."""
        running = self._running.get(job.id)
        if running is not None:
            running.job = job
            self._note(running, JobState.CANCELLED)
            self._forget(running)

    @property
    def leaving(self) -> bool:
        """Whether jobs are left to their engines from now on."""
        return self._leaving

    async def settle(self, job: Job, images: tuple[MadeImage, ...]) -> tuple[ImageItem, ...]:
        """Puts a job's images on the canvas, once: an item that is there already stays."""
        origin = Origin(job.session, job.run, job.tool_call)
        running = self._running.get(job.id) or self._adopt(job, origin, ())
        return tuple(await self._settle(running, images))

    # --- one job

    def _reserve(self, wish: Wish, origin: Origin) -> list[_Running]:
        engine = self._engine(wish.model.provider)
        size = wish.size or engine.native_size(wish.model.model, parse_aspect(wish.aspect or "1:1"))
        taken = self._canvas.rects() + [r.placeholder.place for r in self._running.values()]
        return [
            self._adopt(job, origin, wish.parents)
            for job in jobs_for(wish, origin, self._project, size, taken)
        ]

    def _adopt(self, job: Job, origin: Origin, parents: tuple[str, ...]) -> _Running:
        placeholder = Placeholder(
            job=job.id,
            place=job.place,
            prompt=job.request.prompt,
            model=str(job.request.model),
            state=job.state,
            tool_call=job.tool_call,
        )
        running = _Running(job, placeholder, origin, parents)
        self._running[job.id] = running
        self.changed.emit(placeholder)
        return running

    def _start(self, running: _Running) -> "asyncio.Task[list[ImageItem]]":
        task = asyncio.create_task(self._follow(running), name=f"job {running.job.id}")
        running.task = task
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[list[ImageItem]]") -> None:
        """Whoever waits for the task hears of its error; one that was left is nobody's."""
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    async def _follow(self, running: _Running) -> list[ImageItem]:
        try:
            return await self._settle(running, await self._ask_engine(running))
        except asyncio.CancelledError:
            if running.job.state is not JobState.COLLECTED:
                self._note(running, JobState.CANCELLED)
            self._forget(running)
            raise
        except EngineClosed:
            self._forget(running)
            raise
        except KupuriError as error:
            log.warning("job %s failed: %s", running.job.id, type(error).__name__)
            self._note(running, JobState.FAILED, error.problem)
            self._show(running, state=JobState.FAILED, problem=error.problem)
            raise

    async def _ask_engine(self, running: _Running) -> tuple[MadeImage, ...]:
        request = running.job.request
        engine = self._engine(request.model.provider)
        images: list[MadeImage] = []
        async with self._turn(request.model.provider):
            await self._note(running, JobState.POSTED)
            self._show(running, state=JobState.POSTED)
            async with aclosing(engine.generate(request)) as events:
                async for event in events:
                    match event:
                        case Progress():
                            if running.job.state is not JobState.RUNNING:
                                self._note(running, JobState.RUNNING)
                            self._show(running, state=JobState.RUNNING, progress=event)
                        case MadeImage():
                            images.append(event)
        if not images:
            raise ServerAnsweredBadly(
                "The image engine said it was done but gave no image.",
                kept="The wish is kept.",
            )
        return tuple(images)

    async def _settle(self, running: _Running, images: tuple[MadeImage, ...]) -> list[ImageItem]:
        job = running.job
        place = job.place
        items: list[ImageItem] = []
        for number, image in enumerate(images):
            data = await result_of(job.request, image.data)
            # It is nowhere else: where the disk has no room it stands on the canvas all the same.
            asset = (await self._assets.take(data, made=True)).asset
            if not asset.width:
                raise ServerAnsweredBadly(
                    "The image engine sent a picture that cannot be read.", details=asset.problem
                )
            if number:
                taken = self._canvas.rects() + [p.place for p in self.placeholders]
                x, y = find_room(taken, asset.width, asset.height)
                place = Rect(x, y, asset.width, asset.height)
            width, height = shown_size(job.request, place, asset)
            items.append(
                ImageItem(
                    id=new_id() if number else job.id,
                    x=place.x,
                    y=place.y,
                    width=width,
                    height=height,
                    z=self._canvas.top() + number,
                    asset=asset.id,
                    natural_width=asset.width,
                    natural_height=asset.height,
                    making=making_of(running.job, image, running.parents),
                )
            )
        if job.id not in self._canvas.items:
            self._canvas.add(
                f"Generate “{shortened(job.request.prompt)}”",
                items,
                actor=running.origin.actor,
                run=job.run,
            )
        running.job = replace(job, item=job.id, workflow=dict(images[0].workflow))
        self._note(running, JobState.COLLECTED)
        self._forget(running)
        self.settled.emit((running.job, tuple(items)))
        await self._saved()
        return items

    def _note(
        self, running: _Running, state: JobState, problem: Problem | None = None
    ) -> "asyncio.Future[None]":
        running.job = replace(running.job, state=state, changed=datetime.now(UTC), problem=problem)
        return self._jobs.save(running.job)

    def _show(
        self,
        running: _Running,
        *,
        state: JobState,
        progress: Progress | None = None,
        problem: Problem | None = None,
    ) -> None:
        before = running.placeholder.progress
        if progress is not None and progress.preview is None and before.preview is not None:
            progress = replace(progress, preview=before.preview)
        running.placeholder = replace(
            running.placeholder, state=state, progress=progress or before, problem=problem
        )
        self.changed.emit(running.placeholder)

    def _forget(self, running: _Running) -> None:
        if self._running.pop(running.job.id, None):
            self.removed.emit(running.job.id)


def _overall(batch: list[_Running]) -> tuple[float, int, str]:
    fractions = [
        1.0 if running.job.state is JobState.COLLECTED else running.placeholder.progress.fraction
        for running in batch
    ]
    current = next((n for n, running in enumerate(batch) if running.job.state.open), len(batch) - 1)
    return sum(fractions) / len(batch), current + 1, batch[current].placeholder.progress.note
