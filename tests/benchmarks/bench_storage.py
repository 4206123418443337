"""Times what people wait for when Kupuri keeps their work: edits, images, opening, searching."""

import asyncio
import io
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

from PIL import Image

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Cause, Change
from kupuri_desktop.core.items import ImageItem, Item, Making
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.ui.turns import take_short_turns
from tests.benchmarks.figures import Figure, progress

NAME = "storage"
SUMMARY = "the one file with synchronous=FULL: from the call to after the commit, medians in ms"

EDIT_BAR, MOVES_BAR, IMAGE_BAR, OPEN_BAR, SEARCH_BAR, LATE_BAR = 5.0, 20.0, 10.0, 100.0, 50.0, 8.0
LIBRARY_BAR = 1.5
WORDS = (
    "harbour lighthouse dusk fox river glass tower moss lantern storm paper crane velvet".split()
)
IMAGE_BYTES = 1_300_000
SMALL_LIBRARY = 20_000_000


def run(quick: bool) -> list[Figure]:
    """The large library is 20 GB where the disk has room for it, 1 GB with --quick."""
    # As the window has it.
    take_short_turns()
    with tempfile.TemporaryDirectory(prefix="kupuri-bench-", dir=_roomy()) as folder:
        figures = asyncio.run(_edits(Path(folder) / "edits", quick))
        figures.append(asyncio.run(_search(Path(folder) / "search", quick)))
        wished = 1_000_000_000 if quick else 20_000_000_000
        size = min(wished, shutil.disk_usage(folder).free // 3)
        figures.append(_library(Path(folder), size))
    return figures


def _roomy() -> str | None:
    """A temporary folder may be a small file system in memory; a figure of FULL wants a disk."""
    return os.environ.get("KUPURI_BENCH_FOLDER")


async def _edits(root: Path, quick: bool) -> list[Figure]:
    times = 15 if quick else 60
    storage = await Storage.open(DataFolder(root), secrets=Secrets())
    project = await storage.canvases.create(Project())
    written: list[asyncio.Future[None]] = []

    def record(change: Change) -> None:
        written.append(storage.canvases.record(project.id, change))

    canvas = Canvas(await storage.canvases.load(project.id), record)
    progress("10,000 items")
    canvas.add("Add", [item(number) for number in range(10_000)])
    await written[-1]

    moved: dict[str, Item | None] = {}

    async def move_next(keys: Sequence[int]) -> None:
        """What the hand does, before anything is to be saved."""
        moved.clear()
        for number in keys:
            item = canvas.items[_key(number)]
            moved[item.id] = replace(item, x=time.monotonic())

    async def saved() -> None:
        canvas.apply("Move", moved)
        await written[-1]

    async def one() -> None:
        await move_next([Random().randrange(10_000)])

    async def thousand() -> None:
        await move_next(range(1000))

    async def load() -> None:
        await storage.canvases.load(project.id)

    pictures = iter([picture(number) for number in range(times + 1)])

    async def image() -> None:
        await storage.assets.add(next(pictures))

    progress("edits")
    figures = [
        await _figure("one edit", saved, times * 3, EDIT_BAR, before=one),
        await _figure("open 10,000 items", load, 7, OPEN_BAR),
        await _figure("1,000 moves in one step", saved, 15, MOVES_BAR, before=thousand),
    ]
    progress("images")
    changes: list[Change] = []
    disconnect = canvas.changed.connect(changes.append)
    for _ in range(10):
        await thousand()
        await saved()
    disconnect()
    late = Late()
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(late.watch())
        settle = _levels_settled(storage)
        for change in changes:
            # Only what the writer does: the hand's own work is not its fault.
            await storage.canvases.record(project.id, replace(change, cause=Cause.REDO))
        figures.append(
            await _figure(
                "add an image of 1.3 MB",
                image,
                times,
                IMAGE_BAR,
                before=settle,
                note="its smaller copies are made afterwards",
            )
        )
        watch.cancel()
    figures.append(
        Figure(
            "event loop late while it writes, p99",
            statistics.quantiles(late.late_ms, n=100)[98],
            "ms",
            bar=LATE_BAR,
            note=f"at most {max(late.late_ms):.1f}",
        )
    )
    await storage.aclose()
    return figures


def _levels_settled(storage: Storage) -> Callable[[], Awaitable[None]]:
    """Waits until no smaller copy is being made, so that one figure is not two."""

    async def settled() -> None:
        while storage.assets.busy:
            await asyncio.sleep(0.005)

    return settled


async def _figure(
    name: str,
    work: Callable[[], Awaitable[None]],
    times: int,
    bar: float,
    *,
    before: Callable[[], Awaitable[None]] | None = None,
    note: str = "",
) -> Figure:
    """The median of so many times; and the processors' time, which a busy machine leaves as it is.

    before: what is done ahead of each, and not counted.
    """
    spent: list[float] = []
    busy: list[float] = []
    for _ in range(times):
        if before is not None:
            await before()
        began, used = time.perf_counter(), time.process_time()
        await work()
        spent.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - used) * 1000)
    told = f"{statistics.median(busy):.1f} ms of the processors"
    note = f"{told}; {note}" if note else told
    return Figure(name, statistics.median(spent), "ms", bar=bar, note=note)


