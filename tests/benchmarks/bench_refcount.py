"""Counts references to None across calls between Qt and Python; PySide6 6.12 lost them on 3.11."""

import asyncio
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from kupuri_desktop.ui.loop import DesktopLoop
from tests.benchmarks.figures import Figure

NAME = "refcount"
SUMMARY = "references to None lost per call; above zero the interpreter aborts sooner or later"


class Sender(QObject):
    sent = Signal(object)


class Receiver(QObject):
    def event(self, event: QEvent) -> bool:
        return True


class Painted(QWidget):
    def paintEvent(self, event: QEvent) -> None:
        """Draws nothing: the call itself is what counts."""


def run(quick: bool) -> list[Figure]:
    app = QApplication.instance() or QApplication([])
    loop = DesktopLoop(app)
    calls = 1_000 if quick else 10_000
    sender, receiver, timer, widget = Sender(), Receiver(), QTimer(), Painted()
    sender.sent.connect(lambda value: None)
    timer.setSingleShot(True)
    timer.timeout.connect(lambda: None)
    widget.show()

    def tick() -> None:
        timer.start(0)
        app.processEvents()

    def turn() -> None:
        loop.run_until_complete(asyncio.sleep(0))

    cases: dict[str, Callable[[], object]] = {
        "signal to a Python slot": lambda: sender.sent.emit(None),
        "event() in Python": lambda: QCoreApplication.sendEvent(receiver, QEvent(QEvent.Type.User)),
        "paintEvent() in Python": widget.repaint,
        "timer to a Python slot": tick,
        "a turn of the loop": turn,
    }
    figures = [
        Figure(name, round(references_lost(call, calls), 3), "per call", bar=0)
        for name, call in cases.items()
    ]
    loop.close()
    return figures


def references_lost(call: Callable[[], object], calls: int) -> float:
    """References to None lost by each of `calls` calls, after some to warm up."""
    for _ in range(20):
        call()
    before = sys.getrefcount(None)
    for _ in range(calls):
        call()
    return (before - sys.getrefcount(None)) / calls
