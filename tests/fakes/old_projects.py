"""Writes the sample projects of `tests/data/import/`, one of each kind that can be taken in.

usage: python -m tests.fakes.old_projects FOLDER

Each is written as its own program writes it (see the readers in `workspace/transfer/`).
"""

from __future__ import annotations

import asyncio
import io
import json
import math
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from kupuri_desktop.app import App
from kupuri_desktop.core.chat import Message, Role, TextPart, ToolCallPart, ToolState
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    LineItem,
    Making,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.paths import DataFolder, resource
from kupuri_desktop.engines.builtin.painter import Painter
from kupuri_desktop.workspace.incoming import Picture
from tests.unit.workspace.transfer.makers import (
    data_url,
    element,
    scene,
    write_bee,
    write_jaaz,
    write_scene,
)

NOBODY = "http://127.0.0.1:9"
WIDE, TALL, SQUARE = (384, 256), (224, 320), (256, 256)
HARBOUR, DUNES = "a harbour city at night by the sea", "a sunset over the desert"
FOREST, PEAKS = "a misty forest in the morning", "snowy mountains at dawn with pines"
LEAVES = "a seamless pattern of tropical leaves"


def painted(wish: str, size: tuple[int, int], seed: int = 5) -> bytes:
    """A picture of the built-in painter, small in every way."""
    *_, last = Painter.from_folder(resource("painter")).paint(wish, seed, *size)
    assert last.picture is not None
    buffer = io.BytesIO()
    last.picture.convert("RGB").save(buffer, "JPEG", quality=72)
    return buffer.getvalue()


def write_folder(folder: Path) -> None:
    """Photographs of a shoot, with a folder in it; one is turned by its EXIF alone."""
    (folder / "details").mkdir(parents=True, exist_ok=True)
    (folder / "01 harbour.jpg").write_bytes(painted(HARBOUR, WIDE))
    (folder / "02 dunes.jpg").write_bytes(painted(DUNES, WIDE))
    (folder / "details" / "leaves.jpg").write_bytes(painted(LEAVES, SQUARE))
    with Image.open(io.BytesIO(painted(PEAKS, TALL))) as upright:
        exif = upright.getexif()
        exif[0x0112] = 6
        lying = upright.transpose(Image.Transpose.ROTATE_90)
        lying.save(folder / "03 peaks.jpg", quality=72, exif=exif)


def write_board(path: Path) -> None:
    """A BeeRef board: turned, mirrored, cropped, grey and half seen pictures, and two texts."""

    def row(picture: bytes, x: float, y: float, z: float, **more: Any) -> dict[str, Any]:
        data = {"filename": more.pop("name", "x.jpg"), "crop": more.pop("crop", None)}
        data |= {key: more.pop(key) for key in ("opacity", "grayscale") if key in more}
        data = {key: value for key, value in data.items() if value is not None}
        return {
            "type": "pixmap", "x": x, "y": y, "z": z, "scale": 1.0, "rotation": 0.0, "flip": 1,
            "data": json.dumps(data), "picture": picture,
        } | more  # fmt: skip

    def text(words: str, x: float, y: float, z: float, scale: float) -> dict[str, Any]:
        return {
            "type": "text", "x": x, "y": y, "z": z, "scale": scale, "rotation": 0.0, "flip": 1,
            "data": json.dumps({"text": words}),
        }  # fmt: skip

    path.unlink(missing_ok=True)
    write_bee(
        path,
        [
            row(painted(HARBOUR, WIDE), 0, 0, 0.1, name="harbour.jpg"),
            row(painted(DUNES, WIDE), 460, 20, 0.2, rotation=12.0, scale=0.8),
            row(painted(FOREST, WIDE), 384, 300, 0.3, flip=-1),
            row(painted(PEAKS, TALL), 420, 320, 0.4, crop=[20, 40, 180, 200]),
            row(painted(LEAVES, SQUARE), 640, 320, 0.5, grayscale=True, opacity=0.6, scale=0.75),
            text("Night and day", 0, -70, 0.6, 2.5),
            text("mirrored\non purpose", 10, 570, 0.7, 1.2),
        ],
    )


