"""Names of files that hold on Windows, macOS and Linux alike."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

FIELDS: Mapping[str, str] = {
    "project": "The project's name",
    "name": "What it is called or shows",
    "number": "1, 2, 3 in reading order",
    "prompt": "The prompt of the image",
    "model": "The model that made it",
    "seed": "The seed of the image",
    "width": "Width in pixels",
    "height": "Height in pixels",
    "scale": "The size chosen, such as 2x",
    "date": "Today, as 2026-03-14",
    "time": "Now, as 15-09-26",
}
"""What stands for a fact in a pattern, in braces, and what it is in words."""

LONGEST = 120
"""Characters; with an ending and a number it stays below every system's 255 bytes."""

_LONGEST_BYTES = 220
_LONGEST_SLUG = 60
_LONGEST_VALUE = 60
_FIELD = re.compile(r"\{([a-z]+)\}")
# What Windows refuses (https://learn.microsoft.com/windows/win32/fileio/naming-a-file), the
# slash of all others, and what is not seen.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def expanded(pattern: str, facts: Mapping[str, str]) -> str:
    """The pattern with its facts, as a file's name without ending; never empty.

    A field that nothing is known of vanishes with what is left alone beside it; a word in braces
    that is no field stays as it is.
    """

    def fact(match: re.Match[str]) -> str:
        key = match[1]
        if key not in FIELDS:
            return match[0]
        words = " ".join(facts.get(key, "").split())
        return _FORBIDDEN.sub("-", words)[:_LONGEST_VALUE].strip(" -")

    return safe(_FIELD.sub(fact, pattern))


def safe(name: str) -> str:
    """A name without ending that every system takes, as near to `name` as can be."""
    plain = unicodedata.normalize("NFC", _FORBIDDEN.sub("-", name))
    plain = re.sub(r"\s+", " ", plain)
    plain = re.sub(r"([_-])[ _-]*\1", r"\1", plain)[:LONGEST]
    while len(plain.encode("utf-8", "ignore")) > _LONGEST_BYTES:
        plain = plain[:-1]
    plain = plain.encode("utf-8", "ignore").decode().strip(" .-_")
    if _DEVICE.fullmatch(plain):
        plain += "_"
    return plain or "image"


def slug(words: str) -> str:
    """A short name without ending for files that nobody named: `A sunset, wide` -> `a-sunset-wide`.

    Letters of any script and digits, in lower case, with hyphens between them; never empty.
    """
    plain = re.sub(r"\W+", "-", words.strip().lower()).strip("-_")
    return safe(plain[:_LONGEST_SLUG])


def numbered(names: Iterable[str]) -> list[str]:
    """The same names, those that would be one file on some system told apart by a number."""
    taken: set[str] = set()
    told: list[str] = []
    for name in names:
        found, number = name, 1
        while _same(found) in taken:
            number += 1
            found = f"{name}-{number}"
        taken.add(_same(found))
        told.append(found)
    return told


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
