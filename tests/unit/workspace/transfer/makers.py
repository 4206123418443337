"""Projects and files to take out and in: Kupuri's own, and as other programs write them."""

import base64
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.canvas import Canvas, CanvasState
from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    PlanPart,
    PlanStep,
    Role,
    Session,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
    Usage,
)
from kupuri_desktop.core.errors import Action, Mend, Problem
from kupuri_desktop.core.generation import GenerationRequest, Job, JobState, SourceImage
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    Making,
    NoteItem,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.store import Storage
from tests.unit.storage.samples import png

THEN = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
OPEN_LINK = Action(Mend.OPEN_LINK, "Open", "https://example.org")


@dataclass(frozen=True)
class Filled:
    """A project with one of everything in it; the ids of what the tests ask for."""

    project: Project
    items: dict[str, Item]
    session: str
    run: str
    job: str
    source: str


async def fill(storage: Storage, name: str = "Harbour") -> Filled:
    project = await storage.canvases.create(
        Project(name=name, created=THEN, text_model=ModelRef("ollama", "qwen3:8b"))
    )
    red, blue, mask, source = (png(40, 20, c) for c in ("#ff0000", "#0000ff", "#ffffff", "#00ff00"))
    for data in (red, blue, mask):
        await storage.assets.add(data)
    session, run, job = new_id(), new_id(), new_id()
    group = new_id()
    names = ("first", "second", "text", "note", "shape", "line", "stroke", "frame")
    ids = {name: new_id() for name in names}
    making = Making(
        prompt="a harbour at dusk",
        model="comfyui:sea.safetensors",
        seed=7,
        width=40,
        height=20,
        job=job,
        run=run,
        session=session,
        parents=(ids["first"],),
        made="2025-03-04T05:06:07+00:00",
    )
    box: dict[str, Any] = {"width": 40.0, "height": 20.0}
    items: dict[str, Item] = {
        "first": ImageItem(
            id=ids["first"], x=0, y=0, **box, asset=asset_id(red), natural_width=40,
            natural_height=20, crop=Rect(1, 2, 30, 10), flip_x=True, frame=ids["frame"],
        ),
        "second": ImageItem(
            id=ids["second"], x=60, y=0, **box, asset=asset_id(blue), natural_width=40,
            natural_height=20, mask=asset_id(mask), making=making, group=group, z=2,
        ),
        "text": TextItem(id=ids["text"], x=0, y=40, **box, text="Hello, harbour", group=group),
        "note": NoteItem(id=ids["note"], x=50, y=40, **box, text="Ask Ana"),
        "shape": ShapeItem(id=ids["shape"], x=100, y=40, **box, fill="#11223344", dash=(2.0, 1.0)),
        "line": LineItem(
            id=ids["line"], x=0, y=80, **box, end=(40.0, 20.0),
            start_item=ids["first"], end_item=ids["second"],
        ),
        "stroke": StrokeItem(id=ids["stroke"], x=50, y=80, **box, points=((0.0, 0.0, 1.0),)),
        "frame": FrameItem(id=ids["frame"], x=-10, y=-10, width=90, height=60, name="Board"),
    }  # fmt: skip
    canvas = Canvas(CanvasState(), lambda change: keep(storage.canvases.record(project.id, change)))
    canvas.add("Add all", items.values())
    canvas.delete([ids["note"]])
    del items["note"]
    kept = Job(
        id=job, project=project.id, session=session, run=run, tool_call="call-1",
        request=GenerationRequest(
            job_id=job, prompt="a harbour at dusk", model=ModelRef("comfyui", "sea.safetensors"),
            seed=7, steps=20, sampler="euler", source=SourceImage(source, None, asset_id(red)),
            denoise=0.6,
        ),
        place=Rect(60, 0, 40, 20), state=JobState.COLLECTED, created=THEN, changed=THEN,
        item=ids["second"], workflow={"prompt": '{"1": {}}'},
    )  # fmt: skip
    await storage.jobs.save(kept)
    await storage.chats.create_session(
        Session(id=session, project=project.id, name="Dusk", created=THEN, changed=THEN)
    )
    for message in _messages(session, run, ids, asset_id(red)):
        await storage.chats.save_message(message)
    await storage.database.saved()
    return Filled(project, items, session, run, job, asset_id(source))


def keep(future: Any) -> None:
    """The test waits for all at once later."""
    future.add_done_callback(lambda done: done.result())


def _messages(session: str, run: str, ids: Mapping[str, str], asset: str) -> Iterable[Message]:
    first, second = ids["first"], ids["second"]
    problem = Problem("ServerBusy", "It is busy.", action=OPEN_LINK)
    yield Message(
        session=session, role=Role.USER, created=THEN,
        parts=(TextPart("Make it dusk"), ImagePart(asset, first)),
    )  # fmt: skip
    yield Message(
        session=session, role=Role.ASSISTANT, created=THEN, run=run, model="ollama:qwen3:8b",
        usage=Usage(12, 34),
        parts=(
            ThinkingPart("Dusk is orange"),
            PlanPart((PlanStep("Paint", True),)),
            ToolCallPart(
                "call-1", "generate_image", {"source": f"i{first[:6]}", "n": 1}, ToolState.DONE,
                result=f"Made i{second[:5]} from {first}; i0000 stays.", items=(second,),
            ),
            ErrorPart(problem),
            TextPart("Here it is."),
        ),
    )  # fmt: skip
    yield Message(
        session=session, role=Role.ASSISTANT, created=THEN, run=run,
        state=MessageState.STREAMING,
        parts=(ToolCallPart("call-2", "delete_items", {}, ToolState.AWAITING_APPROVAL),),
    )  # fmt: skip


