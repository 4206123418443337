"""A chat model for OpenAI-compatible servers that reads the stream itself.

langchain-openai takes an answer without a finish_reason for complete, drops reasoning, sends
`max_completion_tokens`, which Ollama's /v1 ignores, and leaves two timers behind for each token.
"""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import httpx
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import ToolCallChunk, tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk
from pydantic import ConfigDict

from kupuri_desktop.llm import openai_wire as wire
from kupuri_desktop.llm.async_chat import AsyncChatModel
from kupuri_desktop.llm.failures import cut_off, silent
from kupuri_desktop.llm.http import unreachable, until_idle

MAX_TOKENS = 8192
"""A small model that never ends by itself would otherwise run until its context is full."""


class OpenAICompatibleChat(AsyncChatModel):
    """Raises KupuriError only. Tool calls get ids of ours: some servers use `0` for each.

    headers: gives what goes along with each request, the key among it.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: httpx.AsyncClient
    headers: Callable[[], Awaitable[dict[str, str]]]
    name_of_server: str
    model: str
    idle_limit: float
    max_tokens: int = MAX_TOKENS

    @property
    def _llm_type(self) -> str:
        return "openai-compatible"

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        body = self._body(messages, stop, kwargs)
        began = False
        for attempt in (1, 2):
            try:
                async with aclosing(self._chunks(body)) as chunks:
                    async for chunk in chunks:
                        began = True
                        yield chunk
                return
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise unreachable(self.name_of_server, str(self.client.base_url), error) from error
            except httpx.TransportError as error:
                # llama.cpp's server closes a kept connection just as it is used again.
                if began or attempt == 2:
                    raise cut_off(self.name_of_server, type(error).__name__) from error

    def _body(
        self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]
    ) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": convert_to_openai_messages(messages),
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": self.max_tokens,
        }
        if stop:
            body["stop"] = stop
        if options.get("tools"):
            body["tools"] = options["tools"]
        if schema := options.get("format"):
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema},
            }
        return body

    async def _chunks(self, body: dict[str, Any]) -> AsyncGenerator[ChatGenerationChunk, None]:
        finished = False
        ids: dict[int, str] = {}
        async with aclosing(self._events(body)) as events:
            async for event in events:
                if "error" in event:
                    raise wire.error_event(event, self.name_of_server, self.model)
                try:
                    chunk = _read_event(event, ids)
                except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
                    raise wire.broken_event(self.name_of_server, type(error).__name__) from error
                if chunk is None:
                    continue
                finished = finished or bool(chunk.generation_info)
                yield chunk
        if not finished:
            raise wire.no_end(self.name_of_server)

    async def _events(self, body: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """The objects of the event stream, up to `[DONE]` or its end."""
        request = self.client.stream(
            "POST", "chat/completions", json=body, headers=await self.headers()
        )
        try:
            async with request as response:
                if response.status_code != 200:
                    raise wire.error_for(
                        response.status_code,
                        await response.aread(),
                        self.name_of_server,
                        self.model,
                    )
                async with aclosing(until_idle(response.aiter_lines(), self.idle_limit)) as lines:
                    async for line in lines:
                        field, _, data = line.partition(":")
                        if field not in ("data", "error"):
                            continue
                        if data.strip() == "[DONE]":
                            return
                        yield self._object(data, field)
        except TimeoutError as error:
            raise silent(self.name_of_server, self.idle_limit) from error

    def _object(self, data: str, field: str) -> dict[str, Any]:
        try:
            value = json.loads(data)
        except ValueError as error:
            raise wire.broken_event(self.name_of_server, "an event is not JSON") from error
        if field == "error":
            return {"error": value}
        if not isinstance(value, dict):
            raise wire.broken_event(self.name_of_server, "an event is not an object")
        return value


def _read_event(event: dict[str, Any], ids: dict[int, str]) -> ChatGenerationChunk | None:
    """One chunk, or None where there is nothing in it. `ids` keeps our ids of the tool calls."""
    usage = _usage(event.get("usage"))
    choices = event.get("choices") or []
    if not choices:
        if usage is None:
            return None
        return ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=usage))
    choice = choices[0]
    delta = choice.get("delta") or {}
    reasoning = delta.get("reasoning_content") or delta.get("reasoning")
    reason = choice.get("finish_reason")
    calls = [_call(call, n, ids) for n, call in enumerate(delta.get("tool_calls") or ())]
    content = delta.get("content") or ""
    if not (content or reasoning or calls or reason or usage):
        return None
    return ChatGenerationChunk(
        message=AIMessageChunk(
            content=content,
            additional_kwargs={"reasoning_content": reasoning} if reasoning else {},
            tool_call_chunks=calls,
            usage_metadata=usage,
        ),
        generation_info={"finish_reason": reason} if reason else None,
    )


def _call(call: dict[str, Any], position: int, ids: dict[int, str]) -> ToolCallChunk:
    index = call.get("index", position)
    function = call.get("function") or {}
    arguments = function.get("arguments")
    if isinstance(arguments, dict):
        arguments = json.dumps(arguments)
    first = index not in ids
    ids.setdefault(index, f"call_{uuid4().hex}")
    return tool_call_chunk(
        name=function.get("name") or None,
        args=arguments or "",
        id=ids[index] if first else None,
        index=index,
    )


def _usage(usage: dict[str, Any] | None) -> UsageMetadata | None:
    if not usage:
        return None
    sent, got = int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0)
    return UsageMetadata(input_tokens=sent, output_tokens=got, total_tokens=sent + got)
