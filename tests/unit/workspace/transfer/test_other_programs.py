"""BeeRef boards, Excalidraw drawings, Jaaz's database and folders of images become projects."""

import math
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.chat import ImagePart, Role, TextPart, ToolCallPart, ToolState
from kupuri_desktop.core.errors import Conflict, HostileFile, UsageError
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import turned
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    Item,
    LineForm,
    LineItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from tests.unit.storage.samples import png
from tests.unit.workspace.transfer.makers import (
    data_url,
    element,
    scene,
    write_bee,
    write_jaaz,
    write_scene,
)

PICTURE = png(40, 20, "#aa3311")
OTHER = png(10, 30, "#11aa33")


@pytest.fixture
def items_in(storage, take_in) -> Any:
    """Takes a file in; its only project's items from the back to the front, and what is not."""

    async def take(path: Path) -> tuple[list[Any], tuple[str, ...]]:
        imported = await take_in(path)
        (project,) = imported.projects
        items: tuple[Item, ...] = (await storage.canvases.load(project.id)).items
        return sorted(items, key=lambda item: item.z), imported.untaken

    return take


# --- BeeRef


def bee_point(row: dict[str, Any], u: float, v: float) -> tuple[float, float]:
    """Where BeeRef shows a point of a picture: scaled, turned, mirrored, moved."""
    angle, scale = math.radians(row["rotation"]), row["scale"]
    x = scale * (u * math.cos(angle) - v * math.sin(angle))
    y = scale * (u * math.sin(angle) + v * math.cos(angle))
    return row["x"] + row["flip"] * x, row["y"] + y


@pytest.mark.parametrize("flip", [1, -1])
@pytest.mark.parametrize("rotation", [0.0, 30.0, 200.0])
@pytest.mark.parametrize("crop", [None, [4, 2, 20, 10]])
async def test_a_beeref_picture_lies_where_it_lay(items_in, tmp_path, flip, rotation, crop):
    row = {"type": "pixmap", "x": 7.0, "y": -3.0, "scale": 2.5, "rotation": rotation, "flip": flip}
    more = '{"opacity": 0.5, "grayscale": true, "filename": "C:\\\\Users\\\\ana\\\\sea.png"%s}'
    data = more % (f', "crop": {crop}' if crop else "")
    path = write_bee(tmp_path / "b.bee", [row | {"data": data, "picture": PICTURE}])
    (item,), untaken = await items_in(path)
    assert untaken == ()
    assert (item.asset, item.natural_width, item.natural_height) == (asset_id(PICTURE), 40, 20)
    assert (item.opacity, item.grayscale, item.name) == (0.5, True, "sea")
    shown = Rect(*crop) if crop else Rect(0, 0, 40, 20)
    assert item.crop == (Rect(*map(float, crop)) if crop else None)
    for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
        along = 1 - u if item.flip_x else u
        x, y = item.x + along * item.width, item.y + v * item.height
        middle = (item.x + item.width / 2, item.y + item.height / 2)
        wanted = bee_point(row, shown.x + u * shown.width, shown.y + v * shown.height)
        assert turned(x, y, *middle, item.rotation) == pytest.approx(wanted)


async def test_a_beeref_board_keeps_its_order_its_texts_and_tells_the_rest(items_in, tmp_path):
    rows = [
        {"type": "pixmap", "z": 2.0, "data": "{}", "picture": PICTURE},
        {"type": "text", "z": 1.0, "scale": 2.0, "data": '{"text": "two\\nlines"}'},
        {"type": "pixmap", "z": 0.5, "data": "{}"},
        {"type": "hologram", "z": 3.0, "data": "{}"},
        {"type": "pixmap", "z": 4.0, "data": "no json", "picture": b"no picture"},
    ]
    (text, picture, unreadable), untaken = await items_in(write_bee(tmp_path / "b.bee", rows))
    assert isinstance(text, TextItem)
    assert (text.text, text.font_size) == ("two\nlines", 32.0)
    assert (picture.width, picture.height) == (40.0, 20.0)
    assert unreadable.asset == asset_id(b"no picture")
    assert len(untaken) == 2
    assert any("hologram" in line for line in untaken)


