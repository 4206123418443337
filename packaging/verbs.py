"""What each word after `dev.py` does."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

import environment
import machine
from environment import ROOT, SetupError, say

HEADLESS = 'python3 packaging/dev.py run -- generate "A sunset landscape" --out pictures'
IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"
# What follows the word python; none goes by a script, whose first line breaks in a moved folder.
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "imports": ["-c", IMPORTS, "--no-logo"],
    "types": ["-m", "mypy"],
}


def main(arguments: Sequence[str], usage: str) -> int:
    """Runs one verb and returns the exit code: 0 done, 1 failed, 2 wrong words."""
    words = list(arguments)
    verb = VERBS.get(words.pop(0)) if words else None
    if verb is None:
        print(usage.strip(), file=sys.stderr if arguments else sys.stdout)
        asked = list(arguments) in ([], ["-h"], ["--help"], ["help"])
        return 0 if asked else 2
    if words[:1] == ["--"]:
        words.pop(0)
    try:
        return verb(words)
    except SetupError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    window = not headless(arguments)
    if window and machine.has_no_display():
        say(f"There is no display here to open a window on. Without one: {HEADLESS}")
        return 1
    machine.provide(machine.WINDOW if window else ())
    python = environment.ready("run")
    command = [str(python), "-m", "kupuri_desktop", *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.call(command)


def headless(arguments: Sequence[str]) -> bool:
    """Whether kupuri will do without a window: a command, or a question about itself."""
    # Kupuri's own command line, which needs no package but Python's.
    sys.path.append(str(ROOT))
    from kupuri_desktop.cli.arguments import command_in

    questions = {"-h", "--help", "--version"}
    return command_in(arguments) is not None or not questions.isdisjoint(arguments)


def test(arguments: list[str]) -> int:
    """All checks, then pytest; each runs even where one before it failed."""
    python = developer_python()
    # Whoever names tests wants these tests, not the checks of the whole tree.
    failed = [] if arguments else run_checks(python)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "tests.xml"
        if not run_step(
            "pytest", [str(python), "-m", "pytest", f"--junitxml={report}", *arguments]
        ):
            failed.append("pytest")
        counts = count_tests(report)
    if failed:
        say(f"failed: {', '.join(failed)}")
    print(counts, flush=True)
    return 1 if failed else 0


def count_tests(report: Path) -> str:
    """The closing line `N passed, N failed` out of a JUnit file, which pytest may not have made."""
    if not report.exists():
        return "0 passed, 1 failed"
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in totals:
            totals[name] += int(suite.get(name, "0"))
    failed = totals["failures"] + totals["errors"]
    passed = max(0, totals["tests"] - failed - totals["skipped"])
    skipped = f", {totals['skipped']} skipped" if totals["skipped"] else ""
    return f"{passed} passed, {failed} failed{skipped}"


def lint(arguments: list[str]) -> int:
    failed = run_checks(developer_python())
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def run_checks(python: Path) -> list[str]:
    """Runs every check and returns the names of those that failed."""
    return [name for name, command in CHECKS.items() if not run_step(name, [str(python), *command])]


def run_step(name: str, command: Sequence[str]) -> bool:
    say(f"{name} ...")
    began = time.monotonic()
    passed = subprocess.call(command, cwd=ROOT) == 0
    say(f"{name}: {'ok' if passed else 'FAILED'}, {time.monotonic() - began:.1f} s")
    return passed


def bench(arguments: list[str]) -> int:
    command = [str(developer_python()), "-m", "tests.benchmarks", *arguments]
    # Those that need a virtual display find it where dev.py has its own.
    variables = os.environ | {"PYTHONPATH": str(ROOT / "packaging")}
    return subprocess.call(command, cwd=ROOT, env=variables)


def screenshots(arguments: list[str]) -> int:
    script = ROOT / "packaging" / "screenshots.py"
    python = developer_python()
    with machine.virtual_display() as variables:
        return subprocess.call(
            [str(python), str(script), *arguments], cwd=ROOT, env=os.environ | variables
        )


def build(arguments: list[str]) -> int:
    """Makes `dist/kupuri`, the program with its own Python, by `kupuri.spec`."""
    machine.provide((*machine.WINDOW, *machine.BUILD))
    python = environment.ready("dev")
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", "kupuri.spec"]
    status = subprocess.call([*command, *arguments], cwd=ROOT)
    if status == 0:
        say(f"built {ROOT / 'dist' / 'kupuri'}")
    return status


def lock(arguments: list[str]) -> int:
    """Resolves both locks anew: the newest that `pyproject.toml` allows, on any system."""
    with tempfile.TemporaryDirectory() as folder:
        python = environment.create(Path(folder) / "uv")
        say("fetching uv ...")
        if subprocess.call([str(python), "-m", "pip", "install", "-q", "uv"]) != 0:
            raise SetupError("uv, which resolves the dependencies, could not be fetched.")
        compiler = [str(python), "-m", "uv", "pip", "compile", "--universal", "-p", "3.11", "-q"]
        compiler += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
        compiler += environment.index_options(python)
        # The lock for developers comes first and bounds the other one: they never disagree.
        dev, slim = Path(folder) / "dev.txt", Path(folder) / "run.txt"
        steps = (["--extra", "dev", "-o", str(dev)], ["-c", str(dev), "-o", str(slim)])
        for options in steps:
            command = [*compiler, "pyproject.toml", *options, *arguments]
            if subprocess.call(command, cwd=ROOT) != 0:
                raise SetupError(
                    f"The dependencies could not be resolved by: {shlex.join(command)}"
                )
        for made in (dev, slim):
            shutil.copyfile(made, environment.lock_file(made.stem))
            say(f"wrote packaging/lock/{made.name}")
    return 0


def developer_python() -> Path:
    machine.provide((*machine.WINDOW, *machine.TESTS, *machine.browser_packages()))
    return environment.ready("dev")


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "bench": bench,
    "screenshots": screenshots,
    "lint": lint,
    "build": build,
    "lock": lock,
}
