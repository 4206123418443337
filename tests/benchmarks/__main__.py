"""Runs the benchmarks, each in a process of its own: `python -m tests.benchmarks [NAME ...]`."""

import argparse
import importlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.figures import Figure, Result, as_json, as_table, progress

FOLDER = Path(__file__).parent
# A benchmark that hangs ends here, in seconds.
LONGEST = 1200


def main(arguments: Sequence[str] | None = None) -> int:
    names = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    parser = argparse.ArgumentParser(
        prog="packaging/dev.py bench", description="Measures Kupuri; asserts nothing."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names)}")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of tables")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher figures")
    parser.add_argument(
        "--items", metavar="N[,N...]", type=numbers, default=(),
        help="canvas: how many items, such as 1000,10000,50000",
    )  # fmt: skip
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(names):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
    if chosen.into is not None:
        return run_here(chosen.names[0], chosen.quick, chosen.items, chosen.into)
    results = []
    for name in chosen.names or names:
        progress(f"{name} ...")
        results.append(run_apart(name, chosen.quick, chosen.items))
    print(as_json(results) if chosen.json else as_table(results))
    return 1 if any(result.problem for result in results) else 0


def numbers(words: str) -> tuple[int, ...]:
    """Whole numbers above 0, with commas between. Raises argparse.ArgumentTypeError."""
    try:
        found = tuple(int(word.replace("_", "")) for word in words.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise argparse.ArgumentTypeError(f"{words} is not a list of numbers such as 1000,10000")
    return found


def run_here(name: str, quick: bool, items: Sequence[int], into: Path) -> int:
    """Runs one benchmark in this process and writes its result as JSON into a file.

    items: for those that measure so many things; the others take no notice.
    """
    module = importlib.import_module(f"tests.benchmarks.bench_{name}")
    counted = items and "counts" in inspect.signature(module.run).parameters
    figures = module.run(quick, counts=items) if counted else module.run(quick)
    result = Result(module.NAME, module.SUMMARY, tuple(figures))
    into.write_text(json.dumps(asdict(result)), encoding="utf-8")
    return 0


def run_apart(name: str, quick: bool, items: Sequence[int]) -> Result:
    """The same in a process of its own: what one imports or leaves behind slows no other."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "result.json"
        command = [sys.executable, "-m", "tests.benchmarks", name, "--into", str(into)]
        command += ["--quick"] if quick else []
        command += ["--items", ",".join(map(str, items))] if items else []
        # What a benchmark prints is no figure.
        process = subprocess.Popen(
            command,
            env={"QT_QPA_PLATFORM": "offscreen", **os.environ},
            stdout=sys.stderr,
        )
        try:
            status = process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return Result(name, "", problem=f"took longer than {LONGEST} s")
        if not into.exists():
            return Result(name, "", problem=f"ended with code {status}")
        found = json.loads(into.read_text(encoding="utf-8"))
    return Result(
        found["name"], found["summary"], tuple(Figure(**figure) for figure in found["figures"])
    )


if __name__ == "__main__":
    sys.exit(main())
