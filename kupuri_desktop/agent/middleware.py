"""The one guard around every call of the model and every tool."""

import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langgraph.types import Command
from pydantic import BaseModel, ValidationError

from kupuri_desktop.agent.approvals import Approvals, digest
from kupuri_desktop.agent.arguments import Arguments
from kupuri_desktop.agent.events import ApprovalRequested, ToolFinished, ToolStarted
from kupuri_desktop.agent.fallback import answer_without_tools
from kupuri_desktop.agent.scope import (
    CALLS_AT_ONCE,
    MODEL_CALLS,
    SAME_CALL,
    TOOL_CALLS,
    Outcome,
    RunScope,
)
from kupuri_desktop.core.chat import Confirmation, ToolState
from kupuri_desktop.core.errors import KupuriError, Refused, UsageError
from kupuri_desktop.llm.failures import LacksTools

log = logging.getLogger(__name__)

MOST_ARGUMENT_BYTES = 64 * 1024

Handler = Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]


class Guard(AgentMiddleware[Any, RunScope]):
    """Validates, asks, counts, maps errors; whatever happens, a tool call gets an answer.

    The scope of the run comes as the graph's context, so that one graph serves all runs.
    """

    def __init__(self, approvals: Approvals) -> None:
        super().__init__()
        self._approvals = approvals

    async def awrap_model_call(
        self,
        request: ModelRequest[RunScope],
        handler: Callable[[ModelRequest[RunScope]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        scope: RunScope = request.runtime.context
        if not scope.stop_reason and scope.model_calls >= MODEL_CALLS:
            scope.stop_reason = f"The model was asked {MODEL_CALLS} times without coming to an end."
        if scope.stop_reason:
            # An answer without tool calls is how a graph of this kind ends.
            return ModelResponse(result=[AIMessage(content="")])
        scope.model_calls += 1
        if scope.uses_tools:
            try:
                return _with_readable_calls(await handler(request), scope)
            except LacksTools:
                # Older servers do not tell beforehand; nothing has been said yet.
                scope.uses_tools = False
        return await answer_without_tools(request, handler)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Handler
    ) -> ToolMessage | Command[Any]:
        scope = cast(RunScope, request.runtime.context)
        scope.emit = request.runtime.stream_writer
        call = request.tool_call
        name, arguments, id_ = call["name"], call["args"], call["id"] or ""
        if id_ in _calls_of_last_answer(request.state)[CALLS_AT_ONCE:]:
            # Without a card: a model that lost its way would fill the chat with them.
            return _too_many(id_, name)
        scope.emit(ToolStarted(id_, name, _bounded(arguments)))
        try:
            cleaned, items = self._check(request, scope)
            if name in scope.turn.settings.ask_before:
                await self._ask(scope, id_, name, cleaned, items)
            answer = await handler(request.override(tool_call={**call, "args": cleaned}))
        except KupuriError as error:
            return _failed(scope, id_, name, error)
        except Exception as error:
            # The message of an unexpected error may hold a prompt: only its place is logged.
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("tool %s failed with %s\n%s", name, type(error).__name__, place)
            unexpected = KupuriError(
                f"The tool {name} failed unexpectedly.",
                hint="The log has the details.",
                details=type(error).__name__,
            )
            return _failed(scope, id_, name, unexpected)
        return _finished(scope, id_, answer)

    def _check(
        self, request: ToolCallRequest, scope: RunScope
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The sound arguments, and the ids of the items that they name.

        Raises UsageError or Refused with words for the model.
        """
        call, tool = request.tool_call, request.tool
        name, arguments = call["name"], call["args"]
        scope.tool_calls += 1
        if scope.repeats(name, arguments) >= SAME_CALL:
            scope.stop_reason = f"The model called {name} in the same way {SAME_CALL} times."
            raise Refused(f"{name} was called in the same way {SAME_CALL} times: stopped.")
        if scope.tool_calls > TOOL_CALLS:
            scope.stop_reason = f"The model used tools more than {TOOL_CALLS} times."
            raise Refused("Too many tool calls in one run: stopped.")
        if tool is None:
            raise UsageError(f"There is no tool named “{name[:60]}”.", hint="Use another tool.")
        if _cut_off(request.state, call["id"] or ""):
            raise UsageError(
                "The call was cut off at the limit of length and not carried out.",
                hint="Call the tool again with shorter arguments.",
            )
        if call["id"] in scope.unreadable:
            raise UsageError("The arguments were not valid JSON.", hint="Call the tool again.")
        if len(json.dumps(arguments, default=str).encode()) > MOST_ARGUMENT_BYTES:
            raise UsageError("The arguments are larger than 64 KB.", hint="Use shorter ones.")
        schema = tool.args_schema
        if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
            return dict(arguments), ()
        try:
            sound = schema.model_validate(arguments)
        except ValidationError as error:
            raise UsageError(_what_is_wrong(error), hint=f"Call {name} again.") from error
        # Nobody is asked about items that are not there.
        named = sound.named_items() if isinstance(sound, Arguments) else ()
        items = tuple(scope.aliases().resolve(item) for item in named)
        return sound.model_dump(exclude_unset=True), items

    async def _ask(
        self,
        scope: RunScope,
        id_: str,
        name: str,
        arguments: dict[str, Any],
        items: tuple[str, ...],
    ) -> None:
        """Returns once the user has agreed. Raises Refused where not."""
        confirmation = Confirmation(
            id=id_,
            session=scope.turn.session,
            run=scope.turn.run,
            tool=name,
            arguments=arguments,
            digest=digest(name, arguments),
        )

        def announce(asked: Confirmation) -> None:
            scope.emit(ApprovalRequested(asked, items))

        if not await self._approvals.ask(confirmation, announce):
            raise NotApproved("The user said no.", hint="Do not try it again; ask what to do.")


class NotApproved(Refused):
    """The user rejected the use of a tool."""


def _failed(scope: RunScope, id_: str, name: str, error: KupuriError) -> ToolMessage:
    rejected = isinstance(error, NotApproved)
    result = f"{error.message} {error.hint}".strip()
    scope.emit(
        ToolFinished(
            id_,
            ToolState.REJECTED if rejected else ToolState.FAILED,
            result,
            problem=None if rejected else error.problem,
        )
    )
    return ToolMessage(
        content=result,
        name=name,
        tool_call_id=id_,
        status="error",
        additional_kwargs={"rejected": True} if rejected else {},
    )


def _finished(
    scope: RunScope, id_: str, answer: ToolMessage | Command[Any]
) -> ToolMessage | Command[Any]:
    if not isinstance(answer, ToolMessage):
        scope.emit(ToolFinished(id_, ToolState.DONE, ""))
        return answer
    outcome = answer.artifact if isinstance(answer.artifact, Outcome) else Outcome()
    state = ToolState.FAILED if answer.status == "error" else ToolState.DONE
    scope.emit(ToolFinished(id_, state, answer.text, outcome.items, outcome.problem))
    return answer


def _with_readable_calls(response: ModelResponse[Any], scope: RunScope) -> ModelResponse[Any]:
    """Turns calls that could not be parsed into calls that will be refused with a reason."""
    result = []
    for message in response.result:
        if isinstance(message, AIMessage) and message.invalid_tool_calls:
            calls = list(message.tool_calls)
            for number, broken in enumerate(message.invalid_tool_calls):
                id_ = broken["id"] or f"{message.id}-{number}"
                scope.unreadable.add(id_)
                calls.append(tool_call(name=broken["name"] or "", args={}, id=id_))
            message = message.model_copy(update={"tool_calls": calls, "invalid_tool_calls": []})
        result.append(message)
    return ModelResponse(result=result, structured_response=response.structured_response)


def _last_answer(state: Any) -> AIMessage | None:
    messages = state["messages"] if isinstance(state, dict) else state
    return next((m for m in reversed(messages) if isinstance(m, AIMessage)), None)


def _calls_of_last_answer(state: Any) -> list[str]:
    answer = _last_answer(state)
    return [call["id"] or "" for call in answer.tool_calls] if answer is not None else []


def _cut_off(state: Any, id_: str) -> bool:
    """Whether the model reached its limit of length in the middle of this call."""
    answer = _last_answer(state)
    if answer is None or not answer.tool_calls or answer.tool_calls[-1]["id"] != id_:
        return False
    metadata = answer.response_metadata
    reasons = (metadata.get(name) for name in ("finish_reason", "done_reason", "stop_reason"))
    return any(reason in ("length", "max_tokens") for reason in reasons)


def _too_many(id_: str, name: str) -> ToolMessage:
    return ToolMessage(
        content=f"Only the first {CALLS_AT_ONCE} tool calls of a message are carried out. "
        "Ask for several images with count.",
        name=name,
        tool_call_id=id_,
        status="error",
    )


def _bounded(arguments: dict[str, Any]) -> dict[str, Any]:
    """For the card: what is too large to keep is left out."""
    if len(json.dumps(arguments, default=str)) <= MOST_ARGUMENT_BYTES:
        return dict(arguments)
    return dict.fromkeys(list(arguments)[:20], "…")


def _what_is_wrong(error: ValidationError) -> str:
    """The first fault in words that a model understands; values are not repeated."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "arguments"
    return f"{where}: {first['msg']}."
