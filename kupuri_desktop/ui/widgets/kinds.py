"""What each kind of thing that is stored looks like in a list, and what people call it."""

from __future__ import annotations

_ICONS = {
    "project": "layout-grid",
    "session": "message-square",
    "message": "message-square",
    "image": "image",
    "text": "type",
    "note": "sticky-note",
    "shape": "shapes",
    "line": "move-up-right",
    "stroke": "pen-line",
    "frame": "frame",
}
_WORDS = {
    "project": "Project",
    "session": "Chat",
    "image": "Image",
    "text": "Text",
    "note": "Note",
    "shape": "Shape",
    "line": "Arrow",
    "stroke": "Drawing",
    "frame": "Frame",
}


def icon_of(kind: str) -> str:
    """The icon of a kind of item or thing."""
    return _ICONS.get(kind, "shapes")


def words_of(kind: str) -> str:
    """What a person calls it."""
    return _WORDS.get(kind, kind.capitalize() or "Item")
