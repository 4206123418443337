"""Proves that the printed figures say what was measured."""

import json

from tests.benchmarks.figures import Figure, Result, as_json, as_table

FASTER = Figure("first paint", 150, "ms", peer=100, bar=1.5)
SLOWER = Figure("first paint", 160, "ms", peer=100, bar=1.5)


def test_a_figure_with_a_peer_is_judged_by_its_ratio() -> None:
    assert (FASTER.ratio, FASTER.within) == (1.5, True)
    assert (SLOWER.ratio, SLOWER.within) == (1.6, False)


def test_a_figure_without_a_peer_is_judged_by_its_value() -> None:
    assert Figure("gap", 80, "ms", bar=80).within is True
    assert Figure("gap", 81, "ms", bar=80).within is False


def test_a_figure_without_a_bar_is_not_judged() -> None:
    assert Figure("images", 3, "").within is None


def test_the_table_says_which_bar_was_missed() -> None:
    table = as_table([Result("start", "how soon it paints", (FASTER, SLOWER))])
    rows = [line for line in table.splitlines() if line.startswith("| first paint")]
    assert ["(over)" in row for row in rows] == [False, True]
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_benchmark_that_failed_says_so_in_the_table_and_in_json() -> None:
    result = Result("start", "", problem="ended with code 1")
    assert "no figures: ended with code 1" in as_table([result])
    assert json.loads(as_json([result]))["benchmarks"][0]["problem"] == "ended with code 1"


def test_json_gives_each_figure_with_its_ratio_and_verdict() -> None:
    found = json.loads(as_json([Result("start", "", (SLOWER,))]))["benchmarks"][0]["figures"][0]
    assert (found["value"], found["ratio"], found["within"]) == (160, 1.6, False)
