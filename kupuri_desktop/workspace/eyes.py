"""Makes pictures small enough for models that see. For threads."""

import io

LONGEST = 1536
"""Pixels of the longer side: models scale down what is larger, and count it by its tiles before."""

MOST_BYTES = 4 * 2**20
"""Several servers refuse a picture of more than 5 MB, which base64 makes of 4."""

_UNDERSTOOD = ("image/png", "image/jpeg", "image/webp")


def for_eyes(data: bytes, mime: str) -> tuple[bytes, str]:
    """The picture and its media type: as it is where that will do, else smaller.

    What cannot be read is left as it is; the model's server says what it thinks of it.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as picture:
            fits = max(picture.size) <= LONGEST and len(data) <= MOST_BYTES
            if fits and mime in _UNDERSTOOD:
                return data, mime
            if picture.format == "JPEG":
                picture.draft(None, (LONGEST, LONGEST))
            upright = ImageOps.exif_transpose(picture)
            clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            small = upright.convert("RGBA" if clear else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return data, mime
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "PNG")
    if clear or out.tell() <= MOST_BYTES:
        return out.getvalue(), "image/png"
    out = io.BytesIO()
    small.save(out, "JPEG", quality=90)
    return out.getvalue(), "image/jpeg"
