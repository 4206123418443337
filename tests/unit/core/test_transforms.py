"""Moving, resizing and turning items by pure rules."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import corners, extent, touches, turned, upright
from kupuri_desktop.core.items import (
    ImageItem,
    LineItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.core.transforms import (
    SMALLEST,
    Handle,
    dragged,
    fitted,
    resized,
    resized_together,
    rotated,
    upright_degrees,
)

numbers = st.floats(-500, 500)
sides = st.floats(10, 400)


def shape(x: float = 0, y: float = 0, width: float = 100, height: float = 60, **more) -> ShapeItem:
    return ShapeItem(id="s", x=x, y=y, width=width, height=height, fill="#fff", **more)


@given(numbers, numbers, st.floats(-180, 180), st.sampled_from(Handle), numbers, numbers)
def test_the_corner_opposite_to_the_handle_stays_where_it_is(x, y, turn, handle, px, py) -> None:
    before = shape(x, y, rotation=turn)
    after = resized(before, handle, px, py, aspect=False)
    order = [Handle.TOP_LEFT, Handle.TOP_RIGHT, Handle.BOTTOM_RIGHT, Handle.BOTTOM_LEFT]
    opposite = (-handle.value[0] or -1, -handle.value[1] or -1)
    n = order.index(Handle(opposite))
    assert corners(after)[n] == pytest.approx(corners(before)[n], abs=1e-6)


@given(sides, sides, st.sampled_from(Handle), numbers, numbers, st.booleans())
def test_proportions_stay_and_nothing_vanishes(w, h, handle, px, py, middle) -> None:
    new = dragged(Rect(0, 0, w, h), handle, px, py, aspect=True, middle=middle)
    assert new.width / new.height == pytest.approx(w / h)
    assert max(new.width, new.height) >= SMALLEST * 0.999


def test_the_middle_stays_where_that_is_asked() -> None:
    new = dragged(Rect(0, 0, 100, 50), Handle.RIGHT, 120, 0, aspect=False, middle=True)
    assert new == Rect(-20, 0, 140, 50)


def test_items_resized_together_keep_their_layout() -> None:
    items = [shape(0, 0, 50, 50), shape(100, 100, 50, 50, rotation=90)]
    a, b = resized_together(items, Rect(0, 0, 150, 150), Rect(10, 20, 300, 150))
    assert a.rect == Rect(10, 20, 100, 50)
    assert (b.width, b.height) == pytest.approx((50, 100))


@given(numbers, numbers, st.floats(-720, 720))
def test_a_turn_and_its_opposite_change_nothing(x, y, degrees) -> None:
    (there,) = rotated([shape(x, y)], 12, 34, degrees)
    (back,) = rotated([there], 12, 34, -degrees)
    assert (back.x, back.y) == pytest.approx((x, y), abs=1e-6)
    assert abs(back.rotation) < 1e-5


def test_a_lines_points_turn_and_its_box_is_drawn_anew() -> None:
    line = LineItem(id="l", x=0, y=0, width=100, height=0, end=(100, 0))
    (there,) = rotated([line], 50, 0, 90)
    assert isinstance(there, LineItem)
    assert (there.x, there.y, there.width, there.height) == pytest.approx((50, -50, 0, 100))
    assert there.rotation == 0


def test_what_is_inside_an_item_grows_with_it() -> None:
    text = TextItem(id="t", x=0, y=0, width=100, height=20, text="a", font_size=20)
    assert fitted(text, Rect(0, 0, 200, 40), letters=True).font_size == 40  # type: ignore[attr-defined]
    assert fitted(text, Rect(0, 0, 200, 40), letters=False).font_size == 20  # type: ignore[attr-defined]
    stroke = StrokeItem(id="k", x=0, y=0, width=10, height=10, points=((0, 0, 1), (10, 10, 0.5)))
    grown = fitted(stroke, Rect(5, 5, 20, 30), letters=True)
    assert grown.points[1] == (20, 30, 0.5)  # type: ignore[attr-defined]


@given(st.floats(-2000, 2000))
def test_degrees_are_told_between_half_a_turn_left_and_right(degrees) -> None:
    told = upright_degrees(degrees)
    assert -180 < told <= 180
    assert math.isclose(math.remainder(told - degrees, 360), 0, abs_tol=1e-5)


def test_a_point_is_on_a_turned_item_only_where_that_is_painted() -> None:
    item = ImageItem(
        id="i", x=0, y=0, width=100, height=20, asset="a", natural_width=1, natural_height=1,
        rotation=90,
    )  # fmt: skip
    assert touches(item, 50, 55)
    assert not touches(item, 90, 10)
    assert upright(item) == Rect(40, -40, 20, 100)


def test_an_unfilled_shape_is_taken_by_its_outline() -> None:
    ring = ShapeItem(
        id="s", x=0, y=0, width=100, height=100, form=ShapeForm.ELLIPSE, stroke_width=4
    )
    assert touches(ring, 50, 1)
    assert not touches(ring, 50, 50)
    frame = ShapeItem(id="r", x=0, y=0, width=100, height=100, stroke_width=4)
    assert touches(frame, 1, 50)
    assert not touches(frame, 50, 50)


def test_a_line_is_taken_from_near_by_and_its_paint_reaches_further_than_its_box() -> None:
    line = LineItem(id="l", x=0, y=0, width=100, height=0, end=(100, 0), stroke_width=2)
    assert touches(line, 50, 4, reach=4)
    assert not touches(line, 50, 6, reach=4)
    assert extent(line).height == 16


@given(numbers, numbers, st.floats(-360, 360))
def test_turning_a_point_keeps_its_distance(x, y, degrees) -> None:
    assert math.dist(turned(x, y, 3, 4, degrees), (3, 4)) == pytest.approx(
        math.dist((x, y), (3, 4))
    )
