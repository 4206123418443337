"""The Anthropic chat model: langchain-anthropic's, with a client of its own and our errors.

Importing it takes two seconds: only `llm.anthropic` does, once one of its models is chosen.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import cached_property
from typing import Any

import anthropic
import httpx2
from langchain_anthropic import ChatAnthropic
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models.chat_models import agenerate_from_stream
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import SecretStr

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.llm import openai_wire as wire
from kupuri_desktop.llm.failures import cut_off
from kupuri_desktop.llm.http import CONNECT_TIMEOUT, IDLE_LIMIT, unreachable

MAX_TOKENS = 8192


class KupuriChatAnthropic(ChatAnthropic):
    """Raises KupuriError only, and takes no stream without a stop reason for complete."""

    name_of_server: str

    @cached_property
    def _async_client(self) -> anthropic.AsyncAnthropic:
        # The package's own client is shared by the whole process and outlives its event loop.
        return anthropic.AsyncAnthropic(
            api_key=self.anthropic_api_key.get_secret_value(),
            base_url=self.anthropic_api_url,
            max_retries=self.max_retries,
            timeout=anthropic.Timeout(IDLE_LIMIT, connect=CONNECT_TIMEOUT),
        )

    async def aclose(self) -> None:
        if "_async_client" in self.__dict__:
            await self._async_client.close()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        finished = False
        source: Any = super()._astream(messages, stop, run_manager, **kwargs)
        try:
            async with aclosing(source) as chunks:
                async for chunk in chunks:
                    finished = finished or "stop_reason" in chunk.message.response_metadata
                    yield chunk
        except anthropic.APIError as error:
            raise self._translated(error) from error
        except httpx2.TransportError as error:
            raise cut_off(self.name_of_server, type(error).__name__) from error
        except ValueError as error:
            raise wire.broken_event(self.name_of_server, type(error).__name__) from error
        if not finished:
            raise wire.no_end(self.name_of_server)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        # The one way to ask: the other has errors of its own.
        return await agenerate_from_stream(self._astream(messages, stop, run_manager, **kwargs))

    def _translated(self, error: anthropic.APIError) -> KupuriError:
        match error:
            case anthropic.APIConnectionError():
                return unreachable(self.name_of_server, self.anthropic_api_url or "", error)
            case anthropic.APIStatusError() if error.status_code != 200:
                body = error.response.content if error.response.is_closed else b""
                return wire.error_for(error.status_code, body, self.name_of_server, self.model)
            case _:
                return wire.error_event(error.body, self.name_of_server, self.model)


def build_chat(address: str, *, model: str, key: str, name: str) -> KupuriChatAnthropic:
    return KupuriChatAnthropic(
        model=model,
        api_key=SecretStr(key),
        base_url=address,
        max_tokens_to_sample=MAX_TOKENS,
        name_of_server=name,
        stop=None,
        timeout=None,
    )
