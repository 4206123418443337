"""Draws what belongs to the hand: outlines, handles, the rubber band, guides with distances."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QTransform

from kupuri_desktop.core.connections import magnet
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import corners
from kupuri_desktop.core.items import FrameItem, Item, LineItem, Side, describe
from kupuri_desktop.core.snapping import Distance, Guide
from kupuri_desktop.core.transforms import Handle, around
from kupuri_desktop.ui.theme import Theme

HANDLE = 9.0
OUTLINE = 1.5
TURN_INNER, TURN_OUTER = 8.0, 24.0
"""Logical pixels from a corner within which a press turns the selection."""

_LABEL_GAP = 8.0
_NARROWEST_NAME = 40.0
_MANY = 200
"""With more items the outline of all is drawn, not that of each."""


@dataclass(slots=True)
class Hints:
    """What a gesture wants to be seen while it lasts. Canvas units."""

    band: Rect | None = None
    guides: Sequence[Guide] = ()
    distances: Sequence[Distance] = ()
    words: str = ""
    handles: bool = True
    drawn: list[Item] = field(default_factory=list)
    target: Item | None = None
    side: Side | None = None


def box(items: Sequence[Item]) -> list[tuple[float, float]] | None:
    """The corners of the frame around a selection: turned with a single item, else upright."""
    if len(items) == 1:
        return corners(items[0])
    rect = around(items)
    if rect is None:
        return None
    return [
        (rect.x, rect.y),
        (rect.right, rect.y),
        (rect.right, rect.bottom),
        (rect.x, rect.bottom),
    ]


def handle_places(points: Sequence[tuple[float, float]]) -> dict[Handle, tuple[float, float]]:
    """Where the eight handles are, given the corners."""
    tl, tr, br, bl = points

    def middle(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
        return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2

    return {
        Handle.TOP_LEFT: tl,
        Handle.TOP: middle(tl, tr),
        Handle.TOP_RIGHT: tr,
        Handle.RIGHT: middle(tr, br),
        Handle.BOTTOM_RIGHT: br,
        Handle.BOTTOM: middle(br, bl),
        Handle.BOTTOM_LEFT: bl,
        Handle.LEFT: middle(bl, tl),
    }


Painting = Callable[[QPainter, QTransform, Theme], None]


class Overlay:
    """Painted in the view's logical pixels, so that lines keep their width at any zoom.

    marks: what images carry in a corner. guest: a mode that paints what belongs to it in place of
    the selection's outline and handles.
    """

    def __init__(self) -> None:
        self.hints = Hints()
        self.guest: Painting | None = None
        self.marks: Painting | None = None

    def clear(self) -> None:
        self.hints = Hints()

    def handle_at(self, items: Sequence[Item], view: QTransform, point: QPointF) -> Handle | None:
        """The handle under a point of the view. Small selections have corners only."""
        corners_ = box(items)
        if corners_ is None:
            return None
        best: tuple[float, Handle] | None = None
        for handle, (x, y) in handle_places(corners_).items():
            if not handle.corner and not _roomy(corners_, view, handle):
                continue
            there = view.map(QPointF(x, y))
            far = max(abs(there.x() - point.x()), abs(there.y() - point.y()))
            if far <= HANDLE * 0.75 and (best is None or far < best[0]):
                best = (far, handle)
        return best[1] if best else None

    def turns_at(self, items: Sequence[Item], view: QTransform, point: QPointF) -> bool:
        """Whether a press there turns the selection: just outside one of its corners."""
        corners_ = box(items)
        if corners_ is None or any(isinstance(item, LineItem) for item in items):
            return False
        polygon = QPolygonF([view.map(QPointF(x, y)) for x, y in corners_])
        if polygon.containsPoint(point, Qt.FillRule.OddEvenFill):
            return False
        return any(
            TURN_INNER < math.hypot(c.x() - point.x(), c.y() - point.y()) <= TURN_OUTER
            for c in polygon.toList()
        )

    def frame_named_at(
        self, frames: Sequence[FrameItem], view: QTransform, theme: Theme, point: QPointF
    ) -> FrameItem | None:
        """The frame whose name is written at a point of the view; the front one of several."""
        for frame in sorted(frames, key=lambda f: -f.z):
            words, box_ = _frame_name(view, theme, frame)
            if words and box_.contains(point):
                return frame
        return None

    def paint(
        self,
        painter: QPainter,
        view: QTransform,
        theme: Theme,
        items: Sequence[Item],
        frames: Sequence[FrameItem] = (),
        off: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """off: how far from where they are the items are shown, canvas units."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = theme.colours.accent
        held = {item.id for item in items} if frames else set()
        for frame in frames:
            self._paint_frame_name(painter, view, theme, frame, frame.id in held)
        if self.marks is not None:
            self.marks(painter, view, theme)
        if self.guest is not None:
            self.guest(painter, view, theme)
        elif items:
            there = QTransform.fromTranslate(*off) * view
            self._paint_selection(painter, there, theme, items)
        hints = self.hints
        if hints.target is not None:
            self._outline(painter, view, hints.target, QPen(accent, 2 * OUTLINE))
            self._paint_magnets(painter, view, accent, hints.target, hints.side)
        if hints.band is not None:
            band = hints.band
            wash = QColor(accent)
            wash.setAlpha(28)
            painter.setPen(QPen(accent, 1))
            painter.setBrush(wash)
            painter.drawRect(view.mapRect(QRectF(band.x, band.y, band.width, band.height)))
        for guide in hints.guides:
            self._paint_guide(painter, view, accent, guide)
        for distance in hints.distances:
            self._paint_distance(painter, view, theme, distance)

    def _paint_frame_name(
        self, painter: QPainter, view: QTransform, theme: Theme, frame: FrameItem, held: bool
    ) -> None:
        words, _ = _frame_name(view, theme, frame)
        if not words:
            return
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(theme.colours.accent_text if held else theme.colours.text_second)
        painter.drawText(view.map(QPointF(frame.x, frame.y)) - QPointF(0, 6), words)

    def _outline(self, painter: QPainter, view: QTransform, item: Item, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([view.map(QPointF(x, y)) for x, y in corners(item)]))

    def _paint_magnets(
        self, painter: QPainter, view: QTransform, accent: QColor, item: Item, held: Side | None
    ) -> None:
        for side in Side:
            painter.setPen(QPen(accent, OUTLINE))
            painter.setBrush(accent if side is held else QColor("white"))
            radius = HANDLE / 2 if side is held else HANDLE / 3
            painter.drawEllipse(view.map(QPointF(*magnet(item, side)[0])), radius, radius)

    def _paint_selection(
        self, painter: QPainter, view: QTransform, theme: Theme, items: Sequence[Item]
    ) -> None:
        pen = QPen(theme.colours.accent, OUTLINE)
        if 1 < len(items) <= _MANY:
            thin = QPen(theme.colours.accent, 1)
            for item in items:
                self._outline(painter, view, item, thin)
        corners_ = box(items)
        if corners_ is None:
            return
        polygon = QPolygonF([view.map(QPointF(x, y)) for x, y in corners_])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(polygon)
        if self.hints.handles and not all(item.locked for item in items):
            for handle, (x, y) in handle_places(corners_).items():
                if handle.corner or _roomy(corners_, view, handle):
                    self._paint_handle(painter, view, theme, x, y, items)
        self._paint_size(painter, theme, items, polygon)

    def _paint_handle(
        self,
        painter: QPainter,
        view: QTransform,
        theme: Theme,
        x: float,
        y: float,
        items: Sequence[Item],
    ) -> None:
        there = view.map(QPointF(x, y))
        painter.save()
        painter.translate(there)
        if len(items) == 1:
            painter.rotate(items[0].rotation)
        painter.setPen(QPen(theme.colours.accent, OUTLINE))
        painter.setBrush(QColor("white"))
        half = HANDLE / 2
        painter.drawRoundedRect(QRectF(-half, -half, HANDLE, HANDLE), 2, 2)
        painter.restore()

    def _paint_size(
        self, painter: QPainter, theme: Theme, items: Sequence[Item], polygon: QPolygonF
    ) -> None:
        rect = items[0].rect if len(items) == 1 else around(items)
        if rect is None:
            return
        words = self.hints.words or f"{rect.width:.0f} × {rect.height:.0f}"
        bottom = polygon.boundingRect()
        place = QPointF(bottom.center().x(), bottom.bottom() + _LABEL_GAP)
        paint_label(painter, theme, words, place, below=True)

    def _paint_guide(
        self, painter: QPainter, view: QTransform, accent: QColor, guide: Guide
    ) -> None:
        if guide.upright:
            a, b = QPointF(guide.at, guide.start), QPointF(guide.at, guide.end)
        else:
            a, b = QPointF(guide.start, guide.at), QPointF(guide.end, guide.at)
        painter.setPen(QPen(accent, 1))
        painter.drawLine(view.map(a), view.map(b))

    def _paint_distance(
        self, painter: QPainter, view: QTransform, theme: Theme, distance: Distance
    ) -> None:
        a = QPointF(distance.x, distance.y)
        step = QPointF(distance.length, 0) if distance.across else QPointF(0, distance.length)
        start, end = view.map(a), view.map(a + step)
        aside = QPointF(0, 4) if distance.across else QPointF(4, 0)
        painter.setPen(QPen(theme.colours.accent, 1))
        for one, other in (
            (start, end),
            (start - aside, start + aside),
            (end - aside, end + aside),
        ):
            painter.drawLine(one, other)
        paint_label(painter, theme, f"{distance.length:.0f}", (start + end) / 2, below=False)


