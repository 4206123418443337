"""Turns a block of Markdown into a laid-out document that fetches nothing and reads no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QImage,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
)

from kupuri_desktop.ui.theme import Theme

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_LINKS = ("http", "https")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How running text looks. `size` in logical pixels; `line` is the height of a line."""

    font: QFont
    mono: QFont
    size: int
    line: int
    gap: int
    colour: QColor
    link: QColor
    code_back: QColor
    rule: QColor
    quiet: QColor

    @classmethod
    def of(cls, theme: Theme, *, quiet: bool = False) -> TextStyle:
        """The theme's style for answers; `quiet` for thinking: smaller, in the second colour."""
        size = theme.type.body if quiet else theme.type.chat
        colours = theme.colours
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mono.setPixelSize(size - 2)
        return cls(
            font=theme.font(size),
            mono=mono,
            size=size,
            line=round(size * 1.47),
            gap=theme.space.s,
            colour=colours.text_second if quiet else colours.text,
            link=colours.accent_text,
            code_back=colours.hover,
            quiet=colours.text_second,
            rule=colours.hairline,
        )


class SafeDocument(QTextDocument):
    """A document whose every resource is an empty picture, whatever the text asks for.

    Qt reads `file:` addresses and absolute paths from Markdown unless this is overridden.
    """

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        picture = QImage(1, 1, QImage.Format.Format_ARGB32)
        picture.fill(0)
        return picture


def is_web_link(address: str) -> bool:
    """Whether the address is one that may be offered for opening."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() in _LINKS and bool(url.host())


def prose_document(text: str, style: TextStyle) -> SafeDocument:
    """Markdown as a document; pictures become their words, other links than http(s) plain text."""
    document = _empty(style)
    document.setMarkdown(text, _FEATURES)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    if any(mark in text for mark in "`[<:!@w*_|"):
        _dress_fragments(document, style)
    block = document.begin()
    while block.isValid():
        _dress_block(block, style)
        block = block.next()
    _dress_tables(document, style)
    cursor.endEditBlock()
    return document


def code_document(text: str, style: TextStyle) -> SafeDocument:
    """Code as it is, in the fixed font, long lines broken where they must."""
    document = _empty(style)
    document.setDefaultFont(style.mono)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    document.setPlainText(text)
    return document


def plain_document(text: str, style: TextStyle) -> SafeDocument:
    """What a person typed, as typed."""
    document = _empty(style)
    document.setPlainText(text)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    block_format = QTextBlockFormat()
    block_format.setLineHeight(style.line, _FIXED)
    cursor.mergeBlockFormat(block_format)
    return document


def quote_boxes(document: QTextDocument) -> list[QRectF]:
    """Where quoted paragraphs stand, joined where they follow each other."""
    boxes: list[QRectF] = []
    layout = document.documentLayout()
    block = document.begin()
    joins = False
    while block.isValid():
        quoted = block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel) > 0
        if quoted:
            box = layout.blockBoundingRect(block)
            boxes.append(boxes.pop().united(box) if joins else box)
        joins = quoted
        block = block.next()
    return boxes


def _empty(style: TextStyle) -> SafeDocument:
    document = SafeDocument()
    document.setUndoRedoEnabled(False)
    document.setDefaultFont(style.font)
    document.setDocumentMargin(0)
    document.setIndentWidth(22)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    return document


def _dress_block(block: QTextBlock, style: TextStyle) -> None:
    cursor = QTextCursor(block)
    block_format = block.blockFormat()
    level = block_format.headingLevel()
    last = not block.next().isValid()
    listed = block.textList() is not None
    in_table = cursor.currentTable() is not None
    line = style.line
    if level:
        size = {1: style.size + 5, 2: style.size + 2}.get(level, style.size)
        line = round(size * 1.4)
        heading = QTextCharFormat()
        heading.setProperty(QTextFormat.Property.FontSizeAdjustment, 0)
        heading.setProperty(QTextFormat.Property.FontPixelSize, size)
        heading.setFontWeight(QFont.Weight.DemiBold)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.mergeCharFormat(heading)
        cursor.setPosition(block.position())
    if not block.blockFormat().hasProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth):
        block_format.setLineHeight(line, _FIXED)
    first = not block.previous().isValid()
    block_format.setTopMargin(style.gap if level and not first else 0)
    plain_gap = 4 if level or listed else style.gap
    block_format.setBottomMargin(0 if last or in_table else plain_gap)
    quote = block_format.intProperty(QTextFormat.Property.BlockQuoteLevel)
    block_format.setLeftMargin(14.0 * quote)
    cursor.setBlockFormat(block_format)


def _dress_fragments(document: QTextDocument, style: TextStyle) -> None:
    changes: list[tuple[int, int, QTextCharFormat, str | None]] = []
    block = document.begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            dressed = _dressed(fragment.charFormat(), style)
            if dressed is not None:
                changes.append((fragment.position(), fragment.length(), *dressed))
            iterator += 1
        block = block.next()
    cursor = QTextCursor(document)
    for position, length, char_format, words in reversed(changes):
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        if words is None:
            cursor.setCharFormat(char_format)
        else:
            cursor.insertText(words, char_format)


def _dressed(
    char_format: QTextCharFormat, style: TextStyle
) -> tuple[QTextCharFormat, str | None] | None:
    """The format that a piece of text gets, and the words that take its place if any."""
    if char_format.isImageFormat():
        picture = char_format.toImageFormat()
        words = picture.property(QTextFormat.Property.ImageAltText) or picture.name()
        aside = QTextCharFormat()
        aside.setFontItalic(True)
        aside.setForeground(style.quiet)
        return aside, f"[picture not loaded: {words}]"
    if char_format.isAnchor():
        changed = QTextCharFormat(char_format)
        if is_web_link(char_format.anchorHref()):
            changed.setForeground(style.link)
            changed.setFontUnderline(True)
        else:
            changed.setAnchor(False)
            changed.clearProperty(QTextFormat.Property.AnchorHref)
            changed.clearForeground()
            changed.setFontUnderline(False)
        return changed, None
    if char_format.fontWeight() > QFont.Weight.DemiBold:
        # The bundled family ends here; anything heavier would be smeared by the system.
        changed = QTextCharFormat(char_format)
        changed.setFontWeight(QFont.Weight.DemiBold)
        return changed, None
    if char_format.fontFixedPitch():
        changed = QTextCharFormat(char_format)
        changed.setFontFamilies(style.mono.families() or [style.mono.family()])
        changed.setProperty(QTextFormat.Property.FontPixelSize, style.mono.pixelSize())
        changed.setBackground(style.code_back)
        return changed, None
    return None


def _dress_tables(document: QTextDocument, style: TextStyle) -> None:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            table_format = frame.format()
            table_format.setBorder(1)
            table_format.setBorderBrush(style.rule)
            table_format.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            table_format.setBorderCollapse(True)
            table_format.setCellPadding(6)
            table_format.setCellSpacing(0)
            table_format.setTopMargin(0)
            table_format.setBottomMargin(0)
            table_format.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            frame.setFormat(table_format)
