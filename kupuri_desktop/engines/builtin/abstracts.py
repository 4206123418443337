"""Abstract pictures: soft gradients, liquid blobs, flowing strokes, Bauhaus compositions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from kupuri_desktop.engines.builtin.colour import Colour, Field, from_lab, lightness, mix, to_lab
from kupuri_desktop.engines.builtin.noise import (
    Chance,
    resized,
    sample,
    smoothstep,
    texture,
)
from kupuri_desktop.engines.builtin.palette import ink_on
from kupuri_desktop.engines.builtin.sheet import Sheet, scaled

Swatch = Sequence[Colour]


def paint_abstract(kind: str, sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    """Paint an abstract picture; `abstract` and unknown kinds leave the choice to chance."""
    names = sorted(_PAINTERS)
    if kind not in _PAINTERS:
        kind = names[int(chance.stream("abstract").integers(len(names)))]
    _PAINTERS[kind](sheet, chance, swatch)


def _gradient(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("mesh")
    bends = texture(chance.stream("bends"), 256, 2, 3)
    scale = min(1.0, 288 / sheet.unit)
    width, height = max(2, round(sheet.width * scale)), max(2, round(sheet.height * scale))
    x = ((np.arange(width) + 0.5) / width * sheet.right)[None, :]
    y = ((np.arange(height) + 0.5) / height * sheet.bottom)[:, None]
    u = x + 0.16 * sample(bends, x * 0.28, y * 0.28)
    v = y + 0.16 * sample(bends, x * 0.28 + 0.5, y * 0.28 + 0.37)
    order = [0, 1, 2, 3, 4, 5, *random.integers(0, len(swatch), 3)]
    total = np.zeros((height, width, 3))
    weight = np.full((height, width, 1), 1e-6)
    for k in order:
        cx, cy = (
            random.uniform(-0.05, 1.05) * sheet.right,
            random.uniform(-0.05, 1.05) * sheet.bottom,
        )
        reach = random.uniform(0.20, 0.42)
        share = np.exp(-(((u - cx) ** 2 + (v - cy) ** 2) / reach**2))[..., None] ** 1.7 + 1e-5
        total += share * to_lab(swatch[int(k) % len(swatch)])
        weight += share
    planes = from_lab(total / weight)
    for c in range(3):
        sheet.rgb[c] = resized(np.ascontiguousarray(planes[..., c]), sheet.width, sheet.height)
    if random.random() < 0.55:
        fold = texture(chance.stream("fold"), 256, 2, 3)

        def silk(a: Field, d: Field) -> Field:
            bend = sample(fold, a * 0.22 + d * 0.10, d * 0.22 - a * 0.06)
            return 0.5 + 0.5 * np.sin(bend * 7.0 + a * 3.0)

        light = sheet.soft(silk, 420)
        sheet.rgb *= 0.90 + 0.16 * light


def _blobs(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("blobs")
    ground = swatch[0]
    sheet.fill(ground)
    fade = np.clip(sheet.y / sheet.bottom, 0, 1)
    sheet.over(fade * np.float32(0.35) + 0 * sheet.x, mix(ground, swatch[2], 0.6))
    groups = 3
    for group in range(groups):
        colour = swatch[1 + (group * 2) % 5]
        partner = swatch[1 + (group * 2 + 1) % 5]
        balls = [
            (
                random.uniform(0.05, 0.95) * sheet.right,
                random.uniform(0.05, 0.95) * sheet.bottom,
                random.uniform(0.07, 0.20) * (1.1 - 0.15 * group),
            )
            for _ in range(int(random.integers(4, 7)))
        ]

        def field(x: Field, y: Field, balls: list[tuple[float, float, float]] = balls) -> Field:
            total = np.zeros(np.broadcast_shapes(x.shape, y.shape), dtype=np.float32)
            for bx, by, radius in balls:
                distance = ((x - bx) ** 2 + (y - by) ** 2) / np.float32(radius * radius)
                total += 1 / (distance + np.float32(0.12)) ** 1.5
            return total

        strength = sheet.soft(field, 512)
        level = np.float32(1.55)
        slope_y, slope_x = np.gradient(strength)
        steep = np.hypot(slope_x, slope_y) + 1e-6
        alpha = np.clip((strength - level) / steep + 0.5, 0, 1)

        def cast(x: Field, y: Field, field: Callable[..., Field] = field) -> Field:
            return smoothstep(0.75, 2.2, field(x - 0.012, y - 0.035))

        shadow = sheet.soft(cast, 256)
        sheet.over(shadow * np.float32(0.22), mix(ink_on(swatch), colour, 0.3))
        height = np.sqrt(np.clip(1 - level / np.maximum(strength, level), 0, 1))
        low = np.clip(sheet.y / sheet.bottom * 0.8 + 0.25 * sheet.x / sheet.right, 0, 1)
        planes = np.stack([colour[c] + low * (partner[c] - colour[c]) for c in range(3)])
        rim = (1 - height) ** 2
        planes *= 1 - 0.20 * rim
        sheet.blend(alpha, planes.astype(np.float32))
        norm_x, norm_y = slope_x / steep, slope_y / steep
        shine = np.clip(norm_x * 0.5 + norm_y * 0.85, 0, 1) * smoothstep(0.05, 0.55, height)
        shine *= smoothstep(0.98, 0.6, height)
        sheet.glow((alpha * shine * 0.34).astype(np.float32), np.ones(3, dtype=np.float32))


def _flow(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("flow")
    winds = texture(chance.stream("winds"), 256, 2, 3, 0.42)
    ground = swatch[0]
    sheet.fill(ground)
    colours = list(swatch[1:])
    count = int(1500 * sheet.right * sheet.bottom)
    steps = 46
    turn = random.uniform(0, 2 * math.pi)
    swirl = random.uniform(0.8, 1.35)
    reach = random.uniform(0.16, 0.22)
    x = random.uniform(-0.15, sheet.right + 0.15, count)
    y = random.uniform(-0.15, sheet.bottom + 0.15, count)
    paths = np.empty((steps, count, 2))
    for step in range(steps):
        paths[step] = np.stack([x, y], axis=1)
        angle = turn + swirl * math.pi * sample(winds, x * 0.26 / reach * 0.17, y * 0.26)
        x = x + 0.0065 * np.cos(angle)
        y = y + 0.0065 * np.sin(angle)
    tone = sample(winds, paths[0, :, 0] * 0.21 + 0.3, paths[0, :, 1] * 0.21) + random.normal(
        0, 0.35, count
    )
    kinds = np.clip(np.argsort(np.argsort(tone)) * len(colours) // count, 0, len(colours) - 1)
    kinds = random.permutation(len(colours))[kinds]
    width = 0.0014 + 0.0062 * random.power(0.45, count)
    length = random.integers(14, steps, count)
    scale = 2 if sheet.width * sheet.height <= 1_500_000 else 1
    zoom = float(sheet.unit * scale)
    picture = Image.new("RGB", (sheet.width * scale, sheet.height * scale), _bytes(ground))
    pen = ImageDraw.Draw(picture)
    for i in random.permutation(count):
        shade = mix(colours[kinds[i]], ground, float(random.uniform(0, 0.30)))
        points = (paths[: length[i], i] * zoom).ravel().tolist()
        thick = max(1, round(width[i] * zoom))
        pen.line(points, fill=_bytes(shade), width=thick, joint="curve" if thick > 3 else None)
        if thick > 3:
            r = thick / 2 - 0.5
            for px, py in (points[:2], points[-2:]):
                pen.ellipse((px - r, py - r, px + r, py + r), fill=_bytes(shade))
    if scale > 1:
        picture = picture.reduce(scale)
    sheet.rgb = Sheet.of(picture).rgb


def _bytes(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (int(part * 255 + 0.5) for part in colour)
    return red, green, blue


def _bauhaus(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    random = chance.stream("bauhaus")
    sheet.fill(swatch[0])
    ink = ink_on(swatch)
    loud = [colour for colour in swatch[1:] if colour is not ink]
    focus = (
        sheet.right * float(random.choice([0.36, 0.64])),
        sheet.bottom * float(random.choice([0.38, 0.60])),
    )
    big = float(random.uniform(0.24, 0.32))
    sheet.over(sheet.disc(focus, big), loud[0])
    turn = float(random.choice([0.0, math.pi / 2, math.pi, -math.pi / 2, math.pi / 4]))
    dx, dy = math.cos(turn), math.sin(turn)
    half = sheet.disc(focus, big) * np.clip(
        ((sheet.x - focus[0]) * dx + (sheet.y - focus[1]) * dy) * sheet.unit + 0.5, 0, 1
    )
    sheet.over(half, ink)
    opposite = (sheet.right - focus[0], sheet.bottom - focus[1])
    _rings(sheet, opposite, big * 0.62, [loud[1], swatch[0], loud[2 % len(loud)]])
    lean = float(random.choice([math.pi / 4, -math.pi / 4, 0.0, math.pi / 3]))
    bars: list[tuple[list[tuple[float, float]], Colour]] = []
    for k in range(int(random.integers(3, 6))):
        along = random.uniform(0.28, 0.75)
        across = random.uniform(0.012, 0.075)
        cx = focus[0] + random.normal(0, 0.22) * sheet.right
        cy = focus[1] + random.normal(0, 0.20) * sheet.bottom
        tilt = lean + (math.pi / 2 if k % 2 else 0)
        bars.append((_bar(cx, cy, along, across, tilt), [ink, *loud][k % (len(loud) + 1)]))
    corner = (
        0.0 if focus[0] > sheet.right / 2 else sheet.right,
        sheet.bottom if focus[1] < sheet.bottom / 2 else 0.0,
    )
    sheet.over(sheet.disc(corner, big * 1.05), loud[min(3, len(loud) - 1)])
    for polygon, colour in bars:

        def draw(
            pen: ImageDraw.ImageDraw, scale: float, polygon: list[tuple[float, float]] = polygon
        ) -> None:
            pen.polygon(scaled(polygon, scale), fill=255)

        sheet.over(sheet.stencil(draw, 3), colour)
    for _ in range(int(random.integers(3, 6))):
        spot = (random.uniform(0.08, 0.92) * sheet.right, random.uniform(0.08, 0.92) * sheet.bottom)
        sheet.over(
            sheet.disc(spot, float(random.uniform(0.012, 0.045))),
            [ink, *loud][int(random.integers(len(loud) + 1))],
        )

    def lines(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for k in range(6):
            shift = 0.022 * k
            ends = _bar(
                opposite[0] + shift * math.sin(lean),
                opposite[1] + big * 0.9 + shift * math.cos(lean),
                0.42,
                0.0025,
                lean + math.pi / 2,
            )
            pen.polygon(scaled(ends, scale), fill=255)

    sheet.over(sheet.stencil(lines, 3), ink)


def _rings(sheet: Sheet, centre: tuple[float, float], radius: float, colours: Swatch) -> None:
    for k, share in enumerate((1.0, 0.68, 0.36)):
        sheet.over(sheet.disc(centre, radius * share), colours[k % len(colours)])


def _bar(x: float, y: float, along: float, across: float, tilt: float) -> list[tuple[float, float]]:
    ux, uy = math.cos(tilt) * along / 2, math.sin(tilt) * along / 2
    vx, vy = -math.sin(tilt) * across / 2, math.cos(tilt) * across / 2
    return [
        (x + ux + vx, y + uy + vy),
        (x + ux - vx, y + uy - vy),
        (x - ux - vx, y - uy - vy),
        (x - ux + vx, y - uy + vy),
    ]


def paint_poster(sheet: Sheet, chance: Chance, swatch: Swatch) -> None:
    """Compose a plain poster: one large sign inside of a margin, bars like lines of type."""
    random = chance.stream("poster")
    ink = ink_on(swatch)
    loud = [colour for colour in swatch[1:] if colour is not ink]
    ground = loud[int(random.integers(len(loud)))] if random.random() < 0.5 else swatch[0]
    sheet.fill(ground)
    loud = [c for c in loud if abs(lightness(c) - lightness(ground)) > 0.12] or [swatch[0]]
    margin = 0.07
    centre = (sheet.right / 2, sheet.bottom * 0.42)
    size = 0.30 * min(1.0, sheet.bottom)
    match int(random.integers(3)):
        case 0:
            for k in range(6):
                sheet.over(
                    sheet.disc(centre, size * (1 - k / 6)), (loud[0] if k % 2 == 0 else ground)
                )
            sheet.over(sheet.disc(centre, size * 0.2), loud[-1])
        case 1:
            angle = np.arctan2(sheet.y - centre[1], sheet.x - centre[0])
            far = np.hypot(sheet.x - centre[0], sheet.y - centre[1])
            rays = np.clip(np.sin(angle * 14) * far * sheet.unit / 14 + 0.5, 0, 1)
            sheet.over((rays * (far < 1.6)).astype(np.float32) * 0.9, mix(ground, loud[0], 0.35))
            sheet.over(sheet.disc(centre, size * 0.8), loud[0])
            low = np.clip((sheet.y - centre[1]) * sheet.unit + 0.5, 0, 1)
            sheet.over(sheet.disc(centre, size * 0.8) * low, loud[-1])
        case _:
            for k in range(4):
                spot = (
                    centre[0] + size * (0.42 if k % 2 else -0.42),
                    centre[1] + size * (0.42 if k > 1 else -0.42),
                )
                sheet.over(sheet.disc(spot, size * 0.58) * np.float32(0.86), loud[k % len(loud)])
    line = ink if abs(lightness(ink) - lightness(ground)) > 0.3 else swatch[0]
    rows = [(0.80, 0.62, 0.040), (0.855, 0.44, 0.016), (0.885, 0.50, 0.016), (0.915, 0.30, 0.016)]

    def type_lines(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for y, width, high in rows:
            top = y * sheet.bottom
            pen.rectangle(
                (
                    margin * scale,
                    top * scale,
                    (margin + width * (sheet.right - 2 * margin)) * scale,
                    (top + high * sheet.bottom) * scale,
                ),
                fill=255,
            )

    sheet.over(sheet.stencil(type_lines), line)


_PAINTERS: dict[str, Callable[[Sheet, Chance, Swatch], None]] = {
    "gradient": _gradient,
    "blobs": _blobs,
    "flow": _flow,
    "bauhaus": _bauhaus,
}
