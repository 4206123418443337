"""What one run carries with it through the graph: the turn, its guards, its open ends."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kupuri_desktop.agent.aliases import Aliases
from kupuri_desktop.agent.context import Turn
from kupuri_desktop.agent.events import AgentEvent
from kupuri_desktop.core.errors import Problem
from kupuri_desktop.core.models import ModelInfo

MODEL_CALLS = 12
TOOL_CALLS = 24
CALLS_AT_ONCE = 8
SAME_CALL = 3
IMAGES = 32
"""A small model that lost its way asked for 64 images in one message."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool leaves behind for the card: what it put on the canvas, and what went wrong."""

    items: tuple[str, ...] = ()
    problem: Problem | None = None


def _unheard(event: AgentEvent) -> None:
    """Before the first tool begins nobody listens."""


@dataclass
class RunScope:
    """The mutable state of one run; `stop_reason` ends it before the next call of the model.

    emit: writes an event into the run's stream; the guard sets it when a tool begins.
    """

    turn: Turn
    model: ModelInfo
    uses_tools: bool
    emit: Callable[[AgentEvent], None] = _unheard
    stop_reason: str = ""
    model_calls: int = 0
    tool_calls: int = 0
    images: int = 0
    unreadable: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)

    def aliases(self) -> Aliases:
        """For the canvas as it is now."""
        return Aliases(item.id for item in self.turn.context.canvas_summary().items)

    def repeats(self, name: str, arguments: dict[str, Any]) -> int:
        """How often this very call has been made in this run, this time included."""
        signature = json.dumps([name, arguments], sort_keys=True, default=str)
        self.seen[signature] += 1
        return self.seen[signature]
