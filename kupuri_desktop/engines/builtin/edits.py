"""What the painter can do to a given picture: another style or other colours, by arithmetic."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps

from kupuri_desktop.core.errors import HostileFile, ModelLacksAbility
from kupuri_desktop.core.generation import SourceImage
from kupuri_desktop.engines.builtin.colour import Field
from kupuri_desktop.engines.builtin.finish import carry_over, finish, tone_map
from kupuri_desktop.engines.builtin.noise import Chance
from kupuri_desktop.engines.builtin.painter import Painter, Pass
from kupuri_desktop.engines.builtin.sheet import Sheet
from kupuri_desktop.engines.builtin.words import STYLES, TIMES, Wish

MAX_PIXELS = 64_000_000
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_COLOUR_WORDS = (*TIMES, "autumn", "winter", "spring", "warm", "cool", "moody", "vaporwave")


def edit(
    painter: Painter,
    source: SourceImage,
    words: str,
    seed: int,
    size: tuple[int, int],
    strength: float,
) -> Iterator[Pass]:
    """Yield passes that end in the source picture in the wished style or colours.

    size: width and height in pixels; the picture is cropped to that aspect. strength: 0 leaves
    it as it is, 1 changes it fully. The mask's white says where it may change.
    Raises ModelLacksAbility for any other wish, HostileFile for a picture that cannot be read.
    """
    wish = painter.understand(words)
    style = wish.first(STYLES)
    if style is None and not wish.colours and not wish.has(*_COLOUR_WORDS):
        raise ModelLacksAbility(
            "The built-in painter cannot change a picture in that way.",
            hint="It knows styles (watercolor, pixel art, ink, noir, pastel, retro), colours and "
            "times of day. For more, choose a ComfyUI model.",
        )
    return _edited(painter, source, wish, style, Chance(f"{wish.words}\x1f{seed}"), size, strength)


def _edited(
    painter: Painter,
    source: SourceImage,
    wish: Wish,
    style: str | None,
    chance: Chance,
    size: tuple[int, int],
    strength: float,
) -> Iterator[Pass]:
    original = Sheet(*size)
    carry_over(Sheet.of(opened(source.data)), original)
    sheet = Sheet(*size)
    sheet.rgb = original.rgb.copy()
    yield Pass(0.3, "picture", original.image())
    tones = painter.tones(wish, chance)
    if tones:
        tone_map(sheet, tones, 0.55)
        yield Pass(0.6, "colours")
    finish(sheet, chance, style, tones or painter.swatch(wish, chance))
    share: Field = np.float32(np.clip(strength, 0, 1)) * _allowed(source, size)
    for c in range(3):
        sheet.rgb[c] = original.rgb[c] + share * (sheet.rgb[c] - original.rgb[c])
    yield Pass(1.0, "picture", sheet.image())


def _allowed(source: SourceImage, size: tuple[int, int]) -> Field:
    """Where the picture may change, (height, width), 0..1."""
    if source.mask is None:
        return np.ones((size[1], size[0]), dtype=np.float32)
    mask = Sheet(*size)
    carry_over(Sheet.of(opened(source.mask)), mask)
    return np.clip(mask.rgb[0], 0, 1)


def opened(data: bytes) -> Image.Image:
    """Return a picture upright in RGB, clear parts on white; raises HostileFile if unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise HostileFile(
                        f"The picture has {picture.width} x {picture.height} pixels.",
                        hint="Choose a smaller one.",
                    )
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise HostileFile(
            "The picture to start from cannot be read.", details=type(error).__name__
        ) from error
    ground = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(ground, upright).convert("RGB")
