"""A project's palette: the colours that somebody saved for it, and those that its board uses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kupuri_desktop.core.items import Item

MOST_SAVED = 256
MOST_LETTERS = 60
_FIELDS = ("fill", "stroke", "colour", "background")


@dataclass(frozen=True, slots=True)
class SavedColour:
    """A colour as #rrggbb[aa], and what somebody calls it."""

    colour: str
    name: str = ""

    @property
    def words(self) -> str:
        """For a tooltip and a screen reader."""
        return f"{self.name} ({self.colour})" if self.name else self.colour


@dataclass(frozen=True, slots=True)
class Palette:
    """The saved colours in their order. Each change is a new palette; a colour is in it once."""

    saved: tuple[SavedColour, ...] = ()

    def __contains__(self, colour: object) -> bool:
        return any(each.colour == colour for each in self.saved)

    def added(self, colour: str, name: str = "") -> "Palette":
        """With the colour at the end; as it is where that is there or no more fit."""
        if colour in self or len(self.saved) >= MOST_SAVED:
            return self
        return Palette((*self.saved, SavedColour(colour, _cleaned(name))))

    def removed(self, colour: str) -> "Palette":
        return Palette(tuple(each for each in self.saved if each.colour != colour))

    def renamed(self, colour: str, name: str) -> "Palette":
        return Palette(
            tuple(
                replace(each, name=_cleaned(name)) if each.colour == colour else each
                for each in self.saved
            )
        )

    def moved(self, colour: str, place: int) -> "Palette":
        """With the colour at another place, counted among the others."""
        held = next((each for each in self.saved if each.colour == colour), None)
        if held is None:
            return self
        others = [each for each in self.saved if each is not held]
        others.insert(min(max(place, 0), len(others)), held)
        return Palette(tuple(others))


def used_colours(items: Iterable[Item]) -> list[str]:
    """The colours that items are painted in, those of the most items first."""
    counted: Counter[str] = Counter()
    for item in items:
        found = {getattr(item, name, None) for name in _FIELDS}
        counted.update(colour for colour in found if colour)
    return sorted(counted, key=lambda colour: (-counted[colour], colour))


def _cleaned(name: str) -> str:
    return " ".join(name.split())[:MOST_LETTERS]
