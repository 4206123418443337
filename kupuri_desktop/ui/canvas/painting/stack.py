"""Paints items of a sheet in their order into any painter: tiles, live drags, exports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QTransform

from kupuri_desktop.core.items import FrameItem, ImageItem, Item
from kupuri_desktop.ui.canvas.painting import fragments
from kupuri_desktop.ui.canvas.painting.picture_store import PictureStore, Wanted, level_for
from kupuri_desktop.ui.canvas.painting.sheet import (
    LONG,
    NATURAL,
    H,
    Rows,
    Sheet,
    W,
    X,
    Y,
    whole_edge,
)
from kupuri_desktop.ui.canvas.painting.vectors import paint_vector
from kupuri_desktop.ui.canvas.ports import MICRO_SIDE

Hint = QPainter.RenderHint


@dataclass(slots=True)
class Painted:
    """What came of painting: how many items, and the pictures that were not there in time."""

    count: int = 0
    missing: set[Wanted] = field(default_factory=set)


class Stack:
    """Images batched where they are small, drawn one by one where not, vectors between them."""

    def __init__(self, sheet: Sheet, store: PictureStore, unreadable: QColor) -> None:
        self._sheet = sheet
        self._store = store
        self.unreadable = unreadable

    def paint(
        self, painter: QPainter, view: QTransform, rows: Rows, *, smooth: bool = True
    ) -> Painted:
        """Paints rows, in the order given. `view`: canvas to device pixels, upright.

        The painter must paint in device pixels. Upright images lie on whole device pixels,
        so that one at its own size is shown pixel for pixel.
        """
        done = Painted(count=len(rows))
        if not len(rows):
            return done
        k = view.m11()
        c = self._sheet.columns
        edge = c[LONG, rows] * k
        tiny = self._sheet.plain[rows] & (edge <= 18)
        left = np.floor(c[X, rows] * k + view.dx() + 0.5)
        top = np.floor(c[Y, rows] * k + view.dy() + 0.5)
        right = np.floor((c[X, rows] + c[W, rows]) * k + view.dx() + 0.5)
        bottom = np.floor((c[Y, rows] + c[H, rows]) * k + view.dy() + 0.5)
        width, height = np.maximum(right - left, 1), np.maximum(bottom - top, 1)
        boxes = np.stack([left, top, width, height], axis=1)
        painter.setRenderHint(Hint.SmoothPixmapTransform, smooth)
        changes = np.flatnonzero(tiny[1:] != tiny[:-1]) + 1
        start = 0
        for end in (*changes.tolist(), len(rows)):
            if tiny[start]:
                self._paint_tiny(painter, rows[start:end], boxes[start:end])
            else:
                self._paint_each(painter, view, rows[start:end], boxes[start:end], done, smooth)
            start = end
        return done

    def ask(self, missing: Iterable[Wanted]) -> bool:
        """Asks once more for pictures that were missed. True where one is there by now."""
        return sum(self._store.get(key) is not None for key in missing) > 0

    def paint_micros(self, painter: QPainter, view: QTransform, rows: Rows) -> None:
        """The roughest look of images that is always there; nothing else is painted."""
        rows = rows[self._sheet.image[rows]]
        k, c = view.m11(), self._sheet.columns
        boxes = np.stack(
            [
                c[X, rows] * k + view.dx(),
                c[Y, rows] * k + view.dy(),
                np.maximum(c[W, rows] * k, 1),
                np.maximum(c[H, rows] * k, 1),
            ],
            axis=1,
        )
        self._paint_tiny(painter, rows, boxes)

    def _paint_tiny(self, painter: QPainter, rows: Rows, boxes: np.ndarray) -> None:
        block = fragments.new_block(len(rows))
        block[:, 0] = boxes[:, 0] + boxes[:, 2] / 2
        block[:, 1] = boxes[:, 1] + boxes[:, 3] / 2
        slots = self._sheet.slot[rows]
        block[:, 2], block[:, 3] = self._store.atlas.place_many(slots)
        block[:, 4:6] = MICRO_SIDE
        block[:, 6] = boxes[:, 2] / MICRO_SIDE
        block[:, 7] = boxes[:, 3] / MICRO_SIDE
        fragments.draw(painter, block, self._store.atlas.pixmap)

    def _paint_each(
        self,
        painter: QPainter,
        view: QTransform,
        rows: Rows,
        boxes: np.ndarray,
        done: Painted,
        smooth: bool,
    ) -> None:
        k = view.m11()
        c = self._sheet.columns
        edges, naturals = (c[LONG, rows] * k).tolist(), c[NATURAL, rows].tolist()
        plain = self._sheet.plain[rows].tolist()
        items, get = self._sheet.items, self._store.get
        problems, atlas = self._store.problems, self._store.atlas
        for row, box, edge, natural, simple in zip(
            rows.tolist(), boxes.tolist(), edges, naturals, plain, strict=True
        ):
            item = items[row]
            if simple and isinstance(item, ImageItem) and item.asset not in problems:
                key = Wanted(item.asset, level_for(edge, natural))
                image = get(key)
                if image is None:
                    done.missing.add(key)
                    image = self._store.nearest(key)
                if image is None:
                    left, top = atlas.place(int(self._sheet.slot[row]))
                    painter.drawPixmap(
                        QRectF(*box), atlas.pixmap, QRectF(left, top, MICRO_SIDE, MICRO_SIDE)
                    )
                elif image.width() == box[2] and image.height() == box[3]:
                    painter.drawImage(QPointF(box[0], box[1]), image)
                else:
                    painter.drawImage(QRectF(*box), image)
            elif item is not None:
                self._paint_special(painter, view, row, item, box, done, smooth)

    def _paint_special(
        self,
        painter: QPainter,
        view: QTransform,
        row: int,
        item: Item,
        box: list[float],
        done: Painted,
        smooth: bool,
    ) -> None:
        # A drag moves the row and leaves the item as it is.
        dx = float(self._sheet.columns[X, row]) - item.x
        dy = float(self._sheet.columns[Y, row]) - item.y
        painter.save()
        painter.setWorldTransform(view, True)
        frame = self._sheet.item(item.frame) if item.frame else None
        if isinstance(frame, FrameItem) and frame.clip:
            offset = self._sheet.columns[[X, Y], self._sheet.row[frame.id]]
            painter.setClipRect(
                QRectF(offset[0], offset[1], frame.width, frame.height),
                Qt.ClipOperation.IntersectClip,
            )
        painter.translate(dx, dy)
        if item.opacity != 1:
            painter.setOpacity(item.opacity)
        if isinstance(item, ImageItem):
            image = self._picture(item, view.m11(), done)
            upright = item.rotation == 0 and not item.corner_radius
            if item.asset in self._store.problems:
                turn(painter, item)
                paint_unreadable(painter, item, self._store.problems[item.asset], self.unreadable)
            else:
                if upright:
                    # The same whole pixels as a plain image, and the painter back in them.
                    back, _ = view.inverted()
                    painter.translate(-dx, -dy)
                    painter.setWorldTransform(back, True)
                    paint_image(painter, item, image or self._micro(item), QRectF(*box))
                else:
                    turn(painter, item)
                    painter.setRenderHint(Hint.Antialiasing)
                    painter.setRenderHint(Hint.SmoothPixmapTransform, smooth)
                    target = QRectF(item.x, item.y, item.width, item.height)
                    paint_image(painter, item, image or self._micro(item), target)
        else:
            turn(painter, item)
            painter.setRenderHint(Hint.Antialiasing)
            paint_vector(painter, item)
        painter.restore()

    def _picture(self, item: ImageItem, k: float, done: Painted) -> QImage | None:
        natural = float(max(item.natural_width, item.natural_height, 1))
        level = level_for(whole_edge(item) * k, natural)
        if level == 0:
            if not item.grayscale:
                return None
            level = 32
        key = Wanted(item.asset, level, item.grayscale)
        image = self._store.get(key)
        if image is None:
            done.missing.add(key)
            image = self._store.nearest(key)
        return image

    def _micro(self, item: ImageItem) -> QImage:
        x, y = self._store.atlas.place(self._store.atlas.slot(item.asset))
        return self._store.atlas.pixmap.copy(x, y, MICRO_SIDE, MICRO_SIDE).toImage()


def turn(painter: QPainter, item: Item) -> None:
    """Turns the painter about the item's centre."""
    if item.rotation:
        cx, cy = item.x + item.width / 2, item.y + item.height / 2
        painter.translate(cx, cy)
        painter.rotate(item.rotation)
        painter.translate(-cx, -cy)


