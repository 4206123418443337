"""Decides a scene from the wish: which place, at which hour, under which light."""

from __future__ import annotations

from dataclasses import dataclass

from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.palette import Palettes, Tones
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.sky import Light
from kupuri_desktop.engines.builtin.words import GUESTS, PLACES, SEASONS, SKY_WORDS, TIMES, Wish

_OPEN_PLACES = {
    "sunset": ("lake", "sea", "mountains", "ridges", "hills"),
    "dawn": ("ridges", "lake", "hills", "forest", "mountains"),
    "day": ("mountains", "hills", "sea", "lake"),
    "dusk": ("lake", "ridges", "sea", "mountains"),
    "night": ("lake", "mountains", "ridges", "forest"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands where: places in units of the shorter side, horizon included."""

    place: str
    hour: str
    tones: Tones
    horizon: float
    light: Light
    season: str | None


def is_landscape(wish: Wish) -> bool:
    """Tell whether the words ask for a view of the world."""
    return wish.has(*PLACES, *TIMES, *SKY_WORDS, *GUESTS, *SEASONS, "landscape")


def compose(wish: Wish, chance: Chance, palettes: Palettes, sheet: Sheet) -> Scene:
    """Decide place, hour, light and horizon; the same for every size of one aspect."""
    random = chance.stream("scene")
    hour = _hour(wish, str(random.choice(["sunset", "dawn", "day", "dusk"])))
    choices = _OPEN_PLACES[hour]
    lucky = choices[int(random.integers(len(choices)))]
    place = wish.first(PLACES) or _host(wish) or lucky
    if place == "mountains" and wish.has("sea", "lake"):
        place = "lake"
    if place == "sea" and wish.has("mountains", "forest"):
        place = "lake"
    if place == "forest" and wish.has("mountains"):
        place = "mountains"
    if place == "mountains" and random.random() < 0.4 and not wish.has("snow", "winter"):
        place = "ridges"
    tones = palettes.tones(_air(wish, hour, place), wish, chance)
    low = {
        "sea": 0.56,
        "lake": 0.56,
        "desert": 0.56,
        "hills": 0.52,
        "city": 0.80,
        "forest": 0.66,
        "mountains": 0.70,
        "ridges": 0.52,
        "space": 1.0,
    }[place]
    horizon = sheet.bottom * (low + float(random.uniform(-0.04, 0.05)))
    side = float(random.choice([0.335, 0.665])) + float(random.uniform(-0.04, 0.04))
    height = {"sunset": 0.78, "dawn": 0.66, "day": 0.30, "dusk": 0.9, "night": 0.34}[hour]
    height += float(random.uniform(-0.07, 0.07))
    radius = float(random.uniform(0.042, 0.066))
    centre = (side * sheet.right, horizon * height)
    return Scene(
        place, hour, tones, horizon, Light(centre, radius, hour == "night"), wish.first(SEASONS)
    )


def _hour(wish: Wish, lucky: str) -> str:
    named = wish.first(TIMES)
    if named:
        return named
    if wish.has("aurora", "moon", "stars", "neon"):
        return "night"
    if wish.has("storm", "rain", "fog", "snow", "sun", "cloud", *SEASONS):
        return "day"
    return lucky


def _host(wish: Wish) -> str | None:
    """Return the place that a guest of the picture needs."""
    if wish.has("boat", "lighthouse", "palm", "waves"):
        return "sea"
    if wish.has("flowers", "spring", "summer", "balloon"):
        return "hills"
    if wish.has("cabin", "snow", "winter"):
        return "mountains"
    return "hills" if wish.has("autumn") else None


def _air(wish: Wish, hour: str, place: str) -> str:
    if place == "space":
        return "space"
    if wish.has("vaporwave"):
        return "vaporwave"
    if hour in ("night", "dusk", "sunset", "dawn"):
        return hour
    for word in ("storm", "fog"):
        if wish.has(word):
            return word
    if wish.has("rain"):
        return "storm"
    if wish.has("snow", "winter"):
        return "snow"
    if wish.has("autumn"):
        return "autumn"
    return "desert" if place == "desert" else "day"
