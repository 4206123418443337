"""How late the event loop is while a project of 50,000 items comes in, goes out and is opened."""

import asyncio
import statistics
import tempfile
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.adoption import Adoption, Arrival
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.ui.turns import take_short_turns
from kupuri_desktop.workspace.transfer.transfer import Transfer
from tests.benchmarks.bench_storage import Late, item, picture
from tests.benchmarks.figures import Figure, progress

NAME = "import"
SUMMARY = "what the storage's threads do to the event loop with 50,000 items, p99 of a 5 ms timer"

LATE_BAR = 8.0


def run(quick: bool) -> list[Figure]:
    take_short_turns()
    with tempfile.TemporaryDirectory(prefix="kupuri-bench-") as folder:
        return asyncio.run(_run(Path(folder), 5_000 if quick else 50_000))


async def _run(root: Path, count: int) -> list[Figure]:
    storage = await Storage.open(DataFolder(root / "data"), secrets=Secrets())
    asset = await storage.assets.add(picture(1))
    project = Project()
    items = tuple(replace(item(number), asset=asset.id) for number in range(count))
    await Adoption(storage.database).adopt([Arrival(project, items)])
    transfer, bundle = Transfer(storage), root / "large.kupuri"
    project = await storage.canvases.get(project.id)
    figures = []
    for name, work in (
        ("exported", transfer.export(project, bundle, lambda fraction: None)),
        ("imported", transfer.take_in(bundle, lambda fraction: None)),
        ("loaded", storage.canvases.load(project.id)),
    ):
        progress(f"{count:,} items {name}")
        figures.append(await _late_during(f"late while {count:,} items are {name}, p99", work))
    await storage.aclose()
    return figures


async def _late_during(name: str, work: Awaitable[object]) -> Figure:
    late = Late()
    watch = asyncio.create_task(late.watch())
    began, busy = perf_counter(), process_time()
    await work
    took, busy = perf_counter() - began, process_time() - busy
    watch.cancel()
    p99 = statistics.quantiles(late.late_ms, n=100, method="inclusive")[98]
    worst = max(late.late_ms)
    note = f"at most {worst:.1f} ms; took {took:.1f} s, {busy:.1f} s of the processors"
    return Figure(name, p99, "ms", bar=LATE_BAR, note=note)