def paint_image(painter: QPainter, item: ImageItem, image: QImage, target: QRectF) -> None:
    """Paints a picture of any size as the item shows it: cropped, flipped, rounded."""
    source = QRectF(image.rect())
    if item.crop is not None and item.natural_width and item.natural_height:
        sx, sy = image.width() / item.natural_width, image.height() / item.natural_height
        crop = item.crop
        source = QRectF(crop.x * sx, crop.y * sy, crop.width * sx, crop.height * sy)
    if item.flip_x or item.flip_y:
        centre = target.center()
        painter.translate(centre)
        painter.scale(-1 if item.flip_x else 1, -1 if item.flip_y else 1)
        painter.translate(-centre)
    if item.corner_radius > 0:
        unit = target.width() / item.width if item.width else 1.0
        radius = min(item.corner_radius * unit, target.width() / 2, target.height() / 2)
        path = QPainterPath()
        path.addRoundedRect(target, radius, radius)
        brush = QBrush(image)
        fit = QTransform.fromTranslate(target.x(), target.y())
        fit.scale(target.width() / source.width(), target.height() / source.height())
        fit.translate(-source.x(), -source.y())
        brush.setTransform(fit)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(path, brush)
    else:
        painter.drawImage(target, image, source)


def paint_unreadable(painter: QPainter, item: ImageItem, why: str, ink: QColor) -> None:
    """The place of an image that cannot be shown, and the reason; its bytes are kept."""
    rect = QRectF(item.x, item.y, item.width, item.height)
    wash = QColor(ink)
    wash.setAlpha(24)
    painter.fillRect(rect, wash)
    pen = painter.pen()
    pen.setColor(ink)
    pen.setWidthF(max(rect.width() / 400, 1))
    pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRect(rect)
    font = painter.font()
    font.setPixelSize(max(6, round(min(rect.width() / 18, rect.height() / 5, 28))))
    painter.setFont(font)
    painter.drawText(
        rect.adjusted(*(v * font.pixelSize() for v in (1, 1, -1, -1))),
        Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value,
        f"This image cannot be shown.\n{why}",
    )
