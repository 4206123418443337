"""Commands while the window has the data folder open: two processes, one writer."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from PIL import Image

from kupuri_desktop.cli.window import answers
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.header import open_read_only
from kupuri_desktop.storage.lock import FolderLock
from tests.e2e.test_command_line import NOBODY, kupuri

DIRECT = ("--direct", "--image", "builtin:painter", "--aspect", "8:1")


@asynccontextmanager
async def window(root: Path) -> AsyncIterator[None]:
    """Another process with its window on the folder, until it has closed well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "kupuri_desktop", "--data", str(root)),
        env=_environment(),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        while not await asyncio.to_thread(answers, DataFolder(root)):
            assert process.returncode is None, "the window has ended"
            await asyncio.sleep(0.05)
        yield
        process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def _environment() -> dict[str, str]:
    return os.environ | {"KUPURI_OLLAMA_URL": NOBODY, "KUPURI_COMFYUI_URL": NOBODY}


async def told(root: Path, *arguments: str) -> dict:
    done = await kupuri(root, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def project_names(root: Path) -> set[str]:
    with closing(open_read_only(DataFolder(root).database)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM project")}


@pytest.fixture
async def filled(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    made = await told(
        root, "generate", "fog", *DIRECT, "--project", "One", "--out", str(tmp_path / "made")
    )
    assert len(made["images"]) == 1
    return root


async def test_what_only_reads_works_beside_the_window(filled, tmp_path):
    alone = await told(filled, "projects")
    assert alone["beside"] is False
    async with window(filled):
        beside = await told(filled, "projects")
        assert beside == alone | {"beside": True}
        images = await told(filled, "export", "One", "--out", str(tmp_path / "out"))
        assert images["beside"] is True
        [image] = images["images"]
        with Image.open(image["path"]) as picture:
            assert picture.size == (image["width"], image["height"])
        bundle = tmp_path / "one.kupuri"
        assert (await told(filled, "export", "One", "--out", str(bundle)))["beside"] is True
        lost = await kupuri(filled, "export", "Nowhere", "--out", str(tmp_path / "out"))
        assert (lost.returncode, lost.stdout) == (1, "")
        assert "no project" in lost.stderr
    again = await told(tmp_path / "other", "import", str(bundle))
    assert again["handed_over"] is False
    assert [project["name"] for project in again["files"][0]["projects"]] == ["One"]


async def test_files_to_import_are_handed_to_the_window_which_takes_them_in(filled, tmp_path):
    bundle = tmp_path / "one.kupuri"
    await told(filled, "export", "One", "--out", str(bundle))
    root = tmp_path / "other"
    async with window(root):
        done = await kupuri(root, "import", str(bundle), str(tmp_path / "absent.bee"), "--json")
        assert done.returncode == 1
        assert "absent.bee" in done.stderr
        assert json.loads(done.stdout) == {
            "files": [
                {"file": str(bundle), "handed_over": True},
                {"file": str(tmp_path / "absent.bee"), "handed_over": False},
            ],
            "handed_over": True,
        }
        while "One" not in await asyncio.to_thread(project_names, root):
            await asyncio.sleep(0.05)
    listed = await told(root, "projects")
    assert [project["images"] for project in listed["projects"]] == [1]


async def test_a_wish_is_refused_at_once_with_what_to_do(filled, tmp_path):
    async with window(filled):
        done = await kupuri(
            filled, "generate", "fog", *DIRECT, "--out", str(tmp_path / "out"), "--json"
        )
        assert done.returncode == 1
        assert "window" in done.stderr
        assert "--data" in done.stderr
        problem = json.loads(done.stdout)["problem"]
        assert problem["kind"] == "DatabaseBusy"
        assert "Type the wish in the window" in problem["message"]
        assert not (tmp_path / "out").exists()
    assert (await told(filled, "projects"))["projects"][0]["images"] == 1


async def test_another_command_at_work_is_no_window(filled):
    lock = FolderLock(filled)
    lock.take()
    try:
        assert not answers(DataFolder(filled))
        assert (await told(filled, "projects"))["beside"] is True
        done = await kupuri(filled, "import", "a.bee")
        assert done.returncode == 1
        assert "already open" in done.stderr
    finally:
        lock.release()
