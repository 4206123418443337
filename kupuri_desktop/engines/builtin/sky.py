"""Skies: gradients of light, sun and moon, clouds in perspective, stars, aurora, weather."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kupuri_desktop.engines.builtin.colour import Colour, Field, look_up, mix, parse, ramp, tuned
from kupuri_desktop.engines.builtin.noise import Chance, resized, sample, smoothstep, texture, wave
from kupuri_desktop.engines.builtin.palette import Tones
from kupuri_desktop.engines.builtin.sheet import Point, Sheet

_WHITE = parse("#ffffff")


@dataclass(frozen=True, slots=True)
class Light:
    """Where the light comes from: centre and radius in units of the shorter side."""

    centre: Point
    radius: float
    moon: bool = False


def paint_air(sheet: Sheet, chance: Chance, tones: Tones, horizon: float) -> None:
    """Lay the gradient of the sky down to the horizon, bent a little like real air."""
    bends = texture(chance.stream("air"), 128, 3, 4)
    gradient = ramp(tones.sky)
    scale = min(1.0, 320 / sheet.unit)
    width, height = max(2, round(sheet.width * scale)), max(2, round(sheet.height * scale))
    x = ((np.arange(width) + 0.5) * (sheet.right / width))[None, :]
    y = ((np.arange(height) + 0.5) * (sheet.bottom / height))[:, None]
    place = y / horizon
    bend = 0.022 * sample(bends, x * 0.23, y * 0.5) * np.sin(np.pi * np.clip(place, 0, 1))
    planes = look_up(gradient, (place + bend).astype(np.float32))
    for channel in range(3):
        sheet.rgb[channel] = resized(planes[channel], sheet.width, sheet.height)


def paint_light(sheet: Sheet, tones: Tones, light: Light, strength: float = 1.0) -> Field:
    """Add the halo and the disc of the sun or the moon; returns the sky as it was behind it."""
    cx, cy = light.centre
    wide = 0.6 if light.moon else 1.0

    def halo(x: Field, y: Field) -> Field:
        far = np.hypot((x - cx) * 0.8, y - cy)
        near = np.hypot(x - cx, y - cy)
        return strength * (
            0.50 * wide * np.exp(-far / 0.30) + 0.42 * wide * np.exp(-near / (light.radius * 1.7))
        )

    sheet.glow(sheet.soft(halo, 320), tones.glow)
    behind = sheet.rgb.copy()
    if light.radius > 0:
        disc = sheet.disc(light.centre, light.radius, light.radius * 0.03)
        sheet.over(disc * min(1.0, strength + 0.1), tones.sun)
    return behind


def paint_moon_face(
    sheet: Sheet, chance: Chance, tones: Tones, light: Light, behind: Field
) -> None:
    """Give the moon its seas, or its dark part, `behind` shining through, as a crescent."""
    random = chance.stream("moon")
    cx, cy = light.centre
    disc = sheet.disc(light.centre, light.radius, light.radius * 0.03)
    if random.random() < 0.35:
        shift = light.radius * 0.42
        shadow = sheet.disc((cx - shift, cy - shift * 0.35), light.radius * 0.93, 0.006)
        sheet.blend(disc * shadow * np.float32(0.95), behind)
        return
    face = texture(random, 128, 4, 4)
    spots = sheet.soft(lambda x, y: smoothstep(0.2, 1.6, sample(face, x * 2.2, y * 2.2)), 768)
    sheet.over(disc * spots * 0.28, mix(tones.sky[2], tones.sky[3], 0.5))


def paint_stars(sheet: Sheet, chance: Chance, tones: Tones, horizon: float, many: float) -> None:
    """Scatter stars of several sizes and colours, thinner towards the horizon, with a milky way."""
    random = chance.stream("stars")
    band = texture(chance.stream("milky"), 256, 5, 5)
    angle, shift = random.uniform(0.3, 0.9), random.uniform(0.25, 0.75) * sheet.right

    def milk(x: Field, y: Field) -> Field:
        across = (x - shift) * np.cos(angle) + (y - horizon * 0.5) * np.sin(angle)
        body = np.exp(-((across / 0.15) ** 2))
        cloud = 0.55 + 0.28 * sample(band, x * 0.8, y * 0.8)
        return np.clip(body * cloud, 0, 1) * smoothstep(1.0, 0.35, y / horizon) * 0.30 * many

    sheet.glow(sheet.soft(milk, 320), mix(tones.sky[-1], _WHITE, 0.35))
    count = int(620 * many * sheet.right * horizon)
    x = random.uniform(0, sheet.right, count)
    y = random.beta(1.0, 1.5, count) * horizon
    size = 0.0007 + 0.0021 * random.power(0.14, count)
    warmth = random.uniform(0, 1, count)
    tints = np.stack([parse("#cfe0ff"), parse("#ffffff"), parse("#ffe6c4")])
    shine = random.uniform(0.35, 1.0, count) * np.clip(1.25 - y / horizon, 0, 1)
    least = 0.55 * sheet.pixel
    for i in range(count):
        radius = max(size[i], least)
        power = shine[i] * min(1.0, (size[i] / least) ** 1.5)
        _spark(sheet, x[i], y[i], radius, power, tints[int(warmth[i] * 2.999)])


def _spark(sheet: Sheet, x: float, y: float, radius: float, power: float, colour: Colour) -> None:
    reach = radius * 3.2
    left, right = int((x - reach) * sheet.unit), int((x + reach) * sheet.unit) + 2
    top, bottom = int((y - reach) * sheet.unit), int((y + reach) * sheet.unit) + 2
    left, top = max(left, 0), max(top, 0)
    dx = sheet.x[:, left:right] - x
    dy = sheet.y[top:bottom] - y
    light = power * np.exp(-(dx * dx + dy * dy) / np.float32(radius * radius))
    patch = sheet.rgb[:, top:bottom, left:right]
    patch += (1 - patch) * light * colour[:, None, None]


def paint_clouds(
    sheet: Sheet, chance: Chance, tones: Tones, light: Light, horizon: float, cover: float
) -> None:
    """Paint clouds that shrink towards the horizon, lit from the side of the sun; cover 0..1."""
    random = chance.stream("clouds")
    puffs = texture(random, 512, 4, 7, 0.55)
    stretch = random.uniform(0.30, 0.5)
    drift = random.uniform(0, 1, 2)
    cx, cy = light.centre

    def density(x: Field, y: Field) -> Field:
        depth = 0.20 / (np.maximum(horizon - y, 0.0) + 0.10)
        return sample(puffs, drift[0] + (x - cx) * depth * stretch, drift[1] + depth * 0.85)

    threshold = 1.5 - 2.2 * cover

    def body(x: Field, y: Field) -> Field:
        fade = smoothstep(0.0, 0.10, horizon - y)
        thick = smoothstep(threshold, threshold + 1.25, density(x, y))
        return thick * fade

    def lit(x: Field, y: Field) -> Field:
        away = np.hypot(x - cx, y - cy) + 0.05
        toward = density(x + 0.020 * (cx - x) / away, y + 0.020 * (cy - y) / away)
        return np.clip(0.5 + 0.55 * (density(x, y) - toward) + 0.35 * np.exp(-away / 0.4), 0, 1)

    alpha = sheet.soft(body, 420) * np.float32(0.55 + 0.35 * cover)
    dark = mix(tones.sky[1], tones.far, 0.55)
    bright = mix(tones.glow, tones.sun, 0.55)
    shades = look_up(ramp([dark, mix(dark, bright, 0.55), bright], 256), sheet.soft(lit, 420))
    rows = sheet.row(horizon)
    sheet.blend(alpha[:rows], shades[:, :rows])


def paint_aurora(sheet: Sheet, chance: Chance, horizon: float) -> None:
    """Hang two or three curtains of light into the sky."""
    random = chance.stream("aurora")
    hues = [parse("#53f2a8"), parse("#37d6c8"), parse("#a06bff"), parse("#ff6bb5")]
    for curtain in range(3):
        rays = texture(chance.stream(f"rays{curtain}"), 256, 10, 5, 0.62)
        foot = horizon * random.uniform(0.52, 0.82)
        swing = random.uniform(0.05, 0.11) * horizon
        period = random.uniform(0.6, 1.2)
        tall = horizon * random.uniform(0.45, 0.75)
        stream = int(random.integers(2**31))

        def veil(
            x: Field,
            y: Field,
            foot: float = foot,
            swing: float = swing,
            period: float = period,
            tall: float = tall,
            stream: int = stream,
            rays: Field = rays,
        ) -> Field:
            line = foot + swing * wave(np.random.default_rng(stream), x, period, 3) + 0.12 * x
            above = line - y
            body = np.where(above < 0, np.exp(above / 0.012), np.exp(-above / (tall * 0.42)))
            streaks = 0.62 + 0.30 * sample(rays, x * 0.9 + above * 0.05, above * 0.03)
            gaps = smoothstep(-0.55, 0.5, wave(np.random.default_rng(stream + 1), x, 0.7, 3))
            return np.clip(body * streaks * gaps, 0, 1)

        light = sheet.soft(veil, 512)
        lower = hues[int(random.integers(2))]
        upper = hues[2 + int(random.integers(2))]
        sheet.glow(light * 0.72, lower)
        lift = np.clip((foot - sheet.y) / tall, 0, 1)
        sheet.glow(light * lift * 0.9, upper)


def paint_rain(sheet: Sheet, chance: Chance, tones: Tones) -> None:
    """Draw slanted streaks of rain, finer ones farther away, and dim the far air."""
    for layer, (scale, power) in enumerate(((1.0, 0.16), (1.8, 0.11))):
        drops = texture(chance.stream(f"rain{layer}"), 512, 96, 2)

        def streak(x: Field, y: Field, drops: Field = drops, scale: float = scale) -> Field:
            return smoothstep(1.5, 2.6, sample(drops, (x + y * 0.16) * scale, y * 0.055 * scale))

        sheet.over(sheet.soft(streak, 1024) * np.float32(power), tuned(tones.horizon, lighter=0.1))


def paint_snowfall(sheet: Sheet, chance: Chance) -> None:
    """Let flakes fall: many small ones far away, a few large and soft ones near."""
    random = chance.stream("flakes")
    count = int(420 * sheet.right * sheet.bottom)
    size = 0.0011 + 0.0062 * random.power(0.16, count)
    for i in range(count):
        place = random.uniform(0, sheet.right), random.uniform(0, sheet.bottom)
        radius = max(size[i], 0.6 * sheet.pixel)
        _spark(sheet, *place, radius, random.uniform(0.35, 0.8), _WHITE)


def paint_mist(sheet: Sheet, chance: Chance, colour: Colour, y: float, thick: float) -> None:
    """Lay a drifting bank of mist around a height; `thick` is its strength 0..1."""
    drift = texture(chance.stream(f"mist{y:.3f}"), 256, 3, 5)

    def bank(x: Field, down: Field) -> Field:
        body = np.exp(-(((down - y) / 0.11) ** 2))
        return np.clip(body * (0.75 + 0.35 * sample(drift, x * 0.22, down * 0.9)), 0, 1) * thick

    sheet.over(sheet.soft(bank, 256), colour)
