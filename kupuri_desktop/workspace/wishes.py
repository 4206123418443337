"""A wish for images as values: what is asked, by whom, what came of it, and the jobs it takes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kupuri_desktop.core.edits import Actor
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.generation import (
    MAX_COUNT,
    MAX_SEED,
    GenerationRequest,
    Job,
    JobState,
    MadeImage,
    SourceImage,
)
from kupuri_desktop.core.geometry import Rect, bounds, find_room, find_room_beside, in_grid
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import ImageItem, Making
from kupuri_desktop.core.models import ModelRef

DRAWN_SEEDS = 2**32
"""Seeds that Kupuri draws stay below this: every sampler takes them, and people can read them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Some images alike. `seed` None draws one; the following images take the following seeds.

    size: pixels; None takes what suits the model for `aspect` (text for parse_aspect).
    source: the image that the new ones start from; `denoise`: how far they may leave it, 0 to 1.
    beside: what they are to lie next to. shown: their size on the canvas, where it is not that of
    their pixels.
    """

    prompt: str
    model: ModelRef
    count: int = 1
    aspect: str | None = None
    size: tuple[int, int] | None = None
    style: str = ""
    negative_prompt: str = ""
    seed: int | None = None
    source: SourceImage | None = None
    denoise: float = 1.0
    parents: tuple[str, ...] = ()
    beside: Rect | None = None
    shown: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked for it; None where it was no message."""

    session: str | None = None
    run: str | None = None
    tool_call: str | None = None
    actor: Actor = Actor.AGENT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish; `errors` and `stopped` (by the user) say why others are missing."""

    items: tuple[ImageItem, ...]
    errors: tuple[KupuriError, ...] = ()
    stopped: int = 0


def jobs_for(
    wish: Wish, origin: Origin, project: str, size: tuple[int, int], taken: Sequence[Rect]
) -> list[Job]:
    """One job an image, laid out side by side where `taken` leaves room; size in pixels."""
    count = max(1, min(wish.count, MAX_COUNT))
    seed = random.randrange(DRAWN_SEEDS) if wish.seed is None else wish.seed
    places = in_grid([wish.shown or (float(size[0]), float(size[1]))] * count)
    room = bounds(places) or places[0]
    if wish.beside is None:
        x, y = find_room(taken, room.width, room.height)
    else:
        x, y = find_room_beside(taken, wish.beside, room.width, room.height)
    now = datetime.now(UTC)
    jobs = []
    for number, place in enumerate(places):
        request = GenerationRequest(
            job_id=new_id(),
            prompt=wish.prompt,
            model=wish.model,
            width=size[0],
            height=size[1],
            seed=(seed + number) % (MAX_SEED + 1),
            negative_prompt=wish.negative_prompt,
            style=wish.style,
            source=wish.source,
            denoise=wish.denoise,
        )
        jobs.append(
            Job(
                id=request.job_id,
                project=project,
                session=origin.session,
                run=origin.run,
                tool_call=origin.tool_call,
                request=request,
                place=place.moved(x, y),
                state=JobState.REQUESTED,
                created=now,
                changed=now,
            )
        )
    return jobs


def making_of(job: Job, image: MadeImage, parents: tuple[str, ...]) -> Making:
    """What the item remembers of how it was made."""
    request = job.request
    return Making(
        prompt=request.prompt,
        model=str(request.model),
        seed=image.seed,
        width=image.width,
        height=image.height,
        job=job.id,
        run=job.run or "",
        session=job.session or "",
        negative_prompt=request.negative_prompt,
        style=request.style,
        steps=request.steps,
        guidance=request.guidance,
        parents=parents,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def shortened(prompt: str, limit: int = 40) -> str:
    """The prompt for a label: one line, cut at `limit` characters."""
    prompt = " ".join(prompt.split())
    return prompt if len(prompt) <= limit else prompt[: limit - 1].rstrip() + "…"
