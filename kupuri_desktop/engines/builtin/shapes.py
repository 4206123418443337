"""Guests that give a landscape its story: houses, boats, birds, balloons, lighthouses."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import ImageDraw

from kupuri_desktop.engines.builtin.colour import Colour, Field, mix, parse
from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.palette import Tones
from kupuri_desktop.engines.builtin.sheet import Point, Sheet, scaled


def paint_birds(sheet: Sheet, chance: Chance, colour: Colour, around: Point) -> None:
    """Let a loose flock of birds cross the sky."""
    random = chance.stream("birds")
    flock = [
        (
            around[0] + random.normal(0, 0.11),
            around[1] + random.normal(0, 0.045),
            random.uniform(0.008, 0.017),
            random.uniform(-0.25, 0.25),
        )
        for _ in range(int(random.integers(5, 12)))
    ]

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for x, y, span, tilt in flock:
            wing = []
            for side in (-1, 1):
                reach = [
                    (side * s, -math.sin(s * math.pi * 0.85) * 0.55 + 0.1 * s)
                    for s in (0.0, 0.25, 0.5, 0.75, 1.0)
                ]
                wing.append(
                    [(x + span * (u + tilt * v), y + span * (v + tilt * u)) for u, v in reach]
                )
            for points in wing:
                pen.line(scaled(points, scale), fill=255, width=max(1, round(span * 0.13 * scale)))

    sheet.over(sheet.stencil(draw, 3), colour)


def paint_boat(sheet: Sheet, chance: Chance, tones: Tones, place: Point, size: float) -> None:
    """Set a small sailing boat on the water with its broken reflection."""
    x, y = place
    lean = float(chance.stream("boat").choice([-1.0, 1.0]))
    hull = [
        (x - size * 0.50, y - size * 0.13),
        (x + size * 0.52, y - size * 0.13),
        (x + size * 0.36, y),
        (x - size * 0.36, y),
    ]
    main = [
        (x + lean * size * 0.03, y - size * 1.35),
        (x + lean * size * 0.05, y - size * 0.22),
        (x + lean * size * 0.50, y - size * 0.22),
    ]
    jib = [
        (x - lean * size * 0.02, y - size * 1.18),
        (x - lean * size * 0.02, y - size * 0.22),
        (x - lean * size * 0.40, y - size * 0.22),
    ]
    sail = mix(tones.sun, tones.glow, 0.35)
    mirror = _mirrored([hull, main, jib], y, 0.8)
    sheet.over(_polygons(sheet, mirror) * np.float32(0.30), tones.near)
    sheet.over(_polygons(sheet, [main]), mix(sail, parse("#ffffff"), 0.35))
    sheet.over(_polygons(sheet, [jib]), mix(sail, tones.far, 0.2))
    sheet.over(_polygons(sheet, [hull]), mix(tones.near, parse("#2a1512"), 0.5))


def paint_cabin(sheet: Sheet, tones: Tones, place: Point, size: float, lamp: float) -> None:
    """Build a small house with a lit window; `lamp` is how bright it shines, 0..1."""
    x, y = place
    wall = mix(tones.near, parse("#3b2418"), 0.5)
    body = [
        (x - size * 0.5, y - size * 0.48),
        (x + size * 0.5, y - size * 0.48),
        (x + size * 0.5, y + size * 0.06),
        (x - size * 0.5, y + size * 0.06),
    ]
    roof = [
        (x - size * 0.66, y - size * 0.44),
        (x - size * 0.04, y - size * 0.98),
        (x + size * 0.66, y - size * 0.44),
    ]
    chimney = [
        (x + size * 0.24, y - size * 1.02),
        (x + size * 0.36, y - size * 1.02),
        (x + size * 0.36, y - size * 0.6),
        (x + size * 0.24, y - size * 0.6),
    ]
    sheet.over(_polygons(sheet, [chimney, body]), wall)
    sheet.over(_polygons(sheet, [roof]), mix(wall, tones.near, 0.65))
    panes = [
        _box(x - size * 0.30, y - size * 0.34, size * 0.20, size * 0.20),
        _box(x + size * 0.10, y - size * 0.34, size * 0.20, size * 0.20),
    ]
    warm = parse("#ffd27a")
    sheet.over(_polygons(sheet, panes) * np.float32(0.45 + 0.55 * lamp), warm)
    halo = sheet.soft(lambda a, d: np.exp(-np.hypot(a - x, d - y + size * 0.25) / (size * 0.6)))
    sheet.glow(halo * np.float32(0.42 * lamp), warm)


def paint_lighthouse(
    sheet: Sheet, tones: Tones, place: Point, size: float, beam: float, toward: float
) -> None:
    """Raise a lighthouse on its rock; at night its beam sweeps towards one side (-1 or 1)."""
    x, y = place
    rock = [
        (x - size * 0.55, y + 0.01),
        (x - size * 0.34, y - size * 0.10),
        (x - size * 0.1, y - size * 0.15),
        (x + size * 0.16, y - size * 0.13),
        (x + size * 0.4, y - size * 0.06),
        (x + size * 0.62, y + 0.01),
    ]
    tower = [
        (x - size * 0.10, y - size * 0.12),
        (x - size * 0.065, y - size * 0.86),
        (x + size * 0.065, y - size * 0.86),
        (x + size * 0.10, y - size * 0.12),
    ]
    lamp_y = y - size * 0.92
    if beam > 0:

        def ray(a: Field, d: Field) -> Field:
            along = (a - x) * toward
            spread = np.abs(d - lamp_y + along * 0.08) / (0.02 + np.maximum(along, 0) * 0.13)
            return np.exp(-(spread**2)) * (along > 0) * np.exp(-along / 0.55)

        sheet.glow(sheet.soft(ray) * np.float32(0.62 * beam), parse("#ffedb8"))
    pale = mix(parse("#f7efe4"), tones.far, 0.25)
    sheet.over(_polygons(sheet, [rock]), tones.near)
    sheet.over(_polygons(sheet, [tower]), pale)
    bands = []
    for k in range(1, 4, 2):
        t0, t1 = k / 4.2, (k + 0.9) / 4.2
        w0, w1 = size * (0.10 - 0.035 * t0), size * (0.10 - 0.035 * t1)
        y0, y1 = y - size * (0.12 + 0.74 * t0), y - size * (0.12 + 0.74 * t1)
        bands.append([(x - w0, y0), (x + w0, y0), (x + w1, y1), (x - w1, y1)])
    sheet.over(_polygons(sheet, bands), mix(parse("#c8402f"), tones.near, 0.2))
    cap = [
        (x - size * 0.085, lamp_y - size * 0.05),
        (x, lamp_y - size * 0.15),
        (x + size * 0.085, lamp_y - size * 0.05),
    ]
    gallery = _box(x - size * 0.09, y - size * 0.875, size * 0.18, size * 0.022)
    sheet.over(
        _polygons(sheet, [_box(x - size * 0.05, lamp_y - size * 0.05, size * 0.10, size * 0.10)]),
        parse("#ffe9a8"),
    )
    sheet.over(_polygons(sheet, [cap, gallery]), mix(tones.near, parse("#7a231c"), 0.4))


def paint_balloon(
    sheet: Sheet, colours: Sequence[Colour], tones: Tones, place: Point, size: float
) -> None:
    """Let a hot air balloon with coloured gores float in the sky."""
    x, y = place
    u = (sheet.x - x) / size
    v = (sheet.y - y) / size
    half = np.where(
        v < 0, np.sqrt(np.clip(1 - v * v, 0, 1)), np.clip(1 - 0.52 * v - 0.23 * v * v, 0, 1)
    )
    half = np.where((v > -1) & (v < 1.22), half, 0).astype(np.float32)
    alpha = np.clip((half - np.abs(u)) * size * sheet.unit + 0.5, 0, 1) * (half > 0.02)
    place_on = np.clip(u / np.maximum(half, 1e-3), -1, 1)
    gore = np.floor((np.arcsin(place_on) / np.pi + 0.5) * 8).astype(int) % 2
    first, second = colours[0], colours[1]
    light = 1.06 - 0.34 * np.clip(place_on * 0.8 + 0.35 * v, -0.6, 1)
    air = 0.14
    for c in range(3):
        colour = np.where(gore == 0, first[c], second[c]) * light
        colour = colour + air * (tones.horizon[c] - colour)
        sheet.rgb[c] += alpha * (np.clip(colour, 0, 1) - sheet.rgb[c])
    basket = [
        (x - size * 0.15, y + size * 1.48),
        (x + size * 0.15, y + size * 1.48),
        (x + size * 0.12, y + size * 1.72),
        (x - size * 0.12, y + size * 1.72),
    ]

    def ropes(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for side in (-1, -0.35, 0.35, 1):
            pen.line(
                scaled(
                    [
                        (x + side * size * 0.24, y + size * 1.2),
                        (x + side * size * 0.13, y + size * 1.5),
                    ],
                    scale,
                ),
                fill=255,
                width=max(1, round(size * 0.018 * scale)),
            )

    sheet.over(sheet.stencil(ropes, 3), tones.near)
    sheet.over(_polygons(sheet, [basket]), mix(tones.near, parse("#6b4426"), 0.6))


def _polygons(sheet: Sheet, polygons: Sequence[Sequence[Point]]) -> Field:
    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for polygon in polygons:
            pen.polygon(scaled(polygon, scale), fill=255)

    return sheet.stencil(draw, 3)


def _box(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _mirrored(polygons: Sequence[Sequence[Point]], line: float, squash: float) -> list[list[Point]]:
    return [[(x, line + (line - y) * squash) for x, y in polygon] for polygon in polygons]
