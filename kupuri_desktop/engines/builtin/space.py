"""Outer space: nebulae in two colours, stars, and a planet with its shadow and perhaps rings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from kupuri_desktop.engines.builtin.colour import Field, look_up, mix, parse, ramp, tuned
from kupuri_desktop.engines.builtin.noise import Chance, sample, smoothstep, texture
from kupuri_desktop.engines.builtin.palette import Tones
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.sky import paint_air, paint_stars


def paint_space(chance: Chance, tones: Tones, sheet: Sheet) -> Iterator[str]:
    """Paint deep space in steps; each step yields its name when it is done."""
    paint_air(sheet, chance, tones, sheet.bottom)
    gas = texture(chance.stream("gas"), 512, 3, 7, 0.56)
    random = chance.stream("space")
    drift = random.uniform(0, 1, 4)

    def cloud(x: Field, y: Field, shift: float, edge: float) -> Field:
        bend = 0.10 * sample(gas, x * 0.3 + drift[2], y * 0.3 + drift[3])
        thick = sample(gas, x * 0.30 + bend + shift, y * 0.30 + bend + drift[1])
        return smoothstep(edge, edge + 2.1, thick)

    for shift, edge, colour, power in (
        (drift[0], -1.1, tones.glow, 0.85),
        (drift[1] + 0.31, -0.4, tones.far, 0.85),
        (drift[0] + 0.04, 0.5, tones.near, 0.75),
    ):
        light = sheet.soft(partial(cloud, shift=float(shift), edge=edge), 420)
        sheet.glow(light * np.float32(power), colour)
    yield "nebula"
    dust = sheet.soft(lambda x, y: cloud(x, y, float(drift[2]), 0.4), 420)
    sheet.shade(1 - 0.45 * dust)
    paint_stars(sheet, chance, tones, sheet.bottom * 1.5, 0.9)
    yield "stars"
    _paint_planet(chance, tones, sheet)
    yield "planet"


def _paint_planet(chance: Chance, tones: Tones, sheet: Sheet) -> None:
    random = chance.stream("planet")
    radius = float(random.uniform(0.17, 0.27))
    cx = sheet.right * float(random.choice([0.34, 0.66]))
    cy = sheet.bottom * float(random.uniform(0.42, 0.62))
    u, v = (sheet.x - cx) / radius, (sheet.y - cy) / radius
    rr = u * u + v * v
    inside = np.clip((1 - np.sqrt(rr)) * radius * sheet.unit + 0.5, 0, 1)
    z = np.sqrt(np.clip(1 - rr, 0, 1))
    angle = float(random.uniform(0.5, 2.4))
    sun = np.array([np.cos(angle) * 0.75, -0.45, 0.48])
    light = np.clip((u * sun[0] + v * sun[1] + z * sun[2]) * 1.15, 0, 1)
    tilt = float(random.uniform(-0.5, 0.5))
    bands = texture(chance.stream("bands"), 256, 4, 5)
    latitude = v * np.cos(tilt) + u * np.sin(tilt)
    swirl = sheet.soft(
        lambda x, y: sample(
            bands,
            (x - cx) * 0.35,
            ((y - cy) * np.cos(tilt) + (x - cx) * np.sin(tilt)) * (1.8 / radius * 0.25),
        ),
        640,
    )
    tone = np.clip(0.5 + 0.24 * swirl + 0.14 * np.sin(latitude * 9), 0, 1).astype(np.float32)
    body = ramp(
        [
            mix(tones.far, parse("#201020"), 0.35),
            tones.far,
            tuned(tones.sun, lighter=-0.06),
            mix(tones.near, tones.sun, 0.4),
        ],
        256,
    )
    planes = look_up(body, tone)
    rim = np.clip(1 - z, 0, 1) ** 3 * light
    ringed = random.random() < 0.55
    along = (sheet.x - cx) * np.cos(tilt) - (sheet.y - cy) * np.sin(tilt)
    across = (sheet.y - cy) * np.cos(tilt) + (sheet.x - cx) * np.sin(tilt)
    far = np.hypot(along, across / 0.26) / radius
    grooves = 0.6 + 0.4 * np.sin(far * 55) * np.sin(far * 23 + 1)
    ring = smoothstep(1.32, 1.40, far) * smoothstep(2.15, 2.02, far) * grooves
    halo = np.exp(-np.maximum(np.sqrt(rr) - 1, 0) / 0.10) * 0.30
    sheet.glow(halo.astype(np.float32) * np.clip(0.3 + light, 0, 1), tones.glow)
    for c in range(3):
        lit = planes[c] * (0.035 + light) + rim * tones.glow[c] * 0.6
        sheet.rgb[c] += inside * (np.clip(lit, 0, 1) - sheet.rgb[c])
    if ringed:
        front = (across > 0) | (rr > 1)
        sheet.over((ring * front * 0.62).astype(np.float32), mix(tones.sun, tones.far, 0.35))
