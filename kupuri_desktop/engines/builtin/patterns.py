"""Patterns that tile a surface: Truchet arcs, herringbone, terrazzo, scales, tiles, stripes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw

from kupuri_desktop.engines.builtin.colour import Colour, Field, mix
from kupuri_desktop.engines.builtin.noise import Chance, sample, texture
from kupuri_desktop.engines.builtin.palette import ink_on
from kupuri_desktop.engines.builtin.sheet import Sheet, scaled

Swatch = Sequence[Colour]
Painter = Callable[[Sheet, Chance, Swatch], None]


def paint_pattern(kind: str, sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    """Cover the sheet with a pattern; `pattern` and unknown kinds leave the choice to chance."""
    names = sorted(_PAINTERS)
    if kind not in _PAINTERS:
        kind = names[int(chance.stream("pattern").integers(len(names)))]
    _PAINTERS[kind](sheet, chance, swatch)


def _cells(sheet: Sheet, count: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Field, Field]:
    """Part the sheet into square cells: column, row, and places -0.5..0.5 inside of the cell."""
    u, v = sheet.x * count, sheet.y * count
    column, row = np.floor(u).astype(np.intp), np.floor(v).astype(np.intp)
    return column, row, (u - column - 0.5).astype(np.float32), (v - row - 0.5).astype(np.float32)


def _draw_numbers(
    chance: Chance, name: str, most: int, sheet: Sheet, count: int
) -> NDArray[np.intp]:
    """Return a random number below `most` for each cell, of shape (rows, columns)."""
    shape = (math.ceil(sheet.bottom * count) + 1, math.ceil(sheet.right * count) + 1)
    return (
        np.asarray(chance.stream(name).integers(0, most, (40, 40)))
        .take(np.arange(shape[0]) % 40, axis=0)
        .take(np.arange(shape[1]) % 40, axis=1)
    )


def _edge(distance: Field, sheet: Sheet, count: float) -> Field:
    """Turn a signed distance in cells (negative inside) into an anti-aliased mask."""
    return np.clip(0.5 - distance * np.float32(sheet.unit / count), 0, 1)


def _truchet(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("truchet")
    count = int(random.choice([6, 8, 10]))
    column, row, u, v = _cells(sheet, count)
    turns = _draw_numbers(chance, "turns", 2, sheet, count)[row, column]
    u = np.where(turns == 1, -u, u)
    first = np.hypot(u + 0.5, v + 0.5)
    second = np.hypot(u - 0.5, v - 0.5)
    near = np.minimum(np.abs(first - 0.5), np.abs(second - 0.5))
    sheet.fill(swatch[0])
    ink = ink_on(swatch)
    others = [c for c in swatch[1:] if c is not ink]
    if random.random() < 0.5:
        checker = (column + row + turns) % 2
        side = (np.minimum(first, second) - 0.5).astype(np.float32)
        sheet.over(_edge(np.where(checker == 0, side, -side), sheet, count), others[0])
    for i, (width, colour) in enumerate(((0.20, ink), (0.125, swatch[0]), (0.055, others[1]))):
        if i == 1 and random.random() < 0.4:
            continue
        sheet.over(_edge((near - width).astype(np.float32), sheet, count), colour)


def _herringbone(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("herringbone")
    count, length = float(random.choice([13, 16, 20])), 4
    angle = math.pi / 4
    x = (sheet.x * math.cos(angle) + sheet.y * math.sin(angle)) * count + 200
    y = (sheet.y * math.cos(angle) - sheet.x * math.sin(angle)) * count + 200
    i, j = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    phase = (i - j) % (2 * length)
    lying = phase < length
    start_x = np.where(lying, i - phase, i)
    start_y = np.where(lying, j, j - (2 * length - 1 - phase))
    along = np.where(lying, x - start_x, y - start_y).astype(np.float32)
    across = np.where(lying, y - j, x - i).astype(np.float32)
    gap = np.minimum(np.minimum(along, length - along), np.minimum(across, 1 - across))
    key = (start_x * 73856093) ^ (start_y * 19349663) ^ (lying * 83492791)
    chosen = ((key >> 4) * 2654435761 % 2**32) >> 8
    tones = [*swatch[1:], mix(swatch[1], swatch[2], 0.5)]
    planks = np.stack(tones)[(chosen % len(tones)).astype(np.intp)]
    shine = 0.94 + 0.10 * ((chosen >> 5) % 97 / 97)
    grain = texture(chance.stream("wood"), 256, 6, 5)
    streak = 1 + 0.03 * sample(grain, along * 0.02 + (chosen % 31) / 31, across * 0.35)
    sheet.fill(swatch[0])
    planar = np.clip(planks.transpose(2, 0, 1) * (shine * streak).astype(np.float32), 0, 1)
    sheet.blend(_edge((0.055 - gap).astype(np.float32), sheet, count), planar)


def _terrazzo(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("terrazzo")
    sheet.fill(swatch[0])
    stones: list[tuple[float, float, float]] = []
    chips: dict[int, list[list[tuple[float, float]]]] = {}
    for size, tries in ((0.062, 260), (0.034, 520), (0.015, 900)):
        for _ in range(int(tries * sheet.right * sheet.bottom)):
            radius = size * random.uniform(0.6, 1.15)
            x, y = random.uniform(0, sheet.right), random.uniform(0, sheet.bottom)
            bends = random.uniform(0.55, 1.12, 9)
            corners = int(random.integers(5, 9))
            turn, colour = random.uniform(0, 6.3), int(random.integers(1, len(swatch)))
            if any((x - a) ** 2 + (y - b) ** 2 < (radius * 1.08 + r) ** 2 for a, b, r in stones):
                continue
            stones.append((x, y, radius))
            angles = turn + np.arange(corners) * (2 * math.pi / corners)
            chips.setdefault(colour, []).append(
                [
                    (x + radius * b * math.cos(a), y + radius * b * math.sin(a))
                    for a, b in zip(angles, bends, strict=False)
                ]
            )
    for colour, polygons in chips.items():

        def draw(
            pen: ImageDraw.ImageDraw,
            scale: float,
            polygons: list[list[tuple[float, float]]] = polygons,
        ) -> None:
            for polygon in polygons:
                pen.polygon(scaled(polygon, scale), fill=255)

        sheet.over(sheet.stencil(draw, 3), swatch[colour])


def _dots(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("dots")
    count = int(random.choice([12, 16, 22]))
    shifted = sheet.x * count + 0.5 * (np.floor(sheet.y * count).astype(int) % 2)
    u, v = shifted - np.floor(shifted) - 0.5, sheet.y * count - np.floor(sheet.y * count) - 0.5
    swell = texture(chance.stream("swell"), 256, 2, 2)
    size = 0.26 + 0.10 * sheet.soft(lambda x, y: sample(swell, x * 0.4, y * 0.4), 128)
    number = np.floor(shifted).astype(np.intp) * 7 + np.floor(sheet.y * count).astype(np.intp) * 3
    picks = chance.stream("picks").integers(1, len(swatch), 257)
    if random.random() < 0.5:
        picks[:] = picks[0]
        picks[::5] = 1 + picks[0] % (len(swatch) - 1)
    colours = np.stack(swatch)[picks[number % 257]].transpose(2, 0, 1)
    sheet.fill(swatch[0])
    distance = (np.hypot(u, v) - np.clip(size, 0.10, 0.46)).astype(np.float32)
    sheet.blend(_edge(distance, sheet, count), colours)


def _stripes(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("stripes")
    angle = float(random.choice([0.0, math.pi / 4, -math.pi / 6, math.pi / 2]))
    wobble = float(random.choice([0.0, 0.0, 0.018]))
    place = sheet.x * math.cos(angle) + sheet.y * math.sin(angle)
    cross = sheet.y * math.cos(angle) - sheet.x * math.sin(angle)
    place = place + wobble * np.sin(cross * 14)
    widths = random.choice([0.012, 0.02, 0.035, 0.06, 0.09], 9)
    period = float(widths.sum())
    where = np.mod(place, period).astype(np.float32)
    sheet.fill(swatch[0])
    start = 0.0
    for i, width in enumerate(widths):
        colour = swatch[[0, 1, 0, 2, 3, 0, 4, 0, 5][i] % len(swatch)]
        middle = np.abs(where - (start + width / 2)) - width / 2
        sheet.over(_edge(middle, sheet, 1.0), colour)
        start += float(width)


def _scales(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("scales")
    count = float(random.choice([6, 8, 10]))
    ink = ink_on(swatch)
    fills = [c for c in swatch[1:] if c is not ink]
    picks = chance.stream("fans").integers(0, len(fills), (61, 61))
    mellow = chance.stream("mellow").random((61, 61)) * 0.35
    x, y = sheet.x * count, sheet.y * count * 2
    lowest = math.ceil(sheet.bottom * count * 2) + 1
    for line in range(-1, lowest + 1):
        top = max(0, int((line - 1) / (count * 2) * sheet.unit) - 2)
        end = min(sheet.height, int((line + 2.2) / (count * 2) * sheet.unit) + 2)
        if end <= top:
            continue
        shifted = x + 0.5 * (line % 2)
        cell = np.floor(shifted).astype(np.intp)
        u = (shifted - cell - 0.5).astype(np.float32)
        v = (y[top:end] - line - 1) / 2
        radius = np.hypot(u, v.astype(np.float32))
        tone = picks[line % 61, cell % 61]
        soft = mellow[line % 61, cell % 61]
        colours = np.stack(fills)[tone].transpose(2, 0, 1)
        colours = (colours + soft * (swatch[0][:, None, None] - colours)).astype(np.float32)
        sheet.blend(_edge(radius - 0.5, sheet, count), colours, top)
        for ring in (0.475, 0.36, 0.245, 0.13):
            stroke = np.abs(radius - ring) - (0.025 if ring > 0.4 else 0.016)
            sheet.over(_edge(stroke, sheet, count), ink if ring > 0.4 else swatch[0], top)


def _tiles(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("tiles")
    count = int(random.choice([4, 5, 6]))
    _, _, u, v = _cells(sheet, count)
    a, b = np.abs(u), np.abs(v)
    fold, low = np.maximum(a, b), np.minimum(a, b)
    radius = np.hypot(u, v)
    corner = np.hypot(0.5 - a, 0.5 - b)
    angle = np.arctan2(v, u)
    petals = int(random.choice([4, 8]))
    turn = float(random.choice([0.0, math.pi / petals]))
    flower = radius - (0.24 + 0.115 * np.cos(petals * (angle + turn)))
    shapes = [
        (corner - 0.30, swatch[2]),
        (np.abs(corner - 0.345) - 0.014, swatch[4]),
        (flower, swatch[1]),
        (flower + 0.055, swatch[3]),
        (radius - 0.105, swatch[0]),
        (radius - 0.062, swatch[5]),
        (np.maximum(low - 0.010, 0.41 - fold), swatch[4]),
        (np.abs(a + b - 0.62) - 0.012 if random.random() < 0.5 else corner - 0.12, swatch[5]),
        (0.488 - fold, mix(swatch[0], ink_on(swatch), 0.22)),
    ]
    sheet.fill(swatch[0])
    for distance, colour in shapes:
        sheet.over(_edge(distance.astype(np.float32), sheet, count), colour)


def _geometric(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("geometric")
    count = int(random.choice([4, 5, 6, 7]))
    column, row, u, v = _cells(sheet, count)
    kinds = _draw_numbers(chance, "kinds", 7, sheet, count)[row, column]
    turns = _draw_numbers(chance, "quarter", 4, sheet, count)[row, column]
    grounds = _draw_numbers(chance, "grounds", len(swatch), sheet, count)[row, column]
    steps = _draw_numbers(chance, "steps", len(swatch) - 1, sheet, count)[row, column]
    p = np.choose(turns, [u, v, -u, -v])
    q = np.choose(turns, [v, -u, -v, u])
    quarter = np.hypot(p + 0.5, q + 0.5) - 1.0
    distance = np.choose(
        kinds,
        [
            quarter,
            np.hypot(p, q + 0.5) - 0.5,
            p + q,
            np.hypot(p, q) - 0.36,
            np.maximum(quarter, 0.5 - np.hypot(p + 0.5, q + 0.5)),
            np.abs(p) + np.abs(q) - 0.5,
            np.minimum(np.hypot(p + 0.5, q) - 0.5, np.hypot(p - 0.5, q) - 0.5),
        ],
    )
    table = np.stack(swatch)
    sheet.rgb[:] = table[grounds].transpose(2, 0, 1)
    figures = table[(grounds + 1 + steps) % len(swatch)].transpose(2, 0, 1)
    sheet.blend(_edge(distance.astype(np.float32), sheet, count), figures)
    third = table[(grounds + 2 + steps) % len(swatch)].transpose(2, 0, 1)
    inner = np.where(kinds == 3, np.hypot(p, q) - 0.16, np.where(kinds == 0, quarter + 0.6, 9))
    sheet.blend(_edge(inner.astype(np.float32), sheet, count), third)


_PAINTERS: dict[str, Painter] = {
    "truchet": _truchet,
    "herringbone": _herringbone,
    "terrazzo": _terrazzo,
    "dots": _dots,
    "stripes": _stripes,
    "waves": _scales,
    "tiles": _tiles,
    "geometric": _geometric,
}
