"""Colours as items keep them: read from any usual spelling, turned, and weighed for contrast."""

import colorsys
import math
import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Self

from kupuri_desktop.core.colour_names import named_colours

_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_CALL = re.compile(r"(rgb|hsl|hsv|hsb)a?\s*\(([^()]*)\)")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(%|deg|turn|rad)?")
_MOST_PARTS = 4


class Spelling(Enum):
    """How a colour is written for a person."""

    HEX = "hex"
    RGB = "rgb"
    HSL = "hsl"


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green, blue and alpha in sRGB, each 0 to 255."""

    red: int
    green: int
    blue: int
    alpha: int = 255

    @classmethod
    def from_hsv(cls, hue: float, saturation: float, value: float, alpha: int = 255) -> Self:
        """hue: 0 to 1 around the circle; saturation, value: 0 to 1."""
        return cls(*_bytes(colorsys.hsv_to_rgb(hue % 1.0, saturation, value)), alpha)

    @classmethod
    def from_hsl(cls, hue: float, saturation: float, lightness: float, alpha: int = 255) -> Self:
        """All of 0 to 1, as `from_hsv`."""
        return cls(*_bytes(colorsys.hls_to_rgb(hue % 1.0, lightness, saturation)), alpha)

    @property
    def hsv(self) -> tuple[float, float, float]:
        """Hue, saturation, value, each 0 to 1; a grey has the hue 0."""
        return colorsys.rgb_to_hsv(self.red / 255, self.green / 255, self.blue / 255)

    @property
    def hsl(self) -> tuple[float, float, float]:
        """Hue, saturation, lightness, each 0 to 1."""
        hue, light, full = colorsys.rgb_to_hls(self.red / 255, self.green / 255, self.blue / 255)
        return hue, full, light

    @property
    def luminance(self) -> float:
        """0 to 1, as https://www.w3.org/TR/WCAG22/#dfn-relative-luminance has it; without alpha."""
        red, green, blue = map(_linear, (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def opaque(self) -> "Colour":
        return replace(self, alpha=255)

    def over(self, ground: "Colour") -> "Colour":
        """What is seen where this lies on an opaque ground."""
        share = self.alpha / 255
        mixed = (
            round(mine * share + theirs * (1 - share))
            for mine, theirs in (
                (self.red, ground.red),
                (self.green, ground.green),
                (self.blue, ground.blue),
            )
        )
        return Colour(*mixed)

    def text(self) -> str:
        """#rrggbb, or #rrggbbaa where it is not opaque: how items keep it."""
        opaque = f"#{self.red:02x}{self.green:02x}{self.blue:02x}"
        return opaque if self.alpha == 255 else f"{opaque}{self.alpha:02x}"

    def spelled(self, spelling: Spelling) -> str:
        """For a person, as style sheets write it: `#ff6b4a`, `rgb(255, 107, 74)`."""
        percent = round(self.alpha / 2.55)
        match spelling:
            case Spelling.HEX:
                return self.text()
            case Spelling.RGB:
                inside = f"{self.red}, {self.green}, {self.blue}"
            case Spelling.HSL:
                hue, full, light = self.hsl
                inside = f"{round(hue * 360) % 360}, {full * 100:.0f}%, {light * 100:.0f}%"
        name = spelling.value
        return f"{name}({inside})" if self.alpha == 255 else f"{name}a({inside}, {percent}%)"


def colour_in(text: str) -> Colour | None:
    """The colour that a text spells; None where it spells none.

    #rgb, #rgba, #rrggbb, #rrggbbaa with or without #; rgb(), rgba(), hsl(), hsla(), hsv() with
    commas, spaces or a slash; three or four bare numbers as rgb; an English name.
    """
    words = " ".join(text.split()).casefold()
    if found := _HEX.fullmatch(words):
        return _from_hex(found[1])
    if words == "transparent":
        return Colour(0, 0, 0, 0)
    if name := named_colours().get(words.replace(" ", "").replace("grey", "gray")):
        return _from_hex(name)
    if call := _CALL.fullmatch(words):
        return _from_parts(call[1], call[2])
    parts = re.split(r"[,;/ ]+", words)
    return _from_parts("rgb", words) if len(parts) in (3, _MOST_PARTS) else None


def contrast(one: Colour, other: Colour) -> float:
    """1 (none) to 21; text wants 4.5, large text and signs 3 (WCAG 2.2, 1.4.3)."""
    low, high = sorted((one.luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)


def harmonies(colour: Colour) -> tuple[Colour, ...]:
    """Five that go with a colour: its neighbours, its opposite, and the two beside that."""
    hue, saturation, value = colour.hsv
    return tuple(
        Colour.from_hsv(hue + turn / 360, saturation, value, colour.alpha)
        for turn in (-30, 30, 150, 180, 210)
    )


def _from_hex(digits: str) -> Colour:
    if len(digits) <= _MOST_PARTS:
        digits = "".join(digit * 2 for digit in digits)
    return Colour(*bytes.fromhex(digits))


def _from_parts(kind: str, inside: str) -> Colour | None:
    found = [_NUMBER.fullmatch(part) for part in re.split(r"[,;/ ]+", inside.strip())]
    parts = [(float(part[1]), part[2] or "") for part in found if part is not None]
    if len(parts) != len(found) or len(parts) not in (3, _MOST_PARTS):
        return None
    alpha = round(_share(*parts[3]) * 255) if len(parts) == _MOST_PARTS else 255
    if kind == "rgb":
        red, green, blue = (_clamped(n * 2.55 if unit == "%" else n, 255) for n, unit in parts[:3])
        return Colour(round(red), round(green), round(blue), alpha)
    hue, full, light = _turns(*parts[0]), _percent(parts[1][0]), _percent(parts[2][0])
    make = Colour.from_hsl if kind == "hsl" else Colour.from_hsv
    return make(hue, full, light, alpha)


def _turns(number: float, unit: str) -> float:
    whole = {"turn": 1.0, "rad": 2 * math.pi}.get(unit, 360.0)
    return number / whole


def _share(number: float, unit: str) -> float:
    return _clamped(number / 100 if unit == "%" else number, 1.0)


def _percent(number: float) -> float:
    return _clamped(number / 100, 1.0)


def _clamped(number: float, most: float) -> float:
    return min(max(number, 0.0), most)


def _bytes(parts: tuple[float, float, float]) -> tuple[int, int, int]:
    red, green, blue = (round(part * 255) for part in parts)
    return red, green, blue


def _linear(level: int) -> float:
    share = level / 255
    linear: float = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    return linear
