"""Which face a command line opens, and what it may import for that."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kupuri_desktop import __version__
from kupuri_desktop.cli.commands import Window, command_in, has_display, window_in

HEAVY = ("PySide6", "shiboken6", "qasync", "langchain", "langgraph", "numpy", "peewee", "argparse")


def imported_by(code: str) -> set[str]:
    """The top-level modules that are there after a piece of code ran in a fresh Python."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    ).stdout
    return {name.partition(".")[0] for name in json.loads(told.splitlines()[-1])}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), Window()),
        (("picture.png", "b.jpg"), Window(files=("picture.png", "b.jpg"))),
        (("--data", "x", "a.png"), Window("x", ("a.png",))),
        (("--data=x",), Window("x")),
        (("--", "generate", "-x"), Window(files=("generate", "-x"))),
        (("./generate",), Window(files=("./generate",))),
        (("a.png", "generate"), Window(files=("a.png", "generate"))),
        (("--full",), Window(unknown="--full")),
        (("generate", "x"), None),
        (("--data", "generate", "doctor"), None),
        (("--data=y", "projects"), None),
        (("--help",), None),
        (("-h",), None),
        (("--data",), None),
    ],
)
def test_the_words_decide_the_face(words, expected):
    assert window_in(words) == expected


def test_a_command_is_found_behind_the_data_folder():
    assert command_in(["--data", "doctor", "export"]) == "export"
    assert command_in(["--data=x", "doctor"]) == "doctor"
    assert command_in(["picture.png"]) is None


def test_version_is_one_line(kupuri):
    ran = kupuri("--version")
    assert (ran.code, ran.out) == (0, f"kupuri {__version__}\n")


def test_help_names_every_command_and_the_files(kupuri):
    ran = kupuri("--help")
    assert ran.code == 0
    for word in ("generate", "doctor", "projects", "export", "--data", "[FILE ...]"):
        assert word in ran.out


def test_the_version_imports_nothing_heavy():
    found = imported_by("from kupuri_desktop.__main__ import main; main(['--version'])")
    assert found.isdisjoint(HEAVY)


def test_help_and_a_wrong_use_import_nothing_heavy():
    found = imported_by(
        "from kupuri_desktop.__main__ import main\n"
        "for words in (['--help'], ['generate']):\n"
        "    try: main(words)\n"
        "    except SystemExit: pass"
    )
    assert found.isdisjoint(set(HEAVY) - {"argparse"})


def test_a_whole_command_imports_no_qt_and_a_direct_one_no_agent_stack(folder, tmp_path):
    found = imported_by(
        "from kupuri_desktop.__main__ import main\n"
        f"main(['generate', 'sea', '--direct', '--image', 'builtin:painter', '--aspect', '8:1',"
        f" '--out', {str(tmp_path)!r}])"
    )
    assert found.isdisjoint({"PySide6", "shiboken6", "qasync", "langgraph", "langchain"})
    assert list(tmp_path.glob("*.png"))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "w"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_a_display_is_known_by_the_environment(environment, expected):
    assert has_display(environment) is expected


def test_without_a_display_one_line_shows_the_headless_command(kupuri, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ran = kupuri("picture.png")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "kupuri generate" in ran.err


def test_an_unknown_option_is_a_wrong_use(kupuri):
    ran = kupuri("--fullscreen")
    assert ran.code == 2
    assert "--fullscreen" in ran.err
