"""Measures what an accessibility client costs on a large canvas, beside nobody listening."""

from __future__ import annotations

import asyncio
from functools import partial

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import ShapeItem
from kupuri_desktop.ui.canvas.hands.gestures import Move
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.screen_readers import answer
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.benchmarks.bench_canvas import Timing
from tests.benchmarks.figures import Figure
from tests.ui.canvas.board import MemoryPictures, canvas_of

NAME = "voice"
SUMMARY = "10,000 items, process CPU; peer: the same while no accessibility client listens"
COUNT, DRAGGED, FRAMES = 10_000, 1_000, 40


def run(quick: bool) -> list[Figure]:
    """First in silence, then with every item known to a client, on the same view."""
    app = QApplication([])
    loop = DesktopLoop(app)

    def fail(error: BaseException) -> None:
        raise error

    async def measure() -> list[Figure]:
        tasks = Tasks(loop, fail, fail)
        QAccessible.installFactory(answer)
        items = {
            f"i{n}": ShapeItem(
                id=f"i{n}", x=n % 100 * 120.0, y=n // 100 * 120.0, width=100, height=100, z=n
            )
            for n in range(COUNT // 10 if quick else COUNT)
        }
        view = CanvasView(canvas_of(items.values()), MemoryPictures(), tasks, Look(app))
        view.resize(1280, 800)
        view.show()
        view.fit_all()
        while tasks.running() or view.frame_pending:
            await asyncio.sleep(0.01)
        silent = _tour(view)
        QAccessible.setActive(True)
        walk = Timing()
        walk.time(lambda: _walk(view))
        heard = _tour(view)
        figures = [
            Figure(words, heard[words], "ms", peer=silent[words], bar=bar)
            for words, bar in (("drag 1,000, a frame", 1.2), ("move 1,000", 2.0))
        ]
        figures.append(Figure("a client's first walk over all", walk.median, "ms"))
        QAccessible.setActive(False)
        view.close_canvas()
        view.close()
        await tasks.aclose()
        return figures

    found = loop.run_until_complete(measure())
    loop.close()
    return found


def _tour(view: CanvasView) -> dict[str, float]:
    view.selection.set(list(view.canvas.items)[:DRAGGED])
    move, drag, moves = Move(view.board, QPointF(0, 0)), Timing(), Timing()

    def frame(n: int) -> None:
        move.move(QPointF(n * 40, n * 25), Qt.KeyboardModifier.ControlModifier)
        view.viewport().repaint()

    for n in range(FRAMES):
        drag.time(partial(frame, n))
    move.cancel()
    for n in range(9):
        moves.time(partial(view.verbs.nudge, 10 if n % 2 else -10, 0))
    return {"drag 1,000, a frame": drag.median, "move 1,000": moves.median}


def _walk(view: CanvasView) -> None:
    """As a client does that lists everything: each child's name, role and place."""
    board = QAccessible.queryAccessibleInterface(view)
    for n in range(board.childCount()):
        child = board.child(n)
        child.text(QAccessible.Text.Name), child.role(), child.rect()
