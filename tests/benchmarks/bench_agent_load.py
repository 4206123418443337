"""Measures how late the window becomes while the agent's libraries load behind it."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from PySide6.QtWidgets import QApplication

from kupuri_desktop.app import App
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.ui.loop import DesktopLoop
from tests.benchmarks.figures import Figure
from tests.benchmarks.lateness import Lateness

NAME = "agent_load"
SUMMARY = "the window while the agent's libraries are imported, each time in a new process"
# Imports happen once a process: this module is run as a program for each round.
ROUND = [sys.executable, "-m", "tests.benchmarks.bench_agent_load"]


def run(quick: bool) -> list[Figure]:
    rounds = [one_round() for _ in range(1 if quick else 5)]
    seconds, worst, p99 = (sorted(column)[len(rounds) // 2] for column in zip(*rounds, strict=True))
    return [
        Figure("worst lateness of a 5 ms timer", worst, "ms", bar=80),
        Figure("99th percentile of it", p99, "ms"),
        Figure("time until the agent is there", seconds * 1000, "ms"),
    ]


def one_round() -> tuple[float, float, float]:
    answer = subprocess.run(ROUND, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds, worst, p99 = map(float, answer.split())
    return seconds, worst, p99


async def load() -> str:
    """Seconds, and the worst and the 99th percentile of the lateness in ms, as text."""
    with tempfile.TemporaryDirectory() as folder:
        async with await App.open(DataFolder(Path(folder)), os.environ) as app:
            await asyncio.sleep(0.1)  # what opening left to do belongs to another benchmark
            began = perf_counter()
            with Lateness() as lateness:
                await app.preload()
            return f"{perf_counter() - began} {lateness.worst} {lateness.p99}"


if __name__ == "__main__":
    print(DesktopLoop(QApplication([])).run_until_complete(load()))
