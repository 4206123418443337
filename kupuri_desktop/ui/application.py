"""Starts the window: paints its shell first, and loads everything else behind it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from PySide6 import QtCore, QtWidgets

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.ui.main_window import MainWindow
from kupuri_desktop.ui.trace import mark
from kupuri_desktop.ui.window_state import WindowState

USAGE = "usage: kupuri [--data FOLDER] [FILE ...]\n"

# A window that is started hidden or on another desktop may never be painted.
_PAINT_PATIENCE_MS = 1000


def main(arguments: Sequence[str]) -> int:
    """Open the window as the command line says; the exit code, 2 for a wrong use."""
    chosen = parse(arguments)
    if chosen is None:
        sys.stderr.write(USAGE)
        return 2
    data, files = chosen
    return run(DataFolder.choose(data, os.environ), files, os.environ)


def parse(arguments: Sequence[str]) -> tuple[str | None, list[str]] | None:
    """The data folder and the files that the arguments name; None for a wrong use.

    (No argparse: it takes longer to import than the window to paint.)
    """
    data: str | None = None
    files: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            files.extend(words)
        elif word == "--data":
            data = next(words, "")
            if not data:
                return None
        elif word.startswith("--data="):
            data = word.removeprefix("--data=")
        elif word.startswith("-"):
            return None
        else:
            files.append(word)
    return data, files


def run(folder: DataFolder, files: Sequence[str], environment: Mapping[str, str]) -> int:
    """Open the window on a data folder, with `files` placed where they belong; the exit code.

    Where the folder is open in another Kupuri, that one gets the files and comes to the front.
    """
    app = QtWidgets.QApplication(sys.argv[:1])
    app.setApplicationName("Kupuri")
    app.setDesktopFileName("kupuri")
    if os.path.exists(folder.root / "instance.lock"):
        # Likely a second start: it must not flash a window before it hands over.
        from kupuri_desktop.ui.second_start import hand_over

        if (code := hand_over(folder.root, files)) is not None:
            return code
    state = WindowState.read(folder.window_state)
    window = MainWindow(state)
    _paint_first(window)
    mark("painted")

    # Everything that takes its time to import comes after the first paint.
    from kupuri_desktop.ui.running import run_window

    return run_window(app, window, state, folder, files, environment)


def _paint_first(window: MainWindow) -> None:
    waiting = QtCore.QEventLoop()
    window.first_painted.connect(waiting.quit)
    patience = QtCore.QTimer()
    patience.setSingleShot(True)
    patience.timeout.connect(waiting.quit)
    patience.start(_PAINT_PATIENCE_MS)
    window.show()
    waiting.exec()
    patience.stop()
