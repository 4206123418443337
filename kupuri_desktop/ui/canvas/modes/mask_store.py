"""Keeps what was painted: encodes in a thread, stores, and makes each stroke a step, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.canvas.modes.mask_raster import Grey
from kupuri_desktop.ui.canvas.ports import Masks
from kupuri_desktop.workspace.masks import written


@dataclass(frozen=True, slots=True, eq=False)
class _Stroke:
    label: str
    before: Grey
    after: Grey


class MaskStore:
    """Strokes that are on their way to the canvas, the oldest first.

    run: starts the work that stores them. A stroke that is on its way ends even where the mode is
    left meanwhile. `mask` is the asset that the image's mask was last set to from here.
    """

    def __init__(
        self,
        canvas: Canvas,
        item: ImageItem,
        masks: Masks,
        run: Callable[[MaskStore], object],
    ) -> None:
        self._canvas = canvas
        self._masks = masks
        self._run = run
        self._item = item.id
        self._natural = max(item.natural_width, 1), max(item.natural_height, 1)
        self._waiting: list[_Stroke] = []
        self._working = False
        self._idle = asyncio.Event()
        self._idle.set()
        self.mask = item.mask

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def add(self, label: str, before: Grey, after: Grey) -> None:
        """Puts a stroke on its way; the arrays are not to be changed any more."""
        self._waiting.append(_Stroke(label, before, after))
        if not self._working:
            self._working = True
            self._idle.clear()
            self._run(self)

    def take_back(self) -> Grey | None:
        """Drops the newest stroke and answers how the mask was before; None where none waits."""
        return self._waiting.pop().before if self._waiting else None

    def drop(self) -> None:
        """Drops all that waits: the canvas has gone another way."""
        self._waiting.clear()

    async def store(self) -> None:
        """Stores until nothing waits. Raises what storing raises."""
        try:
            while self._waiting:
                stroke = self._waiting[0]
                png = await asyncio.to_thread(_encoded, stroke.after, self._natural)
                mask = await self._masks.keep(png) if png is not None else None
                if not self._waiting or self._waiting[0] is not stroke:
                    continue
                self._waiting.pop(0)
                item = self._canvas.items.get(self._item)
                if isinstance(item, ImageItem):
                    self.mask = mask
                    self._canvas.apply(stroke.label, {item.id: replace(item, mask=mask)})
        finally:
            self._working = False
            self._idle.set()

    async def settled(self) -> None:
        """Returns once no stroke is on its way."""
        await self._idle.wait()


def _encoded(pixels: Grey, natural: tuple[int, int]) -> bytes | None:
    height, width = pixels.shape
    return written(pixels.tobytes(), (width, height), natural)
