"""Reads what Ollama says: its address in OLLAMA_HOST, its lists of models, its errors.

Facts from Ollama v0.33 (server/routes.go, envconfig/config.go).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from kupuri_desktop.core.errors import (
    Action,
    ContextTooLong,
    KupuriError,
    Mend,
    ModelCrashed,
    ModelLacksAbility,
    ModelMissing,
    NotAuthorised,
    ServerAnsweredBadly,
    ServerBusy,
    StreamBroken,
    UsageError,
)
from kupuri_desktop.core.models import Capability, ModelInfo, ModelKind, ModelRef, Place
from kupuri_desktop.llm.failures import LacksThinking, LacksTools

PROVIDER = "ollama"
NAME = "Ollama"
DEFAULT_PORT = 11434

_CAPABILITIES = {
    "tools": Capability.TOOLS,
    "vision": Capability.VISION,
    "thinking": Capability.THINKING,
}
_SCHEME_PORTS = {"http": 80, "https": 443}
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def parse_host(text: str) -> str:
    """The address that OLLAMA_HOST means, in the server's own reading, as a client uses it.

    `host`, `:port`, `host:port` and `scheme://host` all stand; a bare host gets port 11434, one
    with a scheme the scheme's. A server that listens everywhere (0.0.0.0) is met on loopback.
    Raises UsageError for what is no address.
    """
    text = text.strip().strip("\"'")
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    if rest.count(":") > 1 and not rest.startswith("["):
        rest = f"[{rest}]"
    elif rest.startswith(":"):
        rest = f"127.0.0.1{rest}"
    try:
        parts = urlsplit(f"{scheme}://{rest or '127.0.0.1'}")
        port = parts.port
    except ValueError as error:
        raise _bad_address(text) from error
    if scheme not in _SCHEME_PORTS or not parts.hostname:
        raise _bad_address(text)
    if port is None:
        port = _SCHEME_PORTS[scheme] if separator else DEFAULT_PORT
    host = _ANY_ADDRESS.get(parts.hostname, parts.hostname)
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{port}{parts.path.rstrip('/')}"


def _bad_address(text: str) -> UsageError:
    return UsageError(
        f"“{text}” is not an address of Ollama.",
        hint="Write it as http://HOST:PORT; the port is usually 11434.",
        action=Action(Mend.OPEN_SETTINGS, "Open settings"),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What `/api/show` tells of a model. context: the trained length in tokens."""

    capabilities: frozenset[str]
    context: int | None

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Shown":
        details = body.get("model_info") or {}
        lengths = [value for key, value in details.items() if key.endswith(".context_length")]
        # Servers before 0.6.4 tell no capabilities; the template tells whether there are tools.
        names = body.get("capabilities")
        if names is None:
            template = body.get("template") or ""
            names = ["completion", "tools"] if ".Tools" in template else ["completion"]
        return cls(frozenset(names), int(lengths[0]) if lengths else None)


def read_model(tag: Mapping[str, Any], shown: Shown | None) -> ModelInfo | None:
    """One line of `/api/tags` as the picker shows it; None for a model that cannot chat."""
    names = tag.get("capabilities")
    names = frozenset(names) if names else (shown.capabilities if shown else frozenset())
    if names and "completion" not in names:
        return None
    details = tag.get("details") or {}
    parameters = details.get("parameter_size") or ""
    quantization = details.get("quantization_level") or ""
    remote = bool(tag.get("remote_host"))
    name = str(tag.get("model") or tag["name"])
    return ModelInfo(
        ref=ModelRef(PROVIDER, name),
        name=name.removesuffix(":latest"),
        kind=ModelKind.TEXT,
        place=Place.CLOUD if remote else Place.LOCAL,
        capabilities=frozenset(_CAPABILITIES[name] for name in names if name in _CAPABILITIES),
        size=tag.get("size") or None,
        context=shown.context if shown else None,
        family=details.get("family") or "",
        detail=" · ".join(part for part in (parameters, quantization) if part),
    )


