"""Paints lines, arrows and connectors with their heads, and the strokes of the pen."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from kupuri_desktop.core.hits import ARROW_LENGTH
from kupuri_desktop.core.items import LineForm, LineItem, StrokeItem
from kupuri_desktop.core.routes import Point, trimmed, way
from kupuri_desktop.ui.canvas.painting.colours import colour

_ROUND = 10.0
"""Canvas units: the radius of an elbow's corners, where its pieces are long enough."""


def pen(stroke: str, width: float, dash: tuple[float, ...]) -> QPen:
    made = QPen(QBrush(colour(stroke)), width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        # Qt wants pairs of dash and gap.
        made.setDashPattern(list(dash) * (1 + len(dash) % 2))
    return made


def paint_line(painter: QPainter, item: LineItem) -> None:
    points = way(item)
    length = sum(math.dist(a, b) for a, b in itertools.pairwise(points))
    if length == 0:
        return
    head = min(ARROW_LENGTH * item.stroke_width, length * 0.6)
    shown = trimmed(
        points, head * 0.7 if item.arrow_start else 0, head * 0.7 if item.arrow_end else 0
    )
    painter.setPen(pen(item.stroke, item.stroke_width, item.dash))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_path(shown, _ROUND if item.form is LineForm.ELBOW else 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(item.stroke))
    if item.arrow_end:
        painter.drawPolygon(_head(points[-1], _from(points[::-1], head), head))
    if item.arrow_start:
        painter.drawPolygon(_head(points[0], _from(points, head), head))


def _path(points: Sequence[Point], radius: float) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        near = min(radius, math.dist(before, at) / 2, math.dist(at, after) / 2)
        path.lineTo(_toward(at, before, near))
        path.quadTo(QPointF(*at), _toward(at, after, near))
    path.lineTo(QPointF(*points[-1]))
    return path


def _toward(at: Point, other: Point, length: float) -> QPointF:
    far = math.dist(at, other)
    share = length / far if far else 0.0
    return QPointF(at[0] + (other[0] - at[0]) * share, at[1] + (other[1] - at[1]) * share)


def _from(points: list[Point], length: float) -> Point:
    """Where the way is a head's length behind its tip: what the head points away from."""
    return trimmed(points, length, 0.0)[0]


def _head(tip: Point, behind: Point, length: float) -> QPolygonF:
    far = math.dist(tip, behind) or 1.0
    along = QPointF((tip[0] - behind[0]) / far, (tip[1] - behind[1]) / far)
    point = QPointF(*tip)
    base = point - along * length
    aside = QPointF(-along.y(), along.x()) * (length * 0.42)
    return QPolygonF([point, base + aside, base - aside])


def paint_stroke(painter: QPainter, item: StrokeItem) -> None:
    points = [(item.x + x, item.y + y, p) for x, y, p in item.points]
    if not points:
        return
    ink: QColor = colour(item.stroke)
    made = pen(item.stroke, item.stroke_width, ())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(points) == 1:
        made.setWidthF(item.stroke_width * points[0][2])
        painter.setPen(made)
        painter.drawPoint(QPointF(points[0][0], points[0][1]))
    elif len({round(p, 3) for _, _, p in points}) == 1:
        made.setWidthF(item.stroke_width * points[0][2])
        painter.setPen(made)
        painter.drawPath(smooth_path([QPointF(x, y) for x, y, _ in points]))
    else:
        # One outline: pieces of their own widths would show where they overlap.
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPath(pressed_path(points, item.stroke_width))


def smooth_path(points: list[QPointF]) -> QPainterPath:
    """A curve through the middles of neighbouring points: no corners from a shaky hand."""
    path = QPainterPath(points[0])
    for here, following in itertools.pairwise(points[1:]):
        path.quadTo(here, (here + following) / 2)
    path.lineTo(points[-1])
    return path


def pressed_path(points: Sequence[tuple[float, float, float]], width: float) -> QPainterPath:
    """The outline of a stroke as wide as it was pressed, with round ends."""
    fine = _finer(points)
    left: list[QPointF] = []
    right: list[QPointF] = []
    for n, (x, y, pressure) in enumerate(fine):
        before, after = fine[max(n - 1, 0)], fine[min(n + 1, len(fine) - 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        far = math.hypot(dx, dy) or 1.0
        half = max(width * pressure / 2, 0.05)
        left.append(QPointF(x - dy / far * half, y + dx / far * half))
        right.append(QPointF(x + dy / far * half, y - dx / far * half))
    outline = QPainterPath()
    outline.setFillRule(Qt.FillRule.WindingFill)
    outline.addPolygon(QPolygonF([*left, *reversed(right)]))
    outline.closeSubpath()
    for x, y, pressure in (fine[0], fine[-1]):
        half = max(width * pressure / 2, 0.05)
        outline.addEllipse(QPointF(x, y), half, half)
    return outline


def _finer(points: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Points on the same curve as `smooth_path`, close enough that no corner is seen."""
    fine = [points[0]]
    at = points[0]
    for here, following in itertools.pairwise(points[1:]):
        middle = tuple((a + b) / 2 for a, b in zip(here, following, strict=True))
        for n in range(1, 5):
            t = n / 4
            s = 1 - t
            x, y, p = (
                s * s * a + 2 * s * t * b + t * t * c
                for a, b, c in zip(at, here, middle, strict=True)
            )
            fine.append((x, y, p))
        at = fine[-1]
    fine.append(points[-1])
    return fine
