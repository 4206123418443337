"""What was set last on each kind of item: what is drawn next has it too."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from kupuri_desktop.core.items import Item, kind_of

Styled = TypeVar("Styled", bound=Item)

STYLED: dict[str, frozenset[str]] = {
    "shape": frozenset({"fill", "stroke", "stroke_width", "dash", "corner_radius"}),
    "line": frozenset({"stroke", "stroke_width", "dash"}),
    "stroke": frozenset({"stroke", "stroke_width"}),
    "text": frozenset(
        {
            "colour",
            "font_family",
            "font_size",
            "font_weight",
            "italic",
            "align",
            "line_height",
            "letter_spacing",
            "underline",
            "capitals",
        }
    ),
    "note": frozenset({"colour"}),
    "frame": frozenset({"background", "clip"}),
}
"""By kind, the properties that are a matter of style. A line's form and heads are the tool's."""


class Styles:
    """Kept as long as the window. What nobody has set is as the item comes."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Any]] = {}

    def remember(self, kind: str, name: str, value: Any) -> None:
        """What is no matter of style is not remembered."""
        if name in STYLED.get(kind, ()):
            self._kept.setdefault(kind, {})[name] = value

    def get(self, kind: str, name: str, otherwise: Any = None) -> Any:
        return self._kept.get(kind, {}).get(name, otherwise)

    def dressed(self, item: Styled) -> Styled:
        """The item in the style of its kind."""
        has = {field.name for field in fields(item)}
        known = self._kept.get(kind_of(item), {})
        return replace(item, **{name: value for name, value in known.items() if name in has})
