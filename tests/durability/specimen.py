"""A small life's work: fills a storage with some of everything, and tells what is in it."""

import io
import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.chat import (
    Confirmation,
    ConfirmationState,
    ImagePart,
    Message,
    Role,
    Session,
    TextPart,
    ToolCallPart,
    ToolState,
    Usage,
)
from kupuri_desktop.core.edits import Actor, Change
from kupuri_desktop.core.generation import GenerationRequest, Job, JobState, SourceImage
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, Making, TextItem
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.store import Storage

BEGIN = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def picture(number: int) -> bytes:
    """A PNG of its own for each number, about 3 KB."""
    size = (48, 48 + number % 5)
    image = Image.frombytes("L", size, Random(number).randbytes(size[0] * size[1]))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


async def fill(storage: Storage, projects: int = 2, items: int = 12) -> None:
    """Projects with images, texts, a frame, undone steps, chats, jobs; one in the trash."""
    for number in range(projects):
        project = await storage.canvases.create(
            Project(
                id=f"project-{number}",
                name=f"Harbour at dusk {number}",
                created=BEGIN + timedelta(days=number),
                changed=BEGIN + timedelta(days=number),
                text_model=ModelRef("ollama", "qwen3:8b"),
            )
        )
        canvas = await opened(storage, project.id)
        await _draw(storage, canvas, project.id, items)
        await _talk(storage, project.id)
        await _generate(storage, project.id)
    saved = Palette().added("#ff6b4a", "Brick").added("#12345680")
    await storage.palettes.keep("project-0", saved)
    await storage.canvases.create(Project(id="thrown-away", name="Thrown away"))
    await storage.canvases.trash("thrown-away")
    await storage.settings.save((await storage.settings.load()).changed(theme="light"))
    await storage.usage.add(ModelRef("cloud", "painter"), images=2, micro_usd=80_000)
    await storage.database.saved()


async def opened(storage: Storage, project: str) -> Canvas:
    """The canvas as it was saved, and saved again at each change."""

    def record(change: Change) -> None:
        storage.canvases.record(project, change)

    return Canvas(await storage.canvases.load(project), record)


async def _draw(storage: Storage, canvas: Canvas, project: str, items: int) -> None:
    for number in range(items):
        asset = await storage.assets.add(picture(number))
        item: Item = ImageItem(
            id=f"{project}-image-{number}",
            x=number * 60.5,
            y=-number,
            width=asset.width,
            height=asset.height,
            asset=asset.id,
            natural_width=asset.width,
            natural_height=asset.height,
            making=Making(f"a lighthouse, variant {number}", "comfyui:flux", number, 48, 48),
        )
        canvas.add("Generate", [item], actor=Actor.AGENT, run="run-1")
    canvas.add("Write", [TextItem(id=f"{project}-text", x=0, y=0, width=9, height=9, text="Größe")])
    canvas.add("Frame", [FrameItem(id=f"{project}-frame", x=0, y=0, width=99, height=99)])
    first = next(iter(canvas.items.values()))
    canvas.apply("Move", {first.id: replace(first, x=1234.5)})
    canvas.delete([f"{project}-image-1"])
    canvas.apply("Turn", {first.id: replace(canvas.items[first.id], rotation=15.0)})
    canvas.undo()
    await storage.database.saved()


async def _talk(storage: Storage, project: str) -> None:
    session = await storage.chats.create_session(
        Session(id=f"{project}-chat", project=project, name="Lighthouses", created=BEGIN)
    )
    asset = await storage.assets.add(picture(0))
    words = (TextPart("Paint a lighthouse like this"), ImagePart(asset.id))
    call = ToolCallPart(f"{project}-call", "generate_image", {"prompt": "x"}, ToolState.DONE, "ok")
    for number, (role, parts) in enumerate(
        [(Role.USER, words), (Role.ASSISTANT, (TextPart("Gladly."), call))]
    ):
        await storage.chats.save_message(
            Message(
                id=f"{project}-message-{number}",
                session=session.id,
                role=role,
                parts=parts,
                usage=Usage(10, number),
                created=BEGIN + timedelta(seconds=number),
            )
        )
    await storage.chats.save_confirmation(
        Confirmation(
            id=f"{project}-call",
            session=session.id,
            run="run-1",
            tool="generate_image",
            arguments={"prompt": "x"},
            digest="abc",
            state=ConfirmationState.APPROVED,
            created=BEGIN,
            answered=BEGIN,
        )
    )


async def _generate(storage: Storage, project: str) -> None:
    request = GenerationRequest(
        f"{project}-job",
        "a lighthouse",
        ModelRef("comfyui", "flux"),
        seed=7,
        source=SourceImage(picture(0), picture(99), ""),
    )
    await storage.jobs.save(
        Job(
            f"{project}-job",
            project,
            f"{project}-chat",
            "run-1",
            None,
            request,
            Rect(0, 0, 48, 48),
            JobState.POSTED,
            BEGIN,
            BEGIN,
            item=f"{project}-image-0",
            workflow={"prompt": "{}"},
        )
    )


async def contents(storage: Storage) -> dict[str, Any]:
    """All that a person would miss, as plain data: equal before and after, or something is lost."""
    found: dict[str, Any] = {}
    for trashed in (False, True):
        for project in await storage.canvases.list(trashed=trashed):
            state = await storage.canvases.load(project.id)
            chats: dict[str, Any] = {}
            for session in await storage.chats.sessions(project.id):
                chats[session.id] = [
                    session.name,
                    [told(message) for message in await storage.chats.messages(session.id)],
                    [told(asked) for asked in await storage.chats.confirmations(session.id)],
                ]
            found[project.id] = {
                "name": project.name,
                "trashed": trashed,
                "models": [str(project.text_model), str(project.image_model)],
                "items": [told(item) for item in sorted(state.items, key=lambda one: one.id)],
                "done": [[step.label, sorted(step.edit.after)] for step in state.done],
                "undone": [[step.label, sorted(step.edit.after)] for step in state.undone],
                "chats": chats,
                "jobs": [told(job) for job in await storage.jobs.open_jobs(project.id)],
            }
            # Schemas before the third had none.
            if saved := (await storage.palettes.load(project.id)).saved:
                found[project.id]["palette"] = [told(colour) for colour in saved]
    assets = sorted(await known_assets(storage), key=str)
    # `data` compares the hash by itself.
    found["images"] = {key: len(await storage.assets.data(key)) for key in assets}
    found["settings"] = (await storage.settings.load()).model_dump(
        mode="json", exclude_defaults=True
    )
    return found


def told(value: Any) -> Any:
    """A value as plain data, without what is as it comes: a new field with a default is no loss."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case bytes():
            return asset_id(value)
        case tuple() | list():
            return [told(one) for one in value]
        case dict():
            return {key: told(one) for key, one in value.items()}
    if is_dataclass(value):
        return {
            field.name: told(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != field.default
        }
    return value


async def known_assets(storage: Storage) -> list[str]:
    return await storage.database.read(
        lambda database: [row[0] for row in database.execute_sql("SELECT id FROM asset")]
    )


def as_text(found: dict[str, Any]) -> str:
    return json.dumps(found, sort_keys=True, indent=1, ensure_ascii=False)


def put_in_place(specimen: Path, database: Path) -> None:
    """Lays a stored database into a data folder as if it had been made there."""
    database.parent.mkdir(parents=True, exist_ok=True)
    database.write_bytes(specimen.read_bytes())
