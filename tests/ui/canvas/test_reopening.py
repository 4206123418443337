"""Edits, undo, redo, revert and restarts in any order: memory, disk and scene are one, always."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, ShapeItem
from kupuri_desktop.ui.canvas.painting.layer import Layer
from kupuri_desktop.ui.canvas.painting.picture_store import PictureStore
from tests.durability.test_edits import KEYS, RUNS, Edits

APP = QApplication.instance() or QApplication([])
STEP, CELLS = 40, 4
GROUND = "#202428"
COLOURS = ("#d02020", "#20b040", "#3060e0", "#e0c020")
CLOSE = 8
"""Steps of 255: smaller copies of pictures are JPEG."""

cells = st.integers(0, CELLS - 1)
colours = st.integers(0, len(COLOURS) - 1)


def flat(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (STEP, STEP), colour).save(out, "PNG")
    return out.getvalue()


ASSETS = {asset_id(flat(colour)): colour for colour in COLOURS}


class Board:
    """A layer that shows a canvas, painted at 100 % until nothing coarse is left in it."""

    def __init__(self, machine: Boards, items: Iterable[Item]) -> None:
        def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
            return machine.loop.create_task(work)

        self._store = PictureStore(machine.storage.assets, spawn, QColor("#444"))
        self.layer = Layer(self._store, QColor("#888"))
        self.layer.load(list(items))

    def follow(self, change: Change) -> None:
        after = change.edit.after
        self.layer.remove(key for key, item in after.items() if item is None)
        self.layer.put(item for item in after.values() if item is not None)

    def rows(self) -> dict[str, Item | None]:
        sheet = self.layer.sheet
        return {key: sheet.items[row] for key, row in sheet.row.items()}

    async def pixels(self) -> np.ndarray:
        await self._store.load_micros(self.layer.assets())
        side = STEP * CELLS
        while True:
            image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(QColor(GROUND))
            painter = QPainter(image)
            area = QRectF(0, 0, side, side)
            complete = self.layer.tiles.paint(painter, QTransform(), area, moving=False)
            painter.end()
            if complete and not self._store.waiting:
                break
            await asyncio.sleep(0.001)
        flat = np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4)
        return flat[..., 2::-1].astype(int)

    def close(self) -> None:
        self.layer.close()
        self._store.close()


class Boards(Edits):
    """The machine of edits on a real database, with a board that follows its canvas."""

    board: Board

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def teardown(self) -> None:
        self.board.close()
        super().teardown()

    def _load(self) -> None:
        super()._load()
        if hasattr(self, "board"):
            self.board.close()
        self.board = Board(self, self.canvas.items.values())
        self.canvas.changed.connect(self.board.follow)

    @rule(key=KEYS, x=cells, y=cells, z=st.integers(0, 3), colour=colours, run=RUNS)
    def shape(self, key: str, x: int, y: int, z: int, colour: int, run: str | None) -> None:
        item = ShapeItem(
            id=key,
            name="note",
            x=x * STEP,
            y=y * STEP,
            width=STEP * 2,
            height=STEP,
            z=z,
            fill=COLOURS[colour],
            stroke=None,
        )
        self.canvas.apply("Draw", {key: item}, run=run)

    @rule(key=KEYS, x=cells, y=cells, z=st.integers(0, 3), colour=colours, run=RUNS)
    def picture(self, key: str, x: int, y: int, z: int, colour: int, run: str | None) -> None:
        """Its bytes go to the disk before the item that names them."""
        data = flat(COLOURS[colour])
        taken = self._loop.run_until_complete(self.storage.assets.take(data, made=True))
        item = ImageItem(
            id=key,
            name="note",
            x=x * STEP,
            y=y * STEP,
            width=STEP,
            height=STEP * 2,
            z=z,
            asset=taken.asset.id,
            natural_width=STEP,
            natural_height=STEP,
        )
        self.canvas.apply("Generate", {key: item}, run=run)

    @rule(key=KEYS, x=cells, y=cells)
    def frame(self, key: str, x: int, y: int) -> None:
        side = STEP * 2
        item = FrameItem(id=key, name="note", x=x * STEP, y=y * STEP, width=side, height=side)
        self.canvas.apply("Frame", {key: item})

    @rule(key=KEYS, hidden=st.booleans())
    def hide(self, key: str, hidden: bool) -> None:
        if key in self.canvas.items:
            self.canvas.apply("Hide", {key: replace(self.canvas.items[key], hidden=hidden)})

    @invariant()
    def the_board_that_followed_and_one_that_is_made_of_the_disk_are_as_memory(self) -> None:
        self._loop.run_until_complete(self._compare())

    async def _compare(self) -> None:
        await self.storage.database.saved()
        state = await self.storage.canvases.load("p")
        fresh = Board(self, state.items)
        try:
            assert fresh.rows() == dict(self.canvas.items)
            assert self.board.rows() == dict(self.canvas.items)
            shown, followed = await fresh.pixels(), await self.board.pixels()
        finally:
            fresh.close()
        assert np.abs(shown - followed).max() <= 2
        for x in range(CELLS):
            for y in range(CELLS):
                want = self._colour_at((x + 0.5) * STEP, (y + 0.5) * STEP)
                found = shown[int((y + 0.5) * STEP), int((x + 0.5) * STEP)]
                assert np.abs(found - want).max() <= CLOSE, (x, y, found, want)

    def _colour_at(self, x: float, y: float) -> list[int]:
        """By a look at every item, from the front to the back."""
        for item in reversed(self.canvas.in_order()):
            rect = item.rect
            if item.hidden or not (rect.x < x < rect.right and rect.y < y < rect.bottom):
                continue
            match item:
                case ShapeItem(fill=str(colour)) | FrameItem(background=str(colour)):
                    return _numbers(colour)
                case ImageItem(asset=asset):
                    return _numbers(ASSETS[asset])
        return _numbers(GROUND)


def _numbers(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def test_memory_disk_and_scene_are_one_after_any_edits_and_restarts() -> None:
    run_state_machine_as_test(
        Boards, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
