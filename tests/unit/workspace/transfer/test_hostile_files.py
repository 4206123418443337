"""Hostile databases and drawings of other programs: refused, or taken without harm."""

import json
import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kupuri_desktop.core.errors import HostileFile, KupuriError
from tests.unit.storage.samples import png
from tests.unit.workspace.transfer.makers import (
    data_url,
    element,
    scene,
    write_bee,
    write_jaaz,
    write_scene,
)

PICTURE = png(8, 8)
ROW = {"type": "pixmap", "data": "{}", "picture": PICTURE}

SCHEMAS = (
    "CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM items; END",
    "CREATE VIEW v AS SELECT * FROM items",
    "CREATE VIRTUAL TABLE v USING fts5(x)",
    "ALTER TABLE items RENAME TO real; CREATE VIEW items AS SELECT * FROM real",
    "ALTER TABLE items RENAME TO real; CREATE VIEW items AS WITH RECURSIVE n(i) AS"
    " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, 'text' AS type FROM n",
    "DROP TABLE items; CREATE TABLE items (id INTEGER PRIMARY KEY, type TEXT,"
    " x AS (hex(zeroblob(100000000))), y, z, scale, rotation, flip, data);"
    " INSERT INTO items (type) VALUES ('text')",
    "DROP TABLE items; CREATE TABLE items (id INTEGER PRIMARY KEY, type TEXT,"
    " x AS (printf('%.*c', 250000000, 'x')) STORED, y, z, scale, rotation, flip, data)",
    "DROP TABLE sqlar",
    "DROP TABLE sqlar; CREATE TABLE sqlar (name TEXT PRIMARY KEY) WITHOUT ROWID",
    ";".join(f"CREATE TABLE t{n} (x)" for n in range(600)),
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'nonsense' WHERE name = 'items'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql ="
    " 'CREATE VIRTUAL TABLE items USING csv(filename=\"/etc/passwd\")' WHERE name = 'items'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 99999",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET type = 'view' WHERE name = 'items'",
)


@pytest.mark.parametrize("number", range(len(SCHEMAS)))
async def test_a_database_whose_tables_are_not_plain_is_refused(take_in, tmp_path, counted, number):
    path = write_bee(tmp_path / "b.bee", [ROW])
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMAS[number])
        connection.commit()
    before = await counted()
    with pytest.raises(HostileFile):
        await take_in(path)
    assert await counted() == before


VALUES: tuple[Any, ...] = (
    None,
    1e308,
    float("inf"),
    -1.0,
    0,
    2**63 - 1,
    "text",
    b"\xff\x00",
    "\x00",
)


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("column", ["x", "z", "scale", "rotation", "flip", "data", "type"])
async def test_wrong_values_on_a_board_get_a_default_or_are_told(
    storage, take_in, tmp_path, column, value
):
    odd = {"type": "pixmap", "data": "{}", column: value if column != "type" else str(value)}
    imported = await take_in(write_bee(tmp_path / "b.bee", [ROW, odd | {"picture": PICTURE}]))
    (project,) = imported.projects
    assert project.items + len(imported.untaken) == 2
    for item in (await storage.canvases.load(project.id)).items:
        assert all(abs(side) <= 1e12 for side in (item.x, item.y, item.width, item.height, item.z))


@pytest.mark.parametrize("seed", range(40))
async def test_a_damaged_database_is_refused_or_taken_in_part(take_in, tmp_path, counted, seed):
    files = tmp_path / "files"
    files.mkdir()
    (files / "im.png").write_bytes(PICTURE)
    drawing = scene(element("i", "image", fileId="p"), files={"p": {"dataURL": "/api/file/im.png"}})
    said = [("s", {"role": "user", "content": "hi " * 500})]
    if seed % 2:
        path = write_bee(tmp_path / "b.bee", [ROW] * 5)
    else:
        path = write_jaaz(tmp_path / "j.db", [("c", "One", drawing)], [("s", "c", "S")], said)
    dice = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(dice.choice((1, 10, 100))):
        data[dice.randrange(len(data))] = dice.randrange(256)
    if seed % 5 == 0:
        del data[dice.randrange(len(data)) :]
    path.write_bytes(data)
    before = await counted()
    try:
        imported = await take_in(path)
    except KupuriError:
        assert await counted() == before
    else:
        after = await counted()
        assert after["project"] == before["project"] + len(imported.projects)


