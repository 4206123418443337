"""Small pictures in the rows of a list, fetched when a row is painted for the first time."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QAbstractItemView

from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.paint import fill_round
from kupuri_desktop.ui.widgets.thumbnails import Source, Thumbnails

_EDGES = (64, 128, 256)
"""Pixels of the pictures that are asked for: those that are kept with each image."""


class RowPictures:
    """The pictures of one list. What has none, or none yet, is shown by an icon."""

    def __init__(self, look: Look, tasks: Tasks, source: Source, view: QAbstractItemView) -> None:
        self._look = look
        self._view = view
        self._thumbnails = Thumbnails(tasks, source)
        self._known: dict[tuple[str, int], QPixmap | None] = {}

    def paint(self, painter: QPainter, rect: QRectF, asset: str | None, icon: str) -> None:
        """Fill a rounded square with the picture, cut to it, or with the icon on a ground."""
        colours = self._look.theme.colours
        radius = self._look.theme.radius.control
        dpr = painter.device().devicePixelRatioF()
        picture = self._picture(asset, rect.width() * dpr) if asset else None
        if picture is not None:
            _paint_cut(painter, rect, picture, radius)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(colours.hairline)
            line = rect.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(line, radius - 0.5, radius - 0.5)
            return
        fill_round(painter, rect, radius, colours.well, colours.hairline)
        size = self._look.theme.icon.small
        pixmap = self._look.pixmap(icon, size, colours.icon, dpr)
        painter.drawPixmap(rect.center() - QPointF(size / 2, size / 2), pixmap)

    def _picture(self, asset: str, pixels: float) -> QPixmap | None:
        # The short side must fill the square, and few pictures are longer than twice as wide.
        edge = next((each for each in _EDGES if each >= pixels * 1.5), _EDGES[-1])
        key = (asset, edge)
        if key not in self._known:
            self._known[key] = None

            def take(pixmap: QPixmap | None) -> None:
                self._known[key] = pixmap
                if pixmap is not None:
                    self._view.viewport().update()

            self._thumbnails.want(asset, edge, self._view, take)
        return self._known[key]


def _paint_cut(painter: QPainter, rect: QRectF, picture: QPixmap, radius: float) -> None:
    scale = max(rect.width() / picture.width(), rect.height() / picture.height())
    # A brush, because a clip path would leave the round corners jagged.
    brush = QBrush(picture)
    place = QTransform()
    place.translate(
        rect.center().x() - picture.width() * scale / 2,
        rect.center().y() - picture.height() * scale / 2,
    )
    place.scale(scale, scale)
    brush.setTransform(place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)
