"""A command line on a data folder of its own, with no server in reach."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kupuri_desktop.__main__ import main

NOBODY = "http://127.0.0.1:9"
"""The discard port: nothing listens there, and the refusal comes at once."""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Kupuri = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; the current folder is another empty one."""
    data, here = tmp_path / "data", tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("KUPURI_DATA", str(data))
    for name in ("KUPURI_OLLAMA_URL", "OLLAMA_HOST", "KUPURI_COMFYUI_URL"):
        monkeypatch.setenv(name, NOBODY)
    monkeypatch.delenv("KUPURI_OPENAI_URL", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return data


@pytest.fixture
def kupuri(folder: Path, capsys: pytest.CaptureFixture[str]) -> Kupuri:
    """Runs the command line in this process."""

    def run(*words: str) -> Ran:
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def start(folder: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Starts the command line as a process of its own, both streams piped."""

    def begin(*words: str, **more: Any) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "kupuri_desktop", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            **pipes | more,
        )

    return begin


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True
