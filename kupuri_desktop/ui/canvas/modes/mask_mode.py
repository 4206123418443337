"""Paints the mask of an image: each stroke is a step of the canvas."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QCursor,
    QPainter,
    QTransform,
)

from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.hands.gestures import Keys
from kupuri_desktop.ui.canvas.modes.crop_mode import Leave
from kupuri_desktop.ui.canvas.modes.mask_bar import MaskBar, MaskOptions, MaskTool
from kupuri_desktop.ui.canvas.modes.mask_hand import BrushHand, MaskHand, Point, ShapeHand
from kupuri_desktop.ui.canvas.modes.mask_raster import MaskRaster
from kupuri_desktop.ui.canvas.modes.mask_sight import MaskSight
from kupuri_desktop.ui.canvas.modes.mask_store import MaskStore
from kupuri_desktop.ui.canvas.ports import Masks
from kupuri_desktop.ui.theme import Theme
from kupuri_desktop.workspace.masks import read

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_STEP = 1.15
_TOOL_KEYS = {
    Qt.Key.Key_B: MaskTool.BRUSH,
    Qt.Key.Key_R: MaskTool.RECTANGLE,
    Qt.Key.Key_O: MaskTool.ELLIPSE,
    Qt.Key.Key_L: MaskTool.LASSO,
}
_KEYS = frozenset({
    *_TOOL_KEYS, Qt.Key.Key_X, Qt.Key.Key_E, Qt.Key.Key_I, Qt.Key.Key_BracketLeft,
    Qt.Key.Key_BracketRight, Qt.Key.Key_BraceLeft, Qt.Key.Key_BraceRight,
})  # fmt: skip


class MaskMode:
    """The mask of one image under the hand. `ready` once a mask that was there has been read."""

    tool = Tool.MASK

    def __init__(
        self,
        view: CanvasView,
        item: ImageItem,
        masks: Masks,
        options: MaskOptions,
        leave: Leave,
    ) -> None:
        self._view = view
        self._leave = leave
        self._image = item
        self.item = item.id
        self.options = options
        self.raster = MaskRaster((item.natural_width, item.natural_height))
        self.ready = False
        self.sight = MaskSight(view, self.raster, item)
        self._store = MaskStore(view.canvas, item, masks, self._run)
        self._hand: MaskHand | None = None
        self._sizing: tuple[QPointF, float, float] | None = None
        self._pointer: QPointF | None = None
        self._pressure = 1.0
        self._last: Point | None = None
        edit = view.commands.find("edit_with_ai")
        self.bar = MaskBar(view.look, view, lambda apply: leave(apply=apply), edit)
        self._join_bar()
        self._load()

    async def settled(self) -> None:
        """Returns once every stroke has become a step; also after the mode is left."""
        await self._store.settled()

    @property
    def waiting(self) -> int:
        """How many strokes are on their way to the canvas."""
        return self._store.waiting

    # --- pointer and keys

    def press(self, at: QPointF, button: Qt.MouseButton, keys: Keys) -> bool:
        if button == Qt.MouseButton.RightButton:
            self._sizing = at, self.options.size, self.options.hardness
            return True
        if button != Qt.MouseButton.LeftButton or not self.ready:
            return True
        options = self.options
        self.sight.sharpen()
        subtract = options.subtract != bool(keys & Keys.AltModifier)
        there = self.sight.in_raster(at)
        if options.tool is MaskTool.BRUSH:
            self._hand = BrushHand(
                self.raster,
                there,
                self._radius(),
                options.hardness,
                subtract=subtract,
                origin=self._last if keys & Keys.ShiftModifier else None,
                drawn=self.sight.drawn,
                pressure=lambda: self._pressure,
            )
        else:
            self._hand = ShapeHand(
                self.raster, options.tool, there, subtract=subtract, drawn=self.sight.drawn
            )
        self._touch_pointer(at)
        return True

    def move(self, at: QPointF, keys: Keys) -> None:
        if self._sizing is not None:
            self._size_by(at)
            return
        if self._hand is not None:
            self._hand.move(self.sight.in_raster(at), square=bool(keys & Keys.ShiftModifier))
            if self._hand.outline() is not None:
                self._view.viewport().update()
        self._touch_pointer(at)

    def release(self, at: QPointF, keys: Keys) -> None:
        self._sizing = None
        hand, self._hand = self._hand, None
        self._pressure = 1.0
        if hand is None:
            return
        if hand.finish():
            self._last = self.sight.in_raster(at)
            self._keep(hand.label)
        self._view.viewport().update()

    def press_harder(self, pressure: float) -> None:
        self._pressure = min(max(pressure, 0.05), 1.0)

    def wants(self, key: Qt.Key, keys: Keys) -> bool:
        if key == Qt.Key.Key_Escape and self._hand is not None:
            return True
        return key in _KEYS and not keys & (Keys.ControlModifier | Keys.AltModifier)

    def key(self, key: Qt.Key, keys: Keys) -> None:
        options = self.options
        if key == Qt.Key.Key_Escape:
            self._cancel_stroke()
        elif key in _TOOL_KEYS:
            options.tool = _TOOL_KEYS[key]
            options.subtract = options.subtract and key != Qt.Key.Key_B
        elif key == Qt.Key.Key_X:
            options.subtract = not options.subtract
        elif key == Qt.Key.Key_E:
            options.subtract = True
        elif key == Qt.Key.Key_I:
            self.invert()
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            larger = key == Qt.Key.Key_BracketRight
            self._set_size(options.size * (_STEP if larger else 1 / _STEP))
        else:
            harder = key == Qt.Key.Key_BraceRight
            options.hardness = min(max(options.hardness + (0.1 if harder else -0.1), 0.0), 1.0)
        self._show_options()

    def cursor(self, at: QPointF) -> QCursor:
        brush = self.options.tool is MaskTool.BRUSH
        return QCursor(Qt.CursorShape.BlankCursor if brush else Qt.CursorShape.CrossCursor)

    # --- what becomes of it

    def invert(self) -> None:
        """What may change is kept, and the other way round."""
        self._apply("Mask: invert", replace(self._image, mask_invert=not self._image.mask_invert))

    def feather(self, pixels: float) -> None:
        self._apply("Mask: feather", replace(self._image, mask_feather=pixels))

    def fill(self) -> None:
        """Everything may change."""
        self._flood(255, "Mask: fill")

    def clear(self) -> None:
        """Nothing is masked any more."""
        self._flood(0, "Mask: clear")

    def item_changed(self, item: Item | None) -> bool:
        if not isinstance(item, ImageItem) or item.asset != self._image.asset:
            return False
        before, self._image = self._image, item
        self.sight.take(item)
        self.bar.show_mask(item.mask_feather, item.mask_invert)
        if item.mask != before.mask and item.mask != self._store.mask:
            self._store.drop()
            self._store.mask = item.mask
            self._load()
        elif before.mask_feather != item.mask_feather or before.mask != item.mask:
            self.sight.soften()
        return True

    def take_back(self) -> bool:
        if self._hand is not None:
            self._cancel_stroke()
            return True
        before = self._store.take_back()
        if before is None:
            return False
        self.raster.pixels = before
        self.sight.colour_anew()
        return True

    def apply(self) -> None:
        """Each stroke is a step already; one that is under way counts."""
        hand, self._hand = self._hand, None
        if hand is not None and hand.finish():
            self._keep(hand.label)

    def close(self) -> None:
        self.sight.close()
        if self._hand is not None:
            self._cancel_stroke()

    def paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None:
        self.sight.paint(painter, view, theme)
        hand, options = self._hand, self.options
        if hand is not None and (drawn := hand.outline()) is not None:
            self.sight.paint_shape(painter, view, drawn)
        if options.tool is MaskTool.BRUSH:
            at = self._sizing[0] if self._sizing is not None else self._pointer
            if at is not None:
                self.sight.paint_ring(painter, view, at, self._radius())

    # --- inside

    def _join_bar(self) -> None:
        bar = self.bar
        bar.tool_chosen.connect(lambda tool: self._set(tool=tool))
        bar.subtract_chosen.connect(lambda subtract: self._set(subtract=subtract))
        bar.size_typed.connect(lambda pixels: self._set_size(pixels / self._longer))
        bar.hardness_typed.connect(lambda share: self._set(hardness=share))
        bar.feather_typed.connect(self.feather)
        bar.invert_asked.connect(self.invert)
        bar.fill_asked.connect(self.fill)
        bar.clear_asked.connect(self.clear)
        bar.show_mask(self._image.mask_feather, self._image.mask_invert)
        self._show_options()

    def _set(self, **choice: object) -> None:
        for name, value in choice.items():
            setattr(self.options, name, value)
        self._show_options()

    def _set_size(self, share: float) -> None:
        self.options.size = min(max(share, 1 / self._longer), 1.0)
        self._show_options()

    def _show_options(self) -> None:
        self.bar.show_options(self.options, self._longer)
        self._view.viewport().update()

    def _size_by(self, at: QPointF) -> None:
        assert self._sizing is not None
        start, size, hardness = self._sizing
        far = at - start
        per_pixel = self._image.width * self._view.camera.zoom
        self.options.hardness = min(max(hardness - far.y() / 200, 0.0), 1.0)
        self._set_size(size + 2 * far.x() / max(per_pixel, 1.0))

    @property
    def _longer(self) -> int:
        return max(self.raster.natural)

    def _radius(self) -> float:
        return max(0.5, self.options.size * max(self.raster.size) / 2)

    def _apply(self, label: str, item: ImageItem) -> None:
        if item.id in self._view.canvas.items:
            self._view.canvas.apply(label, {item.id: item})

    def _flood(self, grey: int, label: str) -> None:
        if self.ready and self._hand is None:
            self.raster.begin(subtract=False)
            self.raster.fill(grey)
            self._keep(label)
            self.sight.colour_anew()

    def _keep(self, label: str) -> None:
        before, after = self.raster.before, self.raster.pixels
        if not np.array_equal(before, after):
            self._store.add(label, before, after)
        self.sight.soften()

    def _run(self, store: MaskStore) -> object:
        return self._view.tasks.spawn(store.store(), self._view, name="keep mask", kept=True)

    def _cancel_stroke(self) -> None:
        hand, self._hand = self._hand, None
        if isinstance(hand, BrushHand):
            self.raster.take_back()
        self.sight.colour_anew()

    def _touch_pointer(self, at: QPointF) -> None:
        before, self._pointer = self._pointer or at, at
        self.sight.touch_ring(before, at, self._radius())

    def _load(self) -> None:
        """Begins with the mask that the image has."""
        self.ready = self._image.mask is None
        if self.ready:
            self.raster.put(bytes(self.raster.pixels.size))
            self.sight.colour_anew()
        else:
            self._view.tasks.spawn(self._read(self._image.mask or ""), self._view, name="read mask")

    async def _read(self, mask: str) -> None:
        size = self.raster.size
        pixels = bytes(size[0] * size[1])
        try:
            data = await self._view.pictures.data(mask)
            pixels = await asyncio.to_thread(read, data, size)
        finally:
            # One that cannot be read is said, and painted anew.
            if mask == self._image.mask:
                self.raster.put(pixels)
                self.ready = True
                self.sight.colour_anew()
                self.sight.soften()
