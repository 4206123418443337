"""The only bridge between Qt and asyncio: starts coroutines that belong to a Qt object."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import Shiboken

from kupuri_desktop.core.errors import KupuriError

log = logging.getLogger(__name__)

T = TypeVar("T")
ErrorReceiver = Callable[[KupuriError], object]
CrashReceiver = Callable[[BaseException], object]

_LONGEST = 10.0
"""Seconds: work in memory takes far less; what waits for a full disk is asked about elsewhere."""


class Tasks:
    """Keeps every task until it is done, cancels it with its owner, and reports what it raises.

    on_error: shows a KupuriError that the spawner does not show itself (the notice bar).
    on_crash: shows anything else (the crash dialog).
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, on_error: ErrorReceiver, on_crash: CrashReceiver
    ) -> None:
        self._loop = loop
        self._on_error = on_error
        self._on_crash = on_crash
        self._owned: dict[int, set[asyncio.Task[Any]]] = {}
        self._kept: set[asyncio.Task[Any]] = set()

    def spawn(
        self,
        work: Coroutine[Any, Any, T],
        owner: QObject,
        *,
        on_error: ErrorReceiver | None = None,
        name: str | None = None,
        kept: bool = False,
    ) -> asyncio.Task[T]:
        """Start `work`; it is cancelled when `owner` is destroyed.

        on_error: shows a KupuriError in place (a card) instead of in the notice bar. kept: it is
        a person's own work on its way to the disk; it goes on without its owner, and `settled`
        waits for it.
        """
        task = self._loop.create_task(work, name=name)
        if kept:
            self._kept.add(task)
            task.add_done_callback(self._kept.discard)
        # The C++ address names the owner even after its Python wrapper is gone.
        key: int = Shiboken.getCppPointer(owner)[0]
        if key not in self._owned:
            self._owned[key] = set()
            owner.destroyed.connect(lambda: self._cancel_owned(key))
        if not kept:
            self._owned[key].add(task)
        task.add_done_callback(lambda done: self._finish(done, key, on_error))
        return task

    def running(self) -> int:
        """How many tasks are not done."""
        return sum(len(tasks) for tasks in self._owned.values()) + len(self._kept)

    async def settled(self) -> None:
        """Returns once all that is kept is done, or has waited too long for a disk in its way."""
        end = self._loop.time() + _LONGEST
        while self._kept and (left := end - self._loop.time()) > 0:
            await asyncio.wait(set(self._kept), timeout=left)

    async def aclose(self) -> None:
        """Cancel every task but the caller's, and wait until each has ended."""
        current = asyncio.current_task()
        tasks = [task for owned in (*self._owned.values(), self._kept) for task in owned]
        tasks = [task for task in tasks if task is not current]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _cancel_owned(self, key: int) -> None:
        tasks = self._owned.pop(key, set())
        if not self._loop.is_closed():
            for task in tasks:
                task.cancel()

    def _finish(self, task: asyncio.Task[Any], key: int, on_error: ErrorReceiver | None) -> None:
        owned = self._owned.get(key)
        if owned is not None:
            owned.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        for leaf in _leaves(error):
            if isinstance(leaf, KupuriError):
                log.info("%s: %s %s", type(leaf).__name__, leaf.message, leaf.details)
                # The owner may have gone between the error and this report.
                (self._on_error if owned is None or on_error is None else on_error)(leaf)
            else:
                log.error("A task failed.", exc_info=leaf)
                self._on_crash(leaf)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _leaves(part)
    else:
        yield error