class Late:
    """How late a timer of 5 ms comes on the event loop's thread."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []

    async def watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.late_ms.append(max(0.0, (time.perf_counter() - began) * 1000 - 5))


async def _search(root: Path, quick: bool) -> Figure:
    """Rows are put in by SQL, for by the door they would take minutes."""
    images, messages = (2_500, 10_000) if quick else (25_000, 100_000)
    folder = DataFolder(root)
    storage = await Storage.open(folder, secrets=Secrets())
    project = await storage.canvases.create(Project())
    await storage.aclose()
    random = Random(1)
    progress(f"{images} images and {messages} messages to search")
    with closing(sqlite3.connect(folder.database)) as connection, connection:
        connection.executemany(
            "INSERT INTO words (kind, project, owner, body) VALUES (?, ?, ?, ?)",
            (
                ("item" if number < images else "message", project.id, str(number), _text(random))
                for number in range(images + messages)
            ),
        )
    storage = await Storage.open(folder, secrets=Secrets())
    questions = iter(["harb", "lighthouse dusk", "fo", "velvet crane storm", "paper", "灯台"] * 4)

    async def ask() -> None:
        await storage.search.find(next(questions))

    name = f"search {images:,} images and {messages:,} messages"
    figure = await _figure(name, ask, 24, SEARCH_BAR)
    await storage.aclose()
    return figure


def _text(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=30)) + f" {random.randrange(10**9)}"


def _library(root: Path, size: int) -> Figure:
    times = {}
    for name, wanted in (("small", SMALL_LIBRARY), ("large", size)):
        progress(f"a library of {wanted / 1e9:.2f} GB")
        folder = DataFolder(root / name)
        asyncio.run(_open_and_close(folder))
        _fill(folder, wanted)
        asyncio.run(_open_and_close(folder))
        times[name] = statistics.median(asyncio.run(_open_and_close(folder)) for _ in range(15))
    return Figure(
        f"open a library of {size / 1e9:.0f} GB against one of 20 MB",
        times["large"],
        "ms",
        peer=times["small"],
        bar=LIBRARY_BAR,
    )


def _fill(folder: DataFolder, size: int) -> None:
    """Random bytes for images, and the smaller copies counted as made."""
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for start in range(0, size // IMAGE_BYTES, 200):
            connection.execute("BEGIN")
            for number in range(start + 1, min(start + 200, size // IMAGE_BYTES) + 1):
                connection.execute(
                    "INSERT INTO asset"
                    " (number, id, mime, width, height, size, added, seen, levels)"
                    " VALUES (?, lower(hex(randomblob(32))), 'image/png', 9, 9, ?, 0, 0, 1)",
                    (number, IMAGE_BYTES),
                )
                connection.execute(
                    "INSERT INTO original VALUES (?, randomblob(?))", (number, IMAGE_BYTES)
                )
            connection.execute("COMMIT")


async def _open_and_close(folder: DataFolder) -> float:
    """Milliseconds until the storage is open."""
    began = time.perf_counter()
    storage = await Storage.open(folder, secrets=Secrets())
    await storage.canvases.list()
    spent = (time.perf_counter() - began) * 1000
    await storage.aclose()
    return spent


def _key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def item(number: int) -> ImageItem:
    return ImageItem(
        id=_key(number),
        x=number * 1.5,
        y=-number,
        width=1024,
        height=1024,
        asset=f"{number:064}",
        natural_width=1024,
        natural_height=1024,
        making=Making("a lighthouse at dusk, oil on canvas", "comfyui:flux", number, 1024, 1024),
    )


def picture(number: int) -> bytes:
    """A PNG of about 1.3 MB."""
    image = Image.frombytes("RGB", (1024, 440), Random(number).randbytes(1024 * 440 * 3))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=0)
    return buffer.getvalue()
