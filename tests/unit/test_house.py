"""Holds the tree to what no linter checks: sizes, broad excepts, leftovers, foreign addresses."""

import ast
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

TREE = Path(__file__).parents[2]
PACKAGE = TREE / "kupuri_desktop"
LONGEST_MODULE = 400
# Where an error of any kind must become a sentence instead of an end; and the writer's thread,
# which hands whatever happens to the one who waits for it.
BROAD_EXCEPTS = {"ui/tasks.py", "agent/middleware.py", "app.py", "storage/writer.py"}
# In two parts each, for this file is looked at as well.
UNFINISHED = re.compile(rf"\b({'TO' + 'DO'}|{'FIX' + 'ME'}|{'XX' + 'X'})\b")
MACHINE = re.compile(rf"(?<![\w.~-])/({'wo' + 'rk'}|{'ro' + 'ot'})/")


def modules() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    assert len(found) > 10
    return found


def name(path: Path) -> str:
    return path.relative_to(TREE).as_posix()


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the project, but recorded data: what git tracks or would track."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=TREE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in listing.splitlines():
        path = TREE / line
        if line.startswith(("tests/data/", "packaging/lock/")) or not path.is_file():
            continue
        try:
            yield line, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def broad_excepts(source: str) -> list[int]:
    """Lines of the handlers that catch everything and raise nothing."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        everything = any(
            kind is None
            or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})
            for kind in caught
        )
        if everything and not any(isinstance(part, ast.Raise) for part in ast.walk(node)):
            lines.append(node.lineno)
    return lines


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    every = [*modules(), *(TREE / "packaging").rglob("*.py")]
    lengths = {name(path): path.read_text(encoding="utf-8").count("\n") for path in every}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}


@pytest.mark.parametrize(
    ("handler", "found"),
    [
        ("except Exception:\n    pass", [3]),
        ("except:\n    pass", [3]),
        ("except (OSError, BaseException) as e:\n    print(e)", [3]),
        ("except Exception:\n    undo()\n    raise", []),
        ("except OSError:\n    pass", []),
    ],
)
def test_a_broad_except_is_seen_unless_it_raises(handler: str, found: list[int]) -> None:
    assert broad_excepts(f"try:\n    act()\n{handler}\n") == found


def test_only_few_places_catch_every_exception() -> None:
    broad = {
        path.relative_to(PACKAGE).as_posix(): lines
        for path in modules()
        if (lines := broad_excepts(path.read_text(encoding="utf-8")))
    }
    assert {path: lines for path, lines in broad.items() if path not in BROAD_EXCEPTS} == {}


def test_nothing_is_left_for_later() -> None:
    assert [path for path, text in texts() if UNFINISHED.search(text)] == []


def test_no_path_of_one_machine_is_in_the_tree() -> None:
    found = {path: match[0] for path, text in texts() if (match := MACHINE.search(text))}
    assert found == {}


def test_the_locks_pin_every_package_by_hash_and_carry_no_address() -> None:
    for lock in ("run.txt", "dev.txt"):
        text = (TREE / "packaging" / "lock" / lock).read_text(encoding="utf-8")
        logical = text.replace("\\\n", " ").splitlines()
        plain = [line for line in logical if not re.search(r"==\S+ .*--hash=sha256:\w{64}", line)]
        assert plain == []
        assert not re.search(r"://|index-url|find-links|trusted-host| @ ", text)


def test_both_locks_agree_on_every_version() -> None:
    pins = [
        set(
            re.findall(r"^\S+==\S+", (TREE / "packaging" / "lock" / lock).read_text(), re.MULTILINE)
        )
        for lock in ("run.txt", "dev.txt")
    ]
    assert pins[0] - pins[1] == set()


def test_the_locks_hold_every_dependency_that_the_project_names() -> None:
    project = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {
        "run.txt": project["dependencies"],
        "dev.txt": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    for lock, dependencies in named.items():
        text = (TREE / "packaging" / "lock" / lock).read_text(encoding="utf-8")
        pinned = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
        wanted = {re.split(r"[\[<>=!~ ]", line)[0].lower() for line in dependencies}
        assert wanted - pinned == set()


def test_unit_tests_never_import_qt() -> None:
    qt = re.compile(r"^\s*(?:import|from) (?:PySide6|shiboken6|qasync|pytestqt)\b|\bqtbot\b", re.M)
    here = Path(__file__)
    users = [
        name(path)
        for path in sorted(here.parent.rglob("*.py"))
        if path != here and qt.search(path.read_text(encoding="utf-8"))
    ]
    assert users == []


def test_the_wheel_carries_the_resources_and_no_tests(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    wheel = next(
        iter(WheelBuilder(str(TREE)).build(directory=str(tmp_path), versions=["standard"]))
    )
    with zipfile.ZipFile(wheel) as archive:
        files = set(archive.namelist())
    resources = {
        f"kupuri_desktop/{name(path)}" for path in (TREE / "resources").rglob("*") if path.is_file()
    }
    assert resources - files == set()
    assert {file.split("/")[0] for file in files} == {
        "kupuri_desktop",
        "kupuri_desktop-0.1.0.dist-info",
    }
