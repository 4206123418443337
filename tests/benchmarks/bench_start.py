"""Measures how soon Kupuri paints and is ready, as whole processes, against a bare Qt window."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from machine import virtual_display
from tests.benchmarks.figures import Figure, progress

NAME = "start"
SUMMARY = "from the start of the process, each measured in turn with a bare PySide6 window"
BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

class Window(QWidget):
    def paintEvent(self, event):
        print("kupuri-start painted", time.monotonic(), file=sys.stderr, flush=True)

app = QApplication(sys.argv)
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""
BARE_WINDOW = [sys.executable, "-c", BARE]
KUPURI = [sys.executable, "-m", "kupuri_desktop"]


def run(quick: bool) -> list[Figure]:
    rounds = 5 if quick else 15
    figures = []
    with platforms() as all_platforms:
        for platform, variables in all_platforms.items():
            figures += measure(platform, variables, rounds)
    return figures


@contextmanager
def platforms() -> Iterator[dict[str, dict[str, str]]]:
    """Names of Qt platforms, each with the variables that choose it."""
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    if not shutil.which("Xvfb"):
        yield {"offscreen": offscreen}
        return
    with virtual_display() as xvfb:
        yield {"offscreen": offscreen, "Xvfb": xvfb}


def measure(platform: str, variables: Mapping[str, str], rounds: int) -> list[Figure]:
    bare: list[dict[str, float]] = []
    kupuri: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, **variables, "KUPURI_DATA": data, "KUPURI_TRACE_START": "1"}
        # The first of each fills the caches, and makes Kupuri's data folder.
        for number in range(-1, rounds):
            progress(f"  {platform}: round {number + 1} of {rounds}")
            bare.append(marks_of(BARE_WINDOW, environment, last="painted"))
            kupuri.append(marks_of(KUPURI, environment, last="agent"))
    figures = []
    for mark, name, bar in (
        ("painted", "first paint", 1.5),
        ("ready", "loop and database ready", 2.0),
    ):
        # Each round has its own ratio: what else the machine does slows both of a round.
        ratios = [
            ours[mark] / peer["painted"] for ours, peer in zip(kupuri[1:], bare[1:], strict=True)
        ]
        figures.append(
            Figure(
                f"{name}, {platform}", median(kupuri[1:], mark), "ms", median(bare[1:], "painted"),
                ratio=statistics.median(ratios), bar=bar,
            )
        )  # fmt: skip
    figures.append(Figure(f"agent loaded, {platform}", median(kupuri[1:], "agent"), "ms"))
    return figures


def marks_of(command: list[str], environment: Mapping[str, str], last: str) -> dict[str, float]:
    """Milliseconds from the start of the process to the first of each mark, up to `last`.

    A mark is a line `kupuri-start NAME SECONDS` on stderr, by the monotonic clock that all
    processes share. The process is ended once it has said `last`.
    """
    began = time.monotonic()
    marks: dict[str, float] = {}
    said: list[str] = []
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            words = line.split()
            if len(words) == 3 and words[0] == "kupuri-start":
                marks.setdefault(words[1], (float(words[2]) - began) * 1000)
            if last in marks:
                process.terminate()
                return marks
    raise RuntimeError(f"The process ended without the mark {last!r}: {''.join(said[-5:])}")


def median(runs: list[dict[str, float]], mark: str) -> float:
    return statistics.median(run[mark] for run in runs)
