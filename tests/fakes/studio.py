"""An open project without a workspace: a tool context that only remembers what was asked of it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from kupuri_desktop.agent.agent import Agent
from kupuri_desktop.agent.context import (
    CanvasSummary,
    GeneratedSummary,
    ImageWish,
    ItemSummary,
    Layout,
    PlacedImage,
    Turn,
    WishProgress,
)
from kupuri_desktop.agent.events import AgentEvent, TextDelta
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.models import ModelRef
from tests.fakes.wire import Gate


@dataclass
class Studio:
    """`failure` is raised by the next use; `gate` holds `generate` in the middle."""

    items: list[ItemSummary] = field(default_factory=list)
    wishes: list[ImageWish] = field(default_factory=list)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    failure: Exception | None = None
    gate: Gate | None = None
    stopped: int = 0

    def place(self, words: str = "a picture", kind: str = "image") -> str:
        item = new_id()
        self.items.append(ItemSummary(item, kind, words, 0, 0, 64, 64))
        return item

    async def generate(
        self, wish: ImageWish, *, call: str, on_progress: Callable[[WishProgress], None]
    ) -> GeneratedSummary:
        self.wishes.append(wish)
        on_progress(WishProgress(0.5, note="half"))
        if self.gate is not None:
            try:
                self.gate.reached.set()
                await self.gate.opened.wait()
            except BaseException:
                self.stopped += 1
                raise
        self._fail()
        seed = 7 if wish.seed is None else wish.seed
        made = [
            PlacedImage(self.place(wish.prompt), 1024, 768, seed + number, "painter:x")
            for number in range(wish.count)
        ]
        return GeneratedSummary(tuple(made))

    def canvas_summary(self) -> CanvasSummary:
        return CanvasSummary("Harbour", tuple(self.items))

    async def arrange(self, items: Sequence[str], layout: Layout, *, call: str) -> None:
        self._fail()
        self.calls.append(("arrange", (list(items), layout)))

    async def delete_items(self, items: Sequence[str], *, call: str) -> None:
        self._fail()
        self.calls.append(("delete", list(items)))
        self.items = [item for item in self.items if item.id not in items]

    async def rename_project(self, name: str, *, call: str) -> None:
        self._fail()
        self.calls.append(("rename", name))

    def _fail(self) -> None:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    def turn(self, text: str, model: str = "ollama:qwen3:8b", **more: Any) -> Turn:
        ref = ModelRef.parse(model)
        return Turn(session="s", run="r", model=ref, text=text, context=self, **more)


async def listen(agent: Agent, turn: Turn) -> AsyncIterator[AgentEvent]:
    """The events of a turn, closed properly however the test leaves."""
    async with aclosing(agent.run(turn)) as events:
        async for event in events:
            yield event


async def hear(agent: Agent, turn: Turn) -> list[AgentEvent]:
    return [event async for event in listen(agent, turn)]


def text_of(events: Sequence[AgentEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def no_memory() -> KupuriError:
    return KupuriError("The image engine ran out of memory.", hint="Make it smaller.")