# --- other programs' files


def data_url(data: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


BEE_SCHEMA = """
CREATE TABLE items (id INTEGER PRIMARY KEY, type TEXT NOT NULL, x REAL DEFAULT 0,
    y REAL DEFAULT 0, z REAL DEFAULT 0, scale REAL DEFAULT 1, rotation REAL DEFAULT 0,
    flip INTEGER DEFAULT 1, {data});
CREATE TABLE sqlar (name TEXT PRIMARY KEY, item_id INTEGER NOT NULL UNIQUE, mode INT,
    mtime INT default current_timestamp, sz INT, data BLOB,
    FOREIGN KEY (item_id) REFERENCES items (id));
PRAGMA application_id = 2060242126;
PRAGMA user_version = 2;
"""


def write_bee(path: Path, rows: Iterable[Mapping[str, Any]], *, version: int = 2) -> Path:
    """Rows as the items table has them; `picture` goes into the archive table."""
    column = "data JSON" if version == 2 else "filename TEXT"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(BEE_SCHEMA.format(data=column))
        for number, row in enumerate(rows, 1):
            values = {"id": number, **row}
            picture = values.pop("picture", None)
            marks = ", ".join("?" * len(values))
            connection.execute(
                f"INSERT INTO items ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
            )
            if picture is not None:
                connection.execute(
                    "INSERT INTO sqlar (name, item_id, mode, sz, data) VALUES (?, ?, 420, ?, ?)",
                    (f"{number:04}.png", number, len(picture), picture),
                )
    return path


def element(key: str, kind: str, **more: Any) -> dict[str, Any]:
    """An element with what Excalidraw writes for all of them."""
    common = {
        "id": key, "type": kind, "x": 10.0, "y": 20.0, "width": 100.0, "height": 50.0,
        "angle": 0, "strokeColor": "#1e1e1e", "backgroundColor": "transparent",
        "fillStyle": "solid", "strokeWidth": 2, "strokeStyle": "solid", "roughness": 1,
        "opacity": 100, "groupIds": [], "frameId": None, "roundness": None, "seed": 1,
        "version": 1, "versionNonce": 1, "isDeleted": False, "boundElements": None,
        "updated": 1, "link": None, "locked": False,
    }  # fmt: skip
    return common | more


def scene(
    *elements: Any, files: Mapping[str, Any] | None = None, paper: str = "transparent"
) -> dict[str, Any]:
    """paper: the colour of the ground, on which dark ink gets a page of its own."""
    return {
        "type": "excalidraw",
        "version": 2,
        "source": "https://excalidraw.com",
        "elements": list(elements),
        "appState": {"viewBackgroundColor": paper},
        "files": dict(files or {}),
    }


def write_scene(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


JAAZ_SCHEMA = """
CREATE TABLE db_version (version INTEGER PRIMARY KEY);
INSERT INTO db_version VALUES (3);
CREATE TABLE {p}chat_sessions (id TEXT PRIMARY KEY, canvas_id TEXT, created_at TEXT,
    updated_at TEXT, title TEXT, model TEXT, provider TEXT);
CREATE TABLE {p}chat_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, role TEXT,
    message TEXT, created_at TEXT, updated_at TEXT);
CREATE TABLE {p}canvases (id TEXT PRIMARY KEY, name TEXT NOT NULL, data TEXT,
    description TEXT DEFAULT '', thumbnail TEXT DEFAULT '', created_at TEXT, updated_at TEXT);
CREATE TABLE {p}comfy_workflows (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
"""
WHEN = "2025-07-01T12:00:00.000Z"


def write_jaaz(
    path: Path,
    canvases: Iterable[tuple[str, str, Any]],
    sessions: Iterable[tuple[str, str | None, str]] = (),
    messages: Iterable[tuple[str, Any]] = (),
    *,
    prefix: str = "",
) -> Path:
    """canvases: id, name, scene; sessions: id, canvas, title; messages: session, what was said."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(JAAZ_SCHEMA.format(p=prefix))
        for key, name, drawing in canvases:
            data = drawing if isinstance(drawing, str | None) else json.dumps(drawing)
            connection.execute(
                f"INSERT INTO {prefix}canvases (id, name, data, created_at) VALUES (?, ?, ?, ?)",
                (key, name, data, WHEN),
            )
        for key, canvas, title in sessions:
            connection.execute(
                f"INSERT INTO {prefix}chat_sessions VALUES (?, ?, ?, ?, ?, 'gpt-4o', 'openai')",
                (key, canvas, WHEN, WHEN, title),
            )
        for session, said in messages:
            text = said if isinstance(said, str) else json.dumps(said)
            role = said.get("role") if isinstance(said, dict) else None
            connection.execute(
                f"INSERT INTO {prefix}chat_messages (session_id, role, message, created_at)"
                " VALUES (?, ?, ?, ?)",
                (session, role, text, WHEN),
            )
    return path
