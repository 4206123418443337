"""City skylines at any hour: blocks in haze, lit windows, antennas."""

from __future__ import annotations

from functools import partial

import numpy as np
from PIL import ImageDraw

from kupuri_desktop.engines.builtin.colour import Colour, mix, parse
from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.palette import Tones
from kupuri_desktop.engines.builtin.sheet import Sheet

Block = tuple[float, float, float, str]


def paint_skyline(
    sheet: Sheet, chance: Chance, tones: Tones, base: float, tall: float, lamps: float
) -> None:
    """Paint four rows of towers standing on `base`; `lamps` 0..1 is how many windows are lit."""
    rows = 4
    random = chance.stream("downtown")
    downtown = sheet.right * random.choice([0.36, 0.64])
    for row in range(rows):
        t = row / (rows - 1)
        blocks = _blocks(sheet, chance, row, t, tall, float(downtown))
        mask = sheet.stencil(partial(_draw_blocks, blocks=blocks, base=base))
        colour = mix(tones.far, tones.near, 0.15 + 0.8 * t**1.1)
        air = mix(tones.horizon, tones.far, 0.3)
        rise = np.clip((base - sheet.y) / (tall * 0.9), 0, 1)
        haze = (1 - rise) * (0.62 * (1 - t) + 0.10)
        for c in range(3):
            shade = colour[c] + haze * (air[c] - colour[c])
            sheet.rgb[c] += mask * (shade - sheet.rgb[c])
        if lamps > 0 and row > 0:
            _light_windows(sheet, chance, row, t, blocks, base, lamps)


def _blocks(
    sheet: Sheet, chance: Chance, row: int, t: float, tall: float, downtown: float
) -> list[Block]:
    random = chance.stream(f"blocks{row}")
    blocks: list[Block] = []
    x = -0.03
    while x < sheet.right + 0.03:
        width = random.uniform(0.028, 0.062) * (0.8 + 0.75 * t)
        centre = np.exp(-(((x - downtown) / (0.34 * max(1.0, sheet.right * 0.7))) ** 2))
        height = tall * (0.16 + 0.34 * random.random() + 0.62 * centre * random.power(1.5))
        height *= 1.0 - 0.48 * t
        kind = str(
            random.choice(["flat", "flat", "flat", "flat", "step", "step", "spire", "slant"])
        )
        blocks.append((x, width, height, kind))
        x += width * random.uniform(0.82, 1.12)
    return blocks


def _draw_blocks(pen: ImageDraw.ImageDraw, scale: float, blocks: list[Block], base: float) -> None:
    for x, width, height, kind in blocks:
        top, foot = (base - height) * scale, (base + 0.004) * scale
        left, right = x * scale, (x + width) * scale
        pen.rectangle((left, top, right, foot), fill=255)
        middle = (left + right) / 2
        match kind:
            case "step":
                inset = (right - left) * 0.22
                pen.rectangle(
                    (left + inset, top - height * 0.12 * scale, right - inset, top), fill=255
                )
            case "spire":
                inset = (right - left) * 0.30
                crown = top - height * 0.10 * scale
                pen.rectangle((left + inset, crown, right - inset, top), fill=255)
                needle = max(1.0, width * 0.025 * scale)
                pen.rectangle(
                    (middle - needle, crown - height * 0.22 * scale, middle + needle, crown),
                    fill=255,
                )
            case "slant":
                pen.polygon(
                    [(left, top), (right, top), (right, top - width * 0.55 * scale)], fill=255
                )
            case _:
                pass


def _light_windows(
    sheet: Sheet,
    chance: Chance,
    row: int,
    t: float,
    blocks: list[Block],
    base: float,
    lamps: float,
) -> None:
    random = chance.stream(f"windows{row}")
    pitch = 0.0062 + 0.0030 * t
    warm: list[tuple[float, float]] = []
    cool: list[tuple[float, float]] = []
    for x, width, height, _ in blocks:
        columns = max(1, int((width - pitch * 0.6) / pitch))
        floors = max(1, int((height - pitch) / (pitch * 1.25)))
        share = lamps * random.uniform(0.06, 0.46)
        lit = random.random((floors, columns)) < share
        start = x + (width - columns * pitch) / 2
        for floor, column in zip(*np.nonzero(lit), strict=True):
            place = (
                start + column * pitch + pitch * 0.22,
                base - height + pitch * 0.7 + floor * pitch * 1.25,
            )
            (warm if random.random() < 0.82 else cool).append(place)
    for places, colour in ((warm, parse("#ffcf7d")), (cool, parse("#bfe3ff"))):
        mask = sheet.stencil(partial(_draw_panes, places=places, pitch=pitch))
        sheet.over(mask * np.float32(0.55 + 0.35 * t), colour)


def _draw_panes(
    pen: ImageDraw.ImageDraw, scale: float, places: list[tuple[float, float]], pitch: float
) -> None:
    for x, y in places:
        pen.rectangle(
            (x * scale, y * scale, (x + pitch * 0.52) * scale, (y + pitch * 0.66) * scale), fill=255
        )


def street_glow(tones: Tones) -> Colour:
    """Return the colour of a lit city's air."""
    return mix(tones.glow, parse("#ffb469"), 0.5)
