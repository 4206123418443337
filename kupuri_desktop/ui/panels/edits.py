"""What numbers and colours typed into the inspector do to the selection: each is one named step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from kupuri_desktop.core.connections import joined
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import centre, turned
from kupuri_desktop.core.items import Item, LineForm, LineItem, StrokeItem, TextItem, kind_of
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.core.routes import ends, routed
from kupuri_desktop.core.transforms import (
    SMALLEST,
    Handle,
    around,
    keeps_aspect,
    moved,
    resized,
    resized_together,
    rotated,
)
from kupuri_desktop.ui.canvas.hands.gestures import Board, count, with_held
from kupuri_desktop.ui.canvas.painting.vectors import text_height
from kupuri_desktop.ui.panels.preview import Preview

_SETS_HEIGHT = frozenset(
    {
        "font_family",
        "font_size",
        "font_weight",
        "italic",
        "line_height",
        "letter_spacing",
        "capitals",
    }
)


def place_of(items: Sequence[Item]) -> Rect | None:
    """One item's own rectangle, or the upright one around several; None of none."""
    return items[0].rect if len(items) == 1 else around(items)


def having(items: Iterable[Item], name: str) -> list[Item]:
    """The items that have a property at all."""
    return [item for item in items if hasattr(item, name)]


def shared(items: Sequence[Item], name: str) -> tuple[Any, bool]:
    """What the items have in common, and True where they differ (the first one's value then)."""
    values = [getattr(item, name) for item in items]
    return values[0], any(value != values[0] for value in values)


class Edits:
    """Edits of what is selected on a board. What is locked stays as it is.

    preview: shows what would come of it and changes nothing; the edit itself, or `give_up`,
    follows. styles: hears what people set, for what is drawn next.
    """

    def __init__(self, board: Board, styles: Styles | None = None) -> None:
        self._board = board
        self._styles = styles
        self._preview = Preview(board)

    def give_up(self) -> None:
        """Shows again what is so."""
        self._preview.end()

    def follow(self, changed: Iterable[str]) -> None:
        """Gives a preview up whose items were changed by somebody else."""
        if any(key in self._preview for key in changed):
            self._preview.end()

    def move(
        self, *, x: float | None = None, y: float | None = None, preview: bool = False
    ) -> None:
        """Takes the selection's left or top edge to a place; what frames hold goes along."""
        items = self._board.selection.movable()
        place = place_of(items)
        if place is not None:
            dx = 0.0 if x is None else x - place.x
            dy = 0.0 if y is None else y - place.y
            taken = with_held(self._board.canvas, items)
            self._put(f"Move {count(items)}", [moved(item, dx, dy) for item in taken], preview)

    def resize(
        self,
        *,
        width: float | None = None,
        height: float | None = None,
        preview: bool = False,
    ) -> None:
        """Gives the selection another size; images and several items keep their proportions."""
        items = self._board.selection.movable()
        place = place_of(items)
        if place is None or place.width <= 0 or place.height <= 0:
            return
        wide = max(width if width is not None else place.width, SMALLEST)
        high = max(height if height is not None else place.height, SMALLEST)
        aspect = keeps_aspect(items)
        if aspect:
            scale = wide / place.width if width is not None else high / place.height
            wide, high = place.width * scale, place.height * scale
        if len(items) == 1:
            handle = Handle((1, 1) if aspect else (1, 0) if width is not None else (0, 1))
            corner = turned(
                place.x + wide, place.y + high, *centre(items[0].rect), items[0].rotation
            )
            new = [_grown(resized(items[0], handle, *corner, aspect=False))]
        else:
            new = resized_together(items, place, Rect(place.x, place.y, wide, high))
        self._put(f"Resize {count(items)}", new, preview)

    def turn(self, degrees: float, *, preview: bool = False) -> None:
        """Turns each item about its own centre to an angle. Lines and strokes have none."""
        items = [item for item in self._board.selection.movable() if turns(item)]
        new = [
            turned_item
            for item in items
            for turned_item in rotated([item], *centre(item.rect), degrees - item.rotation)
        ]
        self._put(f"Rotate {count(items)}", new, preview)

    def set(self, name: str, value: Any, words: str, *, preview: bool = False) -> None:
        """Gives a property to those that have it. words: what changes, as in `Change fill`."""
        items = having(self._board.selection.movable(), name)
        new = [replace(item, **{name: value}) for item in items]
        if name in _SETS_HEIGHT:
            new = [_grown(item) for item in new]
        self._put(f"{words} {count(items)}", new, preview)
        if self._styles is not None and not preview:
            for kind in {kind_of(item) for item in items}:
                self._styles.remember(kind, name, value)

    def change(self, name: str, words: str, how: Callable[[Any], Item]) -> None:
        """Changes those that have a property, each in its own way."""
        items = having(self._board.selection.movable(), name)
        self._put(f"{words} {count(items)}", [how(item) for item in items])

    def reroute(self, form: LineForm) -> None:
        """Leads lines from end to end in another form."""
        known = self._board.canvas.items
        lines = [item for item in self._board.selection.movable() if isinstance(item, LineItem)]
        new = [joined(routed(replace(line, form=form), *ends(line)), known) for line in lines]
        self._put(f"Change form {count(lines)}", new)

    def rename(self, name: str) -> None:
        """Names the selection; an empty name takes it away."""
        items = self._board.selection.items()
        self._put(f"Rename {count(items)}", [replace(item, name=name) for item in items])

    def _put(self, label: str, items: Sequence[Item], preview: bool = False) -> None:
        if not items:
            return
        after = self._board.with_lines({item.id: item for item in items})
        if preview:
            self._preview.show([item for item in after.values() if item is not None])
        else:
            self._preview.end()
            self._board.canvas.apply(label, after)


def turns(item: Item) -> bool:
    """Whether an item has an angle of its own; a path's points turn instead."""
    return not isinstance(item, (LineItem, StrokeItem))


def _grown(item: Item) -> Item:
    """A text's box is as tall as its words."""
    return replace(item, height=text_height(item)) if isinstance(item, TextItem) else item
