"""PDF files: a page for each piece, vectors and words as such, images packed once a page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPageSize, QPainter, QPainterPath, QPdfWriter

from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.ui.canvas.painting.stack import turn
from kupuri_desktop.ui.canvas.painting.vectors import paint_vector
from kupuri_desktop.ui.canvas.traffic.export import clip_to_frame, paint_picture
from kupuri_desktop.ui.exporting.darkroom import Darkroom, Progress, Seen
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.writers import Story

LARGEST_PAGE = 14400.0
"""Points of an edge (PDF 1.7, annex C); a larger board is made to fit."""

_LOSSLESS = 95
"""From this quality on images are packed without loss; below, Qt packs them as JPEG."""

_RESOLUTION = 1200


class PdfWriter:
    """A canvas unit at size 1 is a point; the scale decides how fine the images are.

    title: what a reader shows as the document's name; "" for none.
    """

    def __init__(self, room: Darkroom, ground: str | None, quality: int, title: str) -> None:
        self._room = room
        self._ground = ground
        self._lossless = quality >= _LOSSLESS
        self._title = title

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """See Writer."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        book = QPdfWriter(buffer)
        book.setResolution(_RESOLUTION)
        book.setCreator("Kupuri")
        book.setTitle(self._title)
        steps = sum(len(page.shown) for page in pages) or 1
        done = 0
        painter: QPainter | None = None
        try:
            for page in pages:
                points = _fit(page)
                shape = QSizeF(page.area.width * points, page.area.height * points)
                # Without a name of its own Qt would take a standard size that is near.
                book.setPageSize(
                    QPageSize(
                        shape, QPageSize.Unit.Point, page.name, QPageSize.SizeMatchPolicy.ExactMatch
                    )
                )
                book.setPageMargins(QMarginsF())
                if painter is None:
                    painter = QPainter(book)
                else:
                    book.newPage()
                self._begin(painter, page, points)
                for item in page.shown:
                    seen = await self._room.picture(item) if isinstance(item, ImageItem) else None
                    await in_thread(_paint, painter, page, item, seen)
                    done += 1
                    progress(done / steps)
        finally:
            if painter is not None:
                await in_thread(painter.end)
        await in_thread(file.write, buffer.data().data())

    def _begin(self, painter: QPainter, page: Piece, points: float) -> None:
        hints = QPainter.RenderHint
        painter.resetTransform()
        painter.setRenderHint(hints.LosslessImageRendering, self._lossless)
        k = _RESOLUTION / 72 * points
        painter.scale(k, k)
        painter.translate(-page.area.x, -page.area.y)
        area = QRectF(page.area.x, page.area.y, page.area.width, page.area.height)
        if self._ground:
            painter.fillRect(area, QColor(self._ground))


def _fit(page: Piece) -> float:
    """Points a canvas unit."""
    return min(1.0, LARGEST_PAGE / max(page.area.width, page.area.height))


def _paint(painter: QPainter, page: Piece, item: Item, seen: Seen | None) -> None:
    with _saved(painter):
        clip_to_frame(painter, item, page.frames)
        painter.setOpacity(item.opacity)
        turn(painter, item)
        if isinstance(item, ImageItem) and seen is not None:
            _paint_image(painter, item, seen)
        else:
            paint_vector(painter, item)


def _paint_image(painter: QPainter, item: ImageItem, seen: Seen) -> None:
    """Rounded by a clip: a PDF's pattern, as a brush would be, is drawn anew at every tile."""
    if item.corner_radius > 0 and seen.picture is not None:
        radius = min(item.corner_radius, item.width / 2, item.height / 2)
        path = QPainterPath()
        path.addRoundedRect(QRectF(item.x, item.y, item.width, item.height), radius, radius)
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        item = replace(item, corner_radius=0.0)
    paint_picture(painter, item, seen.picture, seen.problem)


@contextlib.contextmanager
def _saved(painter: QPainter) -> Iterator[None]:
    painter.save()
    try:
        yield
    finally:
        painter.restore()
