"""Runs asyncio on Qt's event loop with exact timers, and gives Qt its turn every few ms."""

from __future__ import annotations

import asyncio
import heapq
import math
import sys
from collections import deque
from collections.abc import Callable
from contextvars import Context
from time import monotonic
from typing import Any

import qasync
from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

# Longest run of ready callbacks before Qt may paint and read input, in seconds.
SLICE_SECONDS = 0.003

# Qt.EventPriority.LowEventPriority. `Qt` itself takes PySide6 15 ms to build when it is first
# named; the loop, which must run at once, leaves that to the first timer.
_LOW_PRIORITY = -1

# QTimer takes its interval as a 32-bit number of milliseconds (about 24 days).
_LONGEST_TIMER_MS = 2**31 - 1

# Rebuild the heap when more than this many, and more than half, of its timers are cancelled.
_CANCELLED_KEPT = 100


class _Pump(QObject):
    """Receives the wake-up events that are posted when callbacks are ready."""

    def __init__(self, run: Callable[[], None]) -> None:
        super().__init__()
        self.wake_type = QEvent.Type(QEvent.registerEventType())
        self._run = run

    def event(self, event: QEvent) -> bool:
        if event.type() == self.wake_type:
            self._run()
            return True
        return super().event(event)


class DesktopLoop(qasync.QEventLoop):
    """A qasync loop whose callbacks wait in one deque and whose timers wait in one heap.

    qasync 0.28 starts a Qt timer for every callback, fires coarse timers up to 5 % early, and
    keeps the timer of a cancelled call until its deadline; here one precise ``QTimer`` serves the
    earliest deadline and no callback costs a timer. ``call_later`` returns a handle that knows
    its ``when()``.

    Callbacks that become ready while a task is inside a nested Qt loop (a drag, a menu) wait for
    that task to come back, since asyncio cannot enter a second task from within the first.
    """

    def __init__(self, app: QCoreApplication | None = None) -> None:
        self._waiting: deque[asyncio.Handle] = deque()
        self._deadlines: list[asyncio.TimerHandle] = []
        self._cancelled_count = 0
        self._wake_posted = False
        self._interrupt: BaseException | None = None
        self._pump = _Pump(self._run_slice)
        self._deadline_timer: QTimer | None = None
        super().__init__(app)

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run ``callback`` in the next slice. Raises RuntimeError on a closed loop."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._waiting.append(handle)
        self._wake()
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """The same from any thread: the deque's append and Qt's postEvent are both thread safe."""
        return self.call_soon(callback, *args, context=context)

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Run ``callback`` after ``delay`` seconds, never earlier."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Run ``callback`` once ``time()`` has reached ``when`` (monotonic seconds)."""
        self._check_closed()
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        handle._scheduled = True  # type: ignore[attr-defined]  # asks to hear of cancel()
        heapq.heappush(self._deadlines, handle)
        if self._deadlines[0] is handle:
            self._arm()
        return handle

    def time(self) -> float:
        """The loop's clock: monotonic seconds."""
        return monotonic()

    def timers_pending(self) -> int:
        """How many timers are set and not cancelled."""
        return len(self._deadlines) - self._cancelled_count

    def run_forever(self) -> int:
        """Run until ``stop()``; a KeyboardInterrupt or SystemExit of a callback leaves here."""
        hooks = sys.get_asyncgen_hooks()
        # Async generators that are left in the middle are closed by the loop, as asyncio does.
        sys.set_asyncgen_hooks(
            firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook
        )
        self._wake_posted = False
        if self._waiting:
            self._wake()
        self._arm()
        try:
            result: int = super().run_forever()
        finally:
            sys.set_asyncgen_hooks(*hooks)
        if self._interrupt is not None:
            interrupt, self._interrupt = self._interrupt, None
            raise interrupt
        return result

    def run_in_executor(
        self, executor: Any, callback: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run in a plain thread pool, whose threads start one at a time and only when needed."""
        return asyncio.BaseEventLoop.run_in_executor(self, executor, callback, *args)

    def set_default_executor(self, executor: Any) -> None:
        """Use ``executor`` when ``run_in_executor`` is given none."""
        asyncio.BaseEventLoop.set_default_executor(self, executor)

    def close(self) -> None:
        """Drop what still waits and stop the timer. Raises RuntimeError on a running loop."""
        super().close()
        if self._deadline_timer is not None:
            self._deadline_timer.stop()
        self._waiting.clear()
        self._deadlines.clear()
        self._cancelled_count = 0

    def _wake(self) -> None:
        # Two threads may both see False and post twice: a slice with nothing to do costs nothing.
        if not self._wake_posted:
            self._wake_posted = True
            QCoreApplication.postEvent(self._pump, QEvent(self._pump.wake_type), _LOW_PRIORITY)

    def _run_slice(self) -> None:
        self._wake_posted = False
        if not self.is_running() or asyncio.current_task(self) is not None:
            return
        waiting = self._waiting
        end = monotonic() + SLICE_SECONDS
        try:
            while waiting:
                handle = waiting.popleft()
                if not handle.cancelled():
                    handle._run()
                if monotonic() >= end:
                    break
        except (KeyboardInterrupt, SystemExit) as interrupt:
            # Qt would swallow it on the way out of this event handler.
            self._interrupt = interrupt
            self.stop()
        if waiting:
            self._wake()

    def _arm(self) -> None:
        deadlines = self._deadlines
        while deadlines and deadlines[0].cancelled():
            self._forget(heapq.heappop(deadlines))
            self._cancelled_count -= 1
        timer = self._deadline_timer
        if not deadlines:
            if timer is not None:
                timer.stop()
            return
        if timer is None:
            timer = self._deadline_timer = QTimer()
            timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
            timer.setSingleShot(True)
            timer.timeout.connect(self._collect_due)
        milliseconds = math.ceil((deadlines[0].when() - monotonic()) * 1000)
        timer.start(min(max(0, milliseconds), _LONGEST_TIMER_MS))

    def _collect_due(self) -> None:
        now = monotonic()
        deadlines = self._deadlines
        while deadlines and deadlines[0].when() <= now:
            handle = heapq.heappop(deadlines)
            self._forget(handle)
            if handle.cancelled():
                self._cancelled_count -= 1
            else:
                self._waiting.append(handle)
        if self._waiting:
            self._wake()
        self._arm()

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        # asyncio calls this from TimerHandle.cancel(), before the handle says that it is cancelled.
        if not handle._scheduled:  # type: ignore[attr-defined]
            return
        self._cancelled_count += 1
        count, total = self._cancelled_count, len(self._deadlines)
        if count == total:
            for old in self._deadlines:
                self._forget(old)
            self._deadlines.clear()
            self._cancelled_count = 0
            self._arm()
        elif count > _CANCELLED_KEPT and count * 2 > total:
            for old in self._deadlines:
                if old.cancelled():
                    self._forget(old)
            self._deadlines = [kept for kept in self._deadlines if not kept.cancelled()]
            heapq.heapify(self._deadlines)
            self._cancelled_count = 1

    @staticmethod
    def _forget(handle: asyncio.TimerHandle) -> None:
        handle._scheduled = False  # type: ignore[attr-defined]
