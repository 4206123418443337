"""Watches how late the window would be: a precise 5 ms timer and how far apart its ticks are."""

import statistics
from time import perf_counter
from types import TracebackType

from PySide6.QtCore import Qt, QTimer

INTERVAL_MS = 5


class Lateness:
    """While it is entered, it notes by how many ms each tick comes after its time."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> "Lateness":
        self._last = perf_counter()
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now = perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - INTERVAL_MS))
        self._last = now

    @property
    def worst(self) -> float:
        return max(self.late_ms)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.late_ms, n=100, method="inclusive")[98]
