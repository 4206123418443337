"""Cuts a canvas into what becomes a file or a page each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kupuri_desktop.core.arrange import in_reading_order
from kupuri_desktop.core.geometry import Rect, bounds
from kupuri_desktop.core.hits import extent, upright
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, TextItem, describe
from kupuri_desktop.ui.canvas.painting.vectors import text_height
from kupuri_desktop.ui.exporting.wish import What


@dataclass(frozen=True, slots=True)
class Piece:
    """items: from the back to the front, the hidden ones too. area: canvas units.

    frames: all that clip or hide what they hold. only: the one image that this shows, if so.
    """

    name: str
    items: tuple[Item, ...]
    area: Rect
    frames: Mapping[str, FrameItem]

    @property
    def shown(self) -> list[Item]:
        """What is painted, from the back to the front."""
        return [item for item in self.items if is_shown(item, self.frames)]

    @property
    def only(self) -> ImageItem | None:
        shown = [item for item in self.shown if not isinstance(item, FrameItem)]
        first = shown[0] if len(shown) == 1 else None
        return first if isinstance(first, ImageItem) else None

    def size(self, scale: float) -> tuple[int, int]:
        """Pixels at a scale; one at least."""
        return max(1, round(self.area.width * scale)), max(1, round(self.area.height * scale))


def is_shown(item: Item, frames: Mapping[str, FrameItem]) -> bool:
    """Whether neither the item nor the frame that holds it is hidden."""
    frame = frames.get(item.frame or "")
    return not item.hidden and not (frame is not None and frame.hidden)


def frames_of(items: Iterable[Item]) -> dict[str, FrameItem]:
    return {item.id: item for item in items if isinstance(item, FrameItem)}


def cut(
    everything: Sequence[Item], selected: Iterable[str], what: What, project: str
) -> list[Piece]:
    """The pieces in reading order; none where nothing of that is seen.

    A frame brings along what it holds and is as large as itself.
    """
    frames = frames_of(everything)
    ids = set(selected)
    held: dict[str, list[Item]] = {}
    for item in everything:
        if item.frame:
            held.setdefault(item.frame, []).append(item)

    def with_held(chosen: Iterable[Item]) -> list[Item]:
        found = {item.id: item for item in chosen}
        for key in list(found):
            found |= {item.id: item for item in held.get(key, ())}
        return list(found.values())

    match what:
        case What.EVERYTHING:
            parts = [(project, list(everything))]
        case What.SELECTION:
            chosen = [item for item in everything if item.id in ids]
            named = describe(chosen[0]) if len(chosen) == 1 else project
            parts = [(named, with_held(chosen))]
        case What.EACH_ITEM:
            chosen = [item for item in everything if item.id in ids and is_shown(item, frames)]
            parts = [
                (describe(item), with_held([item])) for item in in_reading_order(chosen, upright)
            ]
        case What.EACH_FRAME:
            seen = [frame for frame in frames.values() if not frame.hidden]
            if seen_and_selected := [frame for frame in seen if frame.id in ids]:
                seen = seen_and_selected
            parts = [
                (describe(frame), with_held([frame])) for frame in in_reading_order(seen, upright)
            ]
    found = (_piece(name, items, frames) for name, items in parts)
    return [piece for piece in found if piece is not None]


def _piece(name: str, items: Sequence[Item], frames: Mapping[str, FrameItem]) -> Piece | None:
    ordered = tuple(sorted(items, key=lambda item: (item.z, item.id)))
    area = area_of(ordered, frames)
    return None if area is None else Piece(name, ordered, area, frames)


def area_of(items: Sequence[Item], frames: Mapping[str, FrameItem]) -> Rect | None:
    """The area that the items paint, as far as their frames let them; None of nothing."""
    tops = {item.id for item in items if isinstance(item, FrameItem)}
    seen = [item for item in items if is_shown(item, frames)]
    if len(tops) == 1 and all(item.id in tops or item.frame in tops for item in seen):
        # A frame alone is a page: what hangs over its edge does not make it larger.
        found = bounds(upright(item) for item in seen if item.id in tops)
    else:
        found = bounds(rect for item in seen if (rect := painted(item, frames)) is not None)
        if found is not None and len(seen) > 1:
            # On whole units, so that images among outlines and turned things stay sharp.
            x, y = math.floor(found.x), math.floor(found.y)
            found = Rect(x, y, math.ceil(found.right) - x, math.ceil(found.bottom) - y)
    if found is None or found.width <= 0 or found.height <= 0:
        return None
    return found


def painted(item: Item, frames: Mapping[str, FrameItem]) -> Rect | None:
    """Where an item's paint is, inside the frame that clips it; None where nothing is left."""
    around = extent(item)
    if isinstance(item, TextItem):
        # Words may be taller than the box that was guessed for them.
        more = max(0.0, text_height(item) - item.height)
        around = Rect(around.x, around.y, around.width, around.height + more)
    frame = frames.get(item.frame or "")
    return around if frame is None or not frame.clip else common(around, frame.rect)


def common(one: Rect, other: Rect) -> Rect | None:
    """What two rectangles share; None where that is nothing."""
    x, y = max(one.x, other.x), max(one.y, other.y)
    width, height = min(one.right, other.right) - x, min(one.bottom, other.bottom) - y
    return Rect(x, y, width, height) if width > 0 and height > 0 else None
