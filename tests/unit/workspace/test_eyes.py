"""Pictures as models are given them."""

import io

import pytest
from PIL import Image

from kupuri_desktop.workspace.eyes import LONGEST, for_eyes


def photograph(size: tuple[int, int], kind: str) -> bytes:
    """Red above and blue below as it is stored, to be seen after a quarter turn to the right."""
    picture = Image.new("RGB", size, "#ff0000")
    picture.paste("#0000ff", (0, size[1] // 2, *size))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_photograph_is_made_smaller_the_right_way_up(kind: str) -> None:
    data, mime = for_eyes(photograph((3000, 1500), kind), f"image/{kind.lower()}")
    seen = Image.open(io.BytesIO(data))
    assert (mime, seen.size) == ("image/png", (LONGEST // 2, LONGEST))
    left, right = (seen.convert("RGB").getpixel((x, 700)) for x in (50, LONGEST // 2 - 50))
    assert isinstance(left, tuple) and isinstance(right, tuple)
    assert left[2] > 200 > left[0] and right[0] > 200 > right[2]


def test_what_a_model_takes_is_not_touched_and_what_it_does_not_take_becomes_png() -> None:
    small = photograph((300, 150), "JPEG")
    assert for_eyes(small, "image/jpeg") == (small, "image/jpeg")
    told = for_eyes(photograph((300, 150), "TIFF"), "image/tiff")
    assert told[1] == "image/png"
    assert for_eyes(b"no picture", "image/png") == (b"no picture", "image/png")
