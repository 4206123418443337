"""Items in the words of a screen reader: name, kind, place, and what else is to know of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    Making,
    ShapeForm,
    ShapeItem,
    describe,
)
from kupuri_desktop.core.items import kind_of as kind_in_data
from kupuri_desktop.ui.accessibility import say

_LONGEST = 120
_ALONE = "1 item, not selected"


def name_of(item: Item) -> str:
    """The prompt, the words or the name, on one line."""
    return " ".join(describe(item).split())[:_LONGEST]


def kind_of(item: Item) -> str:
    """What people call it: `arrow` rather than `line`, `ellipse` rather than `shape`."""
    match item:
        case ShapeItem(form=ShapeForm.ELLIPSE):
            return "ellipse"
        case ShapeItem():
            return "rectangle"
        case LineItem(arrow_start=False, arrow_end=False):
            return "line"
        case LineItem():
            return "arrow"
        case _:
            kind = kind_in_data(item)
            return {"note": "sticky note", "stroke": "pen stroke"}.get(kind, kind)


def place_of(item: Item) -> list[str]:
    """Where it lies, how large and how turned it is."""
    words = [f"at {item.x:.0f}, {item.y:.0f}", f"{item.width:.0f} by {item.height:.0f}"]
    if item.rotation:
        words.append(f"turned by {item.rotation:.0f} degrees")
    return words


def spoken(item: Item) -> str:
    """One item in words: `Sunset over the bay, image, at 120, 40, 512 by 512, locked`."""
    name, kind = name_of(item), kind_of(item)
    parts = [name] if name.lower() == kind else [name, kind]
    return ", ".join([*parts, *place_of(item), *_states(item)])


def described(item: Item, items: Mapping[str, Item]) -> str:
    """What is to know beside the name. items: all on the canvas, for what holds it."""
    parts = [kind_of(item), *place_of(item), *_states(item)]
    match item:
        case ImageItem(making=Making(model=model, width=width, height=height)):
            parts.append(f"made by {model}, {width} by {height} pixels")
        case ImageItem():
            parts.append(f"{item.natural_width} by {item.natural_height} pixels")
        case LineItem():
            for words, key in (("from", item.start_item), ("to", item.end_item)):
                if key is not None and key in items:
                    parts.append(f"{words} {name_of(items[key])}")
        case FrameItem():
            held = sum(other.frame == item.id for other in items.values())
            parts.append("holds 1 item" if held == 1 else f"holds {held} items")
    frame = items.get(item.frame) if item.frame else None
    if frame is not None:
        parts.append(f"in the frame {name_of(frame)}")
    if item.group is not None:
        parts.append("in a group")
    return ", ".join(parts)


def spoken_selection(items: Sequence[Item], total: int) -> str:
    """How much is selected out of `total` items; one alone in full."""
    match len(items):
        case 0:
            return f"{total} items, none selected" if total != 1 else _ALONE
        case 1:
            return spoken(items[0])
        case count:
            return f"{count} of {total} items selected"


def announce(widget: QWidget, words: str) -> None:
    """Puts the words into the widget's description, and has them said where somebody listens."""
    if widget.accessibleDescription() == words:
        return
    widget.setAccessibleDescription(words)
    say(widget, words)


def _states(item: Item) -> list[str]:
    words = []
    if isinstance(item, ImageItem) and item.crop is not None:
        words.append("cropped")
    if item.opacity < 1:
        words.append(f"{item.opacity:.0%} opaque")
    if item.locked:
        words.append("locked")
    if item.hidden:
        words.append("hidden")
    return words