async def test_boards_of_beerefs_first_version_have_the_file_name_in_a_column(items_in, tmp_path):
    row = {"type": "pixmap", "filename": "/home/ana/sea.png", "picture": PICTURE}
    (item,), _ = await items_in(write_bee(tmp_path / "b.bee", [row], version=1))
    assert item.name == "sea"


# --- Excalidraw


async def test_an_excalidraw_drawing_becomes_items(items_in, tmp_path):
    drawing = scene(
        element("f", "frame", name="Board"),
        element("r", "rectangle", backgroundColor="#ffec99", roundness={"type": 3}, frameId="f"),
        element("e", "ellipse", angle=math.pi / 2, opacity=50, strokeStyle="dashed"),
        element("d", "diamond"),
        element("t", "text", text="Hi", fontSize=28, textAlign="center", groupIds=["in", "out"]),
        element("i", "image", fileId="p", scale=[-1, 1], groupIds=["out"],
                crop={"x": 1, "y": 2, "width": 30, "height": 10}),
        element("a", "arrow", points=[[0, 0], [-30, 40]], endArrowhead="arrow",
                startBinding={"elementId": "r"}, endBinding={"elementId": "gone"}),
        element("l", "line", points=[[0, 0], [10, 10], [20, 0]]),
        element("s", "freedraw", points=[[0, 0], [5, 5], [9, 1]]),
        element("x", "rectangle", isDeleted=True),
        element("v", "embeddable", link="https://example.org/v.mp4"),
        files={"p": {"id": "p", "mimeType": "image/png", "dataURL": data_url(PICTURE)}},
    )  # fmt: skip
    items, untaken = await items_in(write_scene(tmp_path / "d.excalidraw", drawing))
    frame, box, ellipse, diamond, text, image, arrow, line, drawn = items
    assert isinstance(frame, FrameItem)
    assert frame.name == "Board"
    assert isinstance(box, ShapeItem)
    assert (box.fill, box.corner_radius, box.frame) == ("#ffec99", 12.5, frame.id)
    assert ellipse.form is ShapeForm.ELLIPSE
    assert (ellipse.rotation, ellipse.opacity) == (pytest.approx(90.0), 0.5)
    assert ellipse.dash
    assert isinstance(diamond, LineItem)
    assert (diamond.start, diamond.end, len(diamond.bends)) == ((50.0, 0.0), (50.0, 0.0), 3)
    assert not diamond.arrow_end
    assert (text.text, text.font_size, text.align) == ("Hi", 28.0, Align.CENTRE)
    assert isinstance(image, ImageItem)
    assert image.group is not None
    assert str(text.group).startswith(image.group + "/")
    assert (image.asset, image.flip_x, image.crop) == (asset_id(PICTURE), True, Rect(1, 2, 30, 10))
    assert isinstance(arrow, LineItem)
    assert (arrow.x, arrow.y, arrow.start, arrow.end) == (-20.0, 20.0, (30.0, 0.0), (0.0, 40.0))
    assert (arrow.start_item, arrow.end_item) == (box.id, None)
    assert (arrow.arrow_start, arrow.arrow_end) == (False, True)
    assert isinstance(line, LineItem), "it has corners, which a pen's stroke would round off"
    assert (line.form, line.bends) == (LineForm.ELBOW, ((10.0, 10.0),))
    assert isinstance(drawn, StrokeItem)
    assert len(untaken) == 1
    assert "embeddable" in untaken[0]


async def test_words_in_a_shape_stay_with_it(items_in, tmp_path):
    drawing = scene(
        element("r", "rectangle", boundElements=[{"id": "t", "type": "text"}]),
        element("t", "text", text="inside", containerId="r"),
    )
    (box, text), _ = await items_in(write_scene(tmp_path / "d.excalidraw", drawing))
    assert box.group == text.group is not None


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png",
        "file:///etc/passwd",
        "/etc/passwd",
        "data:text/html;base64,PGI+",
        "data:image/png;base64,!!!!",
        "data:image/png,raw",
        "",
        7,
    ],
)
async def test_a_picture_that_is_not_in_the_drawing_is_told_and_nothing_is_fetched(
    items_in, tmp_path, address
):
    drawing = scene(
        element("r", "rectangle"),
        element("i", "image", fileId="p"),
        files={"p": {"dataURL": address}},
    )
    items, untaken = await items_in(write_scene(tmp_path / "d.excalidraw", drawing))
    assert len(items) == 1
    assert untaken


