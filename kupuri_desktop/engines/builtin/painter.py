"""Paints a picture from words and a seed in passes: a sketch, a study, then the picture itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from kupuri_desktop.engines.builtin.abstracts import paint_abstract, paint_poster
from kupuri_desktop.engines.builtin.colour import Colour, dark_to_light, mix
from kupuri_desktop.engines.builtin.finish import finish, vignette
from kupuri_desktop.engines.builtin.landscape import paint_landscape
from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.palette import Palettes
from kupuri_desktop.engines.builtin.patterns import paint_pattern
from kupuri_desktop.engines.builtin.scene import is_landscape
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.vapor import paint_vapor
from kupuri_desktop.engines.builtin.words import (
    ABSTRACTS,
    PATTERNS,
    PLACES,
    STYLES,
    TIMES,
    Lexicon,
    Wish,
)

SKETCH, STUDY = 144, 400
_WORK = 9.0


@dataclass(frozen=True, slots=True)
class Pass:
    """How far the picture is (0..1), what was just done, and a picture where there is a new one."""

    fraction: float
    note: str
    picture: Image.Image | None = None


class Painter:
    """Paints by words and seed alone: the same words, seed and size give the same pixels."""

    def __init__(self, lexicon: Lexicon, palettes: Palettes) -> None:
        self._lexicon = lexicon
        self._palettes = palettes

    @classmethod
    def from_folder(cls, folder: Path) -> Painter:
        """Read `words.json` and `palettes.json`; raises OSError or ValueError."""
        return cls(Lexicon.load(folder / "words.json"), Palettes.load(folder / "palettes.json"))

    def understand(self, words: str, without: str = "") -> Wish:
        """Return what the painter makes of the words; `without` names what is not wanted."""
        wish = self._lexicon.read(words)
        if not without.strip():
            return wish
        unwanted = self._lexicon.read(without)
        return replace(
            wish,
            concepts=wish.concepts - unwanted.concepts,
            colours=tuple(name for name in wish.colours if name not in unwanted.colours),
        )

    def swatch(self, wish: Wish, chance: Chance) -> tuple[Colour, ...]:
        """Return the six colours of a wish, ground first."""
        return self._palettes.swatch(wish, chance)

    def tones(self, wish: Wish, chance: Chance) -> list[Colour]:
        """Return the colours, dark to light, that a wish would give a picture; none without one."""
        named = [self._palettes.named[name] for name in wish.colours]
        if named:
            swatch = self._palettes.swatch(wish, chance)
            return dark_to_light([*named, mix(named[0], swatch[0], 0.5), swatch[0]])
        kinds = {"spring": "dawn", "winter": "snow", "warm": "sunset", "cool": "snow"}
        kinds |= {"moody": "storm"}
        kind = wish.first((*TIMES, "autumn", "vaporwave", *kinds))
        if kind is None:
            return []
        tones = self._palettes.tones(kinds.get(kind, kind), wish, chance)
        return dark_to_light([tones.near, *tones.sky])

    def paint(
        self, words: str, seed: int, width: int, height: int, without: str = ""
    ) -> Iterator[Pass]:
        """Yield passes until the last one, which has fraction 1 and the picture of that size."""
        wish = self.understand(words, without)
        chance = Chance(f"{wish.words}\x1f{seed}")
        frame = (width / min(width, height), height / min(width, height))
        for side, share in ((SKETCH, 0.10), (STUDY, 0.32)):
            if min(width, height) >= side * 2:
                size = max(8, round(frame[0] * side)), max(8, round(frame[1] * side))
                study = Sheet(*size, frame=frame)
                for _ in self._paint(wish, chance, study):
                    pass
                yield Pass(share, "sketch" if side == SKETCH else "study", study.image())
        sheet = Sheet(width, height, frame=frame)
        for done, note in enumerate(self._paint(wish, chance, sheet), start=1):
            yield Pass(0.32 + 0.62 * (1 - _WORK / (_WORK + done * 4)), note)
        yield Pass(1.0, "picture", sheet.image())

    def _paint(self, wish: Wish, chance: Chance, sheet: Sheet) -> Iterator[str]:
        style = wish.first(STYLES)
        swatch = self._palettes.swatch(wish, chance)
        subject, kind = subject_of(wish)
        match subject:
            case "landscape":
                if style == "vaporwave" and not wish.has("city", "sea", "lake", "forest", "space"):
                    tones = self._palettes.tones("vaporwave", wish, chance)
                    yield from paint_vapor(chance, tones, sheet)
                    style = None
                else:
                    yield from paint_landscape(wish, chance, self._palettes, sheet)
                vignette(sheet, 0.14)
            case "pattern":
                paint_pattern(kind, sheet, chance, swatch)
                yield kind
            case "poster":
                paint_poster(sheet, chance, swatch)
                yield kind
            case _:
                paint_abstract(kind, sheet, chance, swatch)
                yield kind
        finish(sheet, chance, style, swatch)
        yield "finish"


def subject_of(wish: Wish) -> tuple[str, str]:
    """Decide between landscape, pattern, poster and abstract, and which kind of it."""
    pattern, abstract = wish.first(PATTERNS), wish.first(ABSTRACTS)
    named = wish.has(*PLACES, *TIMES)
    if "pattern" in wish.concepts or (pattern and not named):
        return "pattern", pattern or "pattern"
    if abstract and not (named and abstract in ("gradient", "flow")):
        return "abstract", abstract
    if is_landscape(wish):
        return "landscape", "landscape"
    if "vaporwave" in wish.concepts:
        return "landscape", "landscape"
    if "poster" in wish.concepts:
        return "poster", "poster"
    return "abstract", "abstract"
