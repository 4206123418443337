"""What happens in a run, as values in the order of happening; light to import.

The last event of a run is one of MessageCompleted, RunStopped, RunFailed. A run whose task is
cancelled yields nothing more: the caller sees CancelledError.
"""

from dataclasses import dataclass
from typing import Any

from kupuri_desktop.agent.context import WishProgress
from kupuri_desktop.core.chat import Confirmation, PlanStep, ToolState, Usage
from kupuri_desktop.core.errors import KupuriError, Problem


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """A piece of what a reasoning model thinks before it answers."""

    text: str


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """The whole plan as it is now."""

    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class HistoryTrimmed:
    """The chat does not fit the model's context: its `messages` oldest ones were left out."""

    messages: int


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """The model uses a tool; `arguments` as the model wrote them."""

    call: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """The tool waits for `Agent.answer(confirmation.id, ...)`; that id is the tool call's too.

    items: ids of the canvas items that it would work on.
    """

    confirmation: Confirmation
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolProgress:
    call: str
    progress: WishProgress


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """state: DONE, FAILED or REJECTED. result: what the model is told. items: on the canvas.

    problem: for the card, where it failed.
    """

    call: str
    state: ToolState
    result: str
    items: tuple[str, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class MessageCompleted:
    """The run is done. `cut`: the model reached its limit of length in mid-sentence."""

    usage: Usage
    cut: bool = False


@dataclass(frozen=True, slots=True)
class RunStopped:
    """A guard ended the run; `reason` is one sentence for the user. What was made is kept."""

    reason: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The run ended by an error; what came before it stays as it is."""

    error: KupuriError
    usage: Usage


AgentEvent = (
    TextDelta
    | ThinkingDelta
    | PlanChanged
    | HistoryTrimmed
    | ToolStarted
    | ApprovalRequested
    | ToolProgress
    | ToolFinished
    | MessageCompleted
    | RunStopped
    | RunFailed
)
