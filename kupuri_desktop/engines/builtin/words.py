"""Reads a wish in a person's own words: what to paint, when, in which style and colours."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PLACES = ("space", "city", "desert", "sea", "lake", "forest", "mountains", "hills")
TIMES = ("sunset", "dawn", "dusk", "night", "day")
SKY_WORDS = ("aurora", "moon", "stars", "sun", "storm", "rain", "snow", "fog", "cloud")
GUESTS = ("boat", "cabin", "lighthouse", "balloon", "birds", "palm", "flowers")
SEASONS = ("spring", "summer", "autumn", "winter")
PATTERNS = (
    "truchet",
    "herringbone",
    "terrazzo",
    "dots",
    "stripes",
    "waves",
    "tiles",
    "geometric",
    "pattern",
)
ABSTRACTS = ("bauhaus", "blobs", "flow", "gradient", "abstract")
STYLES = ("watercolor", "pixel", "ink", "noir", "vaporwave", "pastel", "flat", "retro", "neon")

_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACED = re.compile(r"^[\u0000-\u024f\u0370-\u052f]+$")


def plain(text: str) -> str:
    """Return the text folded for comparing: no case, no accents, no double width forms."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", folded))


@dataclass(frozen=True, slots=True)
class Wish:
    """What was understood: names of concepts and colours, and the folded words themselves."""

    words: str
    concepts: frozenset[str]
    colours: tuple[str, ...]

    def first(self, names: tuple[str, ...]) -> str | None:
        """Return the first of the names that the wish holds."""
        return next((name for name in names if name in self.concepts), None)

    def has(self, *names: str) -> bool:
        """Tell whether the wish holds any of the names."""
        return any(name in self.concepts for name in names)


@dataclass(frozen=True)
class Lexicon:
    """The words of many languages for each concept and colour, as the data file gives them."""

    concepts: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, tuple[str, ...]]
    negations: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Read the lexicon; raises OSError or ValueError where the file is not whole."""
        data = json.loads(path.read_text("utf-8"))
        return cls(
            {name: tuple(words) for name, words in data["concepts"].items()},
            {name: tuple(words) for name, words in data["colours"].items()},
            tuple(data["negations"]),
        )

    @cached_property
    def _phrases(self) -> list[tuple[str, str, bool]]:
        """Phrases, longest first, with the concept (or `#colour`) and whether spaces part words."""
        listed: dict[tuple[str, str], bool] = {}
        for prefix, table in (("", self.concepts), ("#", self.colours)):
            for name, words in table.items():
                for word in words:
                    folded = plain(word)
                    listed[folded, prefix + name] = bool(_SPACED.match(folded))
        found = [(phrase, name, spaced) for (phrase, name), spaced in listed.items()]
        return sorted(found, key=lambda entry: (-len(entry[0]), entry[0], entry[1]))

    def read(self, text: str) -> Wish:
        """Understand a wish; unknown words are left to the hash of the whole."""
        folded = plain(text)
        spaced = " " + " ".join(re.findall(r"[^\W_]+", folded)) + " "
        rest, joined = spaced, folded
        concepts: set[str] = set()
        refused: set[str] = set()
        places: dict[str, int] = {}
        for phrase, name, by_spaces in self._phrases:
            if not by_spaces:
                if phrase in joined:
                    concepts.add(name)
                    places.setdefault(name, joined.index(phrase))
                continue
            if phrase not in rest:
                continue
            found = re.search(rf"(?<= ){re.escape(phrase)}(?:s|es|n|en)?(?= )", rest)
            if found is None:
                continue
            before = rest[: found.start()].rstrip()
            negated = any(before.endswith(" " + word) for word in self.negations)
            (refused if negated else concepts).add(name)
            places.setdefault(name, found.start())
            if " " in phrase:
                rest = rest[: found.start()] + "_" * len(found[0]) + rest[found.end() :]
        concepts -= refused
        colours = sorted((n for n in concepts if n.startswith("#")), key=lambda n: (places[n], n))
        return Wish(
            spaced.strip() or folded.strip(),
            frozenset(name for name in concepts if not name.startswith("#")),
            tuple(name[1:] for name in colours),
        )