def _frame_name(view: QTransform, theme: Theme, frame: FrameItem) -> tuple[str, QRectF]:
    """What is written over a frame, and where it can be pressed; nothing where it is too small."""
    rect = view.mapRect(QRectF(frame.x, frame.y, frame.width, frame.height))
    if rect.width() < _NARROWEST_NAME:
        return "", QRectF()
    metrics = QFontMetricsF(theme.font(theme.type.label))
    words = metrics.elidedText(describe(frame), Qt.TextElideMode.ElideRight, rect.width())
    width, height = metrics.horizontalAdvance(words), metrics.height() + 6
    return words, QRectF(rect.left() - 2, rect.top() - height - 2, width + 6, height)


def _roomy(points: Sequence[tuple[float, float]], view: QTransform, handle: Handle) -> bool:
    """Whether the side is long enough on the screen for a handle in its middle."""
    tl, tr, _, bl = (view.map(QPointF(x, y)) for x, y in points)
    end = tr if handle in (Handle.TOP, Handle.BOTTOM) else bl
    return math.hypot(end.x() - tl.x(), end.y() - tl.y()) > 4 * HANDLE


def paint_label(
    painter: QPainter, theme: Theme, words: str, place: QPointF, *, below: bool
) -> None:
    """Words on the accent, centred on a place or hanging below it."""
    font = theme.font(theme.type.label - 1, tabular=True)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 4
    top = place.y() if below else place.y() - height / 2
    rect = QRectF(round(place.x() - width / 2), round(top), width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colours.accent_fill)
    painter.drawRoundedRect(rect, 4, 4)
    painter.setFont(font)
    painter.setPen(theme.colours.on_accent)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
