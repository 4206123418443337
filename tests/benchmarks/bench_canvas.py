"""Measures the canvas with thousands of images, beside a naive scene of pixmap items."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter, process_time

import numpy as np
import psutil
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QApplication, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView

from kupuri_desktop.core.canvas import Canvas, CanvasState
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.canvas.hands.gestures import Keys, Move
from kupuri_desktop.ui.canvas.ports import LEVELS
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.looking.map_picture import MapPicture
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.panels.layers import Layers
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.benchmarks.figures import Figure
from tests.benchmarks.lateness import Lateness

NAME = "canvas"
SUMMARY = "images of 1024 x 1024 on a canvas of 1280 x 800; process CPU, median or 95th percentile"
COUNTS = (1_000, 10_000, 50_000)
NAIVE = 1_000
VIEW = (1280, 800)
SIDE, PITCH = 1024, 1100
DISTINCT = 48
FRAMES = 60


class Album:
    """N assets with bytes of their own kind: a PNG original, JPEG levels, micros."""

    def __init__(self, count: int) -> None:
        self.levels_made: Signal[str] = Signal()
        self._originals: list[bytes] = []
        self._levels: list[dict[int, bytes]] = []
        self._micros: list[bytes] = []
        for seed in range(min(count, DISTINCT)):
            image = _picture(seed)
            self._originals.append(_file(image, "PNG"))
            self._levels.append({size: _file(_scaled(image, size), "JPG") for size in LEVELS})
            micro = _scaled(image, 16).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
            self._micros.append(bytes(micro.constBits()))

    def original(self, asset: str) -> bytes:
        return self._originals[int(asset) % len(self._originals)]

    async def micros(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        return {key: self._micros[int(key) % len(self._micros)] for key in ids}

    async def level(self, asset: str, size: int) -> bytes | None:
        return self._levels[int(asset) % len(self._levels)][size]

    async def data(self, asset: str) -> bytes:
        return self.original(asset)


def _picture(seed: int) -> QImage:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (40, 40, 4), np.uint8)
    image = QImage(small.data, 40, 40, 160, QImage.Format.Format_RGB32)
    image = _scaled(image, SIDE)
    noise = rng.integers(0, 12, (SIDE, SIDE, 4), np.uint8)
    pixels = np.frombuffer(image.bits(), np.uint8).reshape(SIDE, SIDE, 4)
    np.minimum(pixels, 243, out=pixels)
    pixels += noise
    return image


def _scaled(image: QImage, side: int) -> QImage:
    aspect = Qt.AspectRatioMode.IgnoreAspectRatio
    return image.scaled(side, side, aspect, Qt.TransformationMode.SmoothTransformation)


def _file(image: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, 88)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def items_of(count: int) -> list[ImageItem]:
    columns = max(1, round((count * VIEW[0] / VIEW[1]) ** 0.5))
    return [
        ImageItem(
            id=f"{n:06}", x=n % columns * PITCH, y=n // columns * PITCH, width=SIDE, height=SIDE,
            z=n, asset=str(n), natural_width=SIDE, natural_height=SIDE,
        )
        for n in range(count)
    ]  # fmt: skip


class Timing:
    """Process CPU of calls in ms: what a busy machine does beside them does not count."""

    def __init__(self) -> None:
        self.ms: list[float] = []

    def time(self, call: Callable[[], object]) -> None:
        before = process_time()
        call()
        self.ms.append((process_time() - before) * 1000)

    @property
    def median(self) -> float:
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        return sorted(self.ms)[min(len(self.ms) - 1, int(len(self.ms) * 0.95))]


def rss() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


class Tour:
    """Opens a canvas of so many images and goes through what people do on it."""

    def __init__(self, count: int, tasks: Tasks, look: Look) -> None:
        self.count = count
        self._tasks = tasks
        self._look = look
        self._album = Album(count)
        self._found: dict[str, float] = {}
        self._ticks: list[float] = []

    async def run(self, frames: int) -> dict[str, float]:
        before = rss()
        items = items_of(self.count)
        canvas = Canvas(CanvasState(tuple(items)), lambda change: None)
        with Lateness() as lateness:
            await self._open(canvas)
            await asyncio.sleep(0.05)
        self._found["late"], self._found["busy"] = lateness.worst, lateness.busiest
        self._view.grab()
        self._repaint("fit repaint", frames, lambda n: None)
        for name, zoom in (("fit", 0.0), ("25 %", 0.25), ("100 %", 1.0)):
            await self._pan(name, zoom, frames)
        await self._zoom(frames)
        self._find(frames)
        await self._drag(frames)
        self._undo(canvas)
        self._map()
        self._layers()
        self._found["rss"] = rss()
        self._found["grown"] = rss() - before
        self._view.close_canvas()
        self._view.deleteLater()
        return self._found

    async def _open(self, canvas: Canvas) -> None:
        start = perf_counter()
        view = self._view = CanvasView(canvas, self._album, self._tasks, self._look)
        view.resize(*VIEW)
        view.show()
        view.fit_all()
        view.viewport().repaint()
        while not view.store.atlas.known(str(self.count - 1)):
            await asyncio.sleep(0)
        view.viewport().repaint()
        self._found["complete"] = perf_counter() - start
        await self._settle()
        self._found["sharp"] = perf_counter() - start

    async def _settle(self) -> None:
        view = self._view
        while True:
            view.viewport().update()
            await asyncio.sleep(0.001)
            if not (view.store.waiting or view.frame_pending or view.camera.zooming):
                view.viewport().repaint()
                if not view.frame_pending:
                    return

    def _repaint(self, name: str, frames: int, change: Callable[[int], object]) -> Timing:
        timing = Timing()
        for n in range(frames):

            def frame(n: int = n) -> None:
                change(n)
                self._view.viewport().repaint()

            timing.time(frame)
        self._found[f"{name} median"], self._found[f"{name} p95"] = timing.median, timing.p95
        return timing

    async def _pan(self, name: str, zoom: float, frames: int) -> None:
        view = self._view
        view.fit_all()
        if zoom:
            view.camera.zoom_to(zoom)
        with Lateness() as lateness:
            await self._settle()
        if zoom:
            # Nothing of this size has been seen yet: all of it is decoded now.
            self._ticks += lateness.late_ms
            ticks = sorted(self._ticks)
            self._found["decoding p95"] = ticks[min(len(ticks) - 1, int(len(ticks) * 0.95))]
            self._found["decoding"] = ticks[-1]
        self._repaint(f"pan {name}", frames, lambda n: view.camera.pan(-14, -9 if n % 2 else 7))

    async def _zoom(self, frames: int) -> None:
        view = self._view
        view.fit_all()
        await self._settle()
        at = QPointF(500, 300)
        half = max(frames // 2, 1)
        near = 2.0 ** (5 / half)
        self._repaint(
            "zoom", 2 * half, lambda n: view.camera.zoom_at(at, near if n < half else 1 / near)
        )
        await self._settle()

    def _find(self, frames: int) -> None:
        sheet, whole = self._view.layer.sheet, self._view.layer.sheet.whole()
        rng = random.Random(1)
        points = [
            (rng.uniform(0, whole.width()), rng.uniform(0, whole.height())) for _ in range(frames)
        ]
        hits, bands = Timing(), Timing()
        for x, y in points:
            hits.time(lambda x=x, y=y: sheet.at(x, y, 4.0))  # type: ignore[misc]
        share = min(1.0, 5000 / self.count) ** 0.5
        area = Rect(0, 0, whole.width() * share, whole.height() * share)
        for _ in range(9):
            bands.time(lambda: sheet.within(area))
        self._found["hit"], self._found["band"] = hits.median, bands.median

    async def _drag(self, frames: int) -> None:
        view = self._view
        view.fit_all()
        await self._settle()
        view.selection.set(list(view.canvas.items)[:1000])
        move = Move(view.board, QPointF(0, 0))
        await self._settle()
        self._repaint(
            "drag", frames, lambda n: move.move(QPointF(n * 40, n * 25), Keys.ControlModifier)
        )
        move.cancel()
        await self._settle()

    def _undo(self, canvas: Canvas) -> None:
        view = self._view
        chosen = list(canvas.items.values())[:1000]
        canvas.apply("Move", {item.id: replace(item, x=item.x + 40) for item in chosen})
        timing = Timing()
        for _ in range(4):
            timing.time(lambda: (canvas.undo(), view.viewport().repaint()))
            timing.time(lambda: (canvas.redo(), view.viewport().repaint()))
        self._found["undo"] = timing.median

    def _map(self) -> None:
        """The map of everything, painted anew: in all, and the longest that the window waits."""
        layer = self._view.layer
        whole = layer.sheet.whole()
        size = QSize(320, max(1, round(320 * whole.height() / whole.width())))
        edge = self._look.theme.colours.field_line
        picture, timing = MapPicture(layer.sheet, layer.stack), Timing()
        timing.time(lambda: picture.begin(whole, size, 2.0))
        while picture.busy:
            timing.time(lambda: picture.step(edge))
        self._found["map"], self._found["map slice"] = sum(timing.ms), max(timing.ms)

    def _layers(self) -> None:
        """The layers panel, opened on everything."""
        panel, timing = Layers(self._look, self._view.board), Timing()
        panel.resize(272, 700)

        def open_it() -> None:
            panel.show()
            panel.repaint()

        timing.time(open_it)
        self._found["layers"] = timing.median
        panel.close_canvas()
        panel.close()
        panel.deleteLater()


def naive(count: int, frames: int) -> dict[str, float]:
    """A pixmap item in full size for each image, as most begin."""
    album, items = Album(count), items_of(count)
    scene = QGraphicsScene()
    start = perf_counter()
    made = []
    for item in items:
        assert isinstance(item, ImageItem)
        data = QByteArray(album.original(item.asset))
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        graphic = QGraphicsPixmapItem(QPixmap.fromImage(QImageReader(buffer).read()))
        graphic.setPos(item.x, item.y)
        graphic.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        scene.addItem(graphic)
        made.append(graphic)
    view = QGraphicsView(scene)
    view.resize(*VIEW)
    view.show()
    view.fitInView(scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
    QApplication.processEvents()
    view.viewport().repaint()
    found = {"complete": perf_counter() - start, "rss": rss()}
    found["sharp"] = found["complete"]

    def repaint(name: str, change: Callable[[int], object]) -> None:
        timing = Timing()
        for n in range(max(frames // 4, 4)):

            def frame(n: int = n) -> None:
                change(n)
                view.viewport().repaint()

            timing.time(frame)
        found[f"{name} median"], found[f"{name} p95"] = timing.median, timing.p95

    def scroll(n: int) -> None:
        bar = view.horizontalScrollBar()
        bar.setValue(bar.value() + 14)

    repaint("fit repaint", lambda n: None)
    repaint("pan fit", scroll)
    repaint("zoom", lambda n: view.scale(1.1, 1.1) if n % 2 else view.scale(1 / 1.1, 1 / 1.1))

    def move_all(n: int) -> None:
        for graphic in made:
            graphic.moveBy(3, 3)

    repaint("drag", move_all)
    timing = Timing()
    for n in range(frames):
        timing.time(lambda n=n: scene.items(QPointF(n * 37 % 9000, n * 53 % 9000)))  # type: ignore[misc]
    found["hit"] = timing.median
    timing = Timing()
    timing.time(lambda: scene.items(QRectF(scene.sceneRect())))
    found["band"] = timing.median
    return found


ROWS = (
    ("open: complete", "complete", "s", {1_000: 0.5, 10_000: 1.0, 50_000: 3.0}),
    ("open: sharp", "sharp", "s", {1_000: 1.0, 10_000: 2.0, 50_000: 5.0}),
    ("memory (RSS)", "rss", "MB", {1_000: 350.0, 10_000: 800.0, 50_000: 800.0}),
    ("worst lateness while opening", "late", "ms", 100.0),
    ("longest work of the window while opening, CPU", "busy", "ms", 100.0),
    ("late while pictures are decoded, p95", "decoding p95", "ms", 5.0),
    ("late while pictures are decoded, worst", "decoding", "ms", 33.0),
    ("repaint of the whole, warm", "fit repaint median", "ms", 2.0),
    ("pan, everything in view", "pan fit median", "ms", 2.0),
    ("pan, everything in view, p95", "pan fit p95", "ms", 12.0),
    ("pan at 25 %", "pan 25 % median", "ms", 2.0),
    ("pan at 25 %, p95", "pan 25 % p95", "ms", 12.0),
    ("pan at 100 %", "pan 100 % median", "ms", 2.0),
    ("pan at 100 %, p95", "pan 100 % p95", "ms", 12.0),
    ("zoom", "zoom median", "ms", 8.0),
    ("zoom, p95", "zoom p95", "ms", 16.7),
    ("hit test", "hit", "ms", 0.2),
    ("rubber band over 5,000 at most", "band", "ms", 50.0),
    ("drag 1,000, a frame", "drag median", "ms", 10.0),
    ("undo a move of 1,000", "undo", "ms", 30.0),
    ("layers panel, opened", "layers", "ms", {1_000: 50.0, 10_000: 300.0}),
    ("map of the whole, painted anew", "map", "ms", 60.0),
    ("map, longest slice", "map slice", "ms", 16.7),
)


def run(quick: bool, counts: Sequence[int] = COUNTS) -> list[Figure]:
    """One process for each count, so that each has its own memory; the naive scene first."""
    frames = 16 if quick else FRAMES
    counts = counts[:1] if quick and counts is COUNTS else counts
    naive_count = 200 if quick else NAIVE
    peer = _apart("naive", naive_count, frames)
    figures = []
    for count in counts:
        found = _apart("layer", count, frames)
        held = peer if count == min(counts) else {}
        for words, key, unit, bar in ROWS:
            most = bar.get(count) if isinstance(bar, dict) else bar
            note = f"naive, {naive_count:,}: {held[key]:.3g} {unit}" if key in held else ""
            if key in found:
                figures.append(Figure(f"{count:,}: {words}", found[key], unit, bar=most, note=note))
    return figures


def _apart(kind: str, count: int, frames: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_canvas", kind, str(count), str(frames)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("layer", "naive"))
    parser.add_argument("count", type=int)
    parser.add_argument("frames", type=int)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    if chosen.kind == "naive":
        print(json.dumps(naive(chosen.count, chosen.frames)))
        return
    loop = DesktopLoop(app)

    def fail(error: BaseException) -> None:
        raise error

    async def tour() -> dict[str, float]:
        tasks = Tasks(loop, fail, fail)
        found = await Tour(chosen.count, tasks, Look(app)).run(chosen.frames)
        await tasks.aclose()
        return found

    print(json.dumps(loop.run_until_complete(tour())))
    loop.close()


if __name__ == "__main__":
    main()
