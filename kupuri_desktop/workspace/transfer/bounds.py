"""How much a file from outside may ask for, and the checks that hold it to that."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from json import loads
from typing import Any, NoReturn

from kupuri_desktop.core.errors import HostileFile

MOST_DEPTH = 64
MOST_CONTAINERS = 1_000_000
MOST_VALUES = 6_000_000
MOST_TEXT = 1_000_000
MOST_NAME = 200
MOST_BENDS = 1000
MOST_NUMBER = 1e12
MOST_INTEGER = 2**63 - 1
"""SQLite's integers end there: https://www.sqlite.org/datatype3.html"""

MOST_TOLD = 200
"""Lines about what was not taken; the rest is counted."""

NOTHING_CHANGED = "Nothing was changed."

# Each alternative matches without going back, so that the scan takes time by length alone; a
# string without its end is taken as one, for the parser to refuse.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]|,', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def hostile(name: str, why: str) -> HostileFile:
    """The refusal of a file. `why` is a sentence for a person."""
    return HostileFile(
        f"“{cleaned(name)}” cannot be taken in: {why}",
        hint="Get the file again from where it came, or export it anew.",
        kept=NOTHING_CHANGED,
    )


class Untaken(Exception):
    """One thing of a file cannot be taken in; the rest can. The text says what and why."""


@dataclass(slots=True)
class Tally:
    """Counts what the JSON of one file holds, before any of it is parsed."""

    containers: int = 0
    values: int = 0

    def add(self, text: bytes) -> None:
        """Raises ValueError where it nests too deep, or where all of it becomes too much."""
        depth = 0
        for token in _TOKEN.finditer(text):
            match text[token.start()]:
                case 0x5B | 0x7B:
                    depth += 1
                    self.containers += 1
                    if depth > MOST_DEPTH:
                        raise ValueError("it is nested too deep.")
                case 0x5D | 0x7D:
                    depth -= 1
                case 0x2C:
                    self.values += 1
        if self.containers > MOST_CONTAINERS or self.values > MOST_VALUES:
            raise ValueError("there is too much in it.")


def parse_json(text: bytes, tally: Tally) -> Any:
    """Strict JSON in UTF-8, as plain values. Raises ValueError."""
    tally.add(text)
    return loads(text.decode("utf-8-sig"), parse_constant=_refuse_constant)


def check_value(value: Any) -> None:
    """Raises ValueError for numbers, texts and dates out of bounds, however deep they lie."""
    match value:
        case None | bool() | Enum():
            return
        case int():
            if abs(value) > MOST_INTEGER:
                raise ValueError("a number in it is too large.")
        case float():
            if not math.isfinite(value) or abs(value) > MOST_NUMBER:
                raise ValueError("a number in it is too large.")
        case str():
            check_text(value)
        case datetime():
            return
        case Mapping():
            for key, inner in value.items():
                check_value(key)
                check_value(inner)
        case list() | tuple():
            for inner in value:
                check_value(inner)
        case _ if is_dataclass(value):
            for field in fields(value):
                check_value(getattr(value, field.name))
        case _:
            raise ValueError("a value in it is of an unknown kind.")


def check_text(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise ValueError("a text in it is too long.")
    if "\x00" in text or not _is_unicode(text):
        raise ValueError("a text in it is damaged.")


def readable(text: str) -> str:
    """Any text as one that can be stored: what is no character is left out, and it is cut."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text[:MOST_TEXT].encode("utf-8", "ignore").decode()


def cleaned(text: str, limit: int = MOST_NAME) -> str:
    """One short line without control characters or marks that turn the reading direction."""
    return " ".join(_CONTROL.sub(" ", readable(text)).split())[:limit]


def number(value: Any, default: float = 0.0, most: float = 1e9) -> float:
    """A finite number, at most `most` either way; else the default."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    # A large integer has no float.
    if abs(value) > most or not math.isfinite(value):
        return default
    return float(value)


def past(moment: datetime) -> datetime:
    """The moment in UTC, between 1970 and now."""
    now = datetime.now(UTC)
    try:
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return now
    return min(max(aware, datetime(1970, 1, 1, tzinfo=UTC)), now)


def told(untaken: list[str]) -> tuple[str, ...]:
    """The list for a person, cut where nobody would read on."""
    if len(untaken) <= MOST_TOLD:
        return tuple(untaken)
    return (*untaken[:MOST_TOLD], f"And {len(untaken) - MOST_TOLD} more.")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")
