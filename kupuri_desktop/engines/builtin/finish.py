"""The last hand: grain and vignette, and styles that turn a finished picture into another look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from kupuri_desktop.engines.builtin.colour import Colour, Field, look_up, mix, parse, ramp
from kupuri_desktop.engines.builtin.noise import (
    Chance,
    blurred,
    resized,
    sample,
    smoothstep,
    texture,
)
from kupuri_desktop.engines.builtin.sheet import Sheet

Finish = Callable[[Sheet, Chance, Sequence[Colour]], None]
_LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def finish(sheet: Sheet, chance: Chance, style: str | None, swatch: Sequence[Colour]) -> None:
    """Give the picture its style and its grain; an unknown style leaves it as it is."""
    if style in _STYLES:
        _STYLES[style](sheet, chance, swatch)
    if style != "pixel":
        add_grain(sheet, chance, 0.035 if style == "noir" else 0.0085)


def add_grain(sheet: Sheet, chance: Chance, amount: float) -> None:
    """Add fine grain of the given deviation, weaker in the lightest parts; hides banding."""
    random = chance.stream("grain")
    grain = random.standard_normal((sheet.height, sheet.width), dtype=np.float32)
    grain *= np.float32(amount)
    sheet.rgb += grain


def vignette(sheet: Sheet, amount: float) -> None:
    """Darken the corners softly."""

    def corners(x: Field, y: Field) -> Field:
        u, v = x / sheet.right * 2 - 1, y / sheet.bottom * 2 - 1
        return 1 - amount * np.clip((u * u + v * v - 0.55) / 1.45, 0, 1) ** 1.4

    sheet.shade(sheet.soft(corners, 128))


def luma(sheet: Sheet) -> Field:
    """Return the brightness of each pixel, (height, width), 0..1."""
    weights = _LUMA
    return np.clip(
        sheet.rgb[0] * weights[0] + sheet.rgb[1] * weights[1] + sheet.rgb[2] * weights[2], 0, 1
    )


def tone_map(sheet: Sheet, stops: Sequence[Colour], amount: float) -> None:
    """Blend towards a gradient read by brightness: stops from dark to light."""
    planes = look_up(ramp(stops, 256), luma(sheet))
    sheet.rgb += np.float32(amount) * (planes - sheet.rgb)


def _watercolor(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    wobble = texture(chance.stream("wobble"), 512, 24, 4, 0.6)
    shift = 0.0026 * sheet.unit
    dx = sheet.soft(lambda x, y: sample(wobble, x * 0.8, y * 0.8), 640) * shift
    dy = sheet.soft(lambda x, y: sample(wobble, x * 0.8 + 0.4, y * 0.8 + 0.7), 640) * shift
    rows = np.clip(np.arange(sheet.height)[:, None] + dy, 0, sheet.height - 1).astype(np.intp)
    columns = np.clip(np.arange(sheet.width)[None, :] + dx, 0, sheet.width - 1).astype(np.intp)
    place = rows * sheet.width + columns
    for c in range(3):
        bled = blurred(sheet.rgb[c], 0.0035 * sheet.unit).ravel()[place]
        sheet.rgb[c] = bled
    light = luma(sheet)
    steps = np.float32(9)
    level = light * steps
    pooled = (np.floor(level) + smoothstep(0.55, 1.0, level - np.floor(level))) / steps
    sheet.rgb *= (pooled + 0.06) / (light + 0.06) * 0.5 + 0.5
    soft = blurred(light, 0.012 * sheet.unit)
    sheet.rgb *= 1 + np.clip((light - soft) * 1.1, -0.22, 0.08)
    wash = sheet.soft(lambda x, y: sample(wobble, x * 0.16, y * 0.16), 420)
    paper = parse("#fbf7ef")
    sheet.over(np.clip(0.20 + 0.10 * wash, 0.04, 0.5), paper)
    tooth = sheet.soft(lambda x, y: sample(wobble, x * 2.9, y * 2.9), 1024)
    sheet.rgb *= 1 + tooth * np.float32(0.014)
    ragged = texture(chance.stream("ragged"), 256, 10, 5, 0.6)

    def border(x: Field, y: Field) -> Field:
        inside = np.minimum(np.minimum(x, sheet.right - x), np.minimum(y, sheet.bottom - y))
        return smoothstep(0.030, 0.018, inside + 0.007 * sample(ragged, x * 0.7, y * 0.7))

    sheet.over(sheet.soft(border, 900), paper)


def _pixel(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    dots = 120
    width = max(8, round(sheet.right * dots))
    height = max(8, round(sheet.bottom * dots))
    small = Sheet.of(sheet.image().resize((width, height), Image.Resampling.BOX))
    small.rgb = np.clip((small.rgb - 0.5) * 1.08 + 0.5, 0, 1)
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.47
    tiled = np.tile(bayer, (height // 4 + 1, width // 4 + 1))[:height, :width]
    palette = small.image().quantize(26, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.rgb += (tiled * 0.055).astype(np.float32)
    flat = small.image().quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
    large = flat.resize((sheet.width, sheet.height), Image.Resampling.NEAREST)
    sheet.rgb = Sheet.of(large).rgb


def _ink(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    light = luma(sheet)
    light = np.clip((light - light.min()) / max(0.05, float(np.ptp(light))), 0, 1)
    fine = blurred(light, 0.0016 * sheet.unit)
    broad = blurred(light, 0.0065 * sheet.unit)
    contour = smoothstep(0.012, 0.045, np.abs(fine - broad))
    sway = texture(chance.stream("hand"), 256, 8, 3)
    hand = sheet.soft(lambda x, y: sample(sway, x * 0.4, y * 0.4), 320)
    dark = 1 - broad
    strokes = np.zeros_like(light)
    period = np.float32(0.0095)
    for start, (ux, uy) in ((0.46, (0.62, 0.78)), (0.70, (0.80, -0.60)), (0.86, (0.05, 1.0))):
        place = (sheet.x * ux + sheet.y * uy + hand * 0.004) / period
        gap = np.abs(place - np.round(place))
        weight = np.clip((dark - start) * 0.75, 0, 0.34)
        crisp = np.float32(sheet.unit) * period
        strokes = np.maximum(
            strokes, np.clip((weight * 0.8 - gap) * crisp + 0.5, 0, 1) * (weight > 0)
        )
    paper, pigment = parse("#f7f2e7"), parse("#1d2233")
    sheet.fill(paper)
    sheet.over(np.clip((dark - 0.25) * 0.16, 0, 1), pigment)
    sheet.over(np.clip(np.maximum(contour * 0.9, strokes * 0.82), 0, 1), pigment)


def _noir(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    light = luma(sheet)
    low, high = np.percentile(light[::8, ::8], [1, 99])
    light = np.clip((light - low) / max(0.1, float(high - low)), 0, 1)
    curve = light * light * (3 - 2 * light)
    tone = 0.35 * light + 0.65 * curve
    planes = look_up(ramp([parse("#08080a"), parse("#5b5b60"), parse("#f4f1ea")], 512), tone)
    sheet.rgb[:] = planes
    vignette(sheet, 0.5)


def _vaporwave(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    stops = [parse(c) for c in ("#160a3c", "#5b1f9c", "#e0459b", "#ff9ac1", "#a6f6ff")]
    tone_map(sheet, stops, 0.55)
    lines = 1 - 0.045 * (np.mod(sheet.y * 190, 1.0) > 0.5)
    sheet.shade(lines.astype(np.float32))


def _pastel(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    light = luma(sheet)
    sheet.rgb += np.float32(0.10) * (light - sheet.rgb)
    sheet.rgb = 0.46 + 0.52 * np.clip(sheet.rgb, 0, 1)
    glow = sheet.soft(lambda x, y: 0.5 + 0.5 * np.cos(x * 1.7 - y * 1.3), 96)
    sheet.over(glow * np.float32(0.12), parse("#ffd9e4"))
    sheet.over((1 - glow) * np.float32(0.10), parse("#d8e6ff"))


def _flat(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    scale = min(1.0, 400 / sheet.unit)
    size = max(2, round(sheet.width * scale)), max(2, round(sheet.height * scale))
    small = sheet.image().resize(size, Image.Resampling.BOX)
    palette = small.quantize(11, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture = sheet.image()
    flat = picture.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
    sheet.rgb = Sheet.of(flat).rgb


def _retro(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    light = luma(sheet)
    low, high = np.percentile(light[::8, ::8], [1, 99])
    light = np.clip((light - low) / max(0.1, float(high - low)), 0, 1)
    paper = parse("#f4e9d3")
    keep = sheet.rgb.copy()
    sheet.fill(paper)
    inks = [
        (parse("#f2a33a"), 0.95, 0.26, 0.000),
        (parse("#e2533b"), 0.70, 1.30, 0.0022),
        (parse("#20495a"), 0.46, 0.78, -0.0016),
    ]
    warm = np.clip(keep[0] - keep[2] + 0.5, 0, 1)
    for i, (ink, start, angle, slip) in enumerate(inks):
        dark = np.clip((start - light) / start, 0, 1)
        dark = dark * (0.45 + 0.75 * warm) if i < 2 else dark * 1.25
        x = (sheet.x + slip) * np.cos(angle) + (sheet.y + slip) * np.sin(angle)
        y = (sheet.y + slip) * np.cos(angle) - (sheet.x + slip) * np.sin(angle)
        pitch = np.float32(0.0085)
        u, v = x / pitch, y / pitch
        u, v = u - np.round(u), v - np.round(v)
        radius = np.sqrt(np.clip(dark, 0, 1)) * 0.72
        dots = np.clip((radius - np.hypot(u, v)) * pitch * sheet.unit * 1.1 + 0.5, 0, 1)
        dots *= dark > 0.015
        sheet.rgb *= 1 - dots * (1 - ink[:, None, None]) * np.float32(0.92)


def _neon(sheet: Sheet, chance: Chance, swatch: Sequence[Colour]) -> None:
    stops = [parse(c) for c in ("#05030f", "#1a0f45", "#5a1f9e", "#f72585", "#7df0ff", "#f4ffff")]
    tone_map(sheet, stops, 0.62)
    light = luma(sheet)
    bright = np.clip(light - 0.52, 0, 1) * 1.6
    halo = blurred(bright, 0.05 * sheet.unit) * 0.6 + blurred(bright, 0.015 * sheet.unit) * 0.4
    sheet.glow(np.clip(halo, 0, 1), mix(parse("#ff4fb8"), parse("#58e6ff"), 0.4))
    vignette(sheet, 0.35)


def carry_over(source: Sheet, target: Sheet) -> None:
    """Show the source on the target's size, filled edge to edge and cropped at the middle."""
    scale = max(target.width / source.width, target.height / source.height)
    width, height = round(source.width * scale), round(source.height * scale)
    left, top = (width - target.width) // 2, (height - target.height) // 2
    for c in range(3):
        whole = resized(source.rgb[c], width, height)
        target.rgb[c] = whole[top : top + target.height, left : left + target.width]


_STYLES: dict[str, Finish] = {
    "watercolor": _watercolor,
    "pixel": _pixel,
    "ink": _ink,
    "noir": _noir,
    "vaporwave": _vaporwave,
    "pastel": _pastel,
    "flat": _flat,
    "retro": _retro,
    "neon": _neon,
}