def error_text(body: bytes) -> tuple[str, str]:
    """(message, sign-in address) of an error's body, which may be JSON, plain text or nothing."""
    text = body.decode("utf-8", "replace").strip()
    try:
        value = json.loads(text)
    except ValueError:
        return text, ""
    if not isinstance(value, dict):
        return text, ""
    message = value.get("error") or ""
    if isinstance(message, dict):
        message = message.get("message") or ""
    return str(message), str(value.get("signin_url") or "")


def missing(model: str) -> ModelMissing:
    return ModelMissing(
        f"Ollama has no model named “{model}”.",
        hint="Download it, or choose another model.",
        action=Action(Mend.PULL_MODEL, f"Download {model}", model),
    )


def error_for(status: int, body: bytes, model: str) -> KupuriError:
    """The error for an HTTP status that Ollama answered before the first output."""
    message, sign_in = error_text(body)
    details = f"HTTP {status}: {message[:300]}"
    known = _known_error(message, model, details)
    if status == 404 and (known is None or "not found" in message):
        return missing(model)
    if known is not None:
        return known
    match status:
        case 401:
            return NotAuthorised(
                f"“{model}” runs in Ollama's cloud and wants you to sign in there.",
                hint="Sign in to Ollama, or choose a model on this machine.",
                action=Action(Mend.OPEN_LINK, "Sign in", sign_in)
                if sign_in.startswith("https://")
                else Action(Mend.CHOOSE_MODEL, "Choose another model"),
                details=f"HTTP {status}",
            )
        case 403:
            return NotAuthorised(
                "Ollama refuses to answer Kupuri.",
                hint="Speak to it as 127.0.0.1, or allow this address in OLLAMA_HOST.",
                details=details,
            )
        case 503:
            return ServerBusy(
                "Ollama has too many requests waiting.",
                hint="Try again in a moment.",
                details=details,
            )
    return ServerAnsweredBadly(
        f"Ollama could not answer (HTTP {status}).",
        hint="Its own log says more.",
        details=details,
    )


def error_line(message: str, model: str) -> KupuriError:
    """The error for an `error` line, which ends a stream while HTTP stays 200."""
    details = message[:300]
    return _known_error(message, model, details) or StreamBroken(
        "Ollama reported an error in the middle of its answer.",
        hint="Try again; Ollama's own log says more.",
        details=details,
    )


def broken_line(details: str) -> ServerAnsweredBadly:
    return ServerAnsweredBadly(
        "Ollama sent something that cannot be read.",
        hint="Try again. If it stays so, update Ollama.",
        details=details,
    )


def no_end() -> StreamBroken:
    """For end of data without a `done` line: a killed server, or over 30 repeated tokens."""
    return StreamBroken(
        "Ollama stopped before the answer was complete.",
        hint="Try again. Small models sometimes repeat themselves until Ollama ends it.",
        details="the stream ended without a done line",
    )


def _known_error(message: str, model: str, details: str) -> KupuriError | None:
    lowered = message.lower()
    if "does not support tools" in lowered:
        return LacksTools(f"“{model}” cannot use tools.", details=details)
    if "does not support thinking" in lowered or "think value" in lowered:
        return LacksThinking(f"“{model}” cannot be asked to think.", details=details)
    if "image generation models are not currently supported" in lowered:
        return ModelLacksAbility(
            f"“{model}” makes images, and Ollama does not run such models any more.",
            hint="Choose a model that can chat; images are made by the image model.",
            details=details,
        )
    if "longer than the context length" in lowered or "exceed_context_size" in lowered:
        return ContextTooLong(
            f"This chat is longer than “{model}” can read at once.",
            hint="Start a new chat, or raise the context length in the settings.",
            action=Action(Mend.OPEN_SETTINGS, "Open settings"),
            details=details,
        )
    if "system memory" in lowered or "out of memory" in lowered or "cudamalloc" in lowered:
        return ModelCrashed(
            f"“{model}” does not fit into this machine's memory.",
            hint="Choose a smaller model, or close other programs.",
            action=Action(Mend.CHOOSE_MODEL, "Choose another model"),
            details=details,
        )
    if "unexpectedly stopped" in lowered or "process has terminated" in lowered:
        return ModelCrashed(
            f"Ollama's process for “{model}” has ended, often for want of memory.",
            hint="Try again, or choose a smaller model.",
            details=details,
        )
    return None
