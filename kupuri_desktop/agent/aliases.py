"""Short names for canvas items, which a small model can repeat without a slip."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import takewhile
from operator import eq

from kupuri_desktop.core.errors import NotFound

_SHORTEST = 4
_TOLD = 8


class Aliases:
    """The same item has the same name in every turn: `i` and the shortest clear start of its id."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._in_order = tuple(ids)
        # In sorted order the ids that are most alike are neighbours.
        self._sorted = sorted(self._in_order)

    def short(self, item: str) -> str:
        place = bisect_left(self._sorted, item)
        around = self._sorted[max(place - 1, 0) : place + 2]
        alike = max((_alike(item, other) for other in around if other != item), default=0)
        return f"i{item[: max(alike + 1, _SHORTEST)]}"

    def resolve(self, name: str) -> str:
        """The id for a name. Raises NotFound, which tells the model the names that there are."""
        wanted = name.strip().strip("#[]\"'`")
        for start in (wanted, wanted.lower().removeprefix("i")):
            place = bisect_left(self._sorted, start)
            found = [item for item in self._sorted[place : place + 2] if item.startswith(start)]
            if start and (len(found) == 1 or start in found):
                return found[0]
        newest = ", ".join(self.short(item) for item in self._in_order[-_TOLD:]) or "none yet"
        raise NotFound(
            f"There is no item “{wanted[:40]}” on the canvas.", hint=f"The newest ids: {newest}."
        )


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(takewhile(bool, map(eq, one, other)))
