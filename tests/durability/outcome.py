"""Counts what a series of rounds showed."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What happened in `rounds` rounds; `faults` are what must never happen, a line each."""

    name: str
    rounds: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest_open: float = 0.0

    def line(self) -> str:
        counted = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        slow = f", slowest open {self.slowest_open:.2f} s" if self.slowest_open else ""
        return f"{self.name}: {self.rounds} rounds, {counted}{slow}, {len(self.faults)} faults"
