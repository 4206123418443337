"""Times the command line as whole processes, and the built-in painter by itself."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kupuri_desktop.core.paths import resource
from kupuri_desktop.engines.builtin.painter import Painter
from tests.benchmarks.figures import Figure, progress

NAME = "cli"
SUMMARY = "the command line as whole processes, imports included; the painter in one thread"

ROOT = Path(__file__).parents[2]
GENERATE_BAR = 2.0
PAINTER_BAR = 0.8
SUBJECTS = ("a sunset landscape", "snowy mountains", "city at dusk", "flow field", "tiles")


def run(quick: bool) -> list[Figure]:
    times = 2 if quick else 7
    with tempfile.TemporaryDirectory() as folder:
        made = [
            "generate", "a sunset landscape", "--direct", "--image", "builtin:painter",
            "--data", str(Path(folder) / "data"), "--out", folder,
        ]  # fmt: skip
        figures = [
            _command("bare Python", ["-c", "pass"], times, folder),
            _command("--version", ["-m", "kupuri_desktop", "--version"], times, folder),
            _command("--help", ["-m", "kupuri_desktop", "--help"], times, folder),
            _command(
                "generate --direct, 1024 x 1024", ["-m", "kupuri_desktop", *made], times, folder,
                bar=GENERATE_BAR,
            ),
        ]  # fmt: skip
    painter = Painter.from_folder(resource("painter"))
    sides = (512, 1024) if quick else (512, 1024, 2048)
    for side in sides:
        for words in SUBJECTS:
            progress(f"painting “{words}” at {side}")
            figures.append(_painted(painter, words, side, times))
    return figures


def _command(
    name: str, words: list[str], times: int, folder: str, bar: float | None = None
) -> Figure:
    """The median time of a whole process; servers are looked for where none is."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for variable in ("KUPURI_OLLAMA_URL", "OLLAMA_HOST", "KUPURI_COMFYUI_URL"):
        environment[variable] = "http://127.0.0.1:9"
    spent = []
    for turn in range(times + 1):
        progress(f"{name}: {turn} of {times}")
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, *words],
            env=environment,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        spent.append(time.perf_counter() - began)
    # The first one fills the caches of the disk.
    warm = spent[1:]
    return Figure(
        name,
        round(statistics.median(warm), 3),
        "s",
        bar=bar,
        note=f"{min(warm):.2f} to {max(warm):.2f}",
    )


def _painted(painter: Painter, words: str, side: int, times: int) -> Figure:
    spent = []
    for seed in range(times):
        began = time.perf_counter()
        for _ in painter.paint(words, seed, side, side):
            pass
        spent.append(time.perf_counter() - began)
    return Figure(
        f"{words}, {side} x {side}",
        round(statistics.median(spent), 3),
        "s",
        bar=PAINTER_BAR if side == 1024 else None,
        note=f"{min(spent):.2f} to {max(spent):.2f}",
    )