# --- Jaaz

SERVED = "http://localhost:57988/api/file"


@pytest.fixture
def jaaz(tmp_path: Path) -> Path:
    home = tmp_path / "jaaz"
    (home / "files").mkdir(parents=True)
    (home / "files" / "im_a1.png").write_bytes(PICTURE)
    (home / "files" / "im_b2.png").write_bytes(OTHER)
    return home


CALL = {"id": "c1", "type": "function",
        "function": {"name": "generate_image", "arguments": '{"prompt": "a fox"}'}}  # fmt: skip
CHAT = [
    ("s1", {"role": "user", "content": [
        {"type": "text", "text": "Draw a fox"},
        {"type": "image_url", "image_url": {"url": data_url(OTHER)}},
    ]}),
    ("s1", {"role": "assistant", "content": "On it.", "tool_calls": [CALL]}),
    ("s1", {"role": "tool", "tool_call_id": "c1",
            "content": f"done ![image_id: im_a1.png]({SERVED}/im_a1.png)"}),
    ("s1", {"role": "assistant", "content": "Here is your fox."}),
    ("s1", {"role": "user", "content": "Thanks"}),
    ("s1", "no json"),
    ("s1", {"role": "system", "content": "x"}),
]  # fmt: skip
CANVAS = scene(
    element("im_a1", "image", fileId="im_a1"),
    element("gone", "image", fileId="im_gone"),
    files={
        "im_a1": {"id": "im_a1", "dataURL": "/api/file/im_a1.png"},
        "im_gone": {"id": "im_gone", "dataURL": f"{SERVED}/im_gone.png"},
    },
)


@pytest.mark.parametrize("prefix", ["", "tb_"])
@pytest.mark.parametrize("name", ["localserver.db", "localmanus.db"])
async def test_jaazs_canvases_and_chats_become_projects(storage, take_in, jaaz, prefix, name):
    canvases = [("default", "Default Canvas", None), ("c1", "Foxes", CANVAS)]
    sessions = [("s1", "c1", "A fox"), ("s2", "c1", "Nothing said"), ("s3", None, "Old")]
    messages = [*CHAT, ("s3", {"role": "user", "content": "Hello"})]
    path = write_jaaz(jaaz / name, canvases, sessions, messages, prefix=prefix)
    imported = await take_in(path)
    foxes, homeless = imported.projects
    assert (foxes.name, foxes.items, foxes.assets, foxes.sessions) == ("Foxes", 1, 2, 1)
    assert (homeless.name, homeless.sessions) == ("Jaaz chats", 1)
    (item,) = (await storage.canvases.load(foxes.id)).items
    assert (item.asset, item.natural_width) == (asset_id(PICTURE), 40)
    (session,) = await storage.chats.sessions(foxes.id)
    assert (session.name, session.created.year) == ("A fox", 2025)
    asked, answer, thanks = await storage.chats.messages(session.id)
    assert asked.parts[0] == TextPart("Draw a fox")
    assert isinstance(asked.parts[1], ImagePart)
    assert asked.parts[1].asset == asset_id(OTHER)
    assert (answer.role, answer.model) == (Role.ASSISTANT, "openai:gpt-4o")
    said, call, end = answer.parts
    assert isinstance(call, ToolCallPart)
    assert (call.name, call.arguments) == ("generate_image", {"prompt": "a fox"})
    assert (call.state, call.items) == (ToolState.DONE, (item.id,))
    assert (said.text, end.text) == ("On it.", "Here is your fox.")
    assert thanks.text == "Thanks"
    told = "\n".join(imported.untaken)
    for words in ("Default Canvas", "1 messages cannot be read", "im_gone.png", "system"):
        assert words in told


