"""The small mark on each image that has a mask."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.hits import corners
from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.ui.canvas.painting.layer import Layer
from kupuri_desktop.ui.theme import Look, Theme

_EDGE, _INSET, _ICON = 22.0, 6.0, 14
_SMALLEST = 64.0
"""Logical pixels of an image's shorter side: on a smaller one the mark would hide the picture."""


def has_mask(item: Item | None) -> bool:
    return isinstance(item, ImageItem) and item.mask is not None


class MaskMarks:
    """Knows the images with a mask, so that no frame looks through all items for them.

    without: the id of an image that shows its mask itself just now.
    """

    def __init__(
        self, canvas: Canvas, layer: Layer, look: Look, without: Callable[[], str | None]
    ) -> None:
        self._canvas = canvas
        self._look = look
        self._without = without
        self._ids: set[str] = set()
        self._loaded(item for item in layer.sheet.items if item is not None)
        self._links = (
            canvas.changed.connect(self._changed),
            layer.loaded.connect(self._loaded),
        )

    def close(self) -> None:
        for unlink in self._links:
            unlink()

    def paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None:
        """In the view's logical pixels, in the image's first corner."""
        device = painter.device()
        ratio = 1.0 if device is None else device.devicePixelRatioF()
        hidden = self._without()
        for key in self._ids:
            item = self._canvas.items[key]
            if item.hidden or key == hidden:
                continue
            if min(item.width, item.height) * view.m11() < _SMALLEST:
                continue
            at = view.map(QPointF(*corners(item)[0]))
            painter.save()
            painter.translate(at)
            painter.rotate(item.rotation)
            place = QRectF(_INSET, _INSET, _EDGE, _EDGE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(20, 20, 23, 190))
            painter.drawRoundedRect(place, theme.radius.control, theme.radius.control)
            icon = self._look.pixmap("brush", _ICON, QColor("white"), ratio)
            inset = (_EDGE - _ICON) / 2
            painter.drawPixmap(place.topLeft() + QPointF(inset, inset), icon)
            painter.restore()

    def _loaded(self, items: Iterable[Item]) -> None:
        self._ids.update(item.id for item in items if has_mask(item))

    def _changed(self, change: Change) -> None:
        for key, item in change.edit.after.items():
            if has_mask(item):
                self._ids.add(key)
            else:
                self._ids.discard(key)
