"""The Ollama chat model: langchain-ollama's, with every way that a stream can end told apart."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, cast

import httpx
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_ollama import ChatOllama
from ollama import Message, ResponseError

from kupuri_desktop.llm import ollama_wire as wire
from kupuri_desktop.llm.failures import cut_off, silent
from kupuri_desktop.llm.http import client_options, timeouts, unreachable, until_idle


class _HttpRefusal(Exception):
    """An HTTP status other than success, with the whole body (a sign-in address is in it)."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body


async def _raise_for_status(response: httpx.Response) -> None:
    if not response.is_success:
        raise _HttpRefusal(response.status_code, await response.aread())


async def _without_key(request: httpx.Request) -> None:
    # The ollama package adds OLLAMA_API_KEY, a key for ollama.com, whatever the address.
    request.headers.pop("authorization", None)


class KupuriChatOllama(ChatOllama):
    """Raises KupuriError only, and never takes a stream without a `done` line for complete."""

    address: str = ""
    idle_limit: float = 0.0

    async def aclose(self) -> None:
        await self._async_client.close()

    async def _aiterate_over_stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, **kwargs: Any
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        began = False
        for attempt in (1, 2):
            try:
                async with aclosing(self._checked(messages, stop, **kwargs)) as chunks:
                    async for chunk in chunks:
                        began = True
                        yield chunk
                return
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise unreachable(wire.NAME, self.address, error) from error
            except httpx.TransportError as error:
                # A kept connection can be closed by the server just as it is used again.
                if began or attempt == 2:
                    raise cut_off(wire.NAME, type(error).__name__) from error

    async def _checked(
        self, messages: list[BaseMessage], stop: list[str] | None, **kwargs: Any
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        done = False
        source = super()._aiterate_over_stream(messages, stop, **kwargs)
        try:
            async with aclosing(until_idle(source, self.idle_limit)) as chunks:
                async for chunk in chunks:
                    done = done or bool((chunk.generation_info or {}).get("done"))
                    yield chunk
        except _HttpRefusal as error:
            raise wire.error_for(error.status, error.body, self.model) from error
        except ResponseError as error:
            raise wire.error_line(error.error, self.model) from error
        except TimeoutError as error:
            raise silent(wire.NAME, self.idle_limit) from error
        except (ValueError, AttributeError, TypeError, KeyError) as error:
            # What the ollama package raises for a line that is not JSON or not an answer.
            raise wire.broken_line(type(error).__name__) from error
        if not done:
            raise wire.no_end()

    def _convert_messages_to_ollama_messages(
        self, messages: list[BaseMessage]
    ) -> Sequence[Message]:
        """Adds `tool_name`, by which templates tell whose answer it is."""
        names = {
            call["id"]: call["name"]
            for message in messages
            if isinstance(message, AIMessage)
            for call in message.tool_calls
        }
        # The annotation says Message; what comes is dicts.
        plain = cast(list[dict[str, Any]], super()._convert_messages_to_ollama_messages(messages))
        for message, entry in zip(messages, plain, strict=True):
            if isinstance(message, ToolMessage):
                entry["tool_name"] = names.get(message.tool_call_id, "")
        return cast(Sequence[Message], plain)


def build_chat(
    address: str,
    *,
    model: str,
    num_ctx: int,
    reasoning: bool | None,
    keep_alive: str,
    idle_limit: float,
) -> KupuriChatOllama:
    """A chat model with a connection pool of its own; whoever builds it closes it.

    reasoning: True lets the model think and delivers that apart, False forbids it, None does
    not mention it (models that cannot think refuse the question).
    """
    return KupuriChatOllama(
        address=address,
        idle_limit=idle_limit,
        base_url=address,
        model=model,
        num_ctx=num_ctx,
        reasoning=reasoning,
        keep_alive=keep_alive,
        client_kwargs={"timeout": timeouts(), "follow_redirects": False},
        async_client_kwargs={
            **client_options(address),
            "event_hooks": {"request": [_without_key], "response": [_raise_for_status]},
        },
        sync_client_kwargs={"transport": httpx.MockTransport(_never)},
    )


def _never(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("Kupuri asks from its event loop only", request=request)
