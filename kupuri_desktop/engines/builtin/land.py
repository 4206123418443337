"""Land in layers: ridges in haze, lit mountain faces with snow, hills, dunes and fields."""

from __future__ import annotations

import numpy as np

from kupuri_desktop.engines.builtin.colour import Colour, Field, mix, parse, tuned
from kupuri_desktop.engines.builtin.noise import Chance, sample, smoothstep, texture, wave
from kupuri_desktop.engines.builtin.palette import Tones
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.sky import Light


def jagged(chance: Chance, name: str, x: Field, period: float) -> Field:
    """Return a mountain skyline about 0..1, sharp at the peaks, at the places x (1-D)."""
    random = chance.stream(name)
    swell = 0.5 + 0.5 * wave(random, x, period, 2)
    ridge = 1 - np.abs(wave(random, x + 0.03 * wave(random, x, period * 0.3, 3), period * 0.7, 6))
    return np.clip(0.25 * swell + 0.75 * ridge * (0.45 + 0.55 * swell), 0, 1.2)


def alpine(chance: Chance, name: str, x: Field) -> Field:
    """Return a skyline about 0..1 of clear triangular peaks with broken edges, at x (1-D)."""
    random = chance.stream(name)
    bent = x + 0.02 * wave(random, x, 0.16, 3)
    tents = np.zeros_like(x)
    for _ in range(int(4 + 4 * float(x.max()))):
        centre, high = random.uniform(-0.1, float(x.max()) + 0.1), random.uniform(0.45, 1.0)
        left, right = random.uniform(0.9, 1.7, 2)
        lean = np.where(bent < centre, left, right)
        tents = np.maximum(tents, high * (1 - np.abs(bent - centre) * lean / (0.25 + 0.5 * high)))
    rough = wave(random, x, 0.12, 5, 0.55)
    return np.clip(tents + 0.045 * rough, 0.05, 1.2)


def rolling(chance: Chance, name: str, x: Field, period: float) -> Field:
    """Return soft hills about 0..1 at the places x (1-D)."""
    return 0.5 + 0.5 * wave(chance.stream(name), x, period, 2, 0.3)


def paint_layer(sheet: Sheet, crest: Field, top: Colour, foot: Colour, fade: float) -> None:
    """Fill below a crest (width,) with a colour that turns into another over `fade` units."""
    first = max(0, sheet.row(float(crest.min())) - 1)
    depth = sheet.y[first:] - crest[None, :]
    alpha = np.clip(depth * sheet.unit + 0.5, 0, 1)
    turn = np.clip(depth / np.float32(fade), 0, 1)
    turn *= 2 - turn
    band = sheet.rgb[:, first:]
    for channel in range(3):
        colour = top[channel] + turn * (foot[channel] - top[channel])
        band[channel] += alpha * (colour - band[channel])


def paint_ridges(
    sheet: Sheet,
    chance: Chance,
    tones: Tones,
    base: float,
    count: int,
    tall: float,
    bottom: float,
    nearest: float = 1.0,
) -> None:
    """Paint layers of jagged ridges from `base` down to `bottom`, each nearer and darker.

    nearest: how near the last layer stands, 0 in the far haze, 1 before the viewer.
    """
    x = sheet.x[0]
    for i in range(count):
        t = i / max(1, count - 1)
        height = tall * (1.0 - 0.45 * t)
        line = base + (bottom - base) * t**1.25 + height * 0.35 * t
        crest = line - height * jagged(chance, f"ridge{i}", x + 7.3 * i, 0.55 + 0.35 * t)
        top = mix(tones.far, tones.near, (t * nearest) ** 1.15)
        foot = mix(top, tones.horizon, 0.62 * (1 - t * nearest) ** 0.8 + 0.06)
        paint_layer(sheet, crest, top, foot, 0.24 + 0.1 * t)


