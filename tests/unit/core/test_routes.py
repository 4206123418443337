"""How lines find their way, and how their ends stick to items."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.connections import GAP, following, joined, magnet, side_near
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import touches
from kupuri_desktop.core.items import (
    Item,
    LineForm,
    LineItem,
    ShapeItem,
    Side,
    item_from_json,
    item_to_json,
)
from kupuri_desktop.core.routes import elbow, ends, routed, trimmed, way
from kupuri_desktop.core.transforms import fitted, moved, rotated

places = st.integers(-500, 500).map(float)
forms = st.sampled_from(LineForm)


def box(key: str, x: float, y: float = 0.0, rotation: float = 0.0) -> ShapeItem:
    return ShapeItem(id=key, x=x, y=y, width=100, height=100, rotation=rotation)


def line(form: LineForm = LineForm.STRAIGHT, **more: object) -> LineItem:
    made = LineItem(id="l", x=0, y=0, width=0, height=0, form=form)
    return replace(made, **more)  # type: ignore[arg-type]


def flat(made: LineItem) -> tuple[float, ...]:
    """Both ends as four numbers."""
    a, b = ends(made)
    return (*a, *b)


def within(points: list[tuple[float, float]], rect: Rect) -> bool:
    return all(
        rect.x - 0.01 <= x <= rect.right + 0.01 and rect.y - 0.01 <= y <= rect.bottom + 0.01
        for x, y in points
    )


@given(forms, places, places, places, places)
def test_a_line_of_any_form_has_its_ends_and_a_box_around_all_of_it(form, x, y, u, v) -> None:
    made = routed(line(form), (x, y), (u, v))
    assert flat(made) == pytest.approx((x, y, u, v))
    assert within(way(made), made.rect)
    assert item_from_json(item_to_json(made)) == made


@given(places, places, places, places)
def test_an_elbow_has_right_angles_alone(x, y, u, v) -> None:
    points = way(routed(line(LineForm.ELBOW), (x, y), (u, v), (1.0, 0.0), (0.0, -1.0)))
    for a, b in itertools.pairwise(points):
        assert abs(a[0] - b[0]) < 0.01 or abs(a[1] - b[1]) < 0.01


def test_an_elbow_goes_around_what_it_connects() -> None:
    here, there = Rect(0, 0, 100, 100), Rect(-300, 0, 100, 100)
    corners = elbow((106, 50), (-306, 50), (1.0, 0.0), (-1.0, 0.0), [here, there])
    assert corners[0][0] > 106
    assert any(y < 0 or y > 100 for _, y in corners)
    assert corners[-1][0] < -306


@given(places, places, st.sampled_from([0.0, 30.0, 90.0, -135.0]))
def test_a_connector_leaves_and_arrives_outside_of_its_items(x, y, turn) -> None:
    items: dict[str, Item] = {"a": box("a", 0, 0, turn), "b": box("b", x, y)}
    made = joined(line(LineForm.ELBOW, start_item="a", end_item="b"), items)
    a, b = ends(made)
    assert min(math.dist(a, magnet(items["a"], side)[0]) for side in Side) < 0.01
    assert min(math.dist(b, magnet(items["b"], side)[0]) for side in Side) < 0.01


@pytest.mark.parametrize("form", LineForm)
def test_an_end_stays_on_its_side_when_the_item_moves_and_turns(form: LineForm) -> None:
    items: dict[str, Item] = {"a": box("a", 0), "b": box("b", 400)}
    made = joined(
        line(form, start_item="a", end_item="b", start_side=Side.TOP, end_side=Side.LEFT), items
    )
    assert flat(made) == pytest.approx((50, -GAP, 400 - GAP, 50))
    after: dict[str, Item | None] = {"a": moved(items["a"], 30, 40)}
    (there,) = following([made], items | {"l": made}, after).values()
    assert isinstance(there, LineItem)
    assert ends(there)[0] == pytest.approx((80, 40 - GAP))
    (turned,) = rotated([items["a"]], 50, 50, 90)
    (there,) = following([made], items | {"l": made}, {"a": turned}).values()
    assert isinstance(there, LineItem)
    assert ends(there)[0] == pytest.approx((100 + GAP, 50))


def test_a_line_that_is_moved_keeps_its_stuck_end_where_it_sticks() -> None:
    items: dict[str, Item] = {"a": box("a", 0)}
    made = joined(line(start_item="a", start_side=Side.RIGHT, end=(300.0, 50.0)), items)
    after: dict[str, Item | None] = {"l": moved(made, 0, 60)}
    (there,) = following([made], items | {"l": made}, after).values()
    assert isinstance(there, LineItem)
    assert flat(there) == pytest.approx((100 + GAP, 50, 300, 110))


def test_a_side_is_let_go_with_its_item() -> None:
    made = joined(line(start_item="gone", start_side=Side.TOP), {})
    assert (made.start_item, made.start_side) == (None, None)


def test_only_near_the_middle_of_a_side_does_an_end_choose_it() -> None:
    item = box("a", 0)
    assert side_near(item, 98, 52, 10) is Side.RIGHT
    assert side_near(item, 50, 50, 10) is None


def test_a_curve_is_taken_where_it_runs_and_not_on_the_way_straight_through() -> None:
    curve = routed(line(LineForm.CURVE), (0, 0), (200, 200), (1, 0), (-1, 0))
    on = way(curve)[6]
    assert touches(curve, *on, reach=1.0)
    assert not touches(curve, on[0], on[1] + 30, reach=1.0)


def test_bends_grow_with_their_line() -> None:
    made = routed(line(LineForm.ELBOW), (0, 0), (100, 60), (1, 0), (-1, 0))
    twice = fitted(made, Rect(0, 0, 200, 120), letters=False)
    assert isinstance(twice, LineItem)
    assert way(twice) == [(2 * x, 2 * y) for x, y in way(made)]


def test_a_way_is_trimmed_at_both_ends_but_never_wholly() -> None:
    path = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    assert trimmed(path, 4, 3) == [(4.0, 0.0), (10.0, 0.0), (10.0, 7.0)]
    assert len(trimmed(path, 100, 100)) >= 2
