"""Proves that each import contract of pyproject.toml breaks when a room breaks it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TREE = Path(__file__).parents[2]
SETTINGS = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = ("agent", "cli", "core", "engines", "llm", "storage", "ui", "workspace")
# A house in good order, in which every room uses what only it may use.
LAWFUL = {
    "__main__": "def main():\n    import kupuri_desktop.ui",
    "app": "import kupuri_desktop.workspace, kupuri_desktop.storage",
    "ui": "import PySide6, shiboken6, qasync, kupuri_desktop.app",
    "cli": "import kupuri_desktop.app",
    "workspace": "import kupuri_desktop.agent",
    "agent": "import langchain, langchain_core, langgraph, kupuri_desktop.storage",
    "llm": "import langchain_core, langchain_ollama, langchain_anthropic",
    "storage": "import peewee, keyring, sqlite3, kupuri_desktop.core",
    "core": "import pydantic",
}


def inner_modules() -> list[str]:
    """Every module that a contract names inside a room, dotted from the package on."""
    return [
        f"{container}.{module.strip()}".removeprefix("kupuri_desktop.")
        for contract in SETTINGS["tool"]["importlinter"]["contracts"]
        for container in contract.get("containers", ())
        if container != "kupuri_desktop"
        for layer in contract["layers"]
        for module in layer.replace("|", ":").split(":")
    ]


def lint(folder: Path, **also: str) -> tuple[int, str]:
    """Writes a small house with `also` appended to its rooms; lint-imports' code and its words."""
    package = folder / "kupuri_desktop"
    for room in ROOMS:
        (package / room).mkdir(parents=True)
    named = {*ROOMS, "__init__", "__main__", "app", *inner_modules(), *also}
    holding = {room.rpartition(".")[0] for room in named}
    for room in sorted(named):
        text = "\n".join((LAWFUL.get(room, ""), also.get(room, ""), ""))
        path = package.joinpath(*room.split("."))
        path = path / "__init__.py" if room in {*ROOMS, *holding} else path.with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    shutil.copy(TREE / "pyproject.toml", folder)
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    answer = subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return answer.returncode, " ".join((answer.stdout + answer.stderr).split())


def test_a_house_in_good_order_keeps_every_contract(tmp_path: Path) -> None:
    code, words = lint(tmp_path)
    assert (code, "0 broken" in words) == (0, True), words


@pytest.mark.parametrize(
    ("contract", "room", "line"),
    [
        ("Lower rooms never import higher ones", "core", "import kupuri_desktop.storage"),
        ("Lower rooms never import higher ones", "engines", "import kupuri_desktop.llm"),
        ("Lower rooms never import higher ones", "cli", "import kupuri_desktop.ui"),
        ("The window is built", "ui.widgets", "import kupuri_desktop.ui.chat"),
        ("The window is built", "ui.exporting", "import kupuri_desktop.ui.panels"),
        ("The window is built", "ui.canvas", "import kupuri_desktop.ui.colour"),
        ("What paints the canvas", "ui.canvas.painting", "import kupuri_desktop.ui.canvas.hands"),
        ("Nothing imports the gateway", "agent", "import kupuri_desktop.gateway"),
        ("Qt stays in the Qt face", "workspace", "import PySide6.QtCore"),
        ("Qt stays in the Qt face", "app", "import qasync"),
        ("Whatever works without a display", "cli", "import shiboken6"),
        ("LangChain and LangGraph stay", "ui", "from langchain_core.messages import AIMessage"),
        ("LangChain and LangGraph stay", "workspace", "import langgraph.graph"),
        ("peewee stays in storage", "workspace", "import peewee"),
        ("peewee stays in storage", "app", "from playhouse import shortcuts"),
        ("keyring stays in storage", "llm", "import keyring.errors"),
        ("core does no input or output", "core", "import httpx"),
        ("core does no input or output", "core", "import sqlite3"),
        ("core does no input or output", "core", "from PIL import Image"),
        ("core does no input or output", "core", "import numpy"),
    ],
)
def test_a_contract_breaks_when_a_room_imports_what_it_must_not(
    tmp_path: Path, contract: str, room: str, line: str
) -> None:
    also = {room: line, "gateway": ""} if "gateway" in line else {room: line}
    code, words = lint(tmp_path, **also)
    broken = words.partition("Broken contracts")[2]
    assert (code, contract in broken) == (1, True), words


@pytest.mark.parametrize("room", ["attic", "ui.attic"])
def test_a_new_room_must_be_given_its_place_in_the_layers(tmp_path: Path, room: str) -> None:
    code, words = lint(tmp_path, **{room: ""})
    assert (code, f"kupuri_desktop.{room}" in words) == (1, True), words
