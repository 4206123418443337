"""The board of the pictures: a festival's posters in the making, with every kind of item."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kupuri_desktop.core.connections import joined
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    Item,
    LineForm,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    Side,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.transforms import stroke_through
from kupuri_desktop.ui.canvas.painting.vectors import as_tall_as_words

HARBOUR = "a harbour city at night by the sea"
WISHES: tuple[tuple[str, int, int, int], ...] = (
    (HARBOUR, 4, 832, 1152),
    ("a sunset over the sea, deep blue and brass", 8, 720, 1280),
    ("abstract poster, bold shapes, deep blue and brass", 3, 768, 768),
    (HARBOUR, 21, 1024, 768),
    ("a sunset over the sea, deep blue and brass", 15, 1024, 768),
    ("snowy mountains at dawn with pines", 6, 1024, 768),
    ("a misty forest in the morning", 9, 1024, 768),
    ("night sky with stars over hills", 12, 1024, 768),
    ("a sunset over the desert", 2, 1024, 768),
)
"""What is painted for it: wish, seed, width, height."""

CORAL, BRASS, NIGHT, SEA, FOAM = "#e2603f", "#d9a441", "#14213d", "#2a6f97", "#f4ead5"
QUIET = "#83838f"
_MOOD = (430.0, 322.0)


def board(images: Sequence[ImageItem]) -> list[Item]:
    """The items; `images` are those of `WISHES`, as they arrived."""
    poster, story, post, *mood = images
    items = [
        *_heading(),
        *_frame("poster", "Poster 50 × 70 cm", (1060, 0, 800, 1120), poster),
        *_frame("story", "Story 9:16", (1960, 0, 540, 960), story),
        *_frame("post", "Square post", (1960, 1060, 540, 540), post),
        *_type(),
        *_mood(mood),
        *_notes(),
        *_palette(),
        *_sketches(),
        _circle(686, 1100, 150, 92),
    ]
    items = [as_tall_as_words(replace(item, z=float(n))) for n, item in enumerate(items)]
    known = {item.id: item for item in items}
    return [joined(i, known) if isinstance(i, LineItem) and i.start_item else i for i in items]


def _text(key: str, x: float, y: float, width: float, size: float, words: str, **more: Any) -> Item:
    return TextItem(id=key, x=x, y=y, width=width, height=1, text=words, font_size=size, **more)


def _heading() -> list[Item]:
    return [
        _text("title", 0, 0, 940, 92, "Night Harbour", font_weight=600, colour=CORAL,
              letter_spacing=-0.02),
        _text("under", 4, 122, 900, 30, "Open-air films by the water, three nights in August.",
              colour=QUIET),
    ]  # fmt: skip


def _frame(
    key: str, name: str, place: tuple[float, float, float, float], picture: ImageItem
) -> list[Item]:
    x, y, width, height = place
    scale = max(width / picture.width, height / picture.height)
    wide, tall = picture.width * scale, picture.height * scale
    return [
        FrameItem(id=key, x=x, y=y, width=width, height=height, name=name, background=NIGHT),
        replace(
            picture, x=x + (width - wide) / 2, y=y + (height - tall) / 2, width=wide, height=tall,
            frame=key, name=f"{name}, picture",
        ),
    ]  # fmt: skip


def _type() -> list[Item]:
    spaced: dict[str, Any] = {"capitals": True, "letter_spacing": 0.14, "colour": FOAM}
    return [
        ShapeItem(id="band", x=1060, y=800, width=800, height=320, fill=NIGHT + "d0", stroke=None,
                  frame="poster"),
        _text("p1", 1120, 816, 680, 92, "Night\nHarbour", font_weight=700, line_height=0.92,
              frame="poster", **spaced),
        _text("p2", 1120, 1050, 680, 27, "14–16 August · Pier 7", font_weight=500,
              frame="poster", **(spaced | {"colour": BRASS})),
        _text("s1", 2000, 96, 460, 62, "Three nights\nof film", font_weight=700,
              line_height=0.98, align=Align.CENTRE, frame="story", colour=FOAM),
        ShapeItem(id="pill", x=2110, y=830, width=240, height=68, corner_radius=34, fill=BRASS,
                  stroke=None, frame="story"),
        _text("s2", 2110, 847, 240, 27, "Get tickets", font_weight=600, align=Align.CENTRE,
              frame="story", colour=NIGHT),
        _text("q1", 2000, 1500, 460, 40, "Pier 7", font_weight=700, italic=True, frame="post",
              colour=FOAM),
    ]  # fmt: skip


def _mood(pictures: Sequence[ImageItem]) -> list[Item]:
    width, height = _MOOD
    return [
        replace(
            picture,
            id=f"mood{n}",
            x=(n % 2) * (width + 24),
            y=220 + (n // 2) * (height + 24),
            width=width,
            height=height,
            corner_radius=20.0,
            rotation=-3.0 if n == 3 else 0.0,
            group="mood",
        )
        for n, picture in enumerate(pictures)
    ]


def _notes() -> list[Item]:
    def note(key: str, x: float, colour: str, words: str) -> Item:
        return NoteItem(id=key, x=x, y=1330, width=250, height=210, colour=colour, text=words)

    return [
        note("n1", 0, "#ffd66b", "Warmer light, the sun just gone."),
        note("n2", 290, "#ffb7a1", "One brass line of type, nothing else."),
        note("n3", 580, "#a9d6f5", "Keep the pier: it says where."),
        _line("l1", "n1", "mood4", LineForm.STRAIGHT, CORAL, Side.TOP, Side.BOTTOM),
        _line("l2", "mood1", "poster", LineForm.CURVE, CORAL, Side.RIGHT, Side.LEFT),
        _line("l3", "poster", "story", LineForm.STRAIGHT, BRASS, Side.RIGHT, Side.LEFT),
        _line("l4", "story", "post", LineForm.STRAIGHT, BRASS, Side.BOTTOM, Side.TOP),
        _line("l5", "n3", "swatch0", LineForm.ELBOW, SEA, Side.RIGHT, Side.LEFT),
    ]


def _line(
    key: str, start: str, end: str, form: LineForm, colour: str, out: Side, into: Side
) -> Item:
    return LineItem(
        id=key, x=0, y=0, width=0, height=0, start_item=start, end_item=end, form=form,
        stroke=colour, stroke_width=5.0, start_side=out, end_side=into,
    )  # fmt: skip


def _palette() -> list[Item]:
    made: list[Item] = []
    for n, colour in enumerate((NIGHT, SEA, CORAL, BRASS, FOAM)):
        x = 1060 + n * 164
        made.append(
            ShapeItem(
                id=f"swatch{n}", x=x, y=1210, width=144, height=144, fill=colour, stroke=None,
                corner_radius=28, group="palette",
            )
        )  # fmt: skip
        made.append(
            _text(f"hex{n}", x, 1366, 144, 22, colour, align=Align.CENTRE, colour=QUIET,
                  capitals=True, group="palette")
        )  # fmt: skip
    return made


def _sketches() -> list[Item]:
    """Three ways to lay the poster out, as a hand notes them down."""
    made: list[Item] = []
    for n, (dx, dy, radius) in enumerate(((60, 34, 50), (88, 62, 34), (30, 24, 88))):
        x, y, chosen = 1060.0 + n * 280, 1440.0, n == 1
        made += [
            ShapeItem(id=f"k{n}", x=x, y=y, width=200, height=150, corner_radius=12,
                      stroke=CORAL if chosen else QUIET, stroke_width=4,
                      dash=() if chosen else (3.0, 2.0), group=f"sketch/{n}"),
            ShapeItem(id=f"m{n}", form=ShapeForm.ELLIPSE, x=x + dx, y=y + dy - 10, width=radius,
                      height=radius, fill=BRASS, stroke=None, group=f"sketch/{n}"),
            LineItem(id=f"h{n}", x=x + 24, y=y + 118, width=152, height=0, end=(152.0, 0.0),
                     arrow_end=False, stroke=SEA, stroke_width=6, group=f"sketch/{n}"),
        ]  # fmt: skip
    return made


def _circle(x: float, y: float, a: float, b: float) -> Item:
    """A quick ring by pen, a little open, pressed harder on its way down."""
    path = []
    for n in range(75):
        turn = -2.0 + n / 74 * (math.tau + 0.5)
        wide = 1 + 0.06 * n / 74
        pressure = 0.55 + 0.4 * math.sin(turn + 0.4)
        path.append((x + a * wide * math.cos(turn), y + b * wide * math.sin(turn), pressure))
    plain = StrokeItem(id="ring", x=0, y=0, width=0, height=0, stroke="#ff6b4a", stroke_width=11)
    return stroke_through(plain, [(u, v, max(p, 0.15)) for u, v, p in path])
