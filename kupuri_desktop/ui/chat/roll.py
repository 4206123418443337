"""Rows under each other with their tops, kept right without counting all of them each time."""

from __future__ import annotations

from bisect import bisect_right

from kupuri_desktop.ui.chat.rows import Row


class Roll:
    """The rows in order. Tops are counted from where something has last changed."""

    def __init__(self, rows: list[Row] | None = None) -> None:
        self.rows: list[Row] = rows or []
        self._tops: list[int] = []
        self._numbers: dict[int, int] = {}
        self._known = 0
        self._numbered = 0

    @property
    def total(self) -> int:
        """The height of everything, in logical pixels."""
        self._count()
        if not self.rows:
            return 0
        last = self.rows[-1]
        return self._tops[-1] + last.gap + last.height

    def top(self, index: int) -> int:
        """Where the row's gap begins; 0 for no row at all."""
        self._count()
        return self._tops[index] if 0 <= index < len(self._tops) else 0

    def index(self, row: Row) -> int:
        """The row's number. Raises KeyError for one that is not here."""
        for number in range(self._numbered, len(self.rows)):
            self._numbers[id(self.rows[number])] = number
        self._numbered = len(self.rows)
        return self._numbers[id(row)]

    def at(self, y: int) -> int:
        """The number of the row at `y`, the nearest where there is none."""
        self._count()
        return max(0, bisect_right(self._tops, y) - 1)

    def between(self, y: int, end: int) -> tuple[int, int]:
        """The rows that show between two heights, as a slice."""
        if not self.rows:
            return 0, 0
        return self.at(y), self.at(end) + 1

    def touch(self, index: int) -> None:
        """Says that the height of a row has changed."""
        self._known = min(self._known, index + 1)

    def splice(self, start: int, count: int, rows: list[Row]) -> None:
        """Puts `rows` in the place of `count` others."""
        for row in self.rows[start : start + count]:
            self._numbers.pop(id(row), None)
        self.rows[start : start + count] = rows
        self._known = min(self._known, start)
        self._numbered = min(self._numbered, start)

    def stretch(self, message: str) -> tuple[int, int]:
        """Start and count of a message's rows, looked for from the end; count 0 at the end."""
        end = len(self.rows)
        while end and self.rows[end - 1].message != message:
            end -= 1
        if end == 0:
            return len(self.rows), 0
        start = end
        while start and self.rows[start - 1].message == message:
            start -= 1
        return start, end - start

    def find(self, message: str, part: int) -> Row | None:
        """The row of a message's part."""
        start, count = self.stretch(message)
        for row in self.rows[start : start + count]:
            if row.part == part:
                return row
        return None

    def _count(self) -> None:
        known = self._known
        if known == len(self.rows) == len(self._tops):
            return
        del self._tops[known:]
        top = 0
        if known:
            before = self.rows[known - 1]
            top = self._tops[-1] + before.gap + before.height
        for index in range(known, len(self.rows)):
            row = self.rows[index]
            self._tops.append(top)
            top += row.gap + row.height
        self._known = len(self.rows)
