"""The `.kupuri` file, version 1: the shapes of its JSON, and from them to Kupuri's values and back.

A zip of `manifest.json`, `items/N.json`, `chats/N.json` and `jobs/N.json` (N from 1, each a
JSON list, a long chat in several of them), `assets/<sha256>` byte for byte, and `preview.png`.
What belongs to one machine stays there: models chosen, history, trash, open questions, usage.
"""

import re
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.chat import (
    ErrorPart,
    Message,
    MessageState,
    Part,
    Role,
    Session,
    ToolCallPart,
    Usage,
)
from kupuri_desktop.core.errors import Problem, UsageError
from kupuri_desktop.core.generation import GenerationRequest, Job, JobState
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import (
    CanvasItem,
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    NoteItem,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.palette import MOST_SAVED, Palette
from kupuri_desktop.storage.adoption import DoneJob
from kupuri_desktop.workspace.transfer.bounds import (
    MOST_BENDS,
    MOST_NAME,
    check_value,
    cleaned,
    past,
)

FORMAT, VERSION = "kupuri", 1

Id = Annotated[str, StringConstraints(min_length=1, max_length=MOST_NAME)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=10**9)]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")


class Shape(BaseModel):
    """Fields of a later Kupuri are left out; a change that cannot be is a new version."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Head(Shape):
    """What is read first, before anything is believed."""

    format: Literal["kupuri"]
    version: Annotated[int, Field(ge=1)]


class ColourShape(Shape):
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}([0-9a-f]{2})?$")]
    name: str = ""


class ProjectShape(Shape):
    """palette: the saved colours; bundles of the first Kupuris have none."""

    name: str
    created: datetime
    palette: Annotated[tuple[ColourShape, ...], Field(max_length=MOST_SAVED)] = ()


class Counts(Shape):
    items: Count
    sessions: Count
    messages: Count
    jobs: Count


class Manifest(Head):
    """`assets`: bytes by sha256. `missing`: what could not be put in when it was written."""

    written_by: str
    written: datetime
    project: ProjectShape
    counts: Counts
    assets: dict[Sha256, Count]
    missing: tuple[str, ...] = ()


class SessionShape(Shape):
    id: Id
    name: str
    created: datetime
    changed: datetime


class MessageShape(Shape):
    id: Id
    role: Role
    parts: tuple[Part, ...]
    state: MessageState
    run: str | None = None
    model: str = ""
    input_tokens: Count = 0
    output_tokens: Count = 0
    created: datetime


class ChatShape(Shape):
    """A chat, or the next piece of the one with the same id."""

    session: SessionShape
    messages: tuple[MessageShape, ...]


class RequestShape(Shape):
    """As GenerationRequest, its source image named by `source`, `mask` and `source_asset`."""

    prompt: str
    model: str
    width: Count
    height: Count
    seed: int
    negative_prompt: str = ""
    style: str = ""
    steps: int | None = None
    guidance: float | None = None
    sampler: str | None = None
    scheduler: str | None = None
    denoise: float = 1.0
    source: Sha256 | None = None
    mask: Sha256 | None = None
    source_asset: str = ""


class JobShape(Shape):
    id: Id
    session: str | None
    run: str | None
    tool_call: str | None
    item: str
    created: datetime
    changed: datetime
    place: tuple[float, float, float, float]
    request: RequestShape
    workflow: dict[str, str]


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    return {
        "items": TypeAdapter(tuple[CanvasItem, ...]),
        "chats": TypeAdapter(tuple[ChatShape, ...]),
        "jobs": TypeAdapter(tuple[JobShape, ...]),
    }


def items_in(text: bytes) -> tuple[Item, ...]:
    """Raises ValueError for anything that is not a list of sound items."""
    items: tuple[Item, ...] = _adapters()["items"].validate_json(text)
    for item in items:
        check_value(item)
        _check_item(item)
    return items


def chats_in(text: bytes) -> tuple[tuple[Session, tuple[Message, ...]], ...]:
    """Raises ValueError. What was open is closed; nothing in it can act."""
    chats: tuple[ChatShape, ...] = _adapters()["chats"].validate_json(text)
    return tuple(
        (_session(chat.session), tuple(_message(chat.session.id, each) for each in chat.messages))
        for chat in chats
    )


def jobs_in(text: bytes) -> tuple[DoneJob, ...]:
    """Raises ValueError. Every job comes as one that is done, so that no engine is asked."""
    jobs: tuple[JobShape, ...] = _adapters()["jobs"].validate_json(text)
    return tuple(map(_job, jobs))


def chat_shape(session: Session, messages: tuple[Message, ...] = ()) -> dict[str, Any]:
    shape = ChatShape(
        session=SessionShape(
            id=session.id, name=session.name, created=session.created, changed=session.changed
        ),
        messages=tuple(map(message_shape, messages)),
    )
    return shape.model_dump(mode="json")


def palette_shape(palette: Palette) -> tuple[ColourShape, ...]:
    return tuple(ColourShape(colour=each.colour, name=each.name) for each in palette.saved)


def palette_in(shape: ProjectShape) -> Palette:
    """Raises ValueError for names that no text may have."""
    palette = Palette()
    for each in shape.palette:
        check_value(each.name)
        palette = palette.added(each.colour, cleaned(each.name))
    return palette


def message_shape(message: Message) -> MessageShape:
    return MessageShape(
        id=message.id,
        role=message.role,
        parts=message.parts,
        state=message.state,
        run=message.run,
        model=message.model,
        input_tokens=message.usage.input_tokens,
        output_tokens=message.usage.output_tokens,
        created=message.created,
    )


def job_shape(job: Job, item: str) -> JobShape:
    request, source = job.request, job.request.source
    return JobShape(
        id=job.id,
        session=job.session,
        run=job.run,
        tool_call=job.tool_call,
        item=item,
        created=job.created,
        changed=job.changed,
        place=(job.place.x, job.place.y, job.place.width, job.place.height),
        request=RequestShape(
            **{name: getattr(request, name) for name in _REQUEST},
            model=str(request.model),
            source=asset_id(source.data) if source is not None and source.data else None,
            mask=asset_id(source.mask) if source is not None and source.mask else None,
            source_asset=source.asset if source is not None else "",
        ),
        workflow=job.workflow,
    )


_REQUEST = tuple(
    each.name
    for each in fields(GenerationRequest)
    if each.name not in ("job_id", "model", "source")
)


def _session(shape: SessionShape) -> Session:
    check_value((shape.id, shape.name))
    return Session(
        id=shape.id,
        project="",
        name=cleaned(shape.name) or "Chat",
        created=past(shape.created),
        changed=past(shape.changed),
    )


def _message(session: str, shape: MessageShape) -> Message:
    for value in (shape.id, shape.parts, shape.run, shape.model):
        check_value(value)
    message = Message(
        id=shape.id,
        session=session,
        role=shape.role,
        parts=tuple(map(_harmless_part, shape.parts)),
        state=shape.state,
        run=shape.run,
        model=cleaned(shape.model),
        usage=Usage(shape.input_tokens, shape.output_tokens),
        created=past(shape.created),
    )
    opened = shape.state in (MessageState.QUEUED, MessageState.STREAMING)
    return message.closed(MessageState.INTERRUPTED if opened else shape.state)


def _harmless_part(part: Any) -> Any:
    match part:
        case ToolCallPart(problem=Problem() as problem) | ErrorPart(problem=problem):
            # A click must not do what a file from outside says.
            return replace(part, problem=replace(problem, action=None))
        case _:
            return part


def _job(shape: JobShape) -> DoneJob:
    asked = shape.request
    values = {name: getattr(asked, name) for name in _REQUEST}
    check_value((shape.id, shape.item, shape.session, shape.run, shape.tool_call))
    check_value((values, shape.place, shape.workflow))
    try:
        model = ModelRef.parse(cleaned(asked.model))
    except UsageError as error:
        raise ValueError("a model in it has no name.") from error
    return DoneJob(
        Job(
            id=shape.id,
            project="",
            session=shape.session,
            run=shape.run,
            tool_call=shape.tool_call,
            request=GenerationRequest(job_id=shape.id, model=model, **values),
            place=Rect(*shape.place),
            state=JobState.COLLECTED,
            created=past(shape.created),
            changed=past(shape.changed),
            item=shape.item,
            workflow=shape.workflow,
        ),
        source=asked.source or "",
        mask=asked.mask,
        source_asset=asked.source_asset,
    )


def _check_item(item: Item) -> None:
    if not (item.id and len(item.id) <= MOST_NAME):
        raise ValueError("an item in it has no name.")
    if item.width < 0 or item.height < 0 or not 0 <= item.opacity <= 1:
        raise ValueError("an item in it has an impossible size.")
    match item:
        case ImageItem():
            sound = item.natural_width >= 0 and item.natural_height >= 0
            sound = sound and item.corner_radius >= 0
            colours: tuple[str | None, ...] = ()
        case TextItem():
            sound = 0 < item.font_size <= 1e5 and 1 <= item.font_weight <= 1000
            sound = sound and 0.1 <= item.line_height <= 10 and abs(item.letter_spacing) <= 10
            colours = (item.colour,)
        case NoteItem():
            sound, colours = True, (item.colour,)
        case ShapeItem():
            sound = item.stroke_width >= 0 and item.corner_radius >= 0 and _is_dash(item.dash)
            colours = (item.fill, item.stroke)
        case LineItem():
            sound, colours = item.stroke_width >= 0 and _is_dash(item.dash), (item.stroke,)
            sound = sound and len(item.bends) <= MOST_BENDS
        case StrokeItem():
            sound, colours = item.stroke_width >= 0, (item.stroke,)
        case FrameItem():
            sound, colours = True, (item.background,)
        case _:
            sound, colours = False, ()
    if not sound or not all(c is None or _COLOUR.fullmatch(c) for c in colours):
        raise ValueError("an item in it is not as items are.")


def _is_dash(dash: tuple[float, ...]) -> bool:
    return len(dash) <= 16 and all(length >= 0 for length in dash)
