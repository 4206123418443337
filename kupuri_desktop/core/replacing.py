"""Finds words in the items of a canvas, and puts others in their place."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kupuri_desktop.core.items import Item, NoteItem, TextItem


@dataclass(frozen=True, slots=True)
class Found:
    """Words in an item's `text` or `name`, as a place in it."""

    item: str
    field: str
    start: int
    end: int


def found_in(items: Iterable[Item], words: str, *, match_case: bool = False) -> list[Found]:
    """Every place of the words, in the order of the items; the text of an item before its name."""
    if not words:
        return []
    pattern = _pattern(words, match_case)
    return [
        Found(item.id, field, match.start(), match.end())
        for item in items
        for field in _fields(item)
        for match in pattern.finditer(str(getattr(item, field)))
    ]


def replaced(items: Mapping[str, Item], places: Sequence[Found], words: str) -> list[Item]:
    """The items with other words at these places; places of items that are gone are left out."""
    new: dict[str, Item] = {}
    for place in sorted(places, key=lambda p: p.start, reverse=True):
        item = new.get(place.item) or items.get(place.item)
        if item is None:
            continue
        text = str(getattr(item, place.field))
        changed: dict[str, Any] = {place.field: text[: place.start] + words + text[place.end :]}
        new[item.id] = replace(item, **changed)
    return list(new.values())


def _fields(item: Item) -> tuple[str, ...]:
    return ("text", "name") if isinstance(item, (TextItem, NoteItem)) else ("name",)


def _pattern(words: str, match_case: bool) -> re.Pattern[str]:
    return re.compile(re.escape(words), 0 if match_case else re.IGNORECASE)
