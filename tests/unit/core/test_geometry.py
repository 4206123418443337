"""Where things are put."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from kupuri_desktop.core.geometry import GAP, Rect, bounds, find_room, in_grid, in_row

SIDE = st.floats(1, 2000)
RECTS = st.lists(
    st.builds(Rect, st.floats(-5000, 5000), st.floats(-5000, 5000), SIDE, SIDE), max_size=30
)


def test_the_first_thing_is_centred_on_the_origin():
    assert find_room([], 200, 100) == (-100, -50)


def test_the_next_thing_stands_beside_the_first():
    assert find_room([Rect(0, 0, 100, 100)], 100, 100) == (100 + GAP, 0)


@given(RECTS, SIDE, SIDE)
def test_room_is_never_taken(taken, width, height):
    x, y = find_room(taken, width, height)
    assert not any(Rect(x, y, width, height).meets(other) for other in taken)


@given(st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=20), st.integers(1, 6))
def test_nothing_overlaps_in_a_grid(sizes, columns):
    placed = in_grid(sizes, columns)
    assert [(r.width, r.height) for r in placed] == sizes
    for number, rect in enumerate(placed):
        assert not any(rect.meets(other) for other in placed[number + 1 :])


@pytest.mark.parametrize(
    ("size", "count", "rows"),
    [
        ((1024, 1024), 1, 1),
        ((1024, 1024), 3, 1),
        ((1024, 1024), 4, 2),
        ((1024, 1024), 9, 3),
        ((1344, 768), 2, 1),
        ((1344, 768), 3, 2),
        ((768, 1344), 5, 1),
        ((2048, 512), 3, 3),
        ((1024, 1024), 100, 9),
    ],
)
def test_images_stand_in_as_many_rows_as_show_them_the_largest(size, count, rows):
    assert len({r.y for r in in_grid([size] * count)}) == rows


def test_nothing_needs_no_rows():
    assert in_grid([]) == []


def test_a_row_has_even_gaps():
    row = in_row([(10, 5), (20, 5)])
    assert row[1].x - row[0].right == GAP


def test_nothing_has_no_bounds():
    assert bounds([]) is None
