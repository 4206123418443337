"""What grows in a landscape: pines, round trees, palms and flowers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import ImageDraw

from kupuri_desktop.engines.builtin.colour import Colour, Field
from kupuri_desktop.engines.builtin.noise import Chance, Random
from kupuri_desktop.engines.builtin.sheet import Point, Sheet, scaled


def pine(random: Random, x: float, foot: float, tall: float) -> list[Point]:
    """Return the outline of a pine in units, its foot at (x, foot)."""
    tiers = int(random.integers(7, 11))
    half = tall * random.uniform(0.17, 0.23)
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        t = (tier + 1) / tiers
        y = foot - tall * (1 - t) * 0.94 - tall * 0.05
        reach = half * t**0.9
        notch = reach * 0.55
        drop = tall * 0.035
        for points, side in ((left, -1), (right, 1)):
            out = reach * random.uniform(0.78, 1.12)
            points.append((x + side * out, y + drop * random.uniform(0.4, 1.4)))
            points.append((x + side * notch * random.uniform(0.75, 1.1), y - drop * 0.2))
    trunk = tall * 0.018
    base = [
        (x + trunk, foot - tall * 0.05),
        (x + trunk, foot + tall * 0.05),
        (x - trunk, foot + tall * 0.05),
        (x - trunk, foot - tall * 0.05),
    ]
    return [(x, foot - tall), *right, *base, *reversed(left)]


def paint_pines(
    sheet: Sheet,
    chance: Chance,
    name: str,
    crest: Field,
    tall: float,
    dense: float,
    top: Colour,
    foot: Colour,
    gap: tuple[float, float] | None = None,
) -> None:
    """Stand a row of pines on a crest (width,) and fill the ground below them.

    `dense` is trees per unit; `gap` leaves a clearing between two places free of tall trees.
    """
    random = chance.stream(name)
    count = max(3, int(dense * sheet.right))
    outlines = []
    for i in range(count):
        x = (i + random.uniform(0, 1)) / count * (sheet.right + 0.1) - 0.05
        size = tall * random.uniform(0.55, 1.0) * (1 + 0.25 * math.sin(x * 9 + random.random()))
        column = int(np.clip(x * sheet.unit, 0, sheet.width - 1))
        if gap and gap[0] < x < gap[1]:
            size *= 0.35
        outlines.append(pine(random, x, float(crest[column]) + 0.01, size))

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for outline in outlines:
            pen.polygon(scaled(outline, scale), fill=255)

    mask = sheet.stencil(draw)
    ground = np.clip((sheet.y - crest[None, :]) * sheet.unit + 0.5, 0, 1)
    mask = np.maximum(mask, ground)
    first = max(0, sheet.row(float(crest.min()) - tall * 1.3))
    turn = np.clip((sheet.y[first:] - (crest[None, :] - tall * 0.55)) / (tall * 1.1), 0, 1)
    band = sheet.rgb[:, first:]
    for c in range(3):
        colour = top[c] + turn * (foot[c] - top[c])
        band[c] += mask[first:] * (colour - band[c])


def paint_crowns(
    sheet: Sheet,
    chance: Chance,
    name: str,
    crest: Field,
    count: int,
    tall: float,
    dark: Colour,
    light: Colour,
    sun_x: float,
) -> None:
    """Stand round trees in groups on a crest (width,), lit from the side of the sun."""
    random = chance.stream(name)
    groups = random.uniform(0.05, 0.95, max(2, count // 4)) * sheet.right
    trunks: list[tuple[float, float, float]] = []
    for _ in range(count):
        x = float(random.choice(groups) + random.normal(0, 0.035))
        column = int(np.clip(x * sheet.unit, 0, sheet.width - 1))
        trunks.append((x, float(crest[column]), tall * random.uniform(0.6, 1.1)))
    puffs = [
        (
            x + random.normal(0, size * 0.17),
            foot - size * random.uniform(0.42, 0.88),
            size * random.uniform(0.13, 0.25),
        )
        for x, foot, size in trunks
        for _ in range(9)
    ]

    def crowns(shrink: float, shift: float) -> Field:
        def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
            if shift == 0:
                for x, foot, size in trunks:
                    width = size * 0.022
                    pen.rectangle(
                        (
                            (x - width) * scale,
                            (foot - size * 0.5) * scale,
                            (x + width) * scale,
                            (foot + 0.008) * scale,
                        ),
                        fill=255,
                    )
            for x, y, radius in puffs:
                r = radius * shrink
                cx, cy = x + shift * radius, y - abs(shift) * radius
                pen.ellipse(
                    ((cx - r) * scale, (cy - r) * scale, (cx + r) * scale, (cy + r) * scale),
                    fill=255,
                )

        return sheet.stencil(draw)

    side = 0.35 if sun_x > sheet.right / 2 else -0.35
    sheet.over(crowns(1.0, 0.0), dark)
    sheet.over(crowns(0.62, side) * np.float32(0.55), light)


def paint_palm(sheet: Sheet, random: Random, colour: Colour, foot: Point, tall: float) -> None:
    """Grow a palm with a bent trunk and hanging leaves."""
    lean = random.uniform(0.10, 0.28) * random.choice([-1.0, 1.0])
    trunk = [(foot[0] + lean * tall * t**1.8, foot[1] - tall * t) for t in np.linspace(0, 1, 14)]
    head = trunk[-1]
    leaves = []
    for k in range(11):
        angle = math.pi * (k / 10) + random.uniform(-0.12, 0.12)
        length = tall * random.uniform(0.34, 0.46)
        spine = []
        for t in np.linspace(0, 1, 9):
            out = math.cos(angle) * length * t
            up = math.sin(angle) * length * t * 0.65 - length * 0.75 * t**2.1
            spine.append((head[0] + out, head[1] - up))
        leaves.append(spine)

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for i in range(len(trunk) - 1):
            width = max(1, round(tall * (0.042 - 0.018 * i / len(trunk)) * scale))
            pen.line(scaled(trunk[i : i + 2], scale), fill=255, width=width)
        for spine in leaves:
            pen.line(scaled(spine, scale), fill=255, width=max(1, round(tall * 0.010 * scale)))
            for i in range(1, len(spine)):
                x, y = spine[i]
                hang = tall * 0.12 * math.sin(math.pi * min(1, i / 8 + 0.12))
                for step in (0.0, 0.5):
                    px = x + (spine[i - 1][0] - x) * step
                    py = y + (spine[i - 1][1] - y) * step
                    pen.polygon(
                        scaled(
                            [(px, py), (px + hang * 0.14, py + hang), (px + hang * 0.34, py)], scale
                        ),
                        fill=255,
                    )

    sheet.over(sheet.stencil(draw), colour)


def paint_flowers(sheet: Sheet, chance: Chance, colours: Sequence[Colour], crest: Field) -> None:
    """Scatter flowers below a crest (width,), small far away and larger near."""
    random = chance.stream("flowers")
    count = int(780 * sheet.right)
    x = random.uniform(-0.02, sheet.right + 0.02, count)
    t = np.sort(random.uniform(0, 1, count) ** 0.9)
    columns = np.clip(x * sheet.unit, 0, sheet.width - 1).astype(int)
    y = crest[columns] + 0.012 + t**1.3 * (sheet.bottom - crest[columns])
    size = 0.0016 + 0.0085 * t**1.8
    kinds = random.integers(0, len(colours), count)
    for kind, colour in enumerate(colours):
        chosen = np.flatnonzero(kinds == kind).tolist()

        def draw(pen: ImageDraw.ImageDraw, scale: float, chosen: Sequence[int] = chosen) -> None:
            for i in chosen:
                r = size[i]
                for petal in range(3):
                    a = petal * 2.1 + i
                    cx, cy = x[i] + r * 0.5 * math.cos(a), y[i] + r * 0.35 * math.sin(a)
                    pen.ellipse(
                        (
                            (cx - r * 0.62) * scale,
                            (cy - r * 0.5) * scale,
                            (cx + r * 0.62) * scale,
                            (cy + r * 0.5) * scale,
                        ),
                        fill=255,
                    )

        sheet.over(sheet.stencil(draw) * np.float32(0.92), colour)
