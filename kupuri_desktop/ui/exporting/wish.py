"""What somebody wants exported and how, as one value that is remembered."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from kupuri_desktop.core.errors import UsageError

LARGEST = 16384
"""Pixels of an edge: what every program that we know still opens."""

MOST_AT_ONCE = 150_000_000
"""Pixels of a format whose packer wants the whole picture: 600 MB of memory."""

SCALES = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 8.0)
SMALLEST_SCALE, LARGEST_SCALE = SCALES[0], SCALES[-1]


class What(Enum):
    """What becomes a file, or a page."""

    SELECTION = "selection"
    EACH_ITEM = "each_item"
    EACH_FRAME = "each_frame"
    EVERYTHING = "everything"


class Format(Enum):
    """What a file is written as; the value is its usual ending."""

    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    AVIF = "avif"
    TIFF = "tiff"
    SVG = "svg"
    PDF = "pdf"
    ORA = "ora"
    PSD = "psd"

    @property
    def words(self) -> str:
        named = {
            Format.WEBP: "WebP",
            Format.JPEG: "JPEG",
            Format.ORA: "OpenRaster (.ora)",
            Format.PSD: "Photoshop (.psd)",
        }
        return named.get(self, self.name)

    @property
    def lossy(self) -> bool:
        """Whether it has a quality."""
        return self in (Format.JPEG, Format.WEBP, Format.AVIF, Format.PDF)

    @property
    def clear(self) -> bool:
        """Whether it can be transparent."""
        return self is not Format.JPEG

    @property
    def paged(self) -> bool:
        """Whether one file takes many pages."""
        return self is Format.PDF

    @property
    def vector(self) -> bool:
        return self in (Format.SVG, Format.PDF)

    @property
    def at_once(self) -> bool:
        """Whether its packer wants the whole picture in memory."""
        return self not in (Format.PNG, Format.TIFF) and not self.vector


@dataclass(frozen=True, slots=True)
class Wish:
    """scale: pixels a canvas unit, 0.25 to 8. background: #rrggbb, or None for transparent.

    quality: 1 to 100, for lossy formats. keep: how an image was made goes with it. pattern: of
    the files' names (core/file_names.py). folder: "" is the user's folder of pictures.
    """

    what: What = What.EVERYTHING
    format: Format = Format.PNG
    scale: float = 1.0
    background: str | None = None
    quality: int = 90
    keep: bool = True
    pattern: str = "{name}"
    folder: str = ""

    @property
    def ground(self) -> str | None:
        """The background as it is painted: JPEG has no transparency."""
        return self.background or (None if self.format.clear else "#ffffff")

    def to_text(self) -> str:
        """One line of JSON."""
        known = asdict(self)
        return json.dumps(known | {"what": self.what.value, "format": self.format.value})

    @classmethod
    def from_text(cls, text: str) -> Wish:
        """What was remembered; the defaults for all that cannot be read."""
        try:
            told = json.loads(text)
        except ValueError:
            return cls()
        wish = cls()
        if not isinstance(told, dict):
            return wish
        for key, value in told.items():
            try:
                wish = replace(wish, **{key: _read(key, value)})
            except (ValueError, TypeError):
                continue
        return wish


def _read(key: str, value: object) -> Any:
    match key, value:
        case "what", str():
            return What(value)
        case "format", str():
            return Format(value)
        case "scale", int() | float() if math.isfinite(value):
            return min(max(float(value), SMALLEST_SCALE), LARGEST_SCALE)
        case "quality", int():
            return min(max(value, 1), 100)
        case "keep", bool():
            return value
        case "background", str() | None:
            return value
        case "pattern" | "folder", str():
            return value
    raise ValueError(key)


def parse_scale(text: str) -> float | None:
    """`2x`, `2`, `0,5` or `50 %` as a scale within what is allowed; None for anything else."""
    plain = text.strip().lower().replace(",", ".").replace("×", "x")
    try:
        percent = plain.endswith("%")
        scale = float(plain.rstrip("%")) / 100 if percent else float(plain.removesuffix("x"))
    except ValueError:
        return None
    if not math.isfinite(scale) or scale <= 0:
        return None
    return min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)


def written_scale(scale: float) -> str:
    """`0.25x`, `2x`."""
    return f"{scale:.3f}".rstrip("0").rstrip(".") + "x"


def check_size(width: int, height: int, format_: Format) -> None:
    """Raises UsageError where a picture of that size cannot be written."""
    if format_.vector:
        return
    largest = LARGEST - 1 if format_ is Format.WEBP else LARGEST
    if max(width, height) > largest:
        raise UsageError(
            f"That would be {width} by {height} pixels.",
            hint=f"Choose a smaller size: up to {largest} pixels a side are possible.",
        )
    if format_.at_once and width * height > MOST_AT_ONCE:
        raise UsageError(
            f"That would be {width} by {height} pixels, too many for {format_.words}.",
            hint="Choose a smaller size, or PNG or TIFF.",
        )
