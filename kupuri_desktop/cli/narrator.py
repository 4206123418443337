"""Tells on a terminal how a run goes on, and answers the tools that ask before they run."""

from typing import TYPE_CHECKING

from kupuri_desktop.cli.output import Output, Progress
from kupuri_desktop.core.chat import Decision, Message, TextPart, ToolCallPart, ToolState

if TYPE_CHECKING:
    from kupuri_desktop.workspace.transcript import Growth, ToolProgressed
    from kupuri_desktop.workspace.workspace import Workspace

WISHED = "generate_image"
"""The tool that the person asked for by the command itself; every other one is refused."""


class Narrator:
    """Listens from its making until `close`."""

    def __init__(self, workspace: "Workspace", output: Output, progress: Progress) -> None:
        self._conversation = workspace.conversation
        self._output = output
        self._progress = progress
        self._answered: set[str] = set()
        self._in_line = False
        self._ends = [
            self._conversation.grew.connect(self._tell),
            self._conversation.tool_progressed.connect(self._reach),
            self._conversation.changed.connect(self._decide),
        ]

    def close(self) -> None:
        for end in self._ends:
            end()
        self._break_line()

    def _tell(self, growth: "Growth") -> None:
        """Streams the answer's text; a model's thinking is not part of it."""
        message = next((m for m in self._conversation.messages if m.id == growth.message), None)
        if message is None or growth.part >= len(message.parts):
            return
        if isinstance(message.parts[growth.part], TextPart):
            self._output.stream(growth.delta)
            self._in_line = not growth.delta.endswith("\n")

    def _reach(self, progressed: "ToolProgressed") -> None:
        self._break_line()
        self._progress.reach(progressed.fraction, progressed.note)

    def _decide(self, message: Message) -> None:
        for call in message.tool_calls:
            if call.state is ToolState.AWAITING_APPROVAL and call.id not in self._answered:
                self._answered.add(call.id)
                self._conversation.answer(call.id, self._decision(call))

    def _decision(self, call: ToolCallPart) -> Decision:
        if call.name == WISHED:
            return Decision.ONCE
        self._output.note(f"kupuri: The assistant wanted to use {call.name}; that was refused.")
        return Decision.REJECT

    def _break_line(self) -> None:
        if self._in_line:
            self._output.stream("\n")
            self._in_line = False
