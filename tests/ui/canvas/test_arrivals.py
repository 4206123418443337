"""Images that are being made: their place, what can be done, and how they settle."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QAbstractButton

from kupuri_desktop.core.errors import Action, Mend, ModelMissing
from kupuri_desktop.core.generation import JobState, Placeholder, Progress
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import Making
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.ui.canvas.coming_item import time_left
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, image_item, picture, png
from tests.ui.canvas.conftest import MakeSetting, Setting

PLACE = Rect(-200, -200, 400, 400)


class Feed:
    """Coming images as a test wishes them."""

    def __init__(self, *placeholders: Placeholder) -> None:
        self.changed: Signal[Placeholder] = Signal()
        self.removed: Signal[str] = Signal()
        self.done: list[str] = []
        self._current = placeholders

    def current(self) -> Sequence[Placeholder]:
        return self._current

    def stop(self, job: str) -> None:
        self.done.append(f"stop {job}")

    def retry(self, job: str) -> None:
        self.done.append(f"retry {job}")

    def dismiss(self, job: str) -> None:
        self.done.append(f"dismiss {job}")


def running(share: float = 0.0, preview: bytes | None = None) -> Placeholder:
    progress = Progress(share, preview=preview)
    return Placeholder("j", PLACE, "a sea", "model", JobState.RUNNING, progress)


def button(s: Setting, name: str) -> QAbstractButton:
    (found,) = (b for b in s.view.findChildren(QAbstractButton, f"coming_{name}") if b.isVisible())
    return found


async def test_the_stop_button_on_the_canvas_stops_that_image(make: MakeSetting) -> None:
    feed = Feed(running())
    s = await make(coming=feed)
    assert button(s, "stop").accessibleName() == "Stop: a sea"
    button(s, "stop").click()
    assert feed.done == ["stop j"]


async def test_the_light_moves_only_while_something_is_seen_and_running(
    make: MakeSetting,
) -> None:
    feed = Feed()
    s = await make(coming=feed)
    arrivals = s.view.arrivals
    assert arrivals is not None
    assert not arrivals.moving
    feed.changed.emit(running())
    assert arrivals.moving
    s.view.camera.pan(5000, 0)
    assert not arrivals.moving
    s.view.camera.pan(-5000, 0)
    assert arrivals.moving
    s.view.hide()
    assert not arrivals.moving


async def test_a_preview_is_shown_as_it_comes(make: MakeSetting) -> None:
    feed = Feed()
    s = await make(coming=feed)
    feed.changed.emit(running(0.4, png(picture(32, 32, 4))))
    await s.settle()
    assert s.view.arrivals is not None
    item = s.view.arrivals.item("j")
    assert item is not None
    assert item.preview is not None
    assert (item.preview.width(), item.placeholder.progress.fraction) == (32, 0.4)


async def test_a_failed_one_offers_to_mend_to_try_again_and_to_go(make: MakeSetting) -> None:
    mend = Action(Mend.CHOOSE_MODEL, "Choose another model")
    problem = ModelMissing("The model is not there.", action=mend).problem
    feed = Feed(replace(running(), state=JobState.FAILED, problem=problem))
    s = await make(coming=feed)
    asked: list[tuple[Action, str]] = []
    s.view.mending.connect(lambda action, job: asked.append((action, job)))
    for name in ("mend", "retry", "dismiss"):
        button(s, name).click()
    assert asked == [(mend, "j")]
    assert feed.done == ["retry j", "dismiss j"]
    feed.removed.emit("j")
    assert s.view.arrivals is not None
    assert s.view.arrivals.jobs() == []


async def test_the_place_fades_into_the_image_that_took_it(make: MakeSetting) -> None:
    feed = Feed(running(0.9))
    pictures = MemoryPictures()
    s = await make([], pictures, coming=feed)
    arrivals = s.view.arrivals
    assert arrivals is not None
    making = Making("a sea", "model", 1, 400, 400, job="j")
    item = image_item(pictures, "new", PLACE.x, PLACE.y, (400, 400), making=making)
    s.canvas.add("Generate a sea", [item])
    feed.removed.emit("j")
    assert arrivals.item("j") is not None, "it went at once"
    async with asyncio.timeout(10):
        while arrivals.jobs():
            await asyncio.sleep(0.01)
    assert not arrivals.moving


async def test_with_less_motion_the_place_gives_way_at_once(make: MakeSetting, look: Look) -> None:
    look.set_reduce_motion(True)
    feed = Feed(running())
    pictures = MemoryPictures()
    s = await make([], pictures, coming=feed)
    assert s.view.arrivals is not None
    assert not s.view.arrivals.moving
    making = Making("a sea", "model", 1, 400, 400, job="j")
    s.canvas.add("Generate", [image_item(pictures, "new", making=making)])
    feed.removed.emit("j")
    assert s.view.arrivals.jobs() == []


async def test_an_empty_canvas_offers_one_button_until_something_comes(
    make: MakeSetting,
) -> None:
    feed = Feed()
    s = await make(coming=feed)
    assert s.view.bars.empty.isVisible()
    feed.changed.emit(running())
    assert not s.view.bars.empty.isVisible()


def test_the_time_left_is_told_in_words_that_do_not_jump() -> None:
    assert [time_left(s) for s in (0.2, 12.1, 89, 100, 600)] == [
        "1 s left", "13 s left", "89 s left", "2 min left", "10 min left",
    ]  # fmt: skip
