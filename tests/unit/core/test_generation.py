"""Shapes and sizes of images."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.generation import ASPECTS, MAX_SIDE, MIN_SIDE, parse_aspect, size_for


@pytest.mark.parametrize(
    ("text", "aspect"),
    [("16:9", (16, 9)), (" 4:3 ", (4, 3)), ("1024x768", (1024, 768)), ("Wide", (16, 9))],
)
def test_a_shape_is_read_as_people_write_it(text, aspect):
    assert parse_aspect(text) == aspect


@pytest.mark.parametrize(
    "text", ["", "16", "16:", ":9", "0:1", "a:b", "-1:2", "1:100", "1:2:3", "²:1"]
)
def test_what_is_not_a_shape_is_refused_with_an_example(text):
    with pytest.raises(UsageError) as caught:
        parse_aspect(text)
    assert "16:9" in caught.value.hint


@pytest.mark.parametrize("text", ASPECTS)
def test_sizes_keep_the_shape_and_the_area(text):
    aspect = parse_aspect(text)
    width, height = size_for(aspect)
    assert width % 16 == height % 16 == 0
    assert width / height == pytest.approx(aspect[0] / aspect[1], rel=0.03)
    assert width * height == pytest.approx(1024 * 1024, rel=0.05)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 10**8))
def test_no_size_leaves_the_bounds(left, right, area):
    for side in size_for((left, right), area):
        assert MIN_SIDE <= side <= MAX_SIDE
