"""Sixty image files made to do harm: bombs, lies, halves, strangers and oddities."""

import io
import struct
import zlib
from random import Random
from typing import Any

from PIL import Image, PngImagePlugin


def files(*, bombs: bool = True) -> list[tuple[str, bytes]]:
    """A name and the bytes of each; some are whole images, most are not.

    bombs: with those that take a quarter of a minute to make.
    """
    found = [*(_bombs() if bombs else []), *_lies(), *_halves(), *_strangers(), *_oddities()]
    assert len({name for name, _ in found}) == len(found)
    return found


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _bombs() -> list[tuple[str, bytes]]:
    """Small files, huge pictures: those within the bounds are decoded, the others are not."""
    wide = (9_900, 9_900)
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "x" * 900_000, zip=True)
    big_text = b"comment\x00\x00" + zlib.compress(b"\x00" * 200_000_000, 9)
    small = encoded(Image.new("RGB", (9, 9)), "PNG")
    many = [Image.new("L", (200, 200), shade) for shade in range(250)]
    return [
        ("png of 98 MP", encoded(Image.new("RGBA", wide), "PNG")),
        ("grey png of 98 MP", encoded(Image.new("L", wide), "PNG")),
        ("one-bit png of 98 MP", encoded(Image.new("1", wide), "PNG")),
        ("png of 98 MP with a palette", encoded(Image.new("P", wide), "PNG")),
        ("16-bit png of 98 MP", encoded(Image.new("I;16", wide), "PNG")),
        ("jpeg of 98 MP", encoded(Image.new("RGB", wide), "JPEG", quality=5)),
        ("gif of 98 MP", encoded(Image.new("P", wide), "GIF")),
        ("tiff of 98 MP", encoded(Image.new("1", wide), "TIFF", compression="group4")),
        ("webp of 35 MP", encoded(Image.new("RGB", (5_900, 5_900)), "WEBP")),
        ("avif of 35 MP", encoded(Image.new("RGB", (5_900, 5_900)), "AVIF", speed=10)),
        ("png of 400 MP", encoded(Image.new("1", (20_000, 20_000)), "PNG")),
        ("webp of 100 MP", encoded(Image.new("RGB", (10_000, 10_000)), "WEBP", quality=1)),
        ("png a line of 60,000", encoded(Image.new("1", (60_000, 1)), "PNG")),
        ("png a line of 30,000", encoded(Image.new("RGB", (30_000, 1)), "PNG")),
        ("png a column of 30,000", encoded(Image.new("RGBA", (1, 30_000)), "PNG")),
        ("png with much text", encoded(Image.new("RGB", (9, 9)), "PNG", pnginfo=text)),
        ("png with a text bomb", small[:33] + _chunk(b"zTXt", big_text) + small[33:]),
        ("png with a profile bomb", small[:33] + _chunk(b"iCCP", big_text) + small[33:]),
        ("gif of 250 frames", encoded(many[0], "GIF", save_all=True, append_images=many[1:])),
        ("webp of 250 frames", encoded(many[0], "WEBP", save_all=True, append_images=many[1:])),
    ]


def _lies() -> list[tuple[str, bytes]]:
    """Headers that say something else than the rest."""
    png = encoded(Image.new("RGB", (64, 64), "red"), "PNG")
    gif = encoded(Image.new("P", (64, 64)), "GIF")
    bmp = encoded(Image.new("RGB", (64, 64)), "BMP")
    webp = encoded(Image.new("RGBA", (64, 64)), "WEBP", lossless=True)
    vp8x = b"RIFF\x60\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00" + b"\xff" * 6
    return [
        ("png said to be 2**31 wide", _resized(png, 2**31 - 1, 64)),
        ("png said to be 2**32 wide", _resized(png, 2**32 - 1, 2**32 - 1)),
        ("png said to be nothing", _resized(png, 0, 0)),
        ("png said to be larger", _resized(png, 640, 640)),
        ("png said to be smaller", _resized(png, 6, 6)),
        ("png of an unknown colour type", png[:25] + b"\x09" + png[26:]),
        ("gif said to be 65535", gif[:6] + b"\xff\xff\xff\xff" + gif[10:]),
        ("bmp said to be 2**31", bmp[:18] + struct.pack("<ii", 2**31 - 1, 2**31 - 1) + bmp[26:]),
        ("bmp of negative size", bmp[:18] + struct.pack("<ii", -64, -64) + bmp[26:]),
        ("bmp that begins elsewhere", bmp[:10] + b"\xff\xff\xff\x7f" + bmp[14:]),
        ("webp said to be 16 million wide", vp8x + webp[12:]),
        ("webp with a wrong length", webp[:4] + b"\xff\xff\xff\xff" + webp[8:]),
        ("tiff pointing to itself", b"II*\x00\x08\x00\x00\x00\x01\x00" + bytes(12) + b"\x08\0\0\0"),
        ("tiff pointing nowhere", b"II*\x00\xff\xff\xff\xff"),
        ("tiff of a million tags", b"MM\x00*\x00\x00\x00\x08\xff\xff" + b"\x01" * 4000),
    ]  # fmt: skip


def _halves() -> list[tuple[str, bytes]]:
    noise = Image.frombytes("RGB", (90, 90), Random(5).randbytes(90 * 90 * 3))
    found: list[tuple[str, bytes]] = []
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "AVIF"):
        data = encoded(noise, kind)
        found.append((f"half a {kind.lower()}", data[: len(data) // 2]))
        found.append((f"the head of a {kind.lower()}", data[:32]))
    return found


def _strangers() -> list[tuple[str, bytes]]:
    """What is no image, or none that is decoded."""
    png = encoded(Image.new("RGB", (9, 9)), "PNG")
    entities = '<!ENTITY e0 "x">' + "".join(
        f'<!ENTITY e{n + 1} "&e{n};&e{n};&e{n};">' for n in range(30)
    )
    return [
        ("nothing", b""),
        ("one byte", b"\x89"),
        ("zeros", bytes(5000)),
        ("svg reading a file", b"<svg><image href='file:///etc/passwd'/></svg>"),
        ("svg of many entities", f"<!DOCTYPE svg [{entities}]><svg>&e30;</svg>".encode()),
        ("svg with a script", b"<?xml version='1.0'?><svg><script>1</script></svg>"),
        ("postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"),
        ("a program", b"\x7fELF" + bytes(200)),
        ("a zip named like an image", b"PK\x03\x04" + bytes(100)),
        ("png and then a page", png + b"<html><script>1</script></html>"),
    ]  # fmt: skip


def _oddities() -> list[tuple[str, bytes]]:
    """Honest files of rare kinds."""
    exif = Image.Exif()
    exif[0x0112] = 99
    wrong = Image.Exif()
    wrong[0x0112] = 6
    picture = Image.new("RGB", (30, 20), "green")
    return [
        ("jpeg turned in no known way", encoded(picture, "JPEG", exif=exif)),
        ("jpeg turned by a quarter", encoded(picture, "JPEG", exif=wrong)),
        ("jpeg in four inks", encoded(Image.new("CMYK", (30, 20)), "JPEG")),
        ("tiff of floating-point numbers", encoded(Image.new("F", (30, 20), float("nan")), "TIFF")),
        ("png of 1 pixel", encoded(Image.new("RGBA", (1, 1)), "PNG")),
    ]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _resized(png: bytes, width: int, height: int) -> bytes:
    """A PNG with another size in its header, and the checksum that belongs to it."""
    head = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + head + struct.pack(">I", zlib.crc32(head)) + png[33:]
