"""Rules of searching: what is looked for, where a text has it, and what is shown of the text."""

import unicodedata
from collections.abc import Sequence

SNIPPET = 120
"""Characters of a hit's snippet, about."""

FIRST_UNSPACED = 0x0E00
"""From Thai on: many of these scripts write without spaces."""

Mark = tuple[int, int]
"""Start and end in a text."""


def parts_of(wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that begin a word of what is found, and those that may stand anywhere in it."""
    unspaced = [word for word in wanted if any(ord(letter) >= FIRST_UNSPACED for letter in word)]
    return [word for word in wanted if word not in unspaced], unspaced


def marks(text: str, wanted: Sequence[str]) -> tuple[Mark, ...]:
    """Where `text` has the words, whatever their case and accents: in order, none in another."""
    folded, places = _folded(text)
    spaced, unspaced = parts_of(wanted)
    found: list[Mark] = []
    for word in (*spaced, *unspaced):
        sought, _ = _folded(word)
        sought = sought.strip("\"'*()[]{}.,;:!?")
        at = folded.find(sought) if sought else -1
        while at >= 0:
            if word in unspaced or at == 0 or not folded[at - 1].isalnum():
                found.append((places[at], places[at + len(sought) - 1] + 1))
            at = folded.find(sought, at + 1)
    joined: list[Mark] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def snippet(body: str, wanted: Sequence[str]) -> str:
    """A piece of `body` around the first place of one of the words, on one line."""
    places = marks(body, wanted)
    at = places[0][0] if places else 0
    start = max(at - SNIPPET // 3, 0)
    if start:
        # Not in the middle of a word, if one ends nearby.
        gap = body.find(" ", start, at)
        start = gap + 1 if gap >= 0 else start
    piece = " ".join(body[start : start + SNIPPET].split())
    return ("…" if start else "") + piece + ("…" if start + SNIPPET < len(body) else "")


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Small letters without accents, and where in `text` each of them stands."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter.casefold()):
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    return "".join(letters), places