def paint_massif(
    sheet: Sheet, chance: Chance, tones: Tones, light: Light, base: float, tall: float, snow: float
) -> None:
    """Paint one great range with lit and shaded faces and snow on its upper part (snow 0..1)."""
    x = sheet.x[0]
    random = chance.stream("massif")
    centre = sheet.right * random.choice([0.34, 0.66])
    hump = np.exp(-(((x - centre) / (0.42 * max(1.0, sheet.right * 0.8))) ** 2))
    peaks = alpine(chance, "massif line", x) * (0.38 + 0.62 * hump)
    crest = base - tall * peaks / max(0.4, float(peaks.max()))
    toward = 1.0 if light.centre[0] > centre else -1.0
    folds = texture(chance.stream("folds"), 512, 6, 7, 0.6)
    reach = max(2, int(0.012 * sheet.unit))
    smooth = np.convolve(np.pad(crest, reach, mode="edge"), np.ones(2 * reach + 1), "valid")
    slope = np.gradient(smooth / (2 * reach + 1)) * sheet.unit
    index_scale = sheet.unit

    def faces(across: Field, down: Field) -> Field:
        wander = across + 0.030 * sample(folds, across * 0.9, down * 0.9)
        column = np.clip(wander * index_scale, 0, sheet.width - 1).astype(np.intp)
        lean = np.tanh(slope[column] * 1.3 * toward)
        rough = sample(folds, across * 2.6 + 0.4 * down, down * 1.4)
        return 0.5 + 0.33 * lean + 0.16 * rough

    lit = np.clip(sheet.soft(faces, 900), 0, 1)
    first = max(0, sheet.row(float(crest.min())) - 1)
    depth = sheet.y[first:] - crest[None, :].astype(np.float32)
    alpha = np.clip(depth * sheet.unit + 0.5, 0, 1)
    lit = lit[first:]
    rock_dark = mix(tones.far, tones.near, 0.55)
    rock_light = mix(mix(tones.far, tones.glow, 0.42), rock_dark, 0.25)
    white_dark = mix(mix(tones.far, tones.sky[1], 0.4), parse("#dfe8f6"), 0.45)
    white_light = mix(tones.sun, parse("#ffffff"), 0.45)
    hold = sheet.soft(lambda a, d: sample(folds, a * 1.9, d * 1.5), 900)[first:]
    floor = base - tall * (0.74 - 0.62 * snow)
    covered = smoothstep(0.022, -0.018, sheet.y[first:] - floor + 0.042 * hold - 0.05 * lit)
    covered *= np.float32(snow > 0)
    haze = np.clip((sheet.y[first:] - (base - tall * 0.55)) / (tall * 0.75), 0, 1) * 0.72
    air = mix(tones.horizon, tones.far, 0.25)
    band = sheet.rgb[:, first:]
    for c in range(3):
        rock = rock_dark[c] + lit * (rock_light[c] - rock_dark[c])
        white = white_dark[c] + smoothstep(0.38, 0.66, lit) * (white_light[c] - white_dark[c])
        rock += covered * (white - rock)
        rock += haze * (air[c] - rock)
        band[c] += alpha * (rock - band[c])


def paint_hills(
    sheet: Sheet, chance: Chance, tones: Tones, light: Light, base: float, colours: list[Colour]
) -> list[Field]:
    """Paint rolling hills from far to near in the colours; returns their crests (width,) each."""
    x = sheet.x[0]
    crests = []
    count = len(colours)
    grass = texture(chance.stream("grass"), 512, 40, 4, 0.7)
    for i, colour in enumerate(colours):
        t = i / max(1, count - 1)
        line = base + (sheet.bottom - base) * (0.04 + 0.72 * t**1.35)
        swell = 0.10 + 0.10 * t
        crest = line - swell * (rolling(chance, f"hill{i}", x + 3.1 * i, 0.9 + 0.9 * t) - 0.5)
        crests.append(crest.astype(np.float32))
        haze = 0.55 * (1 - t) ** 1.2
        top = mix(mix(colour, tones.glow, 0.16), tones.horizon, haze)
        foot = mix(mix(colour, tones.near, 0.45), tones.horizon, haze * 0.8)
        paint_layer(sheet, crests[-1], top, foot, 0.14 + 0.22 * t)
        first = max(0, sheet.row(float(crest.min())))
        depth = sheet.y[first:] - crests[-1][None, :]
        far = np.abs(sheet.x - light.centre[0])
        sheen = np.exp(-np.clip(depth, 0, 1) / (0.035 + 0.03 * t)) * np.exp(-far / 0.55)
        sheen *= depth > 0
        sheet.glow(sheen * np.float32(0.30), tones.glow, first)
        if t > 0.3:

            def blade(a: Field, d: Field, t: float = t) -> Field:
                return sample(grass, a * (1.9 - t), d * (4.2 - 2.4 * t))

            blades = sheet.soft(blade, 640)
            inside = np.clip(depth * 40, 0, 1)
            sheet.rgb[:, first:] *= 1 + inside * blades[first:] * np.float32(0.035 + 0.03 * t)
    return crests


