"""A window with a canvas and two images on it, whose files lie in a folder.

Run as a script: sender.py FOLDER. Writes `sender.json` when it can be used: where the images
are on the screen; afterwards `canvas.json` after every edit.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.edits import Change
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import Exports, MemoryPictures, canvas_of, image_item


async def run(folder: Path, tasks: Tasks, look: Look) -> None:
    pictures = MemoryPictures()
    items = [
        image_item(pictures, "a", -220, -75, seed=1, name="Sunset over the bay"),
        image_item(pictures, "b", 20, -75, seed=2, name="Harbour"),
    ]
    for item in items:
        (folder / f"{item.id}.original").write_bytes(await pictures.data(item.asset))
    exports = folder / "exports"
    exports.mkdir()
    canvas = canvas_of(items)
    view = CanvasView(canvas, pictures, tasks, look, outgoing=Exports(exports, pictures, items))
    view.setWindowTitle("sender")
    view.setGeometry(20, 40, 800, 600)
    view.show()
    view.raise_()
    view.activateWindow()

    def note(change: Change) -> None:
        places = {key: [item.x, item.y] for key, item in canvas.items.items()}
        part = folder / "canvas.part"
        part.write_text(json.dumps({"label": change.step.label, "places": places}))
        part.rename(folder / "canvas.json")

    canvas.changed.connect(note)
    # The window manager has put its frame around the window once it is active.
    while not (view.isActiveWindow() and view.windowHandle().isExposed()):
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    where = {
        item.id: [
            round(v)
            for v in view.viewport()
            .mapToGlobal(view.camera.to_view(QPointF(item.x + 100, item.y + 75)))
            .toTuple()
        ]
        for item in items
    }
    part = folder / "sender.part"
    part.write_text(json.dumps(where))
    part.rename(folder / "sender.json")
    await asyncio.Event().wait()


def main() -> None:
    app = QApplication([])
    loop = DesktopLoop(app)
    asyncio.set_event_loop(loop)

    def fail(error: BaseException) -> None:
        raise error

    tasks = Tasks(loop, fail, fail)
    app.lastWindowClosed.connect(loop.stop)
    loop.run_until_complete(run(Path(sys.argv[1]), tasks, Look(app)))


if __name__ == "__main__":
    main()
