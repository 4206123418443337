"""Masks as pictures: what is stored, what an engine is given, and what it may not have touched."""

import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kupuri_desktop.core.errors import HostileFile
from kupuri_desktop.workspace.masks import (
    LARGEST_FEATHER,
    effective,
    put_back,
    read,
    softened,
    written,
)


def left_half(width: int = 64, height: int = 48) -> np.ndarray:
    grey = np.zeros((height, width), np.uint8)
    grey[:, : width // 2] = 255
    return grey


def grey_of(png: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.mode) == ("PNG", "L")
    return np.asarray(image)


def as_png(pixels: np.ndarray, texts: dict[str, str] | None = None, mode: str | None = None):
    info = PngInfo()
    for key, value in (texts or {}).items():
        info.add_text(key, value)
    out = io.BytesIO()
    Image.fromarray(pixels, mode).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def noise(width: int, height: int, seed: int, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def test_a_mask_is_grey_in_the_pictures_own_pixels_and_the_same_bytes_each_time():
    grey = left_half()
    png = written(grey.tobytes(), (64, 48), (64, 48))
    assert png is not None
    assert np.array_equal(grey_of(png), grey)
    assert png == written(grey.tobytes(), (64, 48), (64, 48))
    larger = written(grey.tobytes(), (64, 48), (256, 192))
    assert larger is not None
    assert grey_of(larger).shape == (192, 256)
    assert np.frombuffer(read(larger, (64, 48)), np.uint8).reshape(48, 64)[:, :30].min() == 255


def test_a_black_mask_is_none():
    assert written(bytes(64 * 48), (64, 48), (64, 48)) is None


def test_what_an_engine_is_given_has_feather_and_invert_in_it_and_the_mask_is_left_alone():
    png = written(left_half().tobytes(), (64, 48), (64, 48))
    assert png is not None
    plain = effective(png, (64, 48))
    assert plain is not None
    assert np.array_equal(grey_of(plain), left_half())
    other = effective(png, (64, 48), invert=True)
    assert other is not None
    assert np.array_equal(grey_of(other), 255 - left_half())
    soft = effective(png, (64, 48), feather=16)
    assert soft is not None
    row = grey_of(soft)[24].astype(int)
    assert row[0] == 255 and row[63] == 0
    assert np.all(np.diff(row) <= 0)
    assert 100 < row[31] < 155
    assert 1 < np.count_nonzero((row > 3) & (row < 252)) <= 18
    assert softened(left_half().tobytes(), (64, 48), 16) == grey_of(soft).tobytes()


def test_a_mask_that_leaves_nothing_to_change_is_none():
    png = as_png(np.full((48, 64), 255, np.uint8))
    assert effective(png, (64, 48), invert=True) is None
    assert effective(png, (64, 48)) is not None


def test_a_mask_of_another_size_is_scaled_to_the_picture():
    png = as_png(left_half())
    shown = effective(png, (128, 96))
    assert shown is not None
    assert grey_of(shown).shape == (96, 128)


@pytest.mark.parametrize("size", [(64, 48), (32, 24), (96, 72)])
def test_pixels_that_the_mask_forbids_are_as_they_were_whatever_the_engine_did(size):
    before, after = noise(64, 48, 1), noise(size[0], size[1], 2)
    made = put_back(as_png(before), as_png(left_half()), as_png(after, {"prompt": "{}"}))
    image = Image.open(io.BytesIO(made))
    assert image.size == (64, 48)
    assert image.info["prompt"] == "{}"
    result = np.asarray(image)
    assert np.array_equal(result[:, 32:], before[:, 32:])
    if size == (64, 48):
        assert np.array_equal(result[:, :32], after[:, :32])


def test_an_engine_that_kept_to_the_mask_has_its_bytes_kept():
    before = noise(64, 48, 1)
    after = before.copy()
    after[:, :32] = noise(32, 48, 3)
    made = as_png(after)
    assert put_back(as_png(before), as_png(left_half()), made) == made


def test_a_photograph_that_lies_on_its_side_keeps_what_the_mask_forbids_where_it_is_seen():
    turned, out = Image.fromarray(noise(48, 64, 1)), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # A quarter turn to the right, https://www.exif.org/Exif2-2.PDF, 4.6.4 A.
    turned.save(out, "PNG", exif=exif)
    seen = np.asarray(turned.transpose(Image.Transpose.ROTATE_270))
    assert seen.shape == (48, 64, 3)
    made = put_back(out.getvalue(), as_png(left_half()), as_png(noise(64, 48, 2)))
    result = np.asarray(Image.open(io.BytesIO(made)))
    assert np.array_equal(result[:, 32:], seen[:, 32:])


def test_a_feather_ends_where_a_whole_picture_would_be_blurred():
    wide = left_half(1024, 8)
    most = softened(wide.tobytes(), (1024, 8), LARGEST_FEATHER)
    assert softened(wide.tobytes(), (1024, 8), LARGEST_FEATHER * 2) == most
    assert softened(wide.tobytes(), (1024, 8), LARGEST_FEATHER / 2) != most


def test_what_can_be_seen_through_stays_so():
    before = noise(64, 48, 1, 4)
    made = put_back(as_png(before), as_png(left_half()), as_png(noise(64, 48, 2)))
    result = np.asarray(Image.open(io.BytesIO(made)))
    assert np.array_equal(result[:, 32:], before[:, 32:])
    assert result[:, :32, 3].min() == 255


def test_bytes_that_are_no_picture_are_said():
    with pytest.raises(HostileFile):
        effective(b"no picture", (64, 48))