def paint_dunes(
    sheet: Sheet,
    chance: Chance,
    tones: Tones,
    light: Light,
    base: float,
    sand: Colour,
    shadow: Colour,
) -> None:
    """Paint dunes with a lit and a shaded face each, parted by a sharp crest that winds down."""
    x = sheet.x[0]
    side = 1.0 if light.centre[0] < sheet.right * 0.5 else -1.0
    ripple = texture(chance.stream("ripple"), 512, 5, 4)
    count = 5
    for i in range(count):
        t = i / (count - 1)
        random = chance.stream(f"dune{i}")
        line = base + (sheet.bottom - base) * (0.03 + 0.66 * t**1.25)
        swell = 0.05 + 0.17 * t
        period = 0.55 + 0.75 * t
        bump = wave(random, x, period, 1)
        sharp = 0.55 * (1 - np.abs(bump)) + 0.45 * (0.5 + 0.5 * bump)
        crest = (line - swell * (sharp - 0.35)).astype(np.float32)
        first = max(0, sheet.row(float(crest.min())) - 1)
        rise = -np.gradient(crest) * sheet.unit
        bend = random.uniform(0.5, 1.1)

        def face(
            across: Field,
            down: Field,
            rise: Field = rise,
            crest: Field = crest,
            bend: float = bend,
            t: float = t,
        ) -> Field:
            column = np.clip(across * sheet.unit, 0, sheet.width - 1).astype(np.intp)
            below = np.maximum(down - crest[column], 0)
            winding = 0.05 * np.sin(below * 16 + across * 5) + 0.03 * sample(
                ripple, across * 0.7, down * 0.7
            )
            source = across + side * bend * below + winding * np.minimum(1, below * 9)
            column = np.clip(source * sheet.unit, 0, sheet.width - 1).astype(np.intp)
            return smoothstep(-0.05, 0.09, rise[column] * side)

        lit = sheet.soft(face, 900)[first:]
        depth = sheet.y[first:] - crest[None, :]
        alpha = np.clip(depth * sheet.unit + 0.5, 0, 1)
        haze = 0.62 * (1 - t) ** 1.3
        lines = (
            np.sin(
                (
                    sheet.y[first:] * 260
                    + 26
                    * sample(
                        ripple, sheet.x[:, ::1] * 0.35, np.float32(0.2) + sheet.y[first:] * 0.35
                    )
                )
                * (1.15 - 0.6 * t)
            )
            if t > 0.5
            else np.float32(0)
        )
        warm, cool = mix(sand, tones.horizon, haze), mix(shadow, tones.horizon, haze * 0.9)
        foot = np.clip(depth / (0.30 + 0.3 * t), 0, 1) * np.float32(0.30)
        band = sheet.rgb[:, first:]
        for c in range(3):
            colour = cool[c] + lit * (warm[c] - cool[c])
            colour = colour * (1 + np.float32(0.022 * t) * lines)
            colour = colour + foot * (cool[c] - colour)
            band[c] += alpha * (colour - band[c])


def meadow_greens(tones: Tones, season: str | None, count: int) -> list[Colour]:
    """Return the colours of hills from far to near for a season."""
    pairs = {
        "spring": ("#b7cf7a", "#3f7d4a"),
        "summer": ("#c3c76a", "#4a7a3c"),
        "autumn": ("#d9a860", "#7c3f24"),
        "winter": ("#eef2f8", "#9fb4d0"),
        None: ("#a9c08a", "#2f6247"),
    }
    far, near = (parse(tone) for tone in pairs.get(season, pairs[None]))
    dim = mix(tones.far, tones.near, 0.6)
    steps = [mix(far, near, i / max(1, count - 1)) for i in range(count)]
    darkness = 1 - float(np.clip(tones.horizon.mean() * 1.25 - 0.12, 0, 1))
    return [tuned(mix(step, dim, 0.30 + 0.45 * darkness), lighter=-0.02) for step in steps]
