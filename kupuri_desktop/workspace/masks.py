"""Masks as pictures: 8 bits of grey, white where an edit may change an image. For threads."""

import io
from typing import TYPE_CHECKING

from kupuri_desktop.core.errors import HostileFile

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_FEATHER = 500.0
"""Pixels; more, as a foreign project may ask for, is taken as this."""

MOST_PIXELS = 100_000_000

_NOTHING = 2
"""Levels of grey that no eye tells from black: what blurring and scaling leave behind."""


def written(pixels: bytes, size: tuple[int, int], natural: tuple[int, int]) -> bytes | None:
    """A mask as PNG in the picture's own pixels; None where it is black all over.

    pixels: a byte each, row by row, `size` wide and high.
    """
    from PIL import Image

    image = Image.frombytes("L", size, pixels)
    if not _marks_anything(image):
        return None
    if size != natural:
        image = image.resize(natural, Image.Resampling.BILINEAR)
    return _png(image)


def read(png: bytes, size: tuple[int, int]) -> bytes:
    """The mask's pixels in another size, a byte each. Raises HostileFile for what is no mask."""
    return _scaled(_opened(png), size).tobytes()


def softened(pixels: bytes, size: tuple[int, int], feather: float) -> bytes:
    """The pixels with their edges blurred over `feather` of them."""
    from PIL import Image

    return _feathered(Image.frombytes("L", size, pixels), feather).tobytes()


def effective(
    png: bytes, natural: tuple[int, int], *, feather: float = 0.0, invert: bool = False
) -> bytes | None:
    """What an engine is to be given: the mask with feather and invert applied, as PNG.

    natural: the picture's width and height. None where nothing may change. Raises HostileFile.
    """
    from PIL import ImageOps

    image = _scaled(_opened(png), natural)
    if invert:
        image = ImageOps.invert(image)
    image = _feathered(image, feather)
    return _png(image) if _marks_anything(image) else None


def put_back(original: bytes, mask: bytes, made: bytes) -> bytes:
    """The made picture with everything that the mask forbids as it was, pixel for pixel.

    An engine may have scaled the picture or passed it through its own space. One that kept those
    pixels is returned as it came; else it is a PNG of the original's size, and text that was
    written into `made` stays in it. Raises HostileFile.
    """
    from PIL import Image, ImageChops
    from PIL.PngImagePlugin import PngInfo

    before, after = _upright(original), _opened(made)
    allowed = _scaled(_opened(mask), before.size)
    whole = before.convert("RGBA") if _has_alpha(before) else before.convert("RGB")
    new = after.convert(whole.mode)
    if new.size != whole.size:
        new = new.resize(whole.size, Image.Resampling.LANCZOS)
    # Where the mask is black to the last level this is `whole`, exactly.
    result = Image.composite(new, whole, allowed)
    if after.size == whole.size and after.mode == whole.mode:
        kept = allowed.point([255] + [0] * 255)
        black = Image.new(whole.mode, whole.size)
        differs = ImageChops.difference(new, whole)
        differs = Image.composite(differs, black, kept)
        if differs.getbbox(alpha_only=False) is None:
            return made
    texts = PngInfo()
    for key, value in after.info.items():
        if isinstance(key, str) and isinstance(value, str):
            texts.add_text(key, value)
    out = io.BytesIO()
    result.save(out, "PNG", pnginfo=texts, compress_level=3)
    return out.getvalue()


def _marks_anything(image: "Image") -> bool:
    return image.point([0] * (_NOTHING + 1) + [255] * (255 - _NOTHING)).getbbox() is not None


def _feathered(image: "Image", feather: float) -> "Image":
    from PIL import ImageFilter

    # Nearly all of a Gaussian's slope lies within two deviations to each side.
    deviation = min(feather, LARGEST_FEATHER) / 4
    return image.filter(ImageFilter.GaussianBlur(deviation)) if feather > 0 else image


def _scaled(image: "Image", size: tuple[int, int]) -> "Image":
    from PIL import Image

    grey = image.convert("L")
    return grey if grey.size == size else grey.resize(size, Image.Resampling.BILINEAR)


def _has_alpha(image: "Image") -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _upright(data: bytes) -> "Image":
    from PIL import ImageOps

    return ImageOps.exif_transpose(_opened(data))


def _opened(data: bytes) -> "Image":
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MOST_PIXELS:
            raise HostileFile(
                f"A mask of {image.width} by {image.height} pixels is too large.",
                hint="Paint it anew.",
            )
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise HostileFile(
            "A mask or the picture that it belongs to cannot be read.",
            details=type(error).__name__,
        ) from error
    return image


def _png(image: "Image") -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
