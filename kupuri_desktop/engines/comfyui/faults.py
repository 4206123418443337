"""Puts ComfyUI's refusals and crashes into words: the node, the field, the file and its folder."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kupuri_desktop.core.errors import (
    Action,
    GenerationError,
    GraphRejected,
    Mend,
    ModelCrashed,
    OutOfMemory,
    PartMissing,
    ServerAnsweredBadly,
)
from kupuri_desktop.engines.comfyui.nodes import FIELD_FOLDERS

LONGEST_DETAIL = 300
MEMORY = re.compile(
    r"out of memory|outofmemory|allocation on device|can't allocate memory|not enough memory"
    r"|bad_alloc|memoryerror",
    re.IGNORECASE,
)
NO_ENCODER = "clip input is invalid: None"
"""CLIPTextEncode's words for a checkpoint that holds no text encoder (ComfyUI 0.3.64)."""

_CHOOSE = Action(Mend.CHOOSE_MODEL, "Choose another model")


def rejection(answer: Any, prompt: str) -> GenerationError | ServerAnsweredBadly:
    """The error for a 400 of POST /prompt. `prompt` is kept out of it."""
    try:
        errors = list(_node_errors(answer.get("node_errors") or {}))
        whole = answer.get("error") or {}
        message = str(whole.get("message", "")) if isinstance(whole, dict) else str(whole)
    except (AttributeError, KeyError, TypeError):
        return ServerAnsweredBadly("ComfyUI refused the workflow without a readable reason.")
    for node, error in errors:
        if missing := _missing_file(node, error):
            return missing
    if errors:
        sentence = _sentence(*errors[0])
        more = [_sentence(node, error) for node, error in errors[1:]]
        return GraphRejected(
            f"ComfyUI does not accept the workflow: {sentence}",
            hint="Update ComfyUI, or choose another model.",
            details=_without(prompt, " ".join(more)),
        )
    absent = re.search(r"node (\S+) does not exist", message)
    if absent:
        return PartMissing(
            f"ComfyUI lacks the node {absent[1]}.", hint="Update ComfyUI, then try again."
        )
    return GraphRejected(
        "ComfyUI does not accept the workflow.",
        hint="Update ComfyUI, or choose another model.",
        details=_without(prompt, message),
    )


def dropped(node_errors: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence for each node whose output ComfyUI left out although it took the job."""
    try:
        return tuple(
            f"ComfyUI left a part of the workflow out: {_sentence(node, error)}"
            for node, error in _node_errors(node_errors)
        )
    except (AttributeError, KeyError, TypeError):
        return ("ComfyUI left a part of the workflow out.",)


def crash(data: Mapping[str, Any], title: str, prompt: str) -> GenerationError | ModelCrashed:
    """The error for `execution_error`; `title` says what the node does, in a person's words.

    Of all that ComfyUI sends only the kind and message of the exception are used: the inputs
    hold the person's words.
    """
    node = str(data.get("node_type") or "unknown")
    kind = str(data.get("exception_type") or "")
    message = str(data.get("exception_message") or "").strip()
    where = f"at “{title}” ({node})" if title else f"in the node {node}"
    details = _without(prompt, f"{node}: {kind}: {message}")
    if MEMORY.search(f"{kind} {message}"):
        return OutOfMemory(
            f"ComfyUI ran out of memory {where}.",
            hint="Try a smaller size or a smaller model, or close other programs.",
            action=_CHOOSE,
            details=details,
        )
    if NO_ENCODER in message:
        return PartMissing(
            "This checkpoint holds no text encoder.",
            hint="Put its text encoders into ComfyUI's models/text_encoders folder.",
            action=_CHOOSE,
            details=details,
        )
    return GenerationError(
        f"ComfyUI failed {where}.",
        hint="The model file may be damaged or of another kind than its name says.",
        details=details,
    )


def _node_errors(node_errors: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for node in node_errors.values():
        for error in node["errors"]:
            yield str(node["class_type"]), error


def _field(error: Mapping[str, Any]) -> str:
    extra = error.get("extra_info") or {}
    return str(extra.get("input_name") or error.get("details") or "")


def _missing_file(node: str, error: Mapping[str, Any]) -> PartMissing | None:
    folder = FIELD_FOLDERS.get(_field(error))
    if error["type"] != "value_not_in_list" or folder is None:
        return None
    file = str(error["extra_info"].get("received_value", ""))
    return PartMissing(
        f"ComfyUI does not have the model file “{file}”.",
        hint=f"It belongs in ComfyUI's models/{folder} folder (node {node}).",
        action=_CHOOSE,
    )


def _sentence(node: str, error: Mapping[str, Any]) -> str:
    """Values are named for choices and numbers only: a text may be the prompt."""
    field = _field(error)
    value = (error.get("extra_info") or {}).get("received_value")
    match error["type"]:
        case "required_input_missing":
            return f"{node} needs “{field}”."
        case "value_not_in_list":
            return f"{node} does not know “{value}” for “{field}”."
        case "value_smaller_than_min":
            return f"{value} is too small for “{field}” of {node}."
        case "value_bigger_than_max":
            return f"{value} is too large for “{field}” of {node}."
        case "invalid_input_type":
            return f"“{field}” of {node} is of the wrong kind."
        case "return_type_mismatch" | "bad_linked_input":
            return f"“{field}” of {node} is joined to the wrong thing."
        case kind:
            return f"{node} has a problem with “{field}” ({kind})."


def _without(prompt: str, text: str) -> str:
    """`text` on one line, shortened, with the person's words taken out."""
    cleaned = text.replace(prompt, "[prompt]") if prompt.strip() else text
    return " ".join(cleaned.split())[:LONGEST_DETAIL]
