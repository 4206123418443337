"""Tells a screen reader what is selected: its name, kind, place and size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.items import ImageItem, Item, describe

_LONGEST = 120


def spoken(item: Item) -> str:
    """One item in words: `Sunset over the bay, image, at 120, 40, 512 by 512, locked`."""
    name = " ".join(describe(item).split())[:_LONGEST]
    kind = str(getattr(item, "kind", "item"))
    parts = [name] if name.lower() == kind else [name, kind]
    parts.append(f"at {item.x:.0f}, {item.y:.0f}")
    parts.append(f"{item.width:.0f} by {item.height:.0f}")
    if item.rotation:
        parts.append(f"turned by {item.rotation:.0f} degrees")
    if isinstance(item, ImageItem) and item.crop is not None:
        parts.append("cropped")
    if item.locked:
        parts.append("locked")
    return ", ".join(parts)


def spoken_selection(items: Sequence[Item], total: int) -> str:
    match len(items):
        case 0:
            return f"{total} items, none selected" if total != 1 else "1 item, not selected"
        case 1:
            return spoken(items[0])
        case count:
            return f"{count} of {total} items selected"


def announce(widget: QWidget, words: str) -> None:
    """Puts the words into the widget's description, and says them where somebody listens."""
    if widget.accessibleDescription() == words:
        return
    widget.setAccessibleDescription(words)
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