FIELDS = ("id", "type", "x", "width", "angle", "opacity", "points", "groupIds", "frameId",
          "strokeColor", "fileId", "scale", "crop", "startBinding", "boundElements", "text",
          "fontSize", "isDeleted", "containerId", "roundness", "strokeWidth")  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, -1, 1e300, 10**30, "", "x" * 3000, [], {}, [[]], [None, {}], {"elementId": 7},
    "\ud800", "\x00", [["a", "b"], [1]], [[1e308, -1e308], [0, 0]],
)  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
async def test_wrong_values_in_a_drawing_get_a_default_or_are_told(
    storage, take_in, tmp_path, field
):
    kinds = ("rectangle", "text", "image", "arrow", "freedraw", "frame", "diamond")
    elements: list[Any] = []
    for value in ODD:
        for kind in kinds:
            base = element(f"{len(elements)}", kind, points=[[0, 0], [1, 1]], fileId="p", text="t")
            elements.append(base | {field: value})
    files = {"p": {"dataURL": data_url(PICTURE)}}
    path = write_scene(
        tmp_path / "d.excalidraw", scene(element("ok", "rectangle"), *elements, files=files)
    )
    imported = await take_in(path)
    items = (await storage.canvases.load(imported.projects[0].id)).items
    assert len(items) == imported.projects[0].items
    assert all(abs(side) <= 1e12 for i in items for side in (i.x, i.y, i.width, i.height))
    assert all(item.width >= 0 and item.height >= 0 and 0 <= item.opacity <= 1 for item in items)


SCENES: tuple[Any, ...] = (
    {}, {"type": "excalidraw"}, {"type": "other", "elements": []},
    {"type": "excalidraw", "elements": {}}, {"type": "excalidraw", "elements": None},
    {"type": ["excalidraw"], "elements": []},
)  # fmt: skip
RAW = (
    b"{" * 100_000, b'{"type":"excalidraw","elements":' + b"[" * 500 + b"]" * 500 + b"}",
    b'{"type":"excalidraw","elements":[' + b"{}," * 1_600_000 + b"{}]}",
    b'{"type":"excalidraw","elements":[NaN]}',
    b'{"type":"excalidraw","elements":[' + b"9" * 9999 + b"]}",
    b'{"a":"' + b'\\"' * 1_000_000, b'{"type":"excalidraw","elements":[\xff]}',
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(SCENES) + len(RAW)))
async def test_what_is_no_drawing_is_refused(take_in, tmp_path, counted, number):
    all_of_them = [*(json.dumps(each).encode() for each in SCENES), *RAW]
    path = tmp_path / "d.excalidraw"
    path.write_bytes(all_of_them[number])
    before = await counted()
    with pytest.raises(HostileFile):
        await take_in(path)
    assert await counted() == before


ARGUMENTS: tuple[Any, ...] = (10**40, [], "{", "7", '{"a": 1e999}', '{"a":' * 80)
SAID: tuple[Any, ...] = (
    [], "text", 7, {}, {"role": 7}, {"role": "user"}, {"role": "user", "content": 7},
    {"role": "user", "content": [7, {}, {"type": "text"}, {"type": "image_url", "image_url": 1}]},
    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}]},
    {"role": "assistant", "tool_calls": 7}, {"role": "assistant", "tool_calls": [7, {}]},
    {"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "n", "arguments": {}}}]},
    {"role": "assistant", "tool_calls": [
        {"id": "a", "function": {"name": "n", "arguments": arguments}}
        for arguments in ARGUMENTS
    ]},
    {"role": "tool"}, {"role": "tool", "tool_call_id": [], "content": {}},
    {"role": "user", "content": "\ud800\u0000"}, {"role": "user", "content": "[" * 3000},
)  # fmt: skip


async def test_whatever_was_said_to_jaaz_the_rest_of_the_chat_comes(storage, take_in, tmp_path):
    messages = [("s", said) for said in (*SAID, {"role": "user", "content": "the end"})]
    path = write_jaaz(tmp_path / "j.db", [("c", "One", None)], [("s", "c", "S")], messages)
    imported = await take_in(path)
    (session,) = await storage.chats.sessions(imported.projects[0].id)
    assert (await storage.chats.messages(session.id))[-1].text == "the end"
    assert imported.untaken


@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device"])
async def test_what_is_no_file_is_not_waited_for(take_in, tmp_path, kind):
    path = tmp_path / "x.kupuri"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(HostileFile):
        await take_in(path)
