"""Proves that the order kept among tests of the Qt face sees what a test leaves behind."""

import asyncio
import gc
import logging
import threading
import weakref

import pytest
from PySide6.QtCore import QTimer, QVariantAnimation
from PySide6.QtWidgets import QLabel, QWidget

from tests import tidiness


async def test_these_tests_run_on_the_loop_of_the_app() -> None:
    assert type(asyncio.get_running_loop()).__name__ == "DesktopLoop"


async def test_a_task_left_running_is_seen_and_one_just_cancelled_is_not() -> None:
    task = asyncio.create_task(asyncio.sleep(3600))
    assert await tidiness.tasks_left() == {task}
    task.cancel()
    assert await tidiness.tasks_left() == set()


async def test_a_proxy_of_an_object_that_is_gone_does_no_harm() -> None:
    gone = QTimer()
    proxy = weakref.proxy(gone)
    del gone
    assert tidiness.active_tickers() == []
    assert type(proxy) is weakref.ProxyType


async def test_active_timers_and_running_animations_are_seen() -> None:
    before = len(tidiness.active_tickers())
    timer, animation = QTimer(), QVariantAnimation()
    timer.start(3_600_000)
    animation.setDuration(3_600_000)
    animation.start()
    assert len(tidiness.active_tickers()) == before + 2
    timer.stop()
    animation.stop()
    assert len(tidiness.active_tickers()) == before


def test_a_widget_that_somebody_holds_is_seen_and_one_on_its_way_out_is_not() -> None:
    before = tidiness.top_level_widgets().keys()
    held: list[QWidget] = [QLabel("held")]
    going = QWidget()
    going.deleteLater()
    tidiness.clear_deleted()
    assert len(tidiness.top_level_widgets().keys() - before) == 1
    held.clear()
    gc.collect()
    assert tidiness.top_level_widgets().keys() == before


def test_a_thread_that_does_not_end_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidiness, "GRACE_SECONDS", 0.0)
    before, end = set(threading.enumerate()), threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    assert tidiness.threads_left(before) == [thread]
    end.set()
    thread.join()
    assert tidiness.threads_left(before) == []


@pytest.mark.logs("half of the stars are gone", "the disk is full")
def test_only_warnings_that_were_announced_pass() -> None:
    log = logging.getLogger("kupuri_desktop.somewhere")
    with tidiness.unexpected_warnings(["half of the [a-z]+ are gone"]) as texts:
        log.info("nothing happened")
        log.warning("half of the %s are gone", "stars")
        log.warning("the disk is full")
    assert texts == ["WARNING kupuri_desktop.somewhere: the disk is full"]
