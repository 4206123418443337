"""Watches how late the window would be: a precise 5 ms timer and how far apart its ticks are."""

import statistics
from time import perf_counter, thread_time
from types import TracebackType

from PySide6.QtCore import Qt, QTimer

INTERVAL_MS = 5


class Lateness:
    """While it is entered, it notes by how many ms each tick comes after its time."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self.busy_ms: list[float] = []
        self._last = self._worked = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> "Lateness":
        self._last, self._worked = perf_counter(), thread_time()
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
        now, worked = perf_counter(), thread_time()
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - INTERVAL_MS))
        self.busy_ms.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked

    @property
    def worst(self) -> float:
        return max(self.late_ms)

    @property
    def busiest(self) -> float:
        """The most that this thread worked between two ticks: the same on a busy machine."""
        return max(self.busy_ms)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.late_ms, n=100, method="inclusive")[98]
