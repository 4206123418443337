"""What files tell about themselves is taken out, and their pixels stay as they are packed."""

import io

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import Base

from kupuri_desktop.core.items import Making
from kupuri_desktop.engines import xmp
from kupuri_desktop.engines.stripping import stripped

MAKING = Making("a fox <wild> & “röd”\x07", "model-x", 7, 64, 48)


def packed(kind: str, orientation: int = 0) -> bytes:
    noise = np.random.default_rng(3).integers(0, 255, (48, 64, 3), np.uint8)
    exif = Image.Exif()
    exif.load(xmp.exif(MAKING))
    if orientation:
        exif[Base.Orientation] = orientation
    out = io.BytesIO()
    Image.fromarray(noise).save(
        out, kind, exif=exif.tobytes(), xmp=xmp.packet(MAKING), quality=80, progressive=True,
        icc_profile=b"a profile that is kept",
    )  # fmt: skip
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_stripped_file_tells_nothing_and_shows_the_same(kind: str) -> None:
    data = packed(kind)
    assert b"model-x" in data
    if kind == "JPEG":
        data += b"what a phone put behind the end"
    bare = stripped(data)
    assert bare is not None and b"model-x" not in bare and b"phone" not in bare
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(bare))
    assert (np.asarray(before) == np.asarray(after)).all()
    assert not after.getexif() and "xmp" not in after.info
    assert after.info["icc_profile"] == b"a profile that is kept"


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_file_that_its_exif_turns_is_left_to_be_packed_anew(kind: str) -> None:
    assert stripped(packed(kind, orientation=6)) is None


def test_what_is_no_picture_or_breaks_off_is_not_stripped() -> None:
    assert stripped(b"GIF89a") is None
    whole = packed("JPEG")
    for end in range(0, 700, 13):
        assert stripped(whole[:end]) is None


def test_a_making_is_told_in_xmp_that_is_well_formed() -> None:
    from xml.etree import ElementTree

    text = xmp.packet(MAKING).decode()
    told = ElementTree.fromstring(text.partition("?>")[2].rpartition("<?xpacket")[0])
    assert "a fox <wild> & “röd”" in "".join(told.itertext())
