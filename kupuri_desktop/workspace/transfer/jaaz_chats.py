"""Turns a chat of Jaaz's into messages: OpenAI's shape, a row each, tool answers beside.

The shape: https://platform.openai.com/docs/api-reference/chat (messages with `tool_calls`, and
messages of the role `tool`); Jaaz names its pictures in the text of a tool's answer.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kupuri_desktop.core.chat import (
    ImagePart,
    Message,
    MessageState,
    Role,
    TextPart,
    ToolCallPart,
    ToolState,
)
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.workspace.transfer.bounds import (
    Tally,
    Untaken,
    check_value,
    cleaned,
    parse_json,
    readable,
)
from kupuri_desktop.workspace.transfer.data_urls import is_data_url, picture_in
from kupuri_desktop.workspace.transfer.parcel import Load

Said = dict[str, Any]
Find = Callable[[str, str], Load]

MOST_PIECES = 200

_FILE = re.compile(r"/api/file/([\w.-]{1,200})")


@dataclass
class _Open:
    """An answer that may go on: what the assistant says in several rows is one message."""

    parts: list[Any]
    created: datetime
    run: str


class Transcript:
    """Takes a chat's rows in order. `assets` gets the pictures of its messages.

    shown: items of the canvas by the name of their file.
    """

    def __init__(
        self,
        session: str,
        model: str,
        find: Find,
        assets: dict[str, Load],
        shown: dict[str, str],
    ) -> None:
        self._session = session
        self._model = model
        self._find = find
        self._assets = assets
        self._shown = shown
        self._messages: list[Message] = []
        self._answer: _Open | None = None
        self.untaken: list[str] = []

    def add(self, said: Said, created: datetime, again: Callable[[], Said]) -> None:
        """`again` reads the same row anew, for pictures that are not to be held in memory."""
        match said.get("role"):
            case "user":
                self._close()
                if parts := self._contents(said.get("content"), again):
                    self._messages.append(
                        Message(
                            session=self._session,
                            role=Role.USER,
                            parts=tuple(parts),
                            created=created,
                        )
                    )
            case "assistant":
                if self._answer is None:
                    self._answer = _Open([], created, new_id())
                self._answer.parts += self._contents(said.get("content"), again)
                self._answer.parts += self._calls(said.get("tool_calls"))
            case "tool":
                self._take_result(said)
            case role:
                self.untaken.append(f"a message of “{cleaned(str(role), 40)}”.")

    def messages(self) -> tuple[Message, ...]:
        self._close()
        return tuple(self._messages)

    def _close(self) -> None:
        answer, self._answer = self._answer, None
        if answer is None or not answer.parts:
            return
        message = Message(
            session=self._session,
            role=Role.ASSISTANT,
            parts=tuple(answer.parts),
            run=answer.run,
            model=self._model,
            created=answer.created,
        )
        self._messages.append(message.closed(MessageState.COMPLETE))

    def _contents(self, content: Any, again: Callable[[], Said]) -> list[Any]:
        if isinstance(content, str):
            return [TextPart(readable(content))] if content.strip() else []
        parts: list[Any] = []
        for number, piece in enumerate(content[:MOST_PIECES] if isinstance(content, list) else []):
            match piece:
                case {"type": "text", "text": str(text)}:
                    parts.append(TextPart(readable(text)))
                case {"type": "image_url", "image_url": {"url": str(url)}}:
                    parts.append(self._picture(url, number, again))
                case _:
                    self.untaken.append("a piece of a message that is of an unknown kind.")
        return parts

    def _picture(self, url: str, number: int, again: Callable[[], Said]) -> ImagePart:
        key = f"message {new_id()}"
        name = "A picture of a message"
        if is_data_url(url):
            self._assets[key] = lambda: _embedded(again, number, name)
        else:
            self._assets[key] = self._find(url, name)
        file = _FILE.search(url[:500]) if not is_data_url(url) else None
        return ImagePart(key, self._shown.get(file[1]) if file else None)

    def _calls(self, calls: Any) -> list[Any]:
        found = []
        for call in calls[:MOST_PIECES] if isinstance(calls, list) else []:
            match call:
                case {"id": str(key), "function": {"name": str(name), "arguments": arguments}}:
                    found.append(
                        ToolCallPart(
                            cleaned(key), cleaned(name), _arguments(arguments), ToolState.RUNNING
                        )
                    )
                case _:
                    self.untaken.append("a use of a tool that cannot be read.")
        return found

    def _take_result(self, said: Said) -> None:
        key, content = said.get("tool_call_id"), said.get("content")
        text = readable(content) if isinstance(content, str) else ""
        parts = self._answer.parts if self._answer is not None else []
        for place, part in enumerate(parts):
            if isinstance(part, ToolCallPart) and part.id == key:
                items = [self._shown[f] for f in _FILE.findall(text) if f in self._shown]
                parts[place] = replace(
                    part, state=ToolState.DONE, result=text, items=tuple(dict.fromkeys(items))
                )
                return
        self.untaken.append("an answer of a tool that nobody had called.")


def _arguments(value: Any) -> dict[str, Any]:
    """Models write them as text, not always well."""
    if isinstance(value, str):
        try:
            value = parse_json(value.encode("utf-8", "ignore") or b"{}", Tally())
        except ValueError:
            return {"arguments": readable(value)}
    try:
        check_value(value)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {"arguments": json.dumps(value)}


def _embedded(again: Callable[[], Said], number: int, name: str) -> bytes:
    match again().get("content"):
        case list() as content if number < len(content):
            match content[number]:
                case {"image_url": {"url": str(url)}}:
                    return picture_in(url, name)
    raise Untaken(f"{name}: it is not there any more.")
