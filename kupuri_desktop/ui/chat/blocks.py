"""Splits Markdown into blocks, so that while text streams in only the last one is laid out anew."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_FENCE = re.compile(r"^( *)(`{3,}|~{3,})[ \t]*([^`]*)$")
_LIST_ITEM = re.compile(r"^( *)(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")

LIST_LIMIT = 1200
"""Characters after which a list goes on in the next block: bounds what one more word costs."""


class BlockKind(Enum):
    PROSE = "prose"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of Markdown that stands on its own; for CODE, the text inside the fences.

    start: where it begins in the whole text.
    """

    kind: BlockKind
    text: str
    start: int
    language: str = ""


class Blocks:
    """The blocks of a text that may grow. All but the last are settled for good."""

    def __init__(self, text: str = "") -> None:
        self._text = ""
        self.items: list[Block] = []
        self.grow(text)

    @property
    def text(self) -> str:
        return self._text

    def grow(self, delta: str) -> int:
        """Takes more text; returns the index of the first block that is new or has changed."""
        self._text += delta.replace("\r\n", "\n")
        first = max(0, len(self.items) - 1)
        start = self.items[first].start if self.items else 0
        self.items[first:] = split(self._text[start:], start)
        return first


class PlainBlock(Blocks):
    """The same for words that are no Markdown: one block, always."""

    def grow(self, delta: str) -> int:
        self._text += delta.replace("\r\n", "\n")
        self.items[:] = [Block(BlockKind.PROSE, self._text, 0)] if self._text else []
        return 0


def split(text: str, offset: int = 0) -> list[Block]:
    """The blocks of `text`, whose first character is number `offset` of the whole."""
    return list(_Splitter(text, offset).blocks())


class _Splitter:
    def __init__(self, text: str, offset: int) -> None:
        self._text = text
        self._offset = offset
        self._fence = ""
        self._listing = False
        self._begin: int | None = None

    def blocks(self) -> Iterator[Block]:
        position = 0
        blank = False
        language, inside = "", 0
        code = False
        for line in self._text.splitlines(keepends=True):
            start, position = position, position + len(line)
            bare = line.rstrip("\n")
            if self._fence:
                if _closes(bare, self._fence):
                    self._fence = ""
                    if code:
                        yield self._block(BlockKind.CODE, self._begin or 0, inside, start, language)
                        self._begin, code = None, False
                continue
            if not bare.strip():
                blank = self._begin is not None
                continue
            fence = _FENCE.match(bare)
            nested = self._listing and bare[0] in " \t"
            if fence and not nested:
                yield from self._prose(start)
                self._fence, language = fence[2], fence[3].strip().split(" ")[0]
                self._begin, inside, code = start, position, True
                continue
            if self._begin is not None and self._parts_here(bare, start, blank, nested):
                yield from self._prose(start)
            blank = False
            if fence:
                self._fence = fence[2]
            if self._begin is None:
                self._begin = start
                self._listing = _LIST_ITEM.match(bare) is not None
        if code:
            yield self._block(BlockKind.CODE, self._begin or 0, inside, position, language)
        else:
            yield from self._prose(position)

    def _parts_here(self, line: str, start: int, blank: bool, nested: bool) -> bool:
        item = _LIST_ITEM.match(line)
        if self._listing:
            long = start - (self._begin or 0) > LIST_LIMIT
            return bool(item and not item[1] and long) or (blank and not nested and not item)
        return blank

    def _prose(self, end: int) -> Iterator[Block]:
        if self._begin is not None:
            yield self._block(BlockKind.PROSE, self._begin, self._begin, end, "")
        self._begin, self._listing = None, False

    def _block(self, kind: BlockKind, start: int, begin: int, end: int, language: str) -> Block:
        text = self._text[begin:end]
        text = text.removesuffix("\n") if kind is BlockKind.CODE else text.rstrip()
        return Block(kind, text, self._offset + start, language)


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}