@pytest.mark.parametrize(
    "address",
    [
        "/api/file/../secret.png",
        "/api/file/..",
        "/api/file/link.png",
        "/api/file/a\\b.png",
        "/api/file/C:x.png",
        "/api/file/sub/x.png",
        "/api/file/pipe.png",
        "/api/file/folder",
        "http://evil.example/api/file/im_a1.png",
        "file:///etc/passwd",
        "/etc/passwd",
    ],
)
async def test_jaazs_addresses_lead_to_its_own_files_alone(take_in, jaaz, address):
    (jaaz / "secret.png").write_bytes(OTHER)
    (jaaz / "files" / "link.png").symlink_to(jaaz / "secret.png")
    (jaaz / "files" / "folder").mkdir()
    os.mkfifo(jaaz / "files" / "pipe.png")
    drawing = scene(
        element("r", "rectangle"),
        element("i", "image", fileId="p"),
        files={"p": {"dataURL": address}},
    )
    imported = await take_in(write_jaaz(jaaz / "localserver.db", [("c", "One", drawing)]))
    assert (imported.projects[0].items, imported.projects[0].assets) == (1, 0)
    assert imported.untaken


async def test_a_database_with_nothing_in_it_is_said(take_in, jaaz, counted):
    before = await counted()
    with pytest.raises(UsageError, match="nothing"):
        await take_in(write_jaaz(jaaz / "localserver.db", [("d", "Default Canvas", None)]))
    assert await counted() == before


async def test_a_database_that_is_in_use_is_left_until_it_is_not(take_in, jaaz):
    path = write_jaaz(jaaz / "localserver.db", [("c", "One", CANVAS)])
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = wal")
        writer.execute("UPDATE canvases SET name = 'Two'")
        writer.commit()
        with pytest.raises(Conflict, match="in use"):
            await take_in(path)
    assert (await take_in(path)).projects[0].name == "Two"


async def test_other_programs_files_are_not_changed(take_in, jaaz, tmp_path):
    files = [
        write_bee(tmp_path / "b.bee", [{"type": "pixmap", "data": "{}", "picture": PICTURE}]),
        write_jaaz(jaaz / "localserver.db", [("c", "One", CANVAS)]),
    ]
    before = [path.read_bytes() for path in files]
    around = {path.name for path in (*tmp_path.iterdir(), *jaaz.iterdir())}
    for path in files:
        await take_in(path)
    assert [path.read_bytes() for path in files] == before
    assert {path.name for path in (*tmp_path.iterdir(), *jaaz.iterdir())} == around


# --- folders


async def test_a_folder_becomes_a_project_without_what_links_lead_to(items_in, tmp_path):
    folder = tmp_path / "Moods"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.png").write_bytes(PICTURE)
    (folder / "deep" / "b.jpg").write_bytes(OTHER)
    (folder / "notes.txt").write_text("no image")
    (tmp_path / "secret.png").write_bytes(png(5, 5))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "there").symlink_to(tmp_path)
    (folder / "empty.png").write_bytes(b"")
    os.mkfifo(folder / "pipe.png")
    items, untaken = await items_in(folder)
    assert [(item.name, item.width, item.height) for item in items] == [
        ("a", 40.0, 20.0),
        ("b", 10.0, 30.0),
    ]
    assert len(untaken) == 1
    assert "empty.png" in untaken[0]


async def test_a_folder_without_images_is_a_wrong_use(take_in, tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="no image"):
        await take_in(tmp_path / "none")


async def test_the_same_folder_twice_has_each_image_once(storage, take_in, tmp_path):
    folder = tmp_path / "Moods"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(PICTURE)
    await take_in(folder)
    await take_in(folder)
    assert await storage.assets.count() == 1


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"hello", b"{}", b"[]", b"PK\x03\x04"])
@pytest.mark.parametrize("ending", ["kupuri", "bee", "excalidraw", "db", "png"])
async def test_what_is_none_of_these_is_refused(take_in, tmp_path, counted, data, ending):
    path = tmp_path / f"file.{ending}"
    path.write_bytes(data)
    before = await counted()
    with pytest.raises((HostileFile, UsageError)):
        await take_in(path)
    assert await counted() == before
