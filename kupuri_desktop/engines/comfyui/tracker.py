"""Makes one rising fraction out of ComfyUI's events: a fifth for nodes, the rest for samples."""

import time
from collections.abc import Callable

from kupuri_desktop.core.generation import Progress
from kupuri_desktop.engines.comfyui import wire
from kupuri_desktop.engines.comfyui.graphs import Graph

NODES_SHARE = 0.2
ALMOST = 0.99
"""The most that is shown before the image itself is here."""


class Tracker:
    """The progress of one job."""

    def __init__(self, graph: Graph, clock: Callable[[], float] = time.monotonic) -> None:
        self._graph = graph
        self._clock = clock
        self._done: set[str] = set()
        self._samples: dict[str, float] = {}
        self._fraction = 0.0
        self._note = ""
        self._first: tuple[float, float] | None = None
        self._remaining: float | None = None

    def progress(self, event: object) -> Progress | None:
        """What to show after an event; None where nothing has changed."""
        preview = None
        before = (self._fraction, self._note)
        match event:
            case wire.Cached(nodes):
                self._finish(nodes)
            case wire.NodeStarted(node):
                self._note = self._graph.title(node) or self._note
            case wire.NodesMoved(values, finished):
                for node, (value, most) in values.items():
                    self._sample(node, value, most)
                self._finish(finished)
            case wire.Sampled(node, value, most):
                self._sample(node, value, most)
            case wire.Executed(node):
                self._finish({node})
            case wire.Preview(image, "image/jpeg" | "image/png"):
                preview = image
        if preview is None and before == (self._fraction, self._note):
            return None
        return Progress(self._fraction, preview, self._note, self._remaining)

    def note(self, text: str) -> Progress:
        """The fraction as it stands, with one line for a person."""
        self._note = text
        return Progress(self._fraction, None, text, self._remaining)

    def _finish(self, nodes: set[str] | frozenset[str]) -> None:
        known = nodes & self._graph.nodes.keys()
        self._done |= known
        for sampler in self._graph.samplers & known:
            self._samples[sampler] = 1.0
        self._raise()

    def _sample(self, node: str, value: float, most: float) -> None:
        # Before its first step a sampler is said to be at 0 of 1.
        if node not in self._graph.samplers or value <= 0 or most <= 0:
            return
        share = min(value / most, 1.0)
        if share <= self._samples.get(node, 0.0):
            return
        self._samples[node] = share
        self._note = f"{self._graph.title(node)}: step {value:.0f} of {most:.0f}"
        now = self._clock()
        if self._first is None:
            self._first = (now, value)
        elif value > self._first[1]:
            pace = (now - self._first[0]) / (value - self._first[1])
            self._remaining = pace * (most - value)
        self._raise()

    def _raise(self) -> None:
        samplers = self._graph.samplers
        nodes = len(self._done) / len(self._graph.nodes)
        samples = sum(self._samples.values()) / len(samplers) if samplers else nodes
        now = min(NODES_SHARE * nodes + (1 - NODES_SHARE) * samples, ALMOST)
        self._fraction = max(self._fraction, now)
