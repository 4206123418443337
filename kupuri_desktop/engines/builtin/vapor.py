"""The eighties that never were: a striped sun over ridges and a glowing grid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kupuri_desktop.engines.builtin import land, sky
from kupuri_desktop.engines.builtin.colour import Field, mix, parse
from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.palette import Tones
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.sky import Light


def paint_vapor(chance: Chance, tones: Tones, sheet: Sheet) -> Iterator[str]:
    """Paint the scene in steps; each step yields its name when it is done."""
    random = chance.stream("vapor")
    horizon = sheet.bottom * float(random.uniform(0.58, 0.64))
    sky.paint_air(sheet, chance, tones, horizon)
    sky.paint_stars(sheet, chance, tones, horizon, 0.55)
    yield "sky"
    radius = min(0.27, horizon * 0.46)
    centre = (sheet.right * float(random.choice([0.5, 0.38, 0.62])), horizon - radius * 0.72)
    sky.paint_light(sheet, tones, Light(centre, 0.0001), 0.75)
    down = (sheet.y - (centre[1] - radius)) / (2 * radius)
    stripes = np.where(down > 0.45, np.mod(down * 11 * 0.9, 1.0), 1.0)
    cut = np.clip(
        (stripes - np.clip((down - 0.38) * 0.95, 0, 0.6)) * radius * sheet.unit * 0.2 + 0.5, 0, 1
    )
    colours = np.stack(
        [
            tones.sun[c] + np.clip(down * 1.1, 0, 1) * (tones.glow[c] - tones.sun[c])
            for c in range(3)
        ]
    ).astype(np.float32)
    sheet.over(sheet.disc(centre, radius) * np.float32(0.75), mix(tones.sky[1], tones.sky[2], 0.6))
    sheet.blend((sheet.disc(centre, radius) * cut).astype(np.float32), colours)
    yield "sun"
    x = sheet.x[0]
    for row, tall in enumerate((0.16, 0.10)):
        edge = np.abs(x - centre[0]) / sheet.right
        crest = horizon - tall * land.jagged(chance, f"ridge{row}", x, 0.5) * (0.25 + 1.5 * edge)
        tone = mix(tones.far, tones.near, 0.35 + 0.45 * row)
        land.paint_layer(sheet, crest.astype(np.float32), tone, mix(tone, tones.glow, 0.45), 0.16)
        rim = np.exp(-np.abs(sheet.y - crest[None, :]) / 0.0022)
        sheet.glow((rim * 0.5).astype(np.float32), tones.glow)
    yield "ridges"
    _paint_grid(tones, sheet, horizon, centre[0])
    yield "grid"


def _paint_grid(tones: Tones, sheet: Sheet, horizon: float, vanishing: float) -> None:
    first = sheet.row(horizon)
    below = np.maximum(sheet.y[first:] - horizon, 1e-4)
    land.paint_layer(
        sheet,
        np.full(sheet.width, horizon, dtype=np.float32),
        tones.near,
        mix(tones.near, tones.far, 0.25),
        sheet.bottom - horizon,
    )
    depth = 0.10 / below
    across = (sheet.x - vanishing) * depth * 17

    def lines(place: Field, thickness: Field) -> Field:
        gap = np.abs(place - np.round(place))
        return np.clip((thickness - gap) / (thickness * 0.6) + 0.2, 0, 1)

    width = np.clip(0.010 + depth * 0.012, 0.01, 0.4).astype(np.float32)
    rows = lines((depth * 8.5).astype(np.float32), np.clip(depth**2 * 0.05, 0.012, 0.45))
    columns = lines(across.astype(np.float32), width * 1.6)
    fade = np.clip(below / 0.04, 0, 1) * (0.55 + 0.45 * np.exp(-below / 0.2))
    grid = np.maximum(rows, columns) * fade
    halo = np.exp(-below / 0.05) * 0.6 + 0 * sheet.x
    sheet.glow(halo.astype(np.float32), tones.glow, first)
    sheet.over((grid * 0.9).astype(np.float32), mix(tones.glow, parse("#7df9ff"), 0.30), first)
