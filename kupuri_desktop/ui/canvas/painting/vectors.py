"""Paints everything that is not a picture: text, notes, shapes, lines, strokes, frames."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

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
from kupuri_desktop.ui.canvas.painting.colours import colour as colour
from kupuri_desktop.ui.canvas.painting.lines import paint_line, paint_stroke, pen

ItemT = TypeVar("ItemT", bound=Item)

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
_HEAVIEST_INTER = 600


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
        font.setWeight(_weight(item))
        font.setItalic(item.italic)
        font.setUnderline(item.underline)
        if item.letter_spacing:
            spacing = QFont.SpacingType.AbsoluteSpacing
            font.setLetterSpacing(spacing, item.letter_spacing * item.font_size)
        if item.capitals:
            font.setCapitalization(QFont.Capitalization.AllUppercase)
    else:
        font = QFont(["Inter", "sans-serif"])
        font.setPixelSize(round(NOTE_FONT))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _weight(item: TextItem) -> QFont.Weight:
    # Of Inter there is nothing heavier than this; Qt would smear the letters to be bold.
    most = _HEAVIEST_INTER if item.font_family == "Inter" else 1000
    return QFont.Weight(min(max(item.font_weight, 1), most))


def dress(laid: QTextDocument, item: TextItem | NoteItem) -> None:
    """Sets words as the item says: painted or being written, they stand in the same places."""
    laid.setDocumentMargin(0 if isinstance(item, TextItem) else NOTE_MARGIN)
    laid.setDefaultFont(text_font(item))
    option = QTextOption(
        _ALIGN[item.align] if isinstance(item, TextItem) else Qt.AlignmentFlag.AlignLeft
    )
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    laid.setDefaultTextOption(option)
    laid.setTextWidth(max(item.width, 1.0))
    set_lines(laid, item)


def set_lines(laid: QTextDocument, item: TextItem | NoteItem) -> None:
    """Gives every line its height; anew whenever the words have been put in anew."""
    wanted = item.line_height if isinstance(item, TextItem) else 1.0
    if wanted == 1.0 and laid.firstBlock().blockFormat().lineHeightType() == 0:
        return
    spacing = QTextBlockFormat()
    spacing.setLineHeight(wanted * 100.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    every = QTextCursor(laid)
    every.select(QTextCursor.SelectionType.Document)
    every.mergeBlockFormat(spacing)


def document(item: TextItem | NoteItem) -> QTextDocument:
    """The words laid out in the item's width; for the thread that asks."""
    laid = QTextDocument()
    laid.setUndoRedoEnabled(False)
    laid.setPlainText(item.text)
    dress(laid, item)
    return laid


def text_height(item: TextItem | NoteItem) -> float:
    """How tall the words are in the item's width."""
    return float(document(item).size().height())


def as_tall_as_words(item: ItemT) -> ItemT:
    """A text's box is as tall as its words; any other item stays as it is."""
    return replace(item, height=text_height(item)) if isinstance(item, TextItem) else item


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
            paint_line(painter, item)
        case StrokeItem():
            paint_stroke(painter, item)
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


def _paint_shape(painter: QPainter, item: ShapeItem) -> None:
    painter.setBrush(colour(item.fill) if item.fill else Qt.BrushStyle.NoBrush)
    if item.stroke and item.stroke_width > 0:
        outline = pen(item.stroke, item.stroke_width, item.dash)
        outline.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(outline)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    if item.form is ShapeForm.ELLIPSE:
        painter.drawEllipse(_rect(item))
    elif item.corner_radius > 0:
        radius = min(item.corner_radius, item.width / 2, item.height / 2)
        painter.drawRoundedRect(_rect(item), radius, radius)
    else:
        painter.drawRect(_rect(item))
