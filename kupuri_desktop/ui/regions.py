"""F6: the keyboard goes from one region of the window to the next."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from kupuri_desktop.ui.accessibility import say

_REGION = "region"


def make_region(widget: QWidget, words: str = "") -> None:
    """F6 stops at the widget. words: what a screen reader calls it, where it has no name yet."""
    widget.setProperty(_REGION, True)
    if words:
        widget.setAccessibleName(words)


def regions(window: QWidget) -> list[QWidget]:
    """Those that are shown and hold something for the keyboard, from the top left on."""
    found = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.property(_REGION) and widget.isVisible() and _first(widget) is not None
    ]

    def place(widget: QWidget) -> tuple[int, int]:
        corner = widget.mapTo(window, QPoint(0, 0))
        return corner.y() // 64, corner.x()

    return sorted(found, key=place)


def step_region(window: QWidget, forward: bool) -> QWidget | None:
    """Gives the keyboard to the next region, where it was in it last; None: there is none."""
    known = regions(window)
    if not known:
        return None
    focus = window.focusWidget()
    inside = [n for n, region in enumerate(known) if focus is not None and _holds(region, focus)]
    # A region may stand in another, as the bars do on the canvas: the inner one counts.
    now = max(inside, key=lambda n: _depth(known[n])) if inside else (-1 if forward else 0)
    region = known[(now + (1 if forward else -1)) % len(known)]
    target = _last(region) or _first(region)
    assert target is not None
    target.setFocus(Qt.FocusReason.ShortcutFocusReason)
    say(target, region.accessibleName())
    return region


def _holds(region: QWidget, widget: QWidget) -> bool:
    return region is widget or region.isAncestorOf(widget)


def _depth(widget: QWidget | None) -> int:
    depth = 0
    while widget is not None:
        widget, depth = widget.parentWidget(), depth + 1
    return depth


def _takes(widget: QWidget) -> bool:
    tabbed = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tabbed and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def _last(region: QWidget) -> QWidget | None:
    """Where the keyboard was in the region, if that can have it still."""
    if _takes(region):
        return region
    last: QWidget | None = region.focusWidget()
    known = last is not None and last is not region and _holds(region, last) and _takes(last)
    return last if known else None


def _first(region: QWidget) -> QWidget | None:
    if _takes(region):
        return region
    inside = [widget for widget in region.findChildren(QWidget) if _takes(widget)]

    def place(widget: QWidget) -> tuple[int, int]:
        corner = widget.mapTo(region, QPoint(0, 0))
        return corner.y() // 16, corner.x()

    return min(inside, key=place, default=None)
