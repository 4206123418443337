"""Water: reflections broken by ripples, the glitter of the light, waves that run to the shore."""

from __future__ import annotations

import numpy as np

from kupuri_desktop.engines.builtin.colour import Colour, Field, mix, parse
from kupuri_desktop.engines.builtin.noise import Chance, sample, smoothstep, texture, wave
from kupuri_desktop.engines.builtin.palette import Tones
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.sky import Light


def paint_reflection(
    sheet: Sheet, chance: Chance, tones: Tones, shore: float, unrest: float
) -> None:
    """Mirror what stands above the shore into the rows below; unrest 0 is glass, 1 a swell."""
    first = sheet.row(shore)
    rows = sheet.height - first
    if first < 2 or rows < 2:
        return
    random = chance.stream("ripples")
    swell = texture(random, 512, 6, 5, 0.6)
    depth = (np.arange(rows, dtype=np.float32) + 0.5) / sheet.unit
    span = max(1e-3, sheet.bottom - shore)
    near = depth / span
    push = wave(random, np.log(depth + 0.012) * 1.0, 0.055, 2) * (0.3 + near) * 0.011 * unrest
    squeeze = min(1.0, shore / span) if span > shore else 1.0
    source = np.clip((depth * squeeze + np.abs(push)) * sheet.unit, 0, first - 1).astype(np.intp)
    mirrored = sheet.rgb[:, first - 1 - source]

    def shift(x: Field, y: Field) -> Field:
        below = np.maximum(y - shore, 0)
        place = np.log(below + 0.03)
        return sample(swell, x * 0.55 / (below + 0.12) * 0.35, place * 0.9)

    chop = sheet.soft(shift, 640)[first:]
    tint = mix(tones.sky[0], tones.near, 0.25)
    dark = (0.16 + 0.42 * near[:, None]) * (1 + 0.20 * unrest * chop)
    band = sheet.rgb[:, first:]
    for c in range(3):
        band[c] = mirrored[c] + np.clip(dark, 0, 0.85) * (tint[c] - mirrored[c])
    sheen = smoothstep(0.9, 2.2, chop) * np.float32(0.16 * unrest)
    sheet.glow(sheen, tones.horizon, first)


def paint_glitter(
    sheet: Sheet, chance: Chance, tones: Tones, light: Light, shore: float, power: float
) -> None:
    """Lay the path of light under the sun or moon: streaks that widen towards the viewer."""
    first = sheet.row(shore)
    sparkle = texture(chance.stream("glitter"), 512, 20, 4, 0.7)
    cx = light.centre[0]

    def path(x: Field, y: Field) -> Field:
        below = np.maximum(y - shore, 0)
        width = light.radius * 0.8 + 0.30 * below
        body = np.exp(-(((x - cx) / width) ** 2))
        place = np.log(below + 0.02)
        flakes = sample(sparkle, (x - cx) * 0.10 / (below + 0.10), place * 1.15)
        return body * (0.20 + 0.9 * smoothstep(-0.1 + 0.9 * (1 - body), 1.6, flakes))

    light_path = sheet.soft(path, 1024)[first:] * np.float32(power)
    sheet.glow(light_path, mix(tones.glow, tones.sun, 0.6), first)


def paint_surf(sheet: Sheet, chance: Chance, tones: Tones, sand: Colour, start: float) -> None:
    """Close the sea with a beach: wet sand, and two lines of foam that lap over it."""
    x = sheet.x[0]
    random = chance.stream("surf")
    tilt = random.choice([-1.0, 1.0]) * 0.10
    line = start + tilt * (x - sheet.right / 2) + 0.025 * wave(random, x, 0.8, 3)
    first = max(0, sheet.row(float(line.min()) - 0.06))
    depth = sheet.y[first:] - line[None, :].astype(np.float32)
    bubbles = texture(chance.stream("foam"), 256, 14, 4, 0.75)
    foam = parse("#ffffff")
    wet = mix(mix(sand, tones.near, 0.42), tones.horizon, 0.24)
    dry = mix(mix(sand, tones.glow, 0.25), tones.horizon, 0.2)
    sheet.over(smoothstep(-0.12, 0.0, depth) * np.float32(0.5), mix(wet, tones.sky[1], 0.4), first)
    sheet.over(np.clip(depth * sheet.unit + 0.5, 0, 1), wet, first)
    sheet.over(smoothstep(0.05, 0.17, depth), dry, first)
    lace = sheet.soft(lambda a, d: sample(bubbles, a * 1.3, d * 2.6), 768)[first:]
    for offset, strength in ((0.0, 0.85), (-0.055, 0.5), (-0.10, 0.3)):
        edge = np.exp(-(((depth - offset) / 0.0065) ** 2))
        wash = np.where(depth < offset, np.exp((depth - offset) / 0.022), 0) * 0.6
        veil = np.clip(edge + wash * smoothstep(-0.3, 1.0, lace), 0, 1)
        sheet.over((veil * strength).astype(np.float32), mix(foam, tones.glow, 0.2), first)
