"""The inspector's line on an image's mask: how it looks, how it is used, and away with it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.decoding import decode
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton, PillButton
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.numbers import NumberField
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring
from kupuri_desktop.workspace.masks import LARGEST_FEATHER

_EDGE = 44
_LEVEL = 128


class MaskThumbnail(PaintedButton):
    """The mask in small, white where the image may change; a click paints on it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        describe(self, "inspector_mask", "Paint the mask", "M")
        self.setFixedSize(_EDGE, _EDGE)
        self._picture: QImage | None = None

    def show_mask(self, picture: QImage | None) -> None:
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_EDGE, _EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        rect = QRectF(self.rect())
        fill_round(painter, rect, theme.radius.control, colours.well, colours.field_line)
        if self._picture is not None:
            size = self._picture.size().scaled(
                self.size() - QSize(6, 6), Qt.AspectRatioMode.KeepAspectRatio
            )
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(rect.center())
            rounded = QPainterPath()
            rounded.addRoundedRect(place, 2, 2)
            painter.setClipPath(rounded)
            painter.drawImage(place, self._picture)
            painter.setClipping(False)
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)


class MaskLine(QWidget):
    """Each change is one named step of the canvas."""

    paint_asked = Signal()

    def __init__(self, look: Look, canvas: Canvas, pictures: Pictures, tasks: Tasks) -> None:
        super().__init__()
        self._canvas = canvas
        self._pictures = pictures
        self._tasks = tasks
        self._item: ImageItem | None = None
        self._shown: tuple[str, bool] | None = None
        self.thumbnail = MaskThumbnail(look)
        self.thumbnail.clicked.connect(self.paint_asked)
        self.feather = NumberField(
            look, "inspector_mask_feather", "Feather of the mask", "Feather", unit=" px",
            low=0, high=LARGEST_FEATHER,
        )  # fmt: skip
        self.feather.taken.connect(self._feather)
        self.invert = IconButton(
            look, "inspector_mask_invert", "contrast", "Invert the mask", checkable=True
        )
        self.invert.clicked.connect(self._invert)
        self.clear = PillButton(look, "inspector_mask_clear", "Clear", "trash-2", kind="quiet")
        self.clear.setAccessibleName("Clear the mask")
        self.clear.clicked.connect(self._clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.space.s)
        row.addWidget(self.thumbnail, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(look.theme.space.xs)
        column.addWidget(self.feather)
        below = QHBoxLayout()
        below.setSpacing(look.theme.space.xs)
        below.addWidget(self.invert)
        below.addWidget(self.clear)
        below.addStretch(1)
        column.addLayout(below)
        row.addLayout(column, 1)

    def show_image(self, item: ImageItem) -> bool:
        """False for an image without a mask."""
        self._item = item
        if item.mask is None:
            self._shown = None
            return False
        self.feather.show_number(item.mask_feather)
        self.invert.setChecked(item.mask_invert)
        for control in (self.feather, self.invert, self.clear, self.thumbnail):
            control.setEnabled(not item.locked)
        wanted = item.mask, item.mask_invert
        if wanted != self._shown:
            self._shown = wanted
            self._tasks.spawn(self._look_at(*wanted), self, name="mask thumbnail")
        return True

    async def _look_at(self, mask: str, invert: bool) -> None:
        data = await self._pictures.level(mask, _LEVEL) or await self._pictures.data(mask)
        picture, _ = await asyncio.to_thread(decode, data, _LEVEL)
        if picture is not None and invert:
            picture.invertPixels()
        if self._shown == (mask, invert):
            self.thumbnail.show_mask(picture)

    def _feather(self, pixels: float) -> None:
        if self._item is not None:
            self._apply("Mask: feather", replace(self._item, mask_feather=pixels))

    def _invert(self) -> None:
        if self._item is not None:
            inverted = replace(self._item, mask_invert=not self._item.mask_invert)
            self._apply("Mask: invert", inverted)

    def _clear(self) -> None:
        if self._item is not None:
            self._apply("Mask: clear", replace(self._item, mask=None))

    def _apply(self, label: str, item: ImageItem) -> None:
        if item.id in self._canvas.items:
            self._canvas.apply(label, {item.id: item})
