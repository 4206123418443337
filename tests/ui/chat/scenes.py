"""The states of the chat dock, each as a conversation: for tests and for screenshots."""

from __future__ import annotations

from collections.abc import Callable

from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    PlanPart,
    PlanStep,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
)
from kupuri_desktop.core.errors import Action, DiskFull, Mend, Problem
from kupuri_desktop.ui.chat.composer import Draft
from kupuri_desktop.ui.chat.dock import ChatDock
from kupuri_desktop.ui.chat.protocol import ToolProgressed
from tests.ui.chat.scripted import ScriptedConversation, drawn

ANSWER = """Here is a **plan** for the poster. I kept the palette to `coral` and *violet*,
as on [the brand page](https://example.org/brand/colours?x=1).

## What I would change
- The horizon sits lower, so the sky carries the title
- The lighthouse is off centre
  - at a third
- Less foam

1. First the sky
2. Then the sea

> Quiet pictures need one loud thing.

| Shape | Size | Use |
|---|---|---|
| 3:4 | 896 x 1184 | print |
| 16:9 | 1344 x 768 | screen |

```python
def fit(side: float) -> int:
    return min(max(round(side / step) * step, MIN_SIDE), MAX_SIDE)
```

![tracker](http://evil.example/x.png)
"""

STREAM_BROKEN = Problem(
    "StreamBroken",
    "Ollama stopped in the middle of the answer.",
    "It may have run out of memory; a smaller model needs less.",
    "The text so far is kept.",
    Action(Mend.RETRY, "Try again"),
)
NO_COMFYUI = Problem(
    "ServerUnreachable",
    "ComfyUI does not answer at 127.0.0.1:8188.",
    "Start it, or choose another image model.",
    "Your wish is kept.",
    Action(Mend.START_SERVER, "Start ComfyUI"),
)


def show(dock: ChatDock, scene: str) -> ScriptedConversation:
    """Brings the dock into a state named in SCENES. Needs a running loop, for the pictures."""
    conversation = ScriptedConversation(SCENES[scene](), name=scene.capitalize())
    conversation.running = scene in ("making", "waiting", "question")
    dock.show_conversation(conversation)
    dock.composer.show_models("qwen3:8b · SDXL")
    match scene:
        case "making":
            dock.composer.put(Draft("and one in winter"))
            message = conversation.messages[1]
            preview = drawn(3, 512, 288)
            news = ToolProgressed(message.id, "c1", 0.42, preview, "Sampling, step 9 of 20", 12.4)
            conversation.tool_progressed.emit(news)
        case "errors":
            full = DiskFull("There is no room left on the disk.", kept="Your wish is kept.")
            dock.show_problem(full)
        case "attached":
            two_lines = "Line one\nand use these two for the light"
            dock.composer.put(Draft(two_lines, (ImagePart("asset-5"), ImagePart("asset-6"))))
    return conversation


def _wish(text: str, *images: ImagePart, state: MessageState = MessageState.COMPLETE) -> Message:
    return Message(session="", role=Role.USER, parts=(*images, TextPart(text)), state=state)


def _answer(*parts: object, state: MessageState = MessageState.COMPLETE) -> Message:
    return Message(
        session="", role=Role.ASSISTANT, parts=parts, state=state, model="ollama:qwen3:8b"
    )


def _making(state: ToolState, *items: str, problem: Problem | None = None) -> ToolCallPart:
    arguments = {"prompt": "sunset landscape over layered hills, soft haze", "aspect": "16:9"}
    return ToolCallPart("c1", "generate_image", arguments, state, "", items, problem)


def _text() -> list[Message]:
    thought = ThinkingPart("The user wants a poster.\nFirst composition, then colours.")
    return [_wish("Make me a poster of a lighthouse"), _answer(thought, TextPart(ANSWER))]


def _cards() -> list[Message]:
    steps = (
        PlanStep("Look at what is on the canvas", True),
        PlanStep("Make four images with different marks", True),
        PlanStep("Arrange them in a row and name the strongest one, with a reason"),
        PlanStep("Ask what to change"),
    )
    looked = ToolCallPart("c0", "describe_canvas", {}, ToolState.DONE)
    made = _making(ToolState.DONE, "item-1", "item-2", "item-3", "item-4")
    return [
        _wish("Four logo ideas", ImagePart("asset-3", item="item-3"), ImagePart("asset-9")),
        _answer(PlanPart(steps), looked, made, TextPart("The second reads best when small.")),
    ]


def _being_made() -> list[Message]:
    text = TextPart("A wide one, with the sun just above the ridge.")
    return [
        _wish("Generate a sunset landscape"),
        _answer(text, _making(ToolState.RUNNING), state=MessageState.STREAMING),
        _wish("Then the same at night", state=MessageState.QUEUED),
    ]


def _waiting() -> list[Message]:
    return [
        _wish("Generate a sunset landscape"),
        _answer(_making(ToolState.DONE, "item-7"), TextPart("Done: a calm ridge line.")),
        _wish("Make it colder"),
        _answer(state=MessageState.STREAMING),
    ]


def _question() -> list[Message]:
    call = ToolCallPart(
        "c1", "delete_items", {"ids": ["i3f2a", "i77bc"]}, ToolState.AWAITING_APPROVAL
    )
    text = TextPart("I would delete these two.")
    return [_wish("Delete the weak ones"), _answer(text, call, state=MessageState.STREAMING)]


def _errors() -> list[Message]:
    broken = (TextPart("A castle on a cliff, seen from"), ErrorPart(STREAM_BROKEN))
    return [
        _wish("Generate a castle"),
        _answer(*broken, state=MessageState.FAILED),
        _wish("Again"),
        _answer(_making(ToolState.FAILED, problem=NO_COMFYUI)),
    ]


def _ends() -> list[Message]:
    cut = Problem("AnswerCut", "The model reached its limit of length.", "Ask it to go on.")
    return [
        _wish("One"),
        _answer(TextPart("This was stopped in the mid"), state=MessageState.STOPPED),
        _wish("Two"),
        _answer(_making(ToolState.CANCELLED), state=MessageState.INTERRUPTED),
        _wish("Three"),
        _answer(state=MessageState.FAILED),
        _wish("Four"),
        _answer(TextPart("An end that came too early."), ErrorPart(cut)),
    ]


SCENES: dict[str, Callable[[], list[Message]]] = {
    "empty": list,
    "text": _text,
    "cards": _cards,
    "making": _being_made,
    "waiting": _waiting,
    "question": _question,
    "errors": _errors,
    "ends": _ends,
    "attached": _text,
}
