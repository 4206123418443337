"""Measures how late the window becomes while an answer streams in, and how soon a chat is there."""

import asyncio
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter

from PySide6.QtWidgets import QApplication

from kupuri_desktop.agent.events import MessageCompleted, TextDelta, ThinkingDelta
from kupuri_desktop.core.chat import (
    Message,
    MessageState,
    Role,
    TextPart,
    ToolCallPart,
    ToolState,
    Usage,
)
from kupuri_desktop.ui.chat.dock import ChatDock
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.workspace.transcript import Answer
from tests.benchmarks.figures import Figure
from tests.benchmarks.lateness import Lateness
from tests.tidiness import active_tickers
from tests.ui.chat.scripted import DrawnPictures, ScriptedConversation

NAME = "chat"
SUMMARY = "500 tokens a second into the chat, and a chat of 5,000 messages"

TOKENS_A_SECOND = 500
MESSAGES = 5_000

_TEXT = """The *second* one is the strongest: the wheat ear reads at **16 pixels**, and the warm
paper keeps it from looking like a stamp. What I would still change:

- less contrast in the ear, so that `#c8874a` stays one tone
- a little more air at the left, since the ear leans
- the name in one weight, see [the sheet](https://example.org/sheet)

| mark | small | print |
|---|---|---|
| ear | good | good |
| oven | muddy | good |

```python
def scale(side: float, step: int = 16) -> int:
    return max(step, round(side / step) * step)
```

Say which of them goes on and I make four more of its kind, in the colours that are there.

"""


def run(quick: bool) -> list[Figure]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    loop = DesktopLoop(app)
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(measure(app, 3 if quick else 12))
    finally:
        loop.close()


async def measure(app: QApplication, seconds: int) -> list[Figure]:
    look = Look(app)
    failures: list[BaseException] = []
    tasks = Tasks(asyncio.get_running_loop(), failures.append, failures.append)
    dock = ChatDock(look, tasks, DrawnPictures())
    dock.resize(380, 860)
    dock.show()
    tickers = len(active_tickers())
    shown = await show_long_chat(dock)
    paged = await page_up(dock)
    conversation = ScriptedConversation(history(60))
    dock.show_conversation(conversation)
    await asyncio.sleep(0.5)
    with Lateness() as idle:
        await asyncio.sleep(1)
    with Lateness() as busy:
        tokens = await stream(conversation, seconds)
    await asyncio.sleep(0.5)
    left = len(active_tickers()) - tickers + tasks.running()
    others = len(asyncio.all_tasks()) - 1
    dock.show_conversation(None)
    dock.close()
    await tasks.aclose()
    if failures:
        raise failures[0]
    return [
        Figure("lateness while streaming, p99", busy.p99, "ms", bar=10),
        Figure("lateness while streaming, worst", busy.worst, "ms", bar=33),
        Figure("the same while nothing happens, worst", idle.worst, "ms"),
        Figure("tokens a second", tokens / seconds, ""),
        Figure("timers and tasks left", left + others, "", bar=0),
        Figure(f"{MESSAGES} messages shown", shown, "ms", bar=50),
        Figure("a page up in them, worst", paged, "ms"),
    ]


async def show_long_chat(dock: ChatDock) -> float:
    """Milliseconds from handing over the chat to its painted end; the median of five."""
    conversation = ScriptedConversation(history(MESSAGES))
    times = []
    for _ in range(5):
        dock.show_conversation(None)
        await asyncio.sleep(0.05)
        began = perf_counter()
        dock.show_conversation(conversation)
        dock.repaint()
        times.append((perf_counter() - began) * 1000)
        await asyncio.sleep(0.05)
    return sorted(times)[len(times) // 2]


async def page_up(dock: ChatDock) -> float:
    bar = dock.transcript.verticalScrollBar()
    worst = 0.0
    for _ in range(40):
        began = perf_counter()
        bar.setValue(bar.value() - bar.pageStep())
        dock.transcript.viewport().repaint()
        worst = max(worst, (perf_counter() - began) * 1000)
        await asyncio.sleep(0.01)
    return worst


async def stream(conversation: ScriptedConversation, seconds: int) -> int:
    """Tells the dock an answer as a run does, token by token; returns how many there were."""
    answer = Answer(
        Message(session=conversation.session.id, role=Role.ASSISTANT, state=MessageState.STREAMING),
        grown=conversation.grew.emit,
        changed=conversation.changed.emit,
    )
    conversation.run(True)
    conversation.added.emit(answer.message)
    told, words = 0, pieces()
    began = perf_counter()
    while (passed := perf_counter() - began) < seconds:
        due = int(passed * TOKENS_A_SECOND)
        thinking = passed < seconds / 4
        for _ in range(due - told):
            token = next(words)
            answer.add(ThinkingDelta(token) if thinking else TextDelta(token))
        told = due
        await asyncio.sleep(1 / TOKENS_A_SECOND)
    answer.add(MessageCompleted(Usage()))
    conversation.run(False)
    return told


def pieces() -> Iterator[str]:
    """Words of four letters or so, as models give them."""
    return cycle([_TEXT[start : start + 4] for start in range(0, len(_TEXT), 4)])


def history(count: int) -> list[Message]:
    """Wishes and answers in turn; each fourth answer made images."""
    messages = []
    for number in range(count // 2):
        wish = f"Wish number {number}: the same again, a little calmer and with more air"
        messages.append(Message(session="", role=Role.USER, parts=(TextPart(wish),)))
        parts: tuple[object, ...] = (TextPart(_TEXT),)
        if number % 4 == 0:
            items = tuple(f"item-{number}-{n}" for n in range(4))
            call = ToolCallPart(
                f"call-{number}", "generate_image", {"prompt": wish}, ToolState.DONE, "", items
            )
            parts = (call, TextPart("Here they are. Which one goes on?"))
        messages.append(Message(session="", role=Role.ASSISTANT, parts=parts, model="a:b"))
    return messages
