"""The window's log: a line for what happened, never a wish and never a key."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kupuri_desktop.app import log_to
from tests.e2e.desk import desk
from tests.fakes.comfyui_wire import Response
from tests.fakes.ollama import Call, words


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger("kupuri_desktop")
    before, level = list(root.handlers), root.level
    log_to(tmp_path / "logs")
    yield tmp_path / "logs" / "kupuri.log"
    root.setLevel(level)
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


@pytest.mark.logs("failed")
async def test_a_failure_is_logged_without_the_wish_and_without_a_key(
    tmp_path, log, ollama, comfyui
):
    ollama.script([Call("generate_image", {"prompt": "a lilac fox"})], words("No."))
    async with desk(tmp_path / "data", ollama.url, comfyui.url) as studio:
        echo = b"500 for a lilac fox with Bearer sk-of-somebody"
        comfyui.answers.append(Response(500, echo))
        await studio.wish_from_home("Draw a lilac fox")
        await studio.answered()
        assert studio.failure
    said = log.read_text(encoding="utf-8")
    assert "failed" in said
    assert "lilac" not in said
    assert "sk-of" not in said


def test_the_window_keeps_a_log_in_its_data_folder(tmp_path):
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "KUPURI_DATA": str(tmp_path),
        "KUPURI_TRACE_START": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "kupuri_desktop"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as window:
        assert window.stderr is not None
        for line in window.stderr:
            if line.startswith("kupuri-start agent"):
                window.terminate()
    assert window.returncode == 0
    [line] = (tmp_path / "logs" / "kupuri.log").read_text(encoding="utf-8").splitlines()
    assert "INFO kupuri_desktop.ui.running: window opened" in line
