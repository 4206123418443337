"""A fifth of the progress is nodes, the rest samples; it rises and stays below one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.generation import Progress
from kupuri_desktop.engines.comfyui import wire
from kupuri_desktop.engines.comfyui.graphs import Graph
from kupuri_desktop.engines.comfyui.tracker import Tracker


def graph() -> Graph:
    kinds = ["CheckpointLoaderSimple", "CLIPTextEncode", "KSampler", "VAEDecode", "PreviewImage"]
    nodes = {
        str(number): {"class_type": kind, "_meta": {"title": kind.lower()}}
        for number, kind in enumerate(kinds, start=1)
    }
    return Graph(nodes, "5")


def after(tracker: Tracker, event: object) -> Progress:
    progress = tracker.progress(event)
    assert progress is not None
    return progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nodes_make_a_fifth_and_samples_the_rest():
    tracker = Tracker(graph())
    assert after(tracker, wire.Cached(frozenset("12"))).fraction == pytest.approx(0.08)
    assert after(tracker, wire.Sampled("3", 2, 4)).fraction == pytest.approx(0.48)
    moved = wire.NodesMoved({"3": (4.0, 4.0)}, frozenset("123"))
    assert after(tracker, moved).fraction == pytest.approx(0.92)


def test_sampler_that_has_not_begun_counts_as_nothing():
    tracker = Tracker(graph())
    assert tracker.progress(wire.NodesMoved({"3": (0.0, 1.0)}, frozenset())) is None


def test_everything_cached_is_almost_done():
    assert after(Tracker(graph()), wire.Cached(frozenset("12345"))).fraction == 0.99


def test_remaining_seconds_follow_the_pace():
    clock = Clock()
    tracker = Tracker(graph(), clock)
    tracker.progress(wire.Sampled("3", 1, 5))
    clock.now = 2.0
    assert after(tracker, wire.Sampled("3", 2, 5)).remaining == pytest.approx(6.0)


def test_preview_is_handed_on_once():
    tracker = Tracker(graph())
    assert after(tracker, wire.Preview(b"jpeg", "image/jpeg", "3")).preview == b"jpeg"
    assert after(tracker, wire.Sampled("3", 1, 4)).preview is None


def test_note_does_not_go_back_to_a_sampler_that_is_done():
    tracker = Tracker(graph())
    tracker.progress(wire.Sampled("3", 4, 4))
    tracker.progress(wire.NodeStarted("4"))
    again = wire.NodesMoved({"3": (4.0, 4.0)}, frozenset("34"))
    assert after(tracker, again).note == "vaedecode"


NODES = st.sampled_from([*"12345", "99"])
EVENTS = st.one_of(
    st.builds(wire.Cached, st.frozensets(NODES)),
    st.builds(wire.NodeStarted, NODES),
    st.builds(wire.Sampled, NODES, st.floats(-1, 9), st.floats(-1, 5)),
    st.builds(
        wire.NodesMoved,
        st.dictionaries(NODES, st.tuples(st.floats(-1, 9), st.floats(-1, 5))),
        st.frozensets(NODES),
    ),
    st.builds(wire.Executed, NODES, st.just(())),
)


@given(st.lists(EVENTS))
def test_whatever_is_said_the_fraction_rises_and_stays_below_one(events):
    tracker = Tracker(graph())
    fractions = [0.0]
    for event in events:
        if progress := tracker.progress(event):
            fractions.append(progress.fraction)
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1
