"""Opening a data folder: what is made, what is refused, what a crash left open."""

import hashlib
import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee
import pytest

from kupuri_desktop.core.chat import (
    Confirmation,
    ConfirmationState,
    Message,
    MessageState,
    Role,
    Session,
    TextPart,
    ToolCallPart,
    ToolState,
)
from kupuri_desktop.core.errors import DatabaseBusy, DatabaseDamaged, DatabaseNewer
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage import tables
from kupuri_desktop.storage.header import read_header
from kupuri_desktop.storage.lock import FolderLock
from kupuri_desktop.storage.migrations import NEWEST


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("mask", [0o022, 0o000])
async def test_folder_and_files_are_the_owners_alone(open_storage, folder, mask):
    old = os.umask(mask)
    try:
        storage = await open_storage()
        await storage.canvases.create(Project())
    finally:
        os.umask(old)
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
        for path in folder.root.iterdir():
            if path.is_file():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


async def test_the_header_names_kupuri_and_the_schema(open_storage, folder):
    storage = await open_storage()
    await storage.aclose()
    header = read_header(folder.database)
    assert header is not None
    assert header.schema == NEWEST
    assert header.application.to_bytes(4, "big") == b"Kupu"


async def test_a_newer_database_is_refused_and_not_touched(open_storage, folder):
    storage = await open_storage()
    await storage.aclose()
    with closing(sqlite3.connect(folder.database)) as other:
        other.execute(f"PRAGMA user_version = {NEWEST + 1}")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = fingerprint(folder.database)
    with pytest.raises(DatabaseNewer):
        await open_storage()
    assert fingerprint(folder.database) == before


async def test_a_newer_schema_that_is_in_the_log_alone_is_refused_too(open_storage, folder):
    storage = await open_storage()
    await storage.aclose()
    log = folder.database.with_name("kupuri.db-wal")
    with closing(sqlite3.connect(folder.database)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute(f"PRAGMA user_version = {NEWEST + 1}")
        kept = (folder.database.read_bytes(), log.read_bytes())
    folder.database.write_bytes(kept[0])
    log.write_bytes(kept[1])
    header = read_header(folder.database)
    assert header is not None
    assert header.schema == NEWEST
    with pytest.raises(DatabaseNewer):
        await open_storage()
    assert (folder.database.read_bytes(), log.read_bytes()) == kept


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 20, b"\x00" * 5000, b"SQLite format 3\x00", b"x"]
)
async def test_what_is_no_database_is_refused_and_not_touched(open_storage, folder, content):
    folder.root.mkdir()
    folder.database.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        await open_storage()
    assert folder.database.read_bytes() == content


@pytest.mark.parametrize("at", [18, 21, 47, 59])
async def test_a_header_with_an_impossible_byte_is_refused_as_damage(open_storage, folder, at):
    storage = await open_storage()
    await storage.aclose()
    data = bytearray(folder.database.read_bytes())
    data[at] = 0xEE
    folder.database.write_bytes(data)
    with pytest.raises(DatabaseDamaged):
        await open_storage()


async def test_another_programs_database_is_refused_and_not_touched(open_storage, folder):
    folder.root.mkdir()
    with closing(sqlite3.connect(folder.database)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("PRAGMA user_version = 1")
    before = fingerprint(folder.database)
    with pytest.raises(DatabaseDamaged):
        await open_storage()
    assert fingerprint(folder.database) == before


async def test_another_programs_database_without_a_version_is_not_filled_with_our_tables(
    open_storage, folder
):
    folder.root.mkdir()
    with closing(sqlite3.connect(folder.database)) as other:
        other.execute("CREATE TABLE t (x)")
    before = fingerprint(folder.database)
    with pytest.raises(DatabaseDamaged):
        await open_storage()
    assert fingerprint(folder.database) == before


async def test_an_empty_file_becomes_a_database(open_storage, folder):
    folder.root.mkdir()
    folder.database.touch()
    storage = await open_storage()
    assert await storage.canvases.list() == []


async def test_a_folder_in_use_is_refused_and_free_again_after_closing(
    open_storage, folder, monkeypatch
):
    monkeypatch.setattr("kupuri_desktop.storage.lock.WAIT_SECONDS", 0.0)
    storage = await open_storage()
    with pytest.raises(DatabaseBusy):
        FolderLock(folder.root).take(0.0)
    await storage.aclose()
    await open_storage()


async def test_a_clean_close_is_told_from_a_crash(open_storage):
    storage = await open_storage()
    assert storage.clean
    await storage.aclose()
    storage = await open_storage()
    assert storage.clean
    await storage.aclose(abandon=True)
    storage = await open_storage()
    assert not storage.clean


async def test_what_a_crash_left_open_is_closed_at_the_next_start(open_storage):
    storage = await open_storage()
    project = await storage.canvases.create(Project())
    session = await storage.chats.create_session(Session(project=project.id))
    streaming = Message(
        session=session.id,
        role=Role.ASSISTANT,
        parts=(TextPart("so far"), ToolCallPart("call", "generate_image", {"prompt": "x"})),
        state=MessageState.STREAMING,
    )
    queued = Message(session=session.id, role=Role.USER, state=MessageState.QUEUED)
    await storage.chats.save_message(streaming)
    await storage.chats.save_message(queued)
    await storage.chats.save_confirmation(
        Confirmation(
            id="call", session=session.id, run="r", tool="t", arguments={"a": [1]}, digest="d"
        )
    )
    await storage.aclose(abandon=True)
    storage = await open_storage()
    first, second = await storage.chats.messages(session.id)
    assert first.state is MessageState.INTERRUPTED
    assert first.text == "so far"
    assert first.tool_calls[0].state is ToolState.CANCELLED
    assert second.state is MessageState.INTERRUPTED
    (confirmation,) = await storage.chats.confirmations(session.id)
    assert confirmation.state is ConfirmationState.EXPIRED
    assert confirmation.arguments == {"a": [1]}
    assert confirmation.answered is not None


async def test_the_models_name_the_columns_that_the_schema_has(storage):
    models: list[Any] = [
        model
        for model in vars(tables).values()
        if isinstance(model, type) and issubclass(model, peewee.Model) and model is not peewee.Model
    ]
    assert len(models) >= 8
    for model in models:
        name = model._meta.table_name
        columns = await storage.database.read(
            lambda database, name=name: database.get_columns(name)
        )
        assert {column.name for column in columns} == set(model._meta.columns), name
