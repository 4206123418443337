"""The painter's colours: skies for each hour and weather, and swatches for flat pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kupuri_desktop.engines.builtin.colour import Colour, lightness, parse, polar, to_lab
from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.words import Wish

_MOODS = (
    "warm cool calm happy bold moody romantic elegant earthy modern pastel neon retro bauhaus "
    "spring summer autumn winter night forest sea desert minimal vintage dark"
).split()


@dataclass(frozen=True, slots=True)
class Tones:
    """The light of a landscape: sky stops from the zenith down, and what the air does to it."""

    sky: tuple[Colour, ...]
    sun: Colour
    glow: Colour
    far: Colour
    near: Colour

    @property
    def horizon(self) -> Colour:
        return self.sky[-1]

    def tinted(self, colour: Colour, amount: float) -> Tones:
        """Return the same light leaning towards a colour, lightness kept."""
        goal = to_lab(colour)

        def lean(tone: Colour, share: float) -> Colour:
            own = to_lab(tone)
            return polar_of(own[0], own[1:] * (1 - share) + goal[1:] * share)

        return Tones(
            tuple(lean(stop, amount) for stop in self.sky),
            lean(self.sun, amount * 0.2),
            lean(self.glow, amount * 0.5),
            lean(self.far, amount),
            lean(self.near, amount * 0.7),
        )


def polar_of(light: float, chroma: np.ndarray[Any, Any]) -> Colour:
    """Return the colour of a lightness and an (a, b) pair of OKLab."""
    hue = float(np.degrees(np.arctan2(chroma[1], chroma[0])))
    return polar(float(light), float(np.hypot(*chroma)), hue)


@dataclass(frozen=True)
class Palettes:
    """All palettes of the data file."""

    skies: Mapping[str, Sequence[Tones]]
    swatches: Sequence[tuple[frozenset[str], tuple[Colour, ...]]]
    named: Mapping[str, Colour]

    @classmethod
    def load(cls, path: Path) -> Palettes:
        """Read the palettes; raises OSError, KeyError or ValueError where the file is not whole."""
        data = json.loads(path.read_text("utf-8"))
        skies = {
            name: tuple(
                Tones(
                    tuple(parse(stop) for stop in tones["sky"]),
                    *(parse(tones[part]) for part in ("sun", "glow", "far", "near")),
                )
                for tones in entries
            )
            for name, entries in data["skies"].items()
        }
        swatches = tuple(
            (frozenset(entry["tags"]), tuple(parse(colour) for colour in entry["colours"]))
            for entry in data["swatches"]
        )
        return cls(skies, swatches, {n: parse(c) for n, c in data["colours"].items()})

    def tones(self, kind: str, wish: Wish, chance: Chance) -> Tones:
        """Return the light for a kind of sky, leaning towards the wish's first colour."""
        choices = self.skies[kind]
        tones = choices[int(chance.stream("tones").integers(len(choices)))]
        if wish.colours:
            tones = tones.tinted(self.named[wish.colours[0]], 0.62)
        return tones

    def swatch(self, wish: Wish, chance: Chance) -> tuple[Colour, ...]:
        """Return six colours, ground first: from colour words, else moods, else chance."""
        random = chance.stream("swatch")
        if wish.colours:
            return self._around([self.named[name] for name in wish.colours], wish, random)
        moods = {mood for mood in _MOODS if wish.has(mood)}
        if wish.has("moody", "noir", "neon", "night", "space"):
            moods |= {"moody", "dark", "night"}
        scores = [len(tags & moods) for tags, _ in self.swatches]
        best = max(scores)
        fitting = [
            colours
            for (_, colours), score in zip(self.swatches, scores, strict=True)
            if score == best
        ]
        return fitting[int(random.integers(len(fitting)))]

    def _around(
        self, wanted: list[Colour], wish: Wish, random: np.random.Generator
    ) -> tuple[Colour, ...]:
        dark = wish.has("moody", "night", "neon", "noir")
        first = to_lab(wanted[0])
        hue = float(np.degrees(np.arctan2(first[2], first[1])))
        chroma = float(np.hypot(first[1], first[2]))
        ground = polar(0.17, min(chroma, 0.05), hue) if dark else polar(0.965, 0.014, hue)
        kin = [
            polar(0.42, min(chroma * 0.8, 0.16), hue + float(random.uniform(-12, 12))),
            polar(0.80, min(chroma * 0.55, 0.09), hue + float(random.uniform(-25, 25))),
            polar(0.62, min(chroma * 0.9, 0.15), hue + float(random.choice([-38, 38]))),
            polar(0.76, max(0.09, min(chroma, 0.13)), hue + float(random.choice([150, 180, 205]))),
        ]
        if chroma < 0.03:
            kin[3] = self.named["coral"]
        chosen = [*wanted[:4], *kin]
        return (ground, *chosen[:5])


def ink_on(colours: Sequence[Colour]) -> Colour:
    """Return the colour that stands out most from the first."""
    ground = lightness(colours[0])
    return max(colours[1:], key=lambda colour: abs(lightness(colour) - ground))
