"""Strokes of the brush that all painted controls share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen

from kupuri_desktop.ui.theme import Theme


def fill_round(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | QBrush | QLinearGradient,
    line: QColor | None = None,
) -> None:
    """A filled rounded rectangle; `line` is a hairline just inside its edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QBrush(fill))
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        painter.setPen(QPen(line, 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)


def focus_ring(
    painter: QPainter, rect: QRectF, radius: float, theme: Theme, colour: QColor | None = None
) -> None:
    """The ring around what the keyboard speaks to, inside `rect`."""
    width = theme.size.focus
    half = width / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour or theme.colours.accent, width))
    painter.drawRoundedRect(
        rect.adjusted(half, half, -half, -half), max(0.0, radius - half), max(0.0, radius - half)
    )


def soft_shadow(
    painter: QPainter, rect: QRectF, radius: float, colour: QColor, spread: int = 16, drop: int = 5
) -> None:
    """The one soft shadow, under a floating thing at `rect`; needs `spread + drop` px around."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    layer = QColor(colour)
    # Layers add up from the rim inwards; the square makes the fall-off soft at the rim.
    for step in range(spread, 0, -1):
        nearness = 1 - step / spread
        layer.setAlphaF(colour.alphaF() * (0.012 + 0.10 * nearness * nearness))
        painter.setBrush(layer)
        painter.drawRoundedRect(
            rect.adjusted(-step, -step + drop, step, step + drop), radius + step, radius + step
        )


def across(rect: QRectF, colours: Sequence[QColor]) -> QLinearGradient:
    """A gradient from the left edge of `rect` to its right edge."""
    gradient = QLinearGradient(QPointF(rect.left(), 0), QPointF(rect.right(), 0))
    for index, colour in enumerate(colours):
        gradient.setColorAt(index / (len(colours) - 1), colour)
    return gradient


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with a share (0 to 1) of `other`, alpha included."""
    rest = 1 - share
    return QColor.fromRgbF(
        one.redF() * rest + other.redF() * share,
        one.greenF() * rest + other.greenF() * share,
        one.blueF() * rest + other.blueF() * share,
        one.alphaF() * rest + other.alphaF() * share,
    )


def clear(colour: QColor) -> QColor:
    """The colour, wholly transparent."""
    faded = QColor(colour)
    faded.setAlpha(0)
    return faded
