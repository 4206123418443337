"""Measures how a large project opens in the whole app: from Home to a sharp canvas."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from PySide6.QtWidgets import QApplication

from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.loop import DesktopLoop
from tests.benchmarks.bench_canvas import VIEW, Album, items_of, rss
from tests.benchmarks.figures import Figure, progress
from tests.benchmarks.lateness import Lateness
from tests.e2e.desk import Desk, desk, until

NAME = "opening"
SUMMARY = "a project is opened from Home: database, workspace, room, canvas and map"
COUNTS = (10_000,)
ASSETS = 48
ROWS: tuple[tuple[str, str, str, dict[int, float]], ...] = (
    ("complete", "complete", "s", {1_000: 0.5, 10_000: 1.0, 50_000: 3.0}),
    ("sharp", "sharp", "s", {1_000: 1.0, 10_000: 2.0, 50_000: 5.0}),
    ("worst lateness", "late", "ms", {}),
    ("longest work of the window, CPU", "busy", "ms", {}),
    ("memory (RSS)", "rss", "MB", {10_000: 800.0, 50_000: 800.0}),
)
LATE_BAR = 100.0


def run(quick: bool, counts: Sequence[int] = COUNTS) -> list[Figure]:
    """A process for each life: one that fills the project, and one that opens it."""
    figures = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            progress(f"{count:,}: filling")
            _apart("fill", folder, count)
            progress(f"{count:,}: opening")
            found = _apart("open", folder, count)
        for words, key, unit, bars in ROWS:
            bar = bars.get(count) if bars else LATE_BAR if unit == "ms" else None
            figures.append(Figure(f"{count:,}: {words}", found[key], unit, bar=bar))
    return figures


def _apart(life: str, folder: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_opening", life, folder, str(count)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    return found


async def fill(root: Path, count: int) -> dict[str, float]:
    """A project of so many images, of as few assets as are in the canvas's own benchmark."""
    async with desk(root) as studio:
        album = Album(ASSETS)
        kept = [await studio.app.storage.assets.add(album.original(str(n))) for n in range(ASSETS)]
        await until(lambda: not studio.app.storage.assets.busy)
        project = await studio.app.projects.create("Large")
        studio.window.home.opened.emit(project.id)
        await until(lambda: studio.face._project is not None)
        studio.workspace.canvas.add(
            "Add",
            [replace(item, asset=kept[n % ASSETS].id) for n, item in enumerate(items_of(count))],
        )
        await studio.workspace.saved()
    return {}


async def opened(root: Path, count: int) -> dict[str, float]:
    found: dict[str, float] = {}
    async with desk(root) as studio:
        studio.window.resize(*VIEW)
        await asyncio.sleep(1)
        with Lateness() as lateness:
            await _open(studio, count, found)
        found["late"], found["busy"] = lateness.worst, lateness.busiest
        found["rss"] = rss()
    return found


async def _open(studio: Desk, count: int, found: dict[str, float]) -> None:
    start = perf_counter()
    [project, *_] = await studio.app.projects.list()
    studio.window.home.opened.emit(project.id)
    await until(lambda: studio.face._project is not None)
    canvas = studio.room.canvas
    await until(lambda: len(canvas.layer.sheet) == count)
    found["complete"] = perf_counter() - start
    await until(lambda: _sharp(canvas))
    found["sharp"] = perf_counter() - start
    await asyncio.sleep(0.5)


def _sharp(view: CanvasView) -> bool:
    waits = view.store.waiting or view.frame_pending or view.camera.zooming
    return not waits


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("life", choices=("fill", "open"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    loop = DesktopLoop(QApplication([]))
    life = fill if chosen.life == "fill" else opened
    print(json.dumps(loop.run_until_complete(life(chosen.folder, chosen.count))))
    loop.close()


if __name__ == "__main__":
    main()
