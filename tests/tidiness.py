"""Fails a test of the Qt face that warns unasked or leaves something running behind it."""

import asyncio
import gc
import logging
import re
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

# How long a thread that was told to end may take to do so, in seconds.
GRACE_SECONDS = 5.0


@pytest.fixture(autouse=True)
async def tidy(request: pytest.FixtureRequest, qapp: QApplication) -> AsyncIterator[None]:
    """Being the first fixture it looks last: what other fixtures close counts as closed.

    Looks at log records from WARNING on (those named by `@pytest.mark.logs("regex", ...)` are
    meant), asyncio tasks, QTimers and animations made in Python, top-level widgets, threads.
    """
    widgets, threads = top_level_widgets(), set(threading.enumerate())
    tickers = {id(ticker) for ticker in active_tickers()}
    meant = [pattern for mark in request.node.iter_markers("logs") for pattern in mark.args]
    with unexpected_warnings(meant) as warnings:
        yield
    # What a test copied is no business of the next one; and data made in Python that is still
    # there when the process ends is destroyed after Python, which Qt does not survive.
    QApplication.clipboard().clear()
    left = [f"logged: {text}" for text in warnings]
    left += [f"task: {task!r}" for task in await tasks_left()]
    if top_level_widgets().keys() - widgets.keys():
        clear_deleted()
        now = top_level_widgets()
        left += [f"widget: {now[address]}" for address in now.keys() - widgets.keys()]
    left += [f"timer: {t!r}" for t in active_tickers() if id(t) not in tickers]
    left += [f"thread: {thread.name}" for thread in threads_left(threads)]
    if left:
        pytest.fail("The test left something behind:\n  " + "\n  ".join(left), pytrace=False)


@contextmanager
def unexpected_warnings(meant: Sequence[str]) -> Iterator[list[str]]:
    """Collects the warnings that none of the regular expressions in `meant` finds."""
    texts: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = f"{record.name}: {record.getMessage()}"
            if not any(re.search(pattern, text) for pattern in meant):
                texts.append(f"{record.levelname} {text}")

    collector = Collector(logging.WARNING)
    logging.getLogger().addHandler(collector)
    try:
        yield texts
    finally:
        logging.getLogger().removeHandler(collector)


async def tasks_left() -> set[asyncio.Task[object]]:
    """Tasks that are still there once everything that was cancelled has had its turns to end."""
    tasks: set[asyncio.Task[object]] = set()
    for _ in range(10):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if not tasks:
            break
        await asyncio.sleep(0)
    return tasks


def top_level_widgets() -> dict[int, str]:
    """Their C++ addresses and what they are: to hold the widgets would keep them alive."""
    return {
        Shiboken.getCppPointer(widget)[0]: f"{widget!r} {widget.objectName()}"
        for widget in QApplication.topLevelWidgets()
        # Qt keeps one label for all tooltips.
        if widget.metaObject().className() != "QTipLabel"
    }


def active_tickers() -> list[QObject]:
    """Timers and animations that run, but the loop's own timer (its tasks are looked at)."""
    own = getattr(asyncio.get_running_loop(), "_deadline_timer", None)
    return [
        thing
        for thing in gc.get_objects()
        # By its type, for isinstance would wake proxies of objects that are gone.
        if issubclass(type(thing), (QTimer, QAbstractAnimation))
        and thing is not own
        and Shiboken.isValid(thing)
        and (
            thing.isActive()
            if isinstance(thing, QTimer)
            else thing.state() == QAbstractAnimation.State.Running
        )
    ]


def clear_deleted() -> None:
    """Lets `deleteLater` and the collector finish: what is on its way out is no leak."""
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def threads_left(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads that were started since and outlive the grace; the loop ends its own pool later."""
    new = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not thread.name.startswith(("asyncio_", "Dummy-"))
    ]
    for thread in new:
        thread.join(GRACE_SECONDS)
    return [thread for thread in new if thread.is_alive()]
