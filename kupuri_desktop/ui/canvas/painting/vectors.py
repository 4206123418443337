"""Paints everything that is not a picture: text, notes, shapes, lines, strokes, frames."""

from __future__ import annotations

import itertools
import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTextDocument,
    QTextOption,
)

from kupuri_desktop.core.hits import ARROW_LENGTH
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    Item,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)

_ALIGN = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}
NOTE_INK = "#2b2412"
_LIGHT_INK = "#fff8ea"
NOTE_FONT = 20.0
NOTE_MARGIN = 16.0
_NOTE_RADIUS = 6.0


def colour(text: str) -> QColor:
    """#rrggbb or #rrggbbaa (as CSS has it; Qt's own eight digits begin with alpha)."""
    if len(text) == 9 and text.startswith("#"):
        return QColor("#" + text[7:9] + text[1:7])
    return QColor(text)


def note_ink(paper: str) -> QColor:
    """Dark on light paper, light on dark."""
    c = colour(paper)
    luma = 0.2126 * c.redF() + 0.7152 * c.greenF() + 0.0722 * c.blueF()
    return QColor(NOTE_INK if luma > 0.45 else _LIGHT_INK)


def text_font(item: TextItem | NoteItem) -> QFont:
    """The font in canvas units. Hinting is off: it would set letters anew at every zoom."""
    if isinstance(item, TextItem):
        font = QFont([item.font_family, "Inter", "sans-serif"])
        font.setPixelSize(max(1, round(item.font_size)))
        font.setWeight(QFont.Weight(min(max(item.font_weight, 1), 1000)))
        font.setItalic(item.italic)
    else:
        font = QFont(["Inter", "sans-serif"])
        font.setPixelSize(round(NOTE_FONT))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def document(item: TextItem | NoteItem) -> QTextDocument:
    """The words laid out in the item's width; for the thread that asks."""
    laid = QTextDocument()
    laid.setUndoRedoEnabled(False)
    laid.setDocumentMargin(0 if isinstance(item, TextItem) else NOTE_MARGIN)
    laid.setDefaultFont(text_font(item))
    option = QTextOption(
        _ALIGN[item.align] if isinstance(item, TextItem) else Qt.AlignmentFlag.AlignLeft
    )
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    laid.setDefaultTextOption(option)
    laid.setPlainText(item.text)
    laid.setTextWidth(max(item.width, 1.0))
    return laid


def text_height(item: TextItem | NoteItem) -> float:
    """How tall the words are in the item's width."""
    return float(document(item).size().height())


def paint_vector(painter: QPainter, item: Item) -> None:
    """Paints in canvas units; rotation and opacity are already in the painter."""
    match item:
        case TextItem():
            _paint_text(painter, item, colour(item.colour))
        case NoteItem():
            _paint_note(painter, item)
        case ShapeItem():
            _paint_shape(painter, item)
        case LineItem():
            _paint_line(painter, item)
        case StrokeItem():
            _paint_stroke(painter, item)
        case FrameItem(background=str(background)):
            painter.fillRect(_rect(item), colour(background))


def _rect(item: Item) -> QRectF:
    return QRectF(item.x, item.y, item.width, item.height)


def _paint_text(painter: QPainter, item: TextItem | NoteItem, ink: QColor) -> None:
    laid = document(item)
    context = laid.documentLayout().PaintContext()
    palette = context.palette
    palette.setColor(palette.ColorRole.Text, ink)
    context.palette = palette
    painter.save()
    painter.translate(item.x, item.y)
    laid.documentLayout().draw(painter, context)
    painter.restore()


def _paint_note(painter: QPainter, item: NoteItem) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(item.colour))
    painter.drawRoundedRect(_rect(item), _NOTE_RADIUS, _NOTE_RADIUS)
    painter.save()
    painter.setClipRect(_rect(item), Qt.ClipOperation.IntersectClip)
    _paint_text(painter, item, note_ink(item.colour))
    painter.restore()


def _pen(stroke: str, width: float, dash: tuple[float, ...]) -> QPen:
    pen = QPen(QBrush(colour(stroke)), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        # Qt wants pairs of dash and gap.
        pen.setDashPattern(list(dash) * (1 + len(dash) % 2))
    return pen


def _paint_shape(painter: QPainter, item: ShapeItem) -> None:
    painter.setBrush(colour(item.fill) if item.fill else Qt.BrushStyle.NoBrush)
    if item.stroke and item.stroke_width > 0:
        pen = _pen(item.stroke, item.stroke_width, item.dash)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    if item.form is ShapeForm.ELLIPSE:
        painter.drawEllipse(_rect(item))
    elif item.corner_radius > 0:
        radius = min(item.corner_radius, item.width / 2, item.height / 2)
        painter.drawRoundedRect(_rect(item), radius, radius)
    else:
        painter.drawRect(_rect(item))


def _paint_line(painter: QPainter, item: LineItem) -> None:
    start = QPointF(item.x + item.start[0], item.y + item.start[1])
    end = QPointF(item.x + item.end[0], item.y + item.end[1])
    length = math.hypot(end.x() - start.x(), end.y() - start.y())
    if length == 0:
        return
    along = QPointF((end.x() - start.x()) / length, (end.y() - start.y()) / length)
    head = min(ARROW_LENGTH * item.stroke_width, length * 0.6)
    painter.setPen(_pen(item.stroke, item.stroke_width, item.dash))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawLine(
        start + along * (head * 0.7 if item.arrow_start else 0),
        end - along * (head * 0.7 if item.arrow_end else 0),
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(item.stroke))
    if item.arrow_end:
        painter.drawPolygon(_head(end, along, head))
    if item.arrow_start:
        painter.drawPolygon(_head(start, -along, head))


def _head(tip: QPointF, along: QPointF, length: float) -> QPolygonF:
    base = tip - along * length
    aside = QPointF(-along.y(), along.x()) * (length * 0.42)
    return QPolygonF([tip, base + aside, base - aside])


def _paint_stroke(painter: QPainter, item: StrokeItem) -> None:
    points = [(item.x + x, item.y + y, p) for x, y, p in item.points]
    if not points:
        return
    ink = colour(item.stroke)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = _pen(item.stroke, item.stroke_width, ())
    if len(points) == 1:
        painter.setPen(pen)
        painter.drawPoint(QPointF(points[0][0], points[0][1]))
    elif len({round(p, 3) for _, _, p in points}) == 1:
        pen.setWidthF(item.stroke_width * points[0][2])
        painter.setPen(pen)
        painter.drawPath(smooth_path([QPointF(x, y) for x, y, _ in points]))
    elif ink.alpha() == 255:
        for (ax, ay, ap), (bx, by, bp) in itertools.pairwise(points):
            pen.setWidthF(max(item.stroke_width * (ap + bp) / 2, 0.1))
            painter.setPen(pen)
            painter.drawLine(QPointF(ax, ay), QPointF(bx, by))
    else:
        pen.setWidthF(item.stroke_width)
        painter.setPen(pen)
        painter.drawPath(smooth_path([QPointF(x, y) for x, y, _ in points]))


def smooth_path(points: list[QPointF]) -> QPainterPath:
    """A curve through the middles of neighbouring points: no corners from a shaky hand."""
    path = QPainterPath(points[0])
    for here, following in itertools.pairwise(points[1:]):
        path.quadTo(here, (here + following) / 2)
    path.lineTo(points[-1])
    return path
