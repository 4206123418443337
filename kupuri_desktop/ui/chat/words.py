"""Says in words what a tool does, with what, and shows arguments so that nothing hides in them."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kupuri_desktop.core.chat import ToolCallPart, ToolState
from kupuri_desktop.core.models import BUILTIN


@dataclass(frozen=True, slots=True)
class ToolWords:
    """A tool's icon, and its name while it runs, when it is done, and as a question."""

    icon: str
    running: str
    done: str
    asks: str


_TOOLS = {
    "generate_image": ToolWords("wand-sparkles", "Making images", "Made images", "Make images?"),
    "make_variations": ToolWords(
        "copy-plus", "Making variations", "Made variations", "Make variations?"
    ),
    "edit_image": ToolWords("brush", "Editing an image", "Edited an image", "Edit an image?"),
    "upscale_image": ToolWords("maximize-2", "Enlarging", "Enlarged", "Enlarge an image?"),
    "arrange_items": ToolWords(
        "layout-grid", "Arranging the canvas", "Arranged the canvas", "Arrange the canvas?"
    ),
    "delete_items": ToolWords("trash-2", "Deleting items", "Deleted items", "Delete items?"),
    "rename_project": ToolWords(
        "pencil", "Renaming the project", "Renamed the project", "Rename the project?"
    ),
    "describe_canvas": ToolWords(
        "eye", "Looking at the canvas", "Looked at the canvas", "Look at the canvas?"
    ),
    "write_plan": ToolWords("list-checks", "Planning", "Planned", "Write a plan?"),
}

_ONLY_LOOKING = frozenset({"describe_canvas", "write_plan"})
_FIRST = ("prompt", "text", "name", "query", "layout")
_LINE = 160
_LINE_OF_JSON = 60


def words_of(name: str) -> ToolWords:
    """The words for a tool; an unknown one is called by its own name, made readable."""
    known = _TOOLS.get(name)
    if known is not None:
        return known
    plain = visible(name).replace("_", " ").replace("-", " ").strip() or "a tool"
    plain = plain[0].upper() + plain[1:]
    return ToolWords("wrench", plain, plain, f"{plain}?")


def only_looks(name: str) -> bool:
    """Whether a tool changes nothing and stays on this machine, so that it may be let run always.

    An unknown tool is not trusted.
    """
    return name in _ONLY_LOOKING


def title_of(call: ToolCallPart) -> str:
    """The head of a tool's card: what it does, or did."""
    words = words_of(call.name)
    if call.state is not ToolState.DONE:
        return words.running
    count = len(call.items)
    if call.name == "generate_image" and count:
        return "Made 1 image" if count == 1 else f"Made {count} images"
    return words.done


def line_of(arguments: Mapping[str, Any]) -> str:
    """The arguments in one line, the telling one first and without its name."""
    pieces = []
    for key in _FIRST:
        if isinstance(arguments.get(key), str) and arguments[key].strip():
            pieces.append(arguments[key])
            break
    else:
        key = ""
    for name, value in arguments.items():
        if name == key or value in (None, "", [], {}):
            continue
        pieces.append(_short(name, value))
    return " ".join(visible(" · ".join(pieces)).split())[:_LINE]


def exact(arguments: Mapping[str, Any]) -> str:
    """The arguments, all and exact, one to a line; whatever does not print is written out."""
    lines = []
    for name, value in arguments.items():
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > _LINE_OF_JSON:
            text = json.dumps(value, ensure_ascii=False, indent=2)
        lines.append(f"{visible(name)}: {visible(text, lines=True)}")
    return "\n".join(lines)


def visible(text: str, *, lines: bool = False) -> str:
    """The text with control and direction characters as \\uXXXX; line breaks stay if `lines`."""
    return "".join(
        letter if _prints(letter) or (lines and letter == "\n") else _escape(letter)
        for letter in text
    )


def _prints(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def _escape(letter: str) -> str:
    if letter in "\n\t":
        return " "
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _short(name: str, value: Any) -> str:
    plain = name.replace("_", " ")
    match value:
        case bool():
            return plain if value else f"not {plain}"
        case list():
            return f"{len(value)} {plain}"
        case str():
            return value if name in ("aspect", "style") else f"{plain} {value}"
        case int() | float():
            return f"{value} images" if name == "count" and value != 1 else f"{plain} {value}"
    return plain


def model_words(ref: str) -> str:
    """Who answered, for `provider:model`; the rules that ship with Kupuri are no model."""
    provider, _, model = ref.partition(":")
    return "Built-in (no AI)" if provider == BUILTIN else model
