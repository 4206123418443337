"""Measures exports of a large area beside Qt painting and saving the same by itself."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep

import psutil
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import ImageItem, Item, Making, ShapeForm, ShapeItem, TextItem
from kupuri_desktop.ui.canvas.painting.stack import turn
from kupuri_desktop.ui.canvas.painting.vectors import paint_vector
from kupuri_desktop.ui.exporting.darkroom import Darkroom
from kupuri_desktop.ui.exporting.job import Job
from kupuri_desktop.ui.exporting.pieces import Piece, cut
from kupuri_desktop.ui.exporting.wish import Format, What, Wish
from kupuri_desktop.ui.theme import Look
from tests.benchmarks.bench_canvas import SIDE, Album
from tests.benchmarks.figures import Figure

NAME = "export"
SUMMARY = "4096 x 4096 pixels of 16 images and 32 vectors; seconds, median"
ACROSS = 4
BAR = 1.5


class Untold:
    """Nothing is known of how these images were made."""

    async def workflow(self, making: Making) -> Mapping[str, str]:
        return {}


def board() -> list[Item]:
    items: list[Item] = []
    for n in range(ACROSS * ACROSS):
        x, y = n % ACROSS * SIDE, n // ACROSS * SIDE
        items += [
            ImageItem(
                id=f"i{n}", x=x, y=y, width=SIDE, height=SIDE, asset=str(n), natural_width=SIDE,
                natural_height=SIDE, z=n,
            ),
            ShapeItem(
                id=f"s{n}", x=x + 300, y=y + 200, width=400, height=300, z=100 + n, rotation=20,
                form=ShapeForm.ELLIPSE, fill="#6a5cff80",
            ),
            TextItem(
                id=f"t{n}", x=x + 100, y=y + 700, width=800, height=120, z=200 + n,
                text="North of the pines", font_size=72,
            ),
        ]  # fmt: skip
    return items


def painted_by_qt(piece: Piece, album: Album) -> QImage:
    """Everything decoded and painted one after the other, by Qt's own calls alone."""
    image = QImage(*piece.size(1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.translate(-piece.area.x, -piece.area.y)
    for item in piece.shown:
        if isinstance(item, ImageItem):
            buffer = QBuffer()
            buffer.setData(QByteArray(album.original(item.asset)))
            buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            painter.drawImage(QPointF(item.x, item.y), QImageReader(buffer).read())
        else:
            painter.save()
            turn(painter, item)
            paint_vector(painter, item)
            painter.restore()
    painter.end()
    return image


async def painted_by_us(piece: Piece, album: Album) -> None:
    async for _ in Darkroom(album, 1.0).strips(piece, None, lambda _: None):
        pass


async def written(piece: Piece, album: Album, folder: Path, wish: Wish) -> None:
    job = Job(album, Untold(), "Board")
    await job.run([piece], wish, folder, datetime.now(UTC), lambda *_: None)


def median(work: object, rounds: int) -> float:
    assert callable(work)
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return statistics.median(times)


class Peak:
    """The most memory that the process had while this was entered, in MB above what it had."""

    def __enter__(self) -> Peak:
        self._process = psutil.Process()
        self._before = self.most = self._process.memory_info().rss
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()

    @property
    def megabytes(self) -> float:
        return (self.most - self._before) / 1e6

    def _watch(self) -> None:
        while not self._over.is_set():
            self.most = max(self.most, self._process.memory_info().rss)
            sleep(0.01)


def run(quick: bool) -> list[Figure]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    Look(app, "dark")
    rounds = 2 if quick else 5
    album = Album(ACROSS * ACROSS)
    (piece,) = cut(board(), [], What.EVERYTHING, "Board")
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        qt = median(lambda: painted_by_qt(piece, album), rounds)
        ours = median(lambda: asyncio.run(painted_by_us(piece, album)), rounds)
        figures.append(Figure("painted", ours, "s", qt, bar=BAR, note="peer: QPainter alone"))

        def saved(ending: str, quality: int) -> None:
            painted_by_qt(piece, album).save(str(folder / f"qt.{ending}"), None, quality)

        for format_, ending, quality in ((Format.PNG, "png", -1), (Format.JPEG, "jpg", 90)):
            wish = Wish(format=format_)
            qt = median(lambda e=ending, q=quality: saved(e, q), rounds)
            ours = median(lambda w=wish: asyncio.run(written(piece, album, folder, w)), rounds)
            note = "peer: QPainter and QImage.save"
            figures.append(Figure(f"as a {format_.words} file", ours, "s", qt, bar=BAR, note=note))
        for format_ in (Format.WEBP, Format.TIFF, Format.SVG, Format.PDF, Format.ORA, Format.PSD):
            wish = Wish(format=format_)
            ours = median(lambda w=wish: asyncio.run(written(piece, album, folder, w)), 1)
            figures.append(Figure(f"as a {format_.words} file", ours, "s"))
        if not quick:
            with Peak() as peak:
                asyncio.run(written(piece, album, folder, Wish(scale=4.0, background="#ffffff")))
            sheet = 4 * (4 * ACROSS * SIDE) ** 2 / 1e6
            note = "peer: the picture as one sheet"
            figures.append(
                Figure("memory for 16384 x 16384 as PNG", peak.megabytes, "MB", sheet, note=note)
            )
    return figures
