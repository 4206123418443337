"""The words that the built-in assistant knows, by language, compiled from a data file."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CJK = re.compile(r"[\u4e00-\u9fff]")


def _any_of(words: Iterable[str], spaced: bool) -> str:
    """A pattern for any of the words, the longest first; whole words where they are spaced."""
    longest_first = sorted(words, key=len, reverse=True)
    choice = "|".join(re.escape(word) for word in longest_first) or "(?!)"
    if not spaced:
        return f"(?:{choice})"
    # An elided article (l', d') is followed by its noun without a space.
    return rf"(?<![\w])(?:{choice})(?:(?<=')|(?![\w]))"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. `words` maps a list's name to a pattern that finds any word of it."""

    language: str
    spaced: bool
    words: Mapping[str, str]
    numbers: Mapping[str, int]
    shapes: Mapping[str, str]
    layouts: Mapping[str, str]
    styles: tuple[str, ...]
    replies: Mapping[str, str]

    @classmethod
    def read(cls, language: str, data: Mapping[str, Any]) -> "Lexicon":
        spaced = language != "zh"
        lists = {name: value for name, value in data.items() if isinstance(value, list)}
        tables = ("numbers", "shapes", "layouts")
        words = {name: _any_of(value, spaced) for name, value in lists.items()}
        words |= {name: _any_of(data[name], spaced) for name in tables}
        return cls(
            language,
            spaced,
            words,
            data["numbers"],
            data["shapes"],
            data["layouts"],
            tuple(data["style"]),
            data["replies"],
        )

    def starts(self, name: str, text: str) -> re.Match[str] | None:
        return re.match(rf"\s*{self.words[name]}", text, re.IGNORECASE)

    def whole(self, name: str, text: str) -> bool:
        return re.fullmatch(rf"\W*{self.words[name]}\W*", text, re.IGNORECASE) is not None

    def finds(self, name: str, text: str) -> re.Match[str] | None:
        return re.search(self.words[name], text, re.IGNORECASE)

    def score(self, text: str) -> int:
        """How many letters of the text this language knows."""
        known = ("make", "variations", "again", "greetings", "thanks", "help", "cannot", "without")
        more = ("articles", "filler", "images", "arrange", "of", "numbers", "change")
        names = (*known, *more)
        pattern = "|".join(self.words[name] for name in names)
        return sum(len(match.group()) for match in re.finditer(pattern, text, re.IGNORECASE))


class Lexicons:
    """All languages; English decides where none knows more."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._all = {lexicon.language: lexicon for lexicon in lexicons}

    @classmethod
    def load(cls, path: Path) -> "Lexicons":
        """Reads the data file; a fault in it is a fault of the build and raises as it comes."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(Lexicon.read(language, words) for language, words in data.items())

    def choose(self, text: str) -> Lexicon:
        if _CJK.search(text) and "zh" in self._all:
            return self._all["zh"]
        best = self._all["en"]
        for lexicon in self._all.values():
            if lexicon.spaced and lexicon.score(text) > best.score(text):
                best = lexicon
        return best
