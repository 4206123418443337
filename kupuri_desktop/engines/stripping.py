"""Takes what an image file tells about itself out of it, its packed pixels left as they are.

JPEG: https://www.w3.org/Graphics/JPEG/itu-t81.pdf annex B. WebP's container:
https://developers.google.com/speed/webp/docs/riff_container
"""

import struct

from kupuri_desktop.engines import metadata

_JPEG, _RIFF = b"\xff\xd8", b"RIFF"
_COMMENT, _START_OF_SCAN, _END = 0xFE, 0xDA, 0xD9
_END_MARK = b"\xff\xd9"
_FIRST_APP, _LAST_APP = 0xE0, 0xEF
# JFIF's density, the colour profile, and Adobe's note on how the colours are packed.
_PAINTED_APPS = {0xE0: b"JFIF", 0xE2: b"ICC_PROFILE", 0xEE: b"Adobe"}


def stripped(data: bytes) -> bytes | None:
    """The file without texts, Exif and XMP; None where it is no file whose parts we know, or

    where its Exif turns the picture, so that it would not look the same without.
    """
    if data.startswith(metadata.SIGNATURE):
        return metadata.strip(data)
    if data.startswith(_JPEG):
        return _stripped_jpeg(data)
    if data.startswith(_RIFF) and data[8:12] == b"WEBP":
        return _stripped_webp(data)
    return None


def _stripped_jpeg(data: bytes) -> bytes | None:
    kept = [_JPEG]
    at = 2
    while at + 2 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == _END:
            # What follows (a phone's film, a second picture) is told too.
            return b"".join([*kept, _END_MARK])
        if at + 4 > len(data):
            return None
        (length,) = struct.unpack_from(">H", data, at + 2)
        part = data[at : at + 2 + length]
        if kind == 0xE1 and part[4:10] == b"Exif\0\0" and _turns(part[10:]):
            return None
        told = kind == _COMMENT or (
            _FIRST_APP <= kind <= _LAST_APP and not _is_painted(kind, part[4:])
        )
        if not told:
            kept.append(part)
        at += 2 + length
        if kind == _START_OF_SCAN:
            end = _end_of_scan(data, at)
            kept.append(data[at:end])
            at = end
    return None


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next mark stands that is neither a packed 255 nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _is_painted(kind: int, body: bytes) -> bool:
    mark = _PAINTED_APPS.get(kind)
    return mark is not None and body.startswith(mark)


def _stripped_webp(data: bytes) -> bytes | None:
    kept: list[bytes] = []
    at = 12
    while at + 8 <= len(data):
        kind = data[at : at + 4]
        (length,) = struct.unpack_from("<I", data, at + 4)
        end = at + 8 + length + length % 2
        part = data[at:end]
        if kind == b"VP8X" and len(part) >= 9:
            # Bits 2 and 3 say that XMP and Exif are there.
            part = part[:8] + bytes([part[8] & ~0x0C]) + part[9:]
        if kind == b"EXIF" and _turns(part[8:].removeprefix(b"Exif\0\0")):
            return None
        if kind not in (b"EXIF", b"XMP "):
            kept.append(part)
        at = end
    body = b"WEBP" + b"".join(kept)
    return _RIFF + struct.pack("<I", len(body)) + body


def _turns(tiff: bytes) -> bool:
    """Whether Exif's orientation is anything but upright."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return False
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    if at + 2 > len(tiff):
        return False
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for n in range(count):
        entry = at + 2 + 12 * n
        if entry + 12 > len(tiff):
            return False
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if tag == 0x0112:
            return value not in (0, 1)
    return False
