"""Looks into image bytes without trusting them: what they are, how large, and smaller copies.

Everything here may be fed hostile bytes. Only the formats named here are decoded, sizes are
checked before any pixel is, and nothing is fetched or read from the disk.
"""

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kupuri_desktop.storage.failures import Outcome

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 256 * 2**20
MOST_PIXELS = 100_000_000
MOST_PIXELS_OF = {"image/webp": 36_000_000, "image/avif": 36_000_000}
"""Decoders that make several whole copies of the picture while they work."""

MOST_SIDE = 32_768
LEVELS = (32, 64, 128, 256, 512)
MICRO_SIDE = 16

UNKNOWN = "application/octet-stream"
SVG = "image/svg+xml"

_FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What the header says; width and height as shown (EXIF rotation applied), 0 with a problem."""

    mime: str
    width: int = 0
    height: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Small:
    """Smaller copies: encoded images by their longest side, and 16x16 premultiplied ARGB32."""

    levels: dict[int, bytes] = field(default_factory=dict)
    micro: bytes = b""
    problem: str = ""


def sniff(data: bytes) -> str:
    """The media type by the first bytes alone; names and what others say count for nothing."""
    head = data[:32]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if head[:2] == b"BM":
        return "image/bmp"
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return "image/tiff"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return "image/avif"
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in text:
        return SVG
    return UNKNOWN


def look(data: bytes) -> Looked:
    """Reads the header only. Never raises: what is wrong is told in `problem`."""
    mime = sniff(data)
    if mime == SVG:
        return Looked(mime, problem="Drawings in SVG cannot be shown; the file is kept as it is.")
    if mime == UNKNOWN:
        return Looked(mime, problem="This is not an image that Kupuri knows.")
    declared = _declared_size(mime, data)
    if declared is not None and (problem := _too_large(mime, *declared)):
        return Looked(mime, problem=problem)
    with (outcome := Outcome()), _open(mime, data) as image:
        width, height = image.size
        if problem := _too_large(mime, width, height):
            return Looked(mime, problem=problem)
        # EXIF 5 to 8 are turned by a quarter.
        if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
            width, height = height, width
        return Looked(mime, width, height)
    return Looked(mime, problem=_unreadable(outcome.error))


def shrink(mime: str, data: bytes) -> Small:
    """Decodes the whole image once; slow. Never raises: what is wrong is told in `problem`."""
    with (outcome := Outcome()):
        looked = look(data)
        if looked.problem:
            return Small(problem=looked.problem)
        with _open(mime, data) as image:
            return _shrunk(image)
    return Small(problem=_unreadable(outcome.error))


def _open(mime: str, data: bytes) -> "Image":
    from PIL import Image

    # Pillow would warn at a size of its own; sizes are checked by `_too_large` here.
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(io.BytesIO(data), formats=[_FORMATS[mime]])


def _shrunk(image: "Image") -> Small:
    from PIL import Image, ImageOps

    if image.format == "JPEG":
        # The decoder itself can leave out detail that no level shows.
        image.draft(None, (LEVELS[-1] * 2, LEVELS[-1] * 2))
    image.load()
    image = _plain(ImageOps.exif_transpose(_reduced(image)))
    longest = max(image.size)
    wanted = [side for side in LEVELS if side < longest]
    if len(wanted) < len(LEVELS):
        wanted.append(LEVELS[len(wanted)])
    levels: dict[int, bytes] = {}
    for side in reversed(wanted):
        size = _fitted(image.size, side)
        if size != image.size:
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        levels[side] = _encoded(image)
    micro = image.convert("RGBA").convert("RGBa")
    micro = micro.resize((MICRO_SIDE, MICRO_SIDE), Image.Resampling.BOX)
    return Small(levels, micro.tobytes("raw", "BGRa"))


def _reduced(image: "Image") -> "Image":
    """Large images lose what no level shows before anything makes another copy of them."""
    from PIL import Image

    factor = max(image.size) // (2 * LEVELS[-1])
    if factor < 2:
        return image
    if image.mode not in ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr"):
        # Palettes and 16 bits cannot be averaged as they are; every so-many-th pixel will do.
        size = max(1, image.width // factor), max(1, image.height // factor)
        return image.resize(size, Image.Resampling.NEAREST)
    exif = image.getexif()
    smaller = image.reduce(factor)
    smaller.getexif().update({0x0112: exif.get(0x0112, 1)})
    return smaller


def _plain(image: "Image") -> "Image":
    """As RGB, or as RGBA where anything can be seen through."""
    from PIL import Image

    if image.mode.startswith("I"):
        # 16 bits a pixel, and 32 that hold 16: Pillow would clip them instead of scaling.
        import numpy

        values = numpy.asarray(image).astype(numpy.int64)
        return Image.fromarray((values >> 8).clip(0, 255).astype(numpy.uint8)).convert("RGB")
    if image.mode == "F":
        import numpy

        values = numpy.nan_to_num(numpy.asarray(image))
        span = float(values.max()) or 1.0
        return Image.fromarray((values / span * 255).clip(0, 255).astype(numpy.uint8)).convert(
            "RGB"
        )
    if "A" in image.getbands() or "transparency" in image.info or image.mode == "PA":
        clear = image.convert("RGBA")
        lowest, _ = clear.getchannel("A").getextrema()
        return clear if lowest != 255 else clear.convert("RGB")
    return image.convert("RGB")


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _encoded(image: "Image") -> bytes:
    buffer = io.BytesIO()
    if image.mode == "RGBA":
        image.save(buffer, "PNG", compress_level=3)
    else:
        image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _declared_size(mime: str, data: bytes) -> tuple[int, int] | None:
    """Width and height by the header, for the formats whose decoder makes room when it opens.

    PNG: IHDR; GIF: logical screen; WebP: https://developers.google.com/speed/webp/docs/riff_container
    """
    try:
        match mime:
            case "image/png":
                return struct.unpack(">II", data[16:24])
            case "image/gif":
                return struct.unpack("<HH", data[6:10])
            case "image/webp" if data[12:16] == b"VP8X":
                width = int.from_bytes(data[24:27], "little") + 1
                return width, int.from_bytes(data[27:30], "little") + 1
            case "image/webp" if data[12:16] == b"VP8L":
                bits = int.from_bytes(data[21:25], "little")
                return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            case "image/webp":
                width, height = struct.unpack("<HH", data[26:30])
                return width & 0x3FFF, height & 0x3FFF
    except struct.error:
        return 0, 0
    return None


def _too_large(mime: str, width: int, height: int) -> str:
    if width < 1 or height < 1:
        return "The image has no size."
    if width * height > MOST_PIXELS_OF.get(mime, MOST_PIXELS) or max(width, height) > MOST_SIDE:
        return f"The image is too large to show ({width} × {height} pixels)."
    return ""


def _unreadable(error: BaseException | None) -> str:
    return f"The image cannot be read ({type(error).__name__})."
