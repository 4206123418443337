"""Reads the small sums that people type where a number goes: `200*2`, `(3+4)/2`, `1920/3`."""

import math
import re

_TOKENS = re.compile(r"\s*(\d+\.?\d*|\.\d+|[-+*/()×÷−%])")
_MOST_LETTERS = 100
_SIGNS = {"×": "*", "÷": "/", "−": "-", "x": "*"}


def sum_in(text: str, whole: float | None = None) -> float | None:
    """The number that a text comes to; None where it is no sum, or has no finite end.

    A comma is a decimal point. A sum that begins with *, / or + goes on from `whole`, the number
    that was there; `50%` is that share of it, where it is known.
    """
    words = text.strip().replace(",", ".")
    words = re.sub(r"(?<=[\d)\s])x(?=[\d(\s])", "*", words)
    if not words or len(words) > _MOST_LETTERS:
        return None
    if words[0] in "*/×÷+" and whole is not None:
        words = f"({whole!r}){words}" if "e" not in repr(whole) else words
    tokens = _tokens(words)
    if tokens is None:
        return None
    reader = _Reader(tokens, whole)
    try:
        number = reader.sum()
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if reader.at_end and math.isfinite(number) else None


def _tokens(words: str) -> list[str] | None:
    found: list[str] = []
    at = 0
    while at < len(words):
        token = _TOKENS.match(words, at)
        if token is None:
            return None
        found.append(_SIGNS.get(token[1], token[1]))
        at = token.end()
    return found


class _Reader:
    """Sums of products of signed numbers and brackets. Raises ValueError where none follows."""

    def __init__(self, tokens: list[str], whole: float | None) -> None:
        self._tokens = tokens
        self._whole = whole
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at == len(self._tokens)

    def sum(self) -> float:
        number = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            number = number + other if sign == "+" else number - other
        return number

    def _product(self) -> float:
        number = self._signed()
        while sign := self._take("*", "/"):
            other = self._signed()
            number = number * other if sign == "*" else number / other
        return number

    def _signed(self) -> float:
        if sign := self._take("+", "-"):
            return self._signed() if sign == "+" else -self._signed()
        if self._take("("):
            number = self.sum()
            if not self._take(")"):
                raise ValueError("a bracket stays open")
        else:
            number = float(self._next())
        if self._take("%"):
            number *= (100.0 if self._whole is None else self._whole) / 100
        return number

    def _take(self, *wanted: str) -> str:
        if not self.at_end and self._tokens[self._at] in wanted:
            return self._next()
        return ""

    def _next(self) -> str:
        if self.at_end:
            raise ValueError("a number is missing")
        self._at += 1
        return self._tokens[self._at - 1]
