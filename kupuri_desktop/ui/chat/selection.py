"""What is selected across the documents of one text, and where its links are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLine,
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A character's place: the block's number, and the position in its document."""

    block: int
    position: int


class HasDocument(Protocol):
    document: QTextDocument


class Selection:
    """From an anchor to a head, over `parts`, which may change in place meanwhile."""

    def __init__(self, parts: Sequence[HasDocument]) -> None:
        self._parts = parts
        self._anchor: Place | None = None
        self._head: Place | None = None

    @property
    def empty(self) -> bool:
        return self._anchor is None or self._anchor == self._head

    def clear(self) -> None:
        self._anchor = self._head = None

    def start(self, place: Place, *, extend: bool = False) -> None:
        if not extend or self._anchor is None:
            self._anchor = place
        self._head = place

    def reach(self, place: Place) -> None:
        if self._anchor is not None:
            self._head = place

    def select_word(self, place: Place) -> None:
        cursor = QTextCursor(self._parts[place.block].document)
        cursor.setPosition(max(0, place.position))
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        self._anchor = Place(place.block, cursor.selectionStart())
        self._head = Place(place.block, cursor.selectionEnd())

    def select_all(self) -> None:
        if self._parts:
            last = len(self._parts) - 1
            self._anchor = Place(0, 0)
            self._head = Place(last, self._parts[last].document.characterCount() - 1)

    def text(self) -> str:
        """The selected words, blocks apart by an empty line."""
        pieces = []
        for index in range(len(self._parts)):
            cursor = self._cursor(index)
            if cursor is not None and cursor.hasSelection():
                pieces.append(_plain(cursor.selectedText()))
        return "\n\n".join(pieces)

    def painted(self, index: int, colour: QColor) -> list[QAbstractTextDocumentLayout.Selection]:
        """What to hand to the painting of block `index`."""
        cursor = self._cursor(index)
        if cursor is None or not cursor.hasSelection():
            return []
        selection = QAbstractTextDocumentLayout.Selection()
        selection.cursor = cursor
        char_format = QTextCharFormat()
        solid = QColor(colour)
        solid.setAlpha(max(70, colour.alpha()))
        char_format.setBackground(solid)
        selection.format = char_format
        return [selection]

    def links(self) -> list[tuple[Place, Place, str]]:
        """Start, end and address of each link."""
        found: list[tuple[Place, Place, str]] = []
        for index, part in enumerate(self._parts):
            block = part.document.begin()
            while block.isValid():
                iterator = block.begin()
                while not iterator.atEnd():
                    fragment = iterator.fragment()
                    address = fragment.charFormat().anchorHref()
                    if address:
                        start = Place(index, fragment.position())
                        end = Place(index, fragment.position() + fragment.length())
                        if found and found[-1][1] == start and found[-1][2] == address:
                            start = found.pop()[0]
                        found.append((start, end, address))
                    iterator += 1
                block = block.next()
        return found

    def boxes(self, start: Place, end: Place) -> list[QRectF]:
        """The rectangles of a stretch within one document, in its own coordinates."""
        document = self._parts[start.block].document
        boxes = []
        block = document.findBlock(start.position)
        origin = document.documentLayout().blockBoundingRect(block).topLeft()
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            begin = max(start.position - block.position(), line.textStart())
            stop = min(end.position - block.position(), line.textStart() + line.textLength())
            if begin < stop:
                left, right = _x(line, begin), _x(line, stop)
                box = QRectF(left, line.y(), right - left, line.height())
                boxes.append(box.translated(origin).adjusted(-2, 0, 2, 0))
        return boxes

    def _cursor(self, index: int) -> QTextCursor | None:
        if self._anchor is None or self._head is None:
            return None
        first, last = sorted((self._anchor, self._head))
        if not first.block <= index <= last.block:
            return None
        cursor = QTextCursor(self._parts[index].document)
        end = self._parts[index].document.characterCount() - 1
        cursor.setPosition(min(end, first.position) if index == first.block else 0)
        stop = min(end, last.position) if index == last.block else end
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _x(line: QTextLine, position: int) -> float:
    # PySide6 gives the place and the position, its type information only the place.
    found: Any = line.cursorToX(position)
    return float(found[0] if isinstance(found, tuple) else found)


def _plain(text: str) -> str:
    return text.replace("\u2029", "\n").replace("\u2028", "\n").replace("\u00a0", " ")
