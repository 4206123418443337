"""Reads what OpenAI-compatible servers say: addresses, lists of models, errors.

Facts from llama.cpp's server; LM Studio, vLLM and OpenRouter say the same with fewer fields.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from kupuri_desktop.core.errors import (
    Action,
    ContextTooLong,
    KupuriError,
    Mend,
    ModelLacksAbility,
    ModelMissing,
    ServerAnsweredBadly,
    ServerBusy,
    StreamBroken,
)
from kupuri_desktop.core.models import Capability, ModelInfo, ModelKind, ModelRef, Place
from kupuri_desktop.llm.failures import LacksTools
from kupuri_desktop.llm.http import host_of, refused

_CONTEXT_FIELDS = ("n_ctx", "n_ctx_train", "context_length", "max_model_len", "max_context_length")


def parse_base(address: str) -> str:
    """The base address with its version path: `/v1` where none is given.

    Raises UsageError for what is no http address.
    """
    address = address.strip().rstrip("/")
    host_of(address)
    return address if urlsplit(address).path else f"{address}/v1"


def read_model(entry: Mapping[str, Any], provider: str, place: Place) -> ModelInfo:
    """One entry of `/v1/models`. A server that tells no abilities is taken to have tools."""
    model = str(entry["id"])
    facts = {**entry, **(entry.get("meta") or {})}
    contexts = [int(facts[name]) for name in _CONTEXT_FIELDS if facts.get(name)]
    architecture = entry.get("architecture") or {}
    modalities = architecture.get("input_modalities") if isinstance(architecture, dict) else None
    parameters = entry.get("supported_parameters")
    capabilities = set()
    if parameters is None or "tools" in parameters:
        capabilities.add(Capability.TOOLS)
    if modalities and "image" in modalities:
        capabilities.add(Capability.VISION)
    count = facts.get("n_params")
    return ModelInfo(
        ref=ModelRef(provider, model),
        name=model.rsplit("/", 1)[-1] if model.startswith("/") else model,
        kind=ModelKind.TEXT,
        place=place,
        capabilities=frozenset(capabilities),
        size=facts.get("size") or None,
        context=contexts[0] if contexts else None,
        detail=f"{count / 1e9:.1f}B" if count else "",
    )


def error_parts(value: Any) -> tuple[str, str]:
    """(type, message) of an error object, which servers nest or not."""
    error = value.get("error", value) if isinstance(value, dict) else value
    if isinstance(error, dict):
        kind = error.get("type") or error.get("code") or ""
        return str(kind), str(error.get("message") or "")
    return "", str(error)


def error_for(status: int, body: bytes, name: str, model: str) -> KupuriError:
    """The error for an HTTP status before the first output."""
    try:
        kind, message = error_parts(json.loads(body))
    except ValueError:
        kind, message = "", body.decode("utf-8", "replace")
    details = f"HTTP {status} {kind}: {message[:300]}"
    known = _known_error(kind, message, model, details)
    if known is not None:
        return known
    match status:
        case 401 | 403:
            return refused(name, status)
        case 404:
            return missing(name, model)
        case 402:
            return ServerBusy(
                f"The account at {name} has no credit left.",
                hint="Top it up there, or choose a model on this machine.",
                action=Action(Mend.CHOOSE_MODEL, "Choose another model"),
                details=details,
            )
        case 429 | 503:
            return ServerBusy(
                f"{name} is busy or still loading its model.",
                hint="Try again in a moment.",
                details=details,
            )
    return ServerAnsweredBadly(
        f"{name} could not answer (HTTP {status}).",
        hint="Its own log says more.",
        details=details,
    )


def missing(name: str, model: str) -> ModelMissing:
    return ModelMissing(f"{name} has no model named “{model}”.", hint="Choose another model.")


def error_event(value: Any, name: str, model: str) -> KupuriError:
    """The error for an `error` object in the stream, while HTTP stays 200."""
    kind, message = error_parts(value)
    details = f"{kind}: {message[:300]}"
    return _known_error(kind, message, model, details) or StreamBroken(
        f"{name} reported an error in the middle of its answer.",
        hint="Try again; the server's own log says more.",
        details=details,
    )


def broken_event(name: str, details: str) -> ServerAnsweredBadly:
    return ServerAnsweredBadly(
        f"{name} sent something that cannot be read.",
        hint="See that the address belongs to an OpenAI-compatible server.",
        details=details,
    )


def no_end(name: str) -> StreamBroken:
    return StreamBroken(
        f"{name} stopped before the answer was complete.",
        hint="Try again. If the server has crashed, start it again first.",
        details="the stream ended without a finish_reason",
    )


def _known_error(kind: str, message: str, model: str, details: str) -> KupuriError | None:
    lowered = message.lower()
    too_long = ("context_size", "context_length", "context size", "context length")
    if any(words in kind or words in lowered for words in too_long):
        return ContextTooLong(
            f"This chat is longer than “{model}” can read at once.",
            hint="Start a new chat, or give the server a greater context.",
            action=Action(Mend.CHOOSE_MODEL, "Choose another model"),
            details=details,
        )
    if "image input" in lowered or "multimodal" in lowered:
        return ModelLacksAbility(
            f"“{model}” cannot look at pictures.",
            hint="Choose a model that can, or send the message without the picture.",
            details=details,
        )
    if "tool" in lowered and ("support" in lowered or "--jinja" in lowered):
        return LacksTools(f"“{model}” cannot use tools.", details=details)
    return None
