"""A board with everything on it, and the programs that others wrote to look at files."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    Making,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.paths import resource
from kupuri_desktop.ui.exporting.darkroom import Darkroom
from kupuri_desktop.ui.exporting.formats.pixels import pillow
from kupuri_desktop.ui.exporting.pieces import Piece, cut
from kupuri_desktop.ui.exporting.wish import What, Wish
from kupuri_desktop.ui.exporting.writers import Story, writer_for
from tests.ui.canvas.board import MemoryPictures, image_item

MAKING = Making("a fox, “wild” & röd", "sd_xl_base_1.0", 42, 1024, 768, steps=20)


def rich(pictures: MemoryPictures) -> list[Item]:
    """Every kind of item and everything that can be done to an image, in two frames and none."""
    image = image_item
    return [
        FrameItem(id="f1", x=0, y=0, width=400, height=300, name="Cover", background="#fdf6e3"),
        image(pictures, "i1", 20, 20, (160, 120), 1, z=1, frame="f1", making=MAKING, name="Fox"),
        image(pictures, "i2", 320, 200, (160, 120), 2, z=2, frame="f1", opacity=0.5),
        TextItem(
            id="t1", x=40, y=180, width=220, height=60, z=3, frame="f1", text="Midsummer märchen",
            font_size=28, font_weight=600, colour="#203040", align=Align.CENTRE,
        ),
        FrameItem(
            id="f2", x=500, y=0, width=300, height=300, name="Back: 2/2", z=4, clip=False,
            background=None,
        ),
        image(pictures, "i3", 520, 20, (120, 90), 3, z=5, frame="f2", rotation=20),
        image(
            pictures, "i4", 660, 30, (200, 150), 4, z=6, frame="f2", width=100, height=100,
            crop=Rect(40, 20, 100, 100), flip_x=True,
        ),
        image(pictures, "i5", 520, 160, (120, 90), 5, z=7, corner_radius=24, grayscale=True),
        image(pictures, "i6", 660, 160, (120, 90), 6, z=8, flip_y=True, group="g"),
        ShapeItem(
            id="s1", x=20, y=340, width=140, height=90, z=9, fill="#3fb27f80", stroke="#203040",
            stroke_width=5, corner_radius=18, group="g",
        ),
        ShapeItem(
            id="s2", x=190, y=340, width=140, height=90, z=10, form=ShapeForm.ELLIPSE,
            fill="#6a5cff", stroke="#ff6b4a", dash=(3, 2), rotation=-15,
        ),
        NoteItem(id="n1", x=360, y=330, width=150, height=130, z=11, text="Warmer, please"),
        LineItem(
            id="l1", x=540, y=340, width=120, height=80, z=12, start=(0, 80), end=(120, 0),
            stroke_width=5, stroke="#c850c0",
        ),
        StrokeItem(
            id="p1", x=690, y=340, width=100, height=80, z=13, stroke="#17171a", stroke_width=6,
            points=tuple((n * 10.0, 40 + 35 * (-1) ** n, 0.3 + 0.07 * n) for n in range(11)),
        ),
        image(pictures, "h1", 40, 360, (300, 200), 7, z=14, hidden=True, name="Hidden one"),
    ]  # fmt: skip


def whole(items: Sequence[Item]) -> Piece:
    (piece,) = cut(items, [], What.EVERYTHING, "Board")
    return piece


async def written(
    pieces: Sequence[Piece], pictures: MemoryPictures, wish: Wish, path: Path,
    story: Story | None = None, told: list[float] | None = None,
) -> Path:  # fmt: skip
    """The file that the wish's writer makes of the pieces."""
    room = Darkroom(pictures, wish.scale, strip_pixels=100_000)
    out = io.BytesIO()
    heard = told.append if told is not None else lambda _: None
    await writer_for(wish, room, "Board").write(pieces, out, story or Story(), heard)
    path.write_bytes(out.getvalue())
    return path


async def ours(
    piece: Piece, pictures: MemoryPictures, scale: float = 1.0, ground: str | None = "#ffffff"
) -> Image.Image:
    """Our own painting of a piece in one go."""
    async for strip in Darkroom(pictures, scale).strips(piece, ground, lambda _: None):
        return pillow(strip.image, 4)
    raise AssertionError


def run(*words: object, **environment: str) -> str:
    """What a program prints. Fails with its own words."""
    ran = subprocess.run(
        list(map(str, words)), capture_output=True, errors="replace", timeout=60,
        env=os.environ | environment,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def seen_by_magick(path: Path | str, out: Path) -> Image.Image:
    """The picture as ImageMagick reads it."""
    run("convert", path, "-alpha", "on", "-colorspace", "sRGB", "-depth", "8", f"PNG32:{out}")
    return Image.open(out).convert("RGBA")


def rsvg(path: Path, out: Path) -> None:
    """Draws an SVG, with our fonts as if they were installed."""
    fonts = out.with_suffix(".fonts")
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{resource('fonts')}</dir><cachedir>{out.parent}</cachedir></fontconfig>"
    )
    run("rsvg-convert", path, "-o", out, FONTCONFIG_FILE=str(fonts))


def far(one: Image.Image, other: Image.Image, ground: str = "#ffffff") -> float:
    """The mean difference of a channel, 0 to 255, on a ground."""
    assert one.size == other.size
    pixels = []
    for picture in (one, other):
        sheet = Image.new("RGBA", picture.size, ground)
        sheet.alpha_composite(picture.convert("RGBA"))
        pixels.append(np.asarray(sheet.convert("RGB")).astype(int))
    return float(np.abs(pixels[0] - pixels[1]).mean())


def images_of(items: Iterable[Item]) -> list[ImageItem]:
    return [item for item in items if isinstance(item, ImageItem)]


def loaded(path: Path) -> QImage:
    image = QImage(str(path))
    assert not image.isNull()
    return image
