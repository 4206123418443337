"""Paints the place of an image that is being made: soft light, preview, ring, or what failed."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from kupuri_desktop.core.generation import JobState, Placeholder
from kupuri_desktop.ui.theme import Look, Theme

TURN_SECONDS = 7.0
"""How long the light takes to come round."""

_RING = 44.0
_RING_LINE = 3.0
_ROOM_FOR_RING = 72.0
_ROOM_FOR_WORDS = (150.0, 210.0)


def time_left(seconds: float) -> str:
    """Seconds in words that do not jump about: `4 s left`, `2 min left`."""
    if seconds < 90:
        return f"{max(1, math.ceil(seconds))} s left"
    return f"{round(seconds / 60)} min left"


class ComingItem(QGraphicsItem):
    """In the place's real size. `phase`: 0 to 1, where the light is; `fade`: 1 is all there."""

    def __init__(self, look: Look, placeholder: Placeholder) -> None:
        super().__init__()
        self._look = look
        self.preview: QImage | None = None
        self.phase = 0.0
        self.fade = 1.0
        self.placeholder = placeholder
        self.setZValue(1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_news(self, placeholder: Placeholder) -> None:
        if placeholder.place != self.placeholder.place:
            self.prepareGeometryChange()
        self.placeholder = placeholder
        self.update()

    @property
    def place(self) -> QRectF:
        rect = self.placeholder.place
        return QRectF(rect.x, rect.y, rect.width, rect.height)

    @property
    def running(self) -> bool:
        return self.placeholder.state.open

    def boundingRect(self) -> QRectF:
        return self.place

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme = self._look.theme
        view = painter.worldTransform()
        rect = view.mapRect(self.place)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self.fade)
        clip = QPainterPath()
        clip.addRect(rect)
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        if self.running or self.fade < 1:
            self._paint_light(painter, theme, rect)
            if self.preview is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(rect, self.preview)
            if self.running and self.fade == 1:
                self._paint_progress(painter, theme, rect)
        else:
            self._paint_problem(painter, theme, rect)
        painter.restore()

    def _paint_light(self, painter: QPainter, theme: Theme, rect: QRectF) -> None:
        painter.fillRect(rect, theme.colours.raised)
        angle = self.phase * math.tau
        reach = math.hypot(rect.width(), rect.height()) / 2
        middle = rect.center()
        step = QPointF(math.cos(angle), math.sin(angle)) * reach
        gradient = QLinearGradient(middle - step, middle + step)
        strength = 0.62 if theme.dark else 0.5
        for n, colour in enumerate(theme.gradient):
            soft = QColor(colour)
            soft.setAlphaF(strength)
            gradient.setColorAt(n / max(1, len(theme.gradient) - 1), soft)
        painter.fillRect(rect, gradient)

    def _paint_progress(self, painter: QPainter, theme: Theme, rect: QRectF) -> None:
        if min(rect.width(), rect.height()) < _ROOM_FOR_RING:
            return
        progress = self.placeholder.progress
        middle = rect.center()
        words = rect.width() >= _ROOM_FOR_WORDS[0] and rect.height() >= _ROOM_FOR_WORDS[1]
        # Up a little, for the button below.
        middle -= QPointF(0, min(18.0, rect.height() / 9))
        half = _RING / 2
        disc = QRectF(middle.x() - half, middle.y() - half, _RING, _RING)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(12, 12, 14, 170))
        painter.drawEllipse(disc.adjusted(-6, -6, 6, 6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 60), _RING_LINE))
        painter.drawEllipse(disc)
        pen = QPen(QColor("white"), _RING_LINE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        share = min(max(progress.fraction, 0.0), 1.0)
        if share > 0:
            painter.drawArc(disc, 90 * 16, -round(share * 360 * 16))
        else:
            # Nothing is known yet: a short arc goes round.
            painter.drawArc(disc, 90 * 16 - round(self.phase * 3 * 360 * 16), -60 * 16)
        if share > 0:
            painter.setFont(theme.font(theme.type.label, QFont.Weight.DemiBold, tabular=True))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, f"{share * 100:.0f} %")
        if words:
            self._paint_words(painter, theme, middle, rect)

    def _paint_words(self, painter: QPainter, theme: Theme, middle: QPointF, rect: QRectF) -> None:
        progress = self.placeholder.progress
        left = "" if progress.remaining is None else time_left(progress.remaining)
        waiting = self.placeholder.state is JobState.REQUESTED
        text = left or progress.note or ("Waiting" if waiting else "Making the image")
        text = text[:1].upper() + text[1:]
        font = theme.font(theme.type.label, QFont.Weight.Medium, tabular=True)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 48)
        width = metrics.horizontalAdvance(text) + 20
        pill = QRectF(middle.x() - width / 2, middle.y() + _RING / 2 + 14, width, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(12, 12, 14, 170))
        painter.drawRoundedRect(pill, 11, 11)
        painter.setPen(QColor("white"))
        painter.setFont(font)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_problem(self, painter: QPainter, theme: Theme, rect: QRectF) -> None:
        colours = theme.colours
        painter.fillRect(rect, colours.surface)
        painter.fillRect(rect, colours.error_soft)
        painter.setPen(QPen(colours.error, 1))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        message, hint = problem_words(self.placeholder)
        margin = min(theme.space.l, rect.width() / 12)
        box = rect.adjusted(margin, margin, -margin, -margin - theme.size.control)
        if box.width() < 60 or box.height() < 20:
            return
        flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignHCenter.value
        painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium))
        painter.setPen(colours.error_text)
        used = painter.boundingRect(box, flags, message)
        painter.setFont(theme.font(theme.type.label))
        below = painter.boundingRect(box, flags, hint)
        top = max(box.top(), box.center().y() - (used.height() + below.height() + 4) / 2)
        painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium))
        painter.drawText(QRectF(box.x(), top, box.width(), used.height()), flags, message)
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(colours.text_second)
        place = QRectF(box.x(), top + used.height() + 4, box.width(), below.height())
        painter.drawText(place, flags, hint)


def problem_words(placeholder: Placeholder) -> tuple[str, str]:
    """What happened and what to do, for a job that is not running any more."""
    problem = placeholder.problem
    if problem is not None:
        return problem.message, problem.hint
    match placeholder.state:
        case JobState.INTERRUPTED:
            return "Kupuri was closed while this was being made.", "Try again to make it."
        case JobState.CANCELLED:
            return "This was stopped.", ""
        case _:
            return "This image could not be made.", ""
