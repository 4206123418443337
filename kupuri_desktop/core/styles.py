"""How an item looks, apart from what it shows: taken from one item and given to others."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    NoteItem,
    ShapeItem,
    StrokeItem,
    TextItem,
)

_LOOKS: Mapping[type[Item], frozenset[str]] = {
    ImageItem: frozenset({"grayscale", "corner_radius"}),
    TextItem: frozenset(
        {
            "font_family",
            "font_size",
            "font_weight",
            "italic",
            "underline",
            "colour",
            "align",
            "line_height",
            "letter_spacing",
            "capitals",
        }
    ),
    NoteItem: frozenset({"colour"}),
    ShapeItem: frozenset({"fill", "stroke", "stroke_width", "dash", "corner_radius"}),
    LineItem: frozenset({"stroke", "stroke_width", "dash", "form", "arrow_start", "arrow_end"}),
    StrokeItem: frozenset({"stroke", "stroke_width"}),
    FrameItem: frozenset({"background", "clip"}),
}

_PAPER: Mapping[type[Item], str] = {NoteItem: "colour", ShapeItem: "fill", FrameItem: "background"}
"""What a kind calls the colour of its area: it carries over between kinds."""


def styled(item: Item, source: Item) -> Item:
    """The item with the looks of another, as far as both kinds have them.

    Paper stays paper and ink stays ink: a note's colour becomes a shape's fill, and no text's.
    """
    mine, theirs = type(item), type(source)
    new: dict[str, Any] = {"opacity": source.opacity}
    for name in _LOOKS.get(mine, frozenset()) & _LOOKS.get(theirs, frozenset()):
        if name != "colour" or mine is theirs:
            new[name] = getattr(source, name)
    if mine in _PAPER and theirs in _PAPER:
        new[_PAPER[mine]] = getattr(source, _PAPER[theirs])
    # Only shapes and frames may go without a colour.
    new = {
        name: value
        for name, value in new.items()
        if value is not None or (mine, name) in _MAY_BE_NONE
    }
    return replace(item, **new)


_MAY_BE_NONE = {(ShapeItem, "fill"), (ShapeItem, "stroke"), (FrameItem, "background")}


def same_kind(items: Iterable[Item], as_these: Iterable[Item]) -> list[Item]:
    """The items of the kinds of others; a rectangle is another kind than an ellipse."""
    kinds = {_kind(item) for item in as_these}
    return [item for item in items if _kind(item) in kinds]


def same_style(items: Iterable[Item], as_these: Iterable[Item]) -> list[Item]:
    """The items that look as one of others: of its kind, and alike in colours, strokes, type."""
    looks = {_look(item) for item in as_these}
    return [item for item in items if _look(item) in looks]


def _kind(item: Item) -> tuple[type[Item], Any]:
    return type(item), getattr(item, "form", None)


def _look(item: Item) -> tuple[Any, ...]:
    names = _LOOKS.get(type(item), frozenset())
    own = (getattr(item, each.name) for each in fields(item) if each.name in names)
    return (_kind(item), item.opacity, *own)
