"""Proves what packaging/dev.py decides before it starts anything."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import environment
import machine
import verbs

DEV = Path(verbs.__file__).with_name("dev.py")


def dev(*words: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """Runs dev.py after `code`, without a display."""
    start = (
        f"import os, runpy, sys; sys.argv[1:] = {list(words)!r}\n"
        f"sys.path.insert(0, {str(DEV.parent)!r})\n"
        f"for name in {machine.DISPLAYS!r}: os.environ.pop(name, None)\n"
        f"{code}\n"
        f"runpy.run_path({str(DEV)!r}, run_name='__main__')"
    )
    return subprocess.run([sys.executable, "-c", start], capture_output=True, text=True)


def test_an_old_python_gets_one_sentence_and_no_syntax_error() -> None:
    # Python 3.4 is the oldest that the parser knows.
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 4))
    answer = dev("run", code="sys.version_info = (3, 9, 2)")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Kupuri needs Python 3.11 or newer")
    assert answer.stderr.count("\n") == 1


def test_run_without_a_display_names_the_headless_command_in_one_line() -> None:
    answer = dev("run", code="sys.platform = 'linux'")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert 'python3 packaging/dev.py run -- generate "A sunset landscape"' in answer.stderr


@pytest.mark.parametrize(("words", "code"), [(["fly"], 2), (["--help"], 0), ([], 0)])
def test_a_word_that_is_no_verb_is_answered_by_the_usage(words: list[str], code: int) -> None:
    answer = dev(*words)
    assert answer.returncode == code
    assert (answer.stdout + answer.stderr).startswith("One command for everything")


@pytest.mark.parametrize(
    ("arguments", "without_window"),
    [
        ([], False),
        (["--data", "elsewhere"], False),
        (["doctor", "--json"], True),
        (["--data", "elsewhere", "generate", "A sunset"], True),
        (["--version"], True),
    ],
)
def test_commands_of_the_headless_face_need_no_display(
    arguments: list[str], without_window: bool
) -> None:
    assert verbs.headless(arguments) is without_window


def test_the_closing_line_counts_what_pytest_reported(tmp_path: Path) -> None:
    report = tmp_path / "tests.xml"
    assert verbs.count_tests(report) == "0 passed, 1 failed"
    report.write_text(
        '<testsuites><testsuite tests="9" failures="2" errors="1" skipped="1"/></testsuites>'
    )
    assert verbs.count_tests(report) == "5 passed, 3 failed, 1 skipped"


def test_a_stamp_that_cannot_be_read_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = tmp_path / "kupuri.json"
    monkeypatch.setattr(environment, "STAMP", stamp)
    assert environment.read_stamp() == {}
    stamp.write_text('{"lock": "dev"')
    assert environment.read_stamp() == {}
    whole = {"lock": "dev", "sha256": "00", "packages": ["peewee-4.5.3.dist-info"]}
    stamp.write_text(json.dumps(whole))
    assert environment.read_stamp() == whole


def test_a_python_that_is_gone_does_not_work(tmp_path: Path) -> None:
    assert environment.works(Path(sys.executable))
    assert not environment.works(tmp_path / "python")


def test_only_one_dev_py_at_a_time_changes_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    second = (
        f"import sys, pathlib; sys.path.insert(0, {str(DEV.parent)!r})\n"
        f"import environment; environment.ROOT = pathlib.Path({str(tmp_path)!r})\n"
        "with environment.exclusive('the tests'): print('in')"
    )
    with environment.exclusive("the tests"):
        waiting = subprocess.Popen(
            [sys.executable, "-c", second],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr is not None
        assert "another dev.py is busy with the tests" in waiting.stderr.readline()
        assert waiting.poll() is None
    assert waiting.communicate(timeout=60)[0] == "in\n"
