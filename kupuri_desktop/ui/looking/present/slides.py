"""What is shown in a presentation, in which order, and how it is made into pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from kupuri_desktop.core.arrange import in_reading_order
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, describe
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.canvas.traffic.export import ExportWish, render


@dataclass(frozen=True, slots=True)
class Slide:
    """A frame with what it holds, or one image. area: canvas units. items: from the back."""

    key: str
    name: str
    area: Rect
    items: tuple[Item, ...]


def slides_of(in_order: Sequence[Item], selected: Iterable[str]) -> tuple[list[Slide], int]:
    """The slides in reading order, and which of them comes first.

    Of several selected frames only those, else all; without a frame several selected images,
    else all. It begins at what is selected. in_order: from the back to the front; what is
    hidden, or lies in a hidden frame, is not shown.
    """
    chosen = set(selected)
    hidden = {i.id for i in in_order if isinstance(i, FrameItem) and i.hidden}
    seen = [i for i in in_order if not i.hidden and i.frame not in hidden]
    frames = [item for item in seen if isinstance(item, FrameItem)]
    images = [item for item in seen if isinstance(item, ImageItem)]
    shown: list[Item] = [*(frames or images)]
    wanted = [item for item in shown if item.id in chosen]
    if len(wanted) > 1:
        shown = wanted
    ordered = in_reading_order(shown, upright)
    held = _held(seen)
    slides = [_slide(item, held) for item in ordered]
    homes = chosen | {i.frame for i in seen if i.id in chosen and i.frame is not None}
    first = next((n for n, item in enumerate(ordered) if item.id in homes), 0)
    return slides, first if len(wanted) < 2 else 0


def _held(items: Sequence[Item]) -> dict[str, list[Item]]:
    held: dict[str, list[Item]] = {}
    for item in items:
        if item.frame is not None and not isinstance(item, FrameItem):
            held.setdefault(item.frame, []).append(item)
    return held


def _slide(item: Item, held: Mapping[str, Sequence[Item]]) -> Slide:
    name = " ".join(describe(item).split())
    return Slide(item.id, name, upright(item), (item, *held.get(item.id, ())))


async def picture_of(slide: Slide, pictures: Pictures, room: QSize) -> QImage:
    """The slide as large as it fits into so many device pixels. An unreadable image says so."""
    data: dict[str, bytes] = {}
    for asset in {item.asset for item in slide.items if isinstance(item, ImageItem)}:
        try:
            data[asset] = await pictures.data(asset)
        except KupuriError:
            # Painted as an image that cannot be shown, with the reason of its empty bytes.
            data[asset] = b""
    area = slide.area
    scale = min(room.width() / max(area.width, 1), room.height() / max(area.height, 1))
    frames = {item.id: item for item in slide.items if isinstance(item, FrameItem)}
    wish = ExportWish(scale=scale)
    return await asyncio.to_thread(render, slide.items, data, area, wish, frames)