def sketch() -> dict[str, Any]:
    """An Excalidraw drawing: a frame, shapes with words, arrows that stick, a pen, pictures."""
    files = {
        key: {"id": key, "mimeType": "image/jpeg", "created": 1, "dataURL": data_url(data, mime)}
        for key, data, mime in (
            ("harbour", painted(HARBOUR, WIDE), "image/jpeg"),
            ("forest", painted(FOREST, WIDE), "image/jpeg"),
        )
    }
    wave = [[8.0 * n, 14 * math.sin(n / 2.2)] for n in range(40)]

    def words(key: str, text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
        size = more.get("fontSize", 20)
        lines = text.split("\n")
        return element(
            key, "text", x=x, y=y, text=text, originalText=text,
            width=0.55 * size * max(map(len, lines)), height=1.25 * size * len(lines),
            **({"fontSize": 20, "fontFamily": 5, "textAlign": "left", "verticalAlign": "top",
                "lineHeight": 1.25, "autoResize": True, "containerId": None} | more),
        )  # fmt: skip

    def arrow(key: str, x: float, y: float, points: list[list[float]], **more: Any) -> Any:
        return element(
            key, "arrow", x=x, y=y, points=points,
            width=max(abs(p[0]) for p in points), height=max(abs(p[1]) for p in points),
            **({"startArrowhead": None, "endArrowhead": "arrow", "startBinding": None,
                "endBinding": None, "roundness": {"type": 2}} | more),
        )  # fmt: skip

    return scene(
        element("frame", "frame", x=-40, y=-60, width=960, height=400, name="Landing page"),
        element("hero", "image", x=0, y=0, width=384, height=256, fileId="harbour",
                status="saved", scale=[1, 1], crop=None, frameId="frame"),
        element("side", "image", x=620, y=20, width=260, height=173, angle=0.12,
                fileId="forest", status="saved", scale=[-1, 1], frameId="frame"),
        words("title", "Harbour, by night", 420, 0, fontSize=36, strokeColor="#e03131",
              frameId="frame"),
        element("box", "rectangle", x=420, y=80, width=170, height=80, roundness={"type": 3},
                backgroundColor="#ffec99", strokeColor="#f08c00", frameId="frame",
                boundElements=[{"type": "text", "id": "boxwords"}, {"type": "arrow", "id": "a1"}]),
        words("boxwords", "Call to action", 428, 107, textAlign="center", verticalAlign="middle",
              containerId="box", strokeColor="#1e1e1e", frameId="frame"),
        arrow("a1", 420, 120, [[0, 0], [-36, 0]], strokeColor="#f08c00", strokeWidth=4,
              startBinding={"elementId": "box", "focus": 0, "gap": 1},
              endBinding={"elementId": "hero", "focus": 0, "gap": 1}),
        element("who", "ellipse", x=-20, y=400, width=180, height=110, strokeColor="#1971c2",
                backgroundColor="#a5d8ff"),
        words("whowords", "Visitor", 36, 442, containerId="who", textAlign="center"),
        element("choice", "diamond", x=300, y=390, width=200, height=130, strokeColor="#2f9e44",
                backgroundColor="#b2f2bb"),
        words("choicewords", "Signed in?", 352, 442, containerId="choice", textAlign="center"),
        arrow("a2", 165, 455, [[0, 0], [130, 0]], strokeStyle="dashed"),
        arrow("a3", 505, 455, [[0, 0], [90, 0], [90, -70], [200, -70]], strokeColor="#9c36b5",
              startArrowhead="dot", roundness=None, elbowed=True),
        words("yes", "yes: straight to\nthe gallery", 815, 370, fontSize=20, strokeColor="#9c36b5"),
        element("wave", "freedraw", x=560, y=500, width=312, height=28, points=wave,
                strokeColor="#1971c2", strokeWidth=4, pressures=[], simulatePressure=True),
        element("rule", "line", x=-40, y=370, width=960, height=0, points=[[0, 0], [960, 0]],
                strokeStyle="dotted", strokeColor="#868e96"),
        words("ink", "black ink on a white page", -20, 540, fontSize=28),
        files=files,
        paper="#ffffff",
    )  # fmt: skip


def write_studio(folder: Path) -> None:
    """Jaaz's database beside its files: two canvases, a chat that made images with a tool."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "files").mkdir(exist_ok=True)
    for name, wish, size in (("im_dunes.jpg", DUNES, WIDE), ("im_peaks.jpg", PEAKS, TALL)):
        (folder / "files" / name).write_bytes(painted(wish, size))

    def canvas(*elements: Any) -> dict[str, Any]:
        files = {
            key: {"id": key, "mimeType": "image/jpeg", "dataURL": f"/api/file/im_{key}.jpg"}
            for key in ("dunes", "peaks")
        }
        return {"type": "excalidraw", "version": 2, "elements": list(elements), "files": files}

    board = canvas(
        element("d", "image", x=0, y=0, width=384, height=256, fileId="dunes", scale=[1, 1]),
        element("p", "image", x=430, y=0, width=224, height=320, fileId="peaks", scale=[1, 1]),
        element("t", "text", x=0, y=280, width=330, height=35, text="Two moods for the cover",
                fontSize=28, fontFamily=5, textAlign="left"),
        element("l", "arrow", x=390, y=130, width=34, height=20, points=[[0, 0], [34, 20]],
                endArrowhead="arrow", startArrowhead=None),
    )  # fmt: skip
    notes = canvas(
        element("r", "rectangle", x=0, y=0, width=260, height=120, backgroundColor="#d0bfff"),
        element("w", "text", x=30, y=45, width=200, height=25, text="Ideas for later",
                fontSize=20, containerId="r", textAlign="center"),
    )  # fmt: skip
    call = {
        "id": "call_1",
        "type": "function",
        "function": {
            "name": "generate_image",
            "arguments": '{"prompt": "a sunset over the desert", "aspect_ratio": "3:2"}',
        },
    }
    said: list[tuple[str, Any]] = [
        ("s1", {"role": "user", "content": "A warm cover for a travel magazine, wide."}),
        ("s1", {"role": "assistant", "content": "I begin with the dunes at sunset.",
                "tool_calls": [call]}),
        ("s1", {"role": "tool", "tool_call_id": "call_1",
                "content": "image generated successfully ![im_dunes.jpg](/api/file/im_dunes.jpg)"}),
        ("s1", {"role": "assistant", "content": "Here it is. **Next** I would try cold light."}),
        ("s1", {"role": "user", "content": [
            {"type": "text", "text": "Yes, and like this one:"},
            {"type": "image_url", "image_url": {"url": "/api/file/im_peaks.jpg"}}]}),
        ("s1", {"role": "assistant", "content": "Cold light it is: snow, pines and a pale sky."}),
        ("s2", {"role": "user", "content": "What else could go on the cover?"}),
        ("s2", {"role": "assistant", "content": "1. A map\n2. A compass\n3. A single boat"}),
    ]  # fmt: skip
    path = folder / "localserver.db"
    path.unlink(missing_ok=True)
    write_jaaz(
        path,
        [("c1", "Travel magazine", board), ("c2", "Notes", notes)],
        [("s1", "c1", "A warm cover"), ("s2", "c1", "What else")],
        said,
    )


async def write_bundle(path: Path) -> None:
    """A project of Kupuri's own with one of everything on its canvas, and a chat."""
    with tempfile.TemporaryDirectory() as folder:
        places = {"KUPURI_OLLAMA_URL": NOBODY, "KUPURI_COMFYUI_URL": NOBODY}
        async with await App.open(DataFolder(Path(folder)), places) as app:
            project = await app.projects.create("Night market")
            studio = await app.open_project(project)
            wishes = ((HARBOUR, WIDE), (DUNES, WIDE), (LEAVES, SQUARE))
            await studio.incoming.add_pictures(
                [Picture(painted(wish, size), "") for wish, size in wishes]
            )
            first, second, third = (
                item for item in studio.canvas.items.values() if isinstance(item, ImageItem)
            )
            making = Making(HARBOUR, "builtin:painter", 5, *WIDE)
            changes: list[Any] = [
                FrameItem(id="board", x=-40, y=-60, width=480, height=360, z=-1, name="Poster"),
                replace(first, x=0, y=0, name="", making=making, frame="board"),
                replace(second, x=480, y=-40, rotation=8, corner_radius=24),
                replace(third, x=520, y=270, width=200, height=160, crop=Rect(20, 40, 200, 160),
                        flip_x=True, grayscale=True),
                TextItem(id="title", x=0, y=262, width=380, height=36, z=8, text="Night market",
                         font_size=30, font_weight=600, colour="#17171a", frame="board"),
                NoteItem(id="note", x=770, y=250, width=160, height=160, z=8,
                         text="Ask for lanterns in the foreground"),
                ShapeItem(id="mark", x=250, y=40, width=110, height=110, z=9,
                          form=ShapeForm.ELLIPSE,
                          stroke="#ffd66b", stroke_width=5, dash=(4.0, 2.0)),
                LineItem(id="arrow", x=360, y=95, width=400, height=190, z=10, end=(405.0, 190.0),
                         end_item="note", stroke="#ff6b4a", stroke_width=4),
                StrokeItem(id="pen", x=0, y=330, width=380, height=40, z=11, stroke="#6a5cff",
                           points=tuple((n * 10.0, 20 + 16 * math.sin(n / 2), 0.3 + n / 60)
                                        for n in range(39))),
            ]  # fmt: skip
            studio.canvas.apply("Lay out", {item.id: item for item in changes})
            session = studio.conversation.session.id
            await app.storage.chats.change_session(session, name="Lanterns")
            call = ToolCallPart(
                "call-1", "generate_image", {"prompt": HARBOUR, "aspect": "3:2"}, ToolState.DONE,
                result="Made one image.", items=(first.id,),
            )  # fmt: skip
            for role, parts in (
                (Role.USER, (TextPart("A harbour at night for a market poster"),)),
                (Role.ASSISTANT, (TextPart("Dark water, many windows."), call,
                                  TextPart("It lies in the frame *Poster*."))),
            ):  # fmt: skip
                message = Message(session=session, role=role, parts=parts, run="run-1")
                await app.storage.chats.save_message(message)
            await studio.saved()
            await app.projects.export_bundle(project.id, path)


def main(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_folder(folder / "photographs")
    write_board(folder / "references.bee")
    write_scene(folder / "landing.excalidraw", sketch())
    write_studio(folder / "jaaz")
    asyncio.run(write_bundle(folder / "night-market.kupuri"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
