"""Crops keep inside their picture, and the picture stays where it lies."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.cropping import on_pixels, pulled, shaped, slid
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.picture_space import cropped, shown, to_canvas, whole
from kupuri_desktop.core.transforms import Handle

PICTURE = Rect(0, 0, 400, 300)
sides = st.floats(1, 199)
crops = st.builds(lambda x, y, w, h: Rect(x, y, w, h), sides, st.floats(1, 149), sides, sides).map(
    lambda r: Rect(r.x, r.y, max(r.width, 10), min(max(r.height, 10), 150))
)
points = st.tuples(st.floats(-200, 600), st.floats(-200, 500))


def image(**more) -> ImageItem:
    given = {"x": 40, "y": -30, "width": 200, "height": 150} | more
    return ImageItem(id="a", asset="p", natural_width=400, natural_height=300, **given)


def inside(crop: Rect) -> bool:
    near = 1e-6
    return (
        crop.x >= -near
        and crop.y >= -near
        and crop.right <= PICTURE.width + near
        and crop.bottom <= PICTURE.height + near
        and crop.width > 0
        and crop.height > 0
    )


@given(crops, st.sampled_from(Handle), points, st.sampled_from([None, 1.0, 16 / 9, 9 / 16]))
def test_a_pulled_crop_stays_inside_and_keeps_its_shape(crop, handle, at, ratio):
    if ratio is not None:
        crop = shaped(crop, ratio, PICTURE)
    new = pulled(crop, handle, at[0], at[1], PICTURE, ratio=ratio)
    assert inside(new)
    if ratio is not None:
        assert math.isclose(new.width / new.height, ratio, rel_tol=1e-6)


def test_a_pulled_side_leaves_the_others_and_rests_on_the_edge_that_is_near():
    crop = Rect(100, 100, 100, 100)
    assert pulled(crop, Handle.LEFT, 60, 0, PICTURE) == Rect(60, 100, 140, 100)
    near = pulled(crop, Handle.RIGHT, 395, 0, PICTURE, reach=(6, 6))
    assert near == Rect(100, 100, 300, 100)
    assert pulled(crop, Handle.TOP, 0, 3, PICTURE, reach=(6, 6)).y == 0
    assert pulled(crop, Handle.TOP, 0, 3, PICTURE).y == 3


def test_a_crop_slides_as_far_as_its_picture_goes():
    crop = Rect(100, 100, 100, 100)
    assert slid(crop, -300, 20, PICTURE) == Rect(0, 120, 100, 100)
    assert slid(crop, 300, 300, PICTURE) == Rect(300, 200, 100, 100)


@given(crops, st.sampled_from([1.0, 16 / 9, 9 / 16, 4 / 3]))
def test_a_shape_is_taken_around_the_middle_and_inside(crop, ratio):
    new = shaped(crop, ratio, PICTURE)
    assert inside(new)
    assert math.isclose(new.width / new.height, ratio, rel_tol=1e-6)


@given(crops)
def test_whole_pixels_stay_inside(crop):
    new = on_pixels(crop, PICTURE)
    assert inside(new)
    assert all(float(v).is_integer() for v in (new.x, new.y, new.width, new.height))


@given(
    crops,
    crops,
    st.floats(-180, 180),
    st.booleans(),
    st.booleans(),
    points,
)
def test_cropping_leaves_every_pixel_where_it_was(first, second, turn, flip_x, flip_y, at):
    item = cropped(image(rotation=turn, flip_x=flip_x, flip_y=flip_y), first)
    again = cropped(item, second)
    assert again.crop == second
    assert to_canvas(again)(*at) == pytest.approx(to_canvas(item)(*at), abs=1e-6)
    assert cropped(again, first).rect.x == pytest.approx(item.x, abs=1e-6)
    assert to_canvas(item).inverse(*to_canvas(item)(*at)) == pytest.approx(at, abs=1e-6)


def test_the_whole_picture_is_no_crop():
    item = cropped(image(), Rect(100, 75, 200, 150))
    assert (item.x, item.y, item.width, item.height) == (90, 7.5, 100, 75)
    back = cropped(item, whole(item))
    assert back.crop is None
    assert back == image()
    assert shown(back) == PICTURE


def test_a_flipped_picture_is_mapped_from_its_other_side():
    there = to_canvas(image(flip_x=True))
    assert there(0, 0) == (240, -30)
    assert there(400, 300) == (40, 120)
