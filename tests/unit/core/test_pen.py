"""Pen strokes: smoothed, and no larger than they must be."""

from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.pen import Smoother, simplified

samples = st.lists(
    st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(0, 1)), min_size=1, max_size=60
)


def roughness(path: list[tuple[float, float, float]]) -> float:
    """How much the way turns, all in all."""
    turns = 0.0
    for a, b, c in zip(path, path[1:], path[2:], strict=False):
        one = math.atan2(b[1] - a[1], b[0] - a[0])
        turns += abs(math.remainder(math.atan2(c[1] - b[1], c[0] - b[0]) - one, math.tau))
    return turns


def test_a_trembling_hand_draws_a_calmer_line() -> None:
    dice = random.Random(5)
    hand = [(3.0 * n, dice.uniform(-1.5, 1.5), 1.0) for n in range(100)]
    smooth = Smoother(1.5)
    drawn = [smooth.follow(*sample) for sample in hand]
    assert roughness(drawn) < 0.7 * roughness(hand)
    assert max(math.dist(a[:2], b[:2]) for a, b in zip(hand, drawn, strict=True)) < 5


@given(samples)
def test_a_simplified_path_keeps_its_ends_and_adds_nothing(path) -> None:
    less = simplified(path, 0.5)
    assert (less[0], less[-1]) == (path[0], path[-1])
    kept = iter(path)
    assert all(point in kept for point in less)


def test_a_long_smooth_stroke_becomes_small_and_stays_where_it_was() -> None:
    path = [(400 * math.cos(n / 200), 400 * math.sin(n / 200), 1.0) for n in range(1200)]
    less = simplified(path, 0.4)
    assert len(less) < 150
    assert all(min(math.dist(p[:2], q[:2]) for q in path) < 0.5 for p in less)


def test_a_change_of_pressure_alone_is_kept() -> None:
    path = [(float(n), 0.0, 0.2 if n < 50 else 0.9) for n in range(100)]
    assert {p for _, _, p in simplified(path, 0.4)} == {0.2, 0.9}


def test_a_sharp_corner_keeps_its_neighbours() -> None:
    path = [(float(n), 0.0, 1.0) for n in range(100)] + [(99.0, float(n), 1.0) for n in range(100)]
    assert {(98.0, 0.0, 1.0), (99.0, 0.0, 1.0)} <= set(simplified(path, 0.4))
