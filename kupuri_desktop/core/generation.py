"""One image to be made: the wish as one value, what comes back, and who makes it."""

import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from kupuri_desktop.core.errors import Problem, UsageError
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.models import ModelInfo, ModelRef, ProviderStatus

MAX_SEED = 2**53 - 1
"""JSON numbers above this lose digits in JavaScript, ComfyUI's page among them."""

MAX_COUNT = 16
MIN_SIDE, MAX_SIDE = 64, 4096
DEFAULT_AREA = 1024 * 1024

ASPECT_WORDS = {"square": "1:1", "wide": "16:9", "tall": "9:16", "portrait": "3:4"}
ASPECTS = ("1:1", "4:3", "3:2", "16:9", "21:9", "3:4", "2:3", "9:16")


def parse_aspect(text: str) -> tuple[int, int]:
    """(width, height) parts of `16:9`, `1024x768` or a word such as `wide`.

    Raises UsageError for anything else, or where one side is over 8 times the other.
    """
    cleaned = ASPECT_WORDS.get(text.strip().lower(), text.strip().lower()).replace("x", ":")
    left, _, right = cleaned.partition(":")
    if left.isascii() and left.isdigit() and right.isascii() and right.isdigit():
        width, height = int(left), int(right)
        if width and height and max(width, height) <= 8 * min(width, height):
            return width, height
    raise UsageError(
        f"“{text}” is not a shape.", hint="Write it as WIDTH:HEIGHT, for example 16:9 or 3:4."
    )


def size_for(aspect: tuple[int, int], area: int = DEFAULT_AREA, step: int = 16) -> tuple[int, int]:
    """Width and height in pixels near `area` with that aspect, each a multiple of `step`."""
    ratio = aspect[0] / aspect[1]
    width = math.sqrt(area * ratio)

    def fit(side: float) -> int:
        return min(max(round(side / step) * step, MIN_SIDE), MAX_SIDE)

    return fit(width), fit(width / ratio)


@dataclass(frozen=True, slots=True)
class SourceImage:
    """An image that the new one starts from; `mask` is a PNG, white where it may change."""

    data: bytes
    mask: bytes | None = None
    asset: str = ""


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Everything about one image. Pixels; `seed` from 0 to MAX_SEED; `denoise` from 0 to 1.

    job_id is ours and goes to the engine as its own id, so that a job can be found again.
    steps, guidance, sampler and scheduler left as None mean the model family's own defaults.
    """

    job_id: str
    prompt: str
    model: ModelRef
    width: int = 1024
    height: int = 1024
    seed: int = 0
    negative_prompt: str = ""
    style: str = ""
    steps: int | None = None
    guidance: float | None = None
    sampler: str | None = None
    scheduler: str | None = None
    source: SourceImage | None = None
    denoise: float = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an image is: fraction 0 to 1 (1 only once it is here), the newest preview's bytes.

    remaining: seconds left, where that can be told. note: one line for a person.
    """

    fraction: float
    preview: bytes | None = None
    note: str = ""
    remaining: float | None = None


@dataclass(frozen=True, slots=True)
class MadeImage:
    """One finished image. `data` is kept byte for byte; `mime` is image/png, jpeg or webp.

    workflow: text chunks that travel with it, ComfyUI's own keys first ("prompt", "workflow").
    """

    data: bytes
    mime: str
    width: int
    height: int
    seed: int
    workflow: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


GenerationEvent = Progress | MadeImage


class JobState(Enum):
    """A job's journal. `interrupted`: Kupuri ended meanwhile and what became of it is unknown."""

    REQUESTED = "requested"
    POSTED = "posted"
    RUNNING = "running"
    COLLECTED = "collected"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def open(self) -> bool:
        return self in (JobState.REQUESTED, JobState.POSTED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """A request, in the journal before the engine hears of it. `place` is on the canvas."""

    id: str
    project: str
    session: str | None
    run: str | None
    tool_call: str | None
    request: GenerationRequest
    place: Rect
    state: JobState
    created: datetime
    changed: datetime
    item: str | None = None
    problem: Problem | None = None
    workflow: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands on the canvas while a job is open: an overlay, not an item.

    FAILED ones stay, with their problem, until they are dismissed or tried again.
    """

    job: str
    place: Rect
    prompt: str
    model: str
    state: JobState
    progress: Progress = Progress(0.0)
    problem: Problem | None = None
    tool_call: str | None = None


class Whereabouts(Enum):
    """What an engine knows of a job that it was given in an earlier life of Kupuri."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Collected:
    whereabouts: Whereabouts
    images: tuple[MadeImage, ...] = ()
    problem: Problem | None = None


class Engine(Protocol):
    """Someone who makes images. Raises KupuriError only.

    Cancelling the task that iterates `generate` stops the job at the engine as well, that job
    only, before CancelledError goes on.
    """

    @property
    def provider(self) -> str: ...

    async def status(self) -> ProviderStatus:
        """Never raises: a server that is away is a status with a problem."""
        ...

    async def models(self) -> Sequence[ModelInfo]: ...

    def native_size(self, model: str, aspect: tuple[int, int]) -> tuple[int, int]:
        """The width and height in pixels that suit the model best for an aspect."""
        ...

    def generate(self, request: GenerationRequest) -> AsyncGenerator[GenerationEvent, None]:
        """Progress, zero or more; then MadeImage, one or more; an async generator."""
        ...

    async def collect(self, request: GenerationRequest) -> Collected:
        """What became of a job of an earlier life; its images where it is done."""
        ...

    async def cancel(self, request: GenerationRequest) -> None:
        """Stops a job of an earlier life, if it is still waiting or running, and no other."""
        ...

    async def aclose(self) -> None:
        """Lets go of the server. What `generate` has under way raises EngineClosed, and the job
        goes on at a server that outlives Kupuri: `collect` finds it at the next start."""
        ...
