"""Short names for canvas items, which a small model can repeat without a slip."""

from collections.abc import Iterable

from kupuri_desktop.core.errors import NotFound

_SHORTEST = 4


class Aliases:
    """The same item has the same name in every turn: `i` and the shortest clear start of its id."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = tuple(ids)

    def short(self, item: str) -> str:
        others = [other for other in self._ids if other != item]
        for length in range(_SHORTEST, len(item)):
            if not any(other.startswith(item[:length]) for other in others):
                return f"i{item[:length]}"
        return f"i{item}"

    def resolve(self, name: str) -> str:
        """The id for a name. Raises NotFound, which tells the model the names that there are."""
        wanted = name.strip().strip("#[]\"'`")
        if wanted in self._ids:
            return wanted
        start = wanted.lower().removeprefix("i")
        if start in self._ids:
            return start
        found = [item for item in self._ids if start and item.startswith(start)]
        if len(found) == 1:
            return found[0]
        newest = ", ".join(self.short(item) for item in self._ids[-8:]) or "none yet"
        raise NotFound(
            f"There is no item “{wanted[:40]}” on the canvas.", hint=f"The newest ids: {newest}."
        )
