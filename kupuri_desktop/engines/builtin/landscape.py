"""Directs a landscape: paints the scene that the wish asks for, back to front."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kupuri_desktop.engines.builtin import city, land, shapes, sky, trees, water
from kupuri_desktop.engines.builtin.colour import mix, parse, tuned
from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.palette import Palettes
from kupuri_desktop.engines.builtin.scene import Scene, compose
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.sky import Light
from kupuri_desktop.engines.builtin.space import paint_space
from kupuri_desktop.engines.builtin.words import Wish


def paint_landscape(wish: Wish, chance: Chance, palettes: Palettes, sheet: Sheet) -> Iterator[str]:
    """Paint the scene in steps; each step yields its name when it is done."""
    scene = compose(wish, chance, palettes, sheet)
    if scene.place == "space":
        yield from paint_space(chance, scene.tones, sheet)
        return
    yield from _paint_sky(wish, chance, scene, sheet)
    match scene.place:
        case "sea" | "lake":
            yield from _paint_waterside(wish, chance, scene, sheet)
        case "desert":
            _paint_desert(chance, scene, sheet)
            yield "dunes"
        case "hills":
            yield from _paint_country(wish, chance, palettes, scene, sheet)
        case "city":
            yield from _paint_city(wish, chance, scene, sheet)
        case "forest":
            yield from _paint_forest(chance, scene, sheet)
        case "ridges":
            land.paint_ridges(
                sheet, chance, scene.tones, scene.horizon, 6, 0.30, sheet.bottom * 0.97
            )
            yield "ridges"
            _pine_foreground(chance, scene, sheet, 0.93)
        case _:
            snow = (
                0.95
                if wish.has("snow", "winter")
                else float(chance.stream("snowline").uniform(0.35, 0.7))
            )
            land.paint_massif(
                sheet,
                chance,
                scene.tones,
                scene.light,
                scene.horizon,
                0.52 * min(1.25, sheet.bottom),
                snow,
            )
            yield "mountains"
            _foothills(chance, scene, sheet)
    yield "land"
    _paint_guests(wish, chance, palettes, scene, sheet)
    _paint_weather(wish, chance, scene, sheet)
    yield "weather"


def _paint_sky(wish: Wish, chance: Chance, scene: Scene, sheet: Sheet) -> Iterator[str]:
    random = chance.stream("sky")
    tones, light = scene.tones, scene.light
    sky.paint_air(sheet, chance, tones, scene.horizon)
    dark = scene.hour == "night"
    if dark or (scene.hour == "dusk" and wish.has("stars", "moon")):
        sky.paint_stars(sheet, chance, tones, scene.horizon, 1.0 if dark else 0.5)
        yield "stars"
    if wish.has("aurora"):
        sky.paint_aurora(sheet, chance, scene.horizon)
        yield "aurora"
    hidden = wish.has("storm", "rain", "aurora") and not wish.has("moon", "sun")
    soft = 0.45 if wish.has("fog", "snow") and scene.hour == "day" else 1.0
    if scene.hour == "dusk" and not wish.has("moon", "sun"):
        sky.paint_light(sheet, tones, Light(light.centre, 0.0001), 0.55)
    elif not hidden:
        if scene.hour == "dusk":
            light = Light((light.centre[0], scene.horizon * 0.34), light.radius * 0.7, True)
        under = sky.paint_light(sheet, tones, light, soft)
        if light.moon:
            sky.paint_moon_face(sheet, chance, tones, light, under)
    yield "light"
    cover = float(random.choice([0.30, 0.42, 0.55]))
    if wish.has("cloud"):
        cover = 0.78
    if wish.has("storm", "rain"):
        cover = 0.97
    if dark or wish.has("fog", "aurora", "stars"):
        cover = min(cover, 0.24) if not wish.has("cloud") else 0.5
    sky.paint_clouds(sheet, chance, tones, light, scene.horizon, cover)
    yield "clouds"


def _paint_waterside(wish: Wish, chance: Chance, scene: Scene, sheet: Sheet) -> Iterator[str]:
    tones, shore, light = scene.tones, scene.horizon, scene.light
    if scene.place == "lake":
        if wish.has("mountains", "snow", "winter") or chance.stream("far").random() < 0.5:
            snow = 0.9 if wish.has("snow", "winter") else 0.45
            land.paint_massif(sheet, chance, tones, light, shore + 0.02, 0.36, snow)
        else:
            land.paint_ridges(sheet, chance, tones, shore - 0.06, 4, 0.20, shore + 0.02, 0.7)
        yield "mountains"
        far = shore - 0.012 - 0.02 * land.rolling(chance, "bank", sheet.x[0], 0.6)
        bank = mix(tones.far, tones.near, 0.72)
        trees.paint_pines(
            sheet,
            chance,
            "bank pines",
            far.astype(np.float32),
            0.045,
            62,
            bank,
            mix(bank, tones.horizon, 0.22),
        )
    elif chance.stream("isle").random() < 0.6:
        x = sheet.x[0]
        hump = np.exp(-(((x - (sheet.right - light.centre[0])) / 0.26) ** 2))
        crest = shore + 0.004 - 0.075 * hump * (0.5 + land.jagged(chance, "isle", x, 0.4))
        tone = mix(tones.far, tones.near, 0.22)
        land.paint_layer(sheet, crest.astype(np.float32), tone, mix(tone, tones.horizon, 0.5), 0.08)
    unrest = 0.35 if scene.place == "lake" else 1.0
    if wish.has("storm"):
        unrest = 1.6
    water.paint_reflection(sheet, chance, tones, shore, unrest)
    yield "water"
    power = {"day": 0.45, "night": 0.5}.get(scene.hour, 0.8)
    if not wish.has("storm", "rain", "fog", "aurora"):
        water.paint_glitter(sheet, chance, tones, light, shore, power)
    if scene.place == "sea" and (wish.has("palm", "summer") or chance.stream("b").random() < 0.55):
        sand = mix(parse("#e8cfa0"), tones.near, 0.55 if scene.hour in ("night", "dusk") else 0.12)
        water.paint_surf(sheet, chance, tones, sand, sheet.bottom * 0.88)
    if scene.place == "lake":
        _pine_foreground(chance, scene, sheet, 0.97)
    yield "shore"


def _paint_desert(chance: Chance, scene: Scene, sheet: Sheet) -> None:
    tones = scene.tones
    land.paint_ridges(
        sheet, chance, tones, scene.horizon - 0.01, 2, 0.07, scene.horizon + 0.04, 0.2
    )
    dim = {"night": 0.72, "dusk": 0.55, "sunset": 0.22, "dawn": 0.2}.get(scene.hour, 0.05)
    sand = mix(mix(parse("#f0b878"), tones.glow, 0.28), tones.near, dim)
    shadow = mix(mix(parse("#8f4f3a"), tones.sky[1], 0.25), tones.near, 0.25 + dim * 0.5)
    land.paint_dunes(sheet, chance, tones, scene.light, scene.horizon, sand, shadow)


def _paint_country(
    wish: Wish, chance: Chance, palettes: Palettes, scene: Scene, sheet: Sheet
) -> Iterator[str]:
    tones = scene.tones
    land.paint_ridges(
        sheet, chance, tones, scene.horizon - 0.02, 2, 0.12, scene.horizon + 0.05, 0.3
    )
    yield "far hills"
    winter = "winter" if wish.has("snow", "winter") else scene.season
    colours = land.meadow_greens(tones, winter, 5)
    crests = land.paint_hills(sheet, chance, tones, scene.light, scene.horizon, colours)
    yield "hills"
    for i, (count, tall) in enumerate(((26, 0.045), (18, 0.075))):
        dark = mix(colours[i + 1], tones.near, 0.55)
        leaf = mix(colours[i + 1], tones.glow, 0.35)
        if winter == "autumn":
            dark, leaf = mix(parse("#8e3a1e"), dark, 0.35), mix(parse("#f0a03c"), leaf, 0.35)
        dark = mix(dark, tones.horizon, 0.25 - 0.15 * i)
        trees.paint_crowns(
            sheet,
            chance,
            f"crowns{i}",
            crests[i + 1],
            count,
            tall,
            dark,
            leaf,
            scene.light.centre[0],
        )
    if wish.has("flowers", "spring"):
        bright = [parse(c) for c in ("#f26a6a", "#ffd25e", "#f7a9cf", "#ffffff", "#9f86e8")]
        if wish.colours:
            bright = [palettes.named[name] for name in wish.colours]
            bright += [tuned(bright[0], lighter=0.14)]
        dim = 0.5 if scene.hour in ("night", "dusk") else 0.12
        trees.paint_flowers(sheet, chance, [mix(c, tones.near, dim) for c in bright], crests[-3])


def _paint_city(wish: Wish, chance: Chance, scene: Scene, sheet: Sheet) -> Iterator[str]:
    tones = scene.tones
    wet = wish.has("lake", "sea", "rain") or chance.stream("quay").random() < 0.65
    base = scene.horizon if wet else sheet.bottom
    lamps = {"night": 1.0, "dusk": 0.8, "sunset": 0.45, "dawn": 0.3}.get(scene.hour, 0.0)
    haze = sheet.soft(lambda x, y: np.exp(-np.maximum(base - y, 0) / 0.16) + 0 * x)
    sheet.glow(haze * np.float32(0.20 + 0.25 * lamps), city.street_glow(tones))
    tall = min(0.60, base * 0.66)
    city.paint_skyline(sheet, chance, tones, base, tall, lamps)
    yield "city"
    if wet:
        water.paint_reflection(sheet, chance, tones, base, 0.7)
        if not wish.has("storm", "rain") and scene.hour not in ("dusk",):
            water.paint_glitter(sheet, chance, tones, scene.light, base, 0.35)


def _paint_forest(chance: Chance, scene: Scene, sheet: Sheet) -> Iterator[str]:
    tones = scene.tones
    land.paint_ridges(
        sheet, chance, tones, scene.horizon - 0.16, 2, 0.18, scene.horizon - 0.05, 0.25
    )
    x = sheet.x[0]
    rows = 4
    opening = scene.light.centre[0]
    for row in range(rows):
        t = row / (rows - 1)
        line = scene.horizon - 0.10 + (sheet.bottom - scene.horizon + 0.06) * t**1.2
        crest = line - 0.07 * (land.rolling(chance, f"floor{row}", x, 0.8) - 0.5)
        tone = mix(tones.far, tones.near, 0.22 + 0.78 * t)
        foot = mix(tone, tones.horizon, 0.60 * (1 - t) + 0.08)
        gap = (opening - 0.16, opening + 0.16) if t > 0.6 else None
        trees.paint_pines(
            sheet,
            chance,
            f"forest{row}",
            crest.astype(np.float32),
            0.12 + 0.30 * t**1.6,
            34 - 17 * t,
            tone,
            foot,
            gap,
        )
        if row < rows - 1:
            sky.paint_mist(
                sheet, chance, mix(tones.horizon, tones.far, 0.2), line + 0.03, 0.42 * (1 - t)
            )
        yield f"trees {row + 1}"


def _foothills(chance: Chance, scene: Scene, sheet: Sheet) -> None:
    x = sheet.x[0]
    tones = scene.tones
    for row in range(3):
        t = row / 2
        line = scene.horizon - 0.035 + (sheet.bottom - scene.horizon) * (0.10 + 0.72 * t)
        crest = line - 0.06 * (land.rolling(chance, f"foothill{row}", x, 0.7 + 0.5 * t) - 0.5)
        tone = mix(tones.far, tones.near, 0.50 + 0.5 * t)
        foot = mix(tone, tones.horizon, 0.34 * (1 - t) + 0.05)
        trees.paint_pines(
            sheet,
            chance,
            f"foot{row}",
            crest.astype(np.float32),
            0.05 + 0.10 * t,
            52 - 22 * t,
            tone,
            foot,
        )
        if row < 2:
            sky.paint_mist(sheet, chance, tones.horizon, line + 0.02, 0.38 * (1 - 0.6 * t))


def _pine_foreground(chance: Chance, scene: Scene, sheet: Sheet, low: float) -> None:
    x = sheet.x[0]
    away = np.abs(x - scene.light.centre[0]) / max(0.4, sheet.right * 0.6)
    crest = sheet.bottom * (low + 0.05) - 0.10 * np.clip(away, 0, 1.2) ** 1.5
    crest -= 0.02 * land.rolling(chance, "front", x, 0.5)
    tone = scene.tones.near
    gap = (scene.light.centre[0] - 0.26, scene.light.centre[0] + 0.26)
    trees.paint_pines(
        sheet, chance, "front pines", crest.astype(np.float32), 0.24, 13, tone, tone, gap
    )


def _paint_guests(
    wish: Wish, chance: Chance, palettes: Palettes, scene: Scene, sheet: Sheet
) -> None:
    random = chance.stream("guests")
    tones, light = scene.tones, scene.light
    other = sheet.right - light.centre[0]
    lamp = {"night": 1.0, "dusk": 0.9, "sunset": 0.6, "dawn": 0.5}.get(scene.hour, 0.15)
    wet = scene.place in ("sea", "lake")
    if wish.has("lighthouse"):
        toward = 1.0 if light.centre[0] > other else -1.0
        shapes.paint_lighthouse(
            sheet, tones, (other, scene.horizon + 0.05), 0.34, lamp if lamp > 0.4 else 0.0, toward
        )
    if wet and (wish.has("boat") or (scene.place == "sea" and random.random() < 0.3)):
        aside = other if not wish.has("lighthouse") else light.centre[0] + 0.1
        shapes.paint_boat(sheet, chance, tones, (aside + 0.06, scene.horizon + 0.10), 0.085)
    if wish.has("cabin") and not wet:
        place = (other, sheet.bottom * 0.9)
        shapes.paint_cabin(sheet, tones, place, 0.11, lamp)
    elif wish.has("cabin"):
        shapes.paint_cabin(sheet, tones, (other, scene.horizon - 0.005), 0.075, lamp)
    if wish.has("balloon"):
        hues = palettes.swatches[7][1]
        for i, size in enumerate((0.11, 0.05, 0.034)):
            spot = (other + (0.0, -0.24, 0.2)[i], scene.horizon * (0.38, 0.62, 0.26)[i])
            pair = [hues[1 + i], hues[5]] if i != 1 else [hues[3], hues[1]]
            shapes.paint_balloon(sheet, pair, tones, spot, size)
    if wish.has("palm"):
        edge = 0.10 if light.centre[0] > other else sheet.right - 0.10
        for k in range(2):
            foot = (edge + 0.10 * k * (1 if edge < other else -1), sheet.bottom * 1.0)
            trees.paint_palm(sheet, random, tones.near, foot, 0.62 - 0.18 * k)
    quiet = scene.hour in ("sunset", "dawn", "day") and not wish.has("storm", "rain", "snow")
    if wish.has("birds") or (quiet and random.random() < 0.45):
        around = (other + random.uniform(-0.1, 0.1), scene.horizon * random.uniform(0.32, 0.5))
        shapes.paint_birds(sheet, chance, mix(tones.near, tones.far, 0.25), around)


def _paint_weather(wish: Wish, chance: Chance, scene: Scene, sheet: Sheet) -> None:
    tones = scene.tones
    if wish.has("fog"):
        air = mix(tones.horizon, tones.far, 0.15)
        for i, thick in enumerate((0.62, 0.5, 0.4)):
            sky.paint_mist(sheet, chance, air, scene.horizon + 0.10 * (i - 0.6), thick)
    if wish.has("rain", "storm"):
        sky.paint_rain(sheet, chance, tones)
    if wish.has("snow") and (scene.hour != "night" or wish.has("winter")):
        sky.paint_snowfall(sheet, chance)
