"""Hands what is selected to the chat: an image to be edited, or a picture with what lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.annotations import annotations_on, in_words
from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.geometry import Rect, bounds
from kupuri_desktop.core.hits import extent, upright
from kupuri_desktop.core.items import FrameItem, ImageItem, Item
from kupuri_desktop.core.picture_space import shown
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.hands.gestures import with_held
from kupuri_desktop.ui.canvas.traffic.export import ExportWish, export
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.workspace.eyes import LONGEST

_LEAST_SCALE = 2.0
_MOST_SCALE = 8.0


class Chat(Protocol):
    """What is needed of the chat dock."""

    def attach(self, part: ImagePart) -> None: ...

    def show_problem(self, error: KupuriError) -> None: ...

    def focus_composer(self) -> None: ...


class Keeping(Protocol):
    """Stores a picture for the chat. Raises KupuriError."""

    async def keep(self, data: bytes, name: str) -> ImagePart: ...


@dataclass(frozen=True, slots=True)
class Handed:
    """What goes to the chat: images, and what lies on them."""

    images: tuple[ImageItem, ...]
    marks: tuple[Item, ...]

    @classmethod
    def of(cls, selected: Sequence[Item], items: Sequence[Item]) -> Handed:
        images = tuple(item for item in selected if isinstance(item, ImageItem))
        marks = {item.id: item for item in annotations_on(images, items)}
        marks |= {item.id: item for item in selected if not isinstance(item, ImageItem)}
        return cls(images, tuple(item for item in marks.values() if not item.hidden))


class Handing:
    """`verbs` are for the canvas; what they make is attached to the next wish."""

    def __init__(self, canvas: CanvasView, chat: Chat, keeping: Keeping, owner: QWidget) -> None:
        self._canvas = canvas
        self._chat = chat
        self._keeping = keeping
        self._owner = owner

    def verbs(self) -> list[Verb]:
        one, chat = Needs.ONE, Section.CHAT
        return [
            Verb("edit_with_ai", "Edit with AI", ("E",), "sparkles", one, self.edit, chat,
                 self._has_images),
            Verb("send_to_chat", "Send to chat", ("Shift+E",), "message-square-plus", one,
                 self.send, chat),
        ]  # fmt: skip

    def edit(self) -> None:
        """Attaches each selected image, with its mask where it has one."""
        self._start(self._edit([item.id for item in self._images()]))

    def send(self) -> None:
        """Attaches a picture of what is selected, with and without what was drawn on it."""
        self._start(self._send())

    def _start(self, work: object) -> None:
        self._canvas.modes.leave(apply=True)
        self._canvas.tasks.spawn(
            work,  # type: ignore[arg-type]
            self._owner,
            on_error=self._chat.show_problem,
            name="hand to chat",
        )

    async def _edit(self, ids: Sequence[str]) -> None:
        # A stroke may still be on its way to the image.
        await self._canvas.modes.settled()
        for key in ids:
            item = self._canvas.canvas.items.get(key)
            if isinstance(item, ImageItem):
                self._chat.attach(_as_it_is(item))
        self._chat.focus_composer()

    async def _send(self) -> None:
        await self._canvas.modes.settled()
        canvas = self._canvas.canvas
        selected = with_held(canvas, self._canvas.selection.items())
        handed = Handed.of(selected, list(canvas.items.values()))
        if handed.images and not any(not isinstance(m, FrameItem) for m in handed.marks):
            for item in handed.images:
                self._chat.attach(_as_it_is(item))
        else:
            self._chat.attach(await self._rendered(handed))
        self._chat.focus_composer()

    async def _rendered(self, handed: Handed) -> ImagePart:
        """The plain picture and the one with marks, over the same area of the canvas."""
        images, marks = handed.images, handed.marks
        marked = await self._keep([*images, *marks])
        if not images:
            return marked
        area = bounds(upright(item) for item in images) or Rect(0, 0, 1, 1)
        words = in_words(
            [mark for mark in marks if not isinstance(mark, FrameItem)],
            area,
            self._canvas.canvas.items,
        )
        only = images[0] if len(images) == 1 else None
        plain = _as_it_is(only) if only is not None else await self._keep(images)
        return ImagePart(
            plain.asset, plain.item, plain.mime, masked=plain.masked,
            marked=marked.asset, words=words,
        )  # fmt: skip

    async def _keep(self, items: Sequence[Item]) -> ImagePart:
        area = bounds(extent(item) for item in items) or Rect(0, 0, 1, 1)
        longest = max(area.width, area.height, 1.0)
        own = [shown(item).width / item.width for item in items if isinstance(item, ImageItem)]
        scale = min(LONGEST / longest, max([_LEAST_SCALE, *own]), _MOST_SCALE)
        ground = self._canvas.look.theme.colours.canvas.name()
        known = self._canvas.canvas.items
        frames = {key: item for key, item in known.items() if isinstance(item, FrameItem)}
        wish = ExportWish(scale=scale, background=ground)
        data = await export(items, self._canvas.pictures, wish, frames)
        return await self._keeping.keep(data, "selection")

    def _images(self) -> list[ImageItem]:
        items = self._canvas.selection.items()
        return [item for item in items if isinstance(item, ImageItem)]

    def _has_images(self) -> bool:
        return bool(self._images())


def _as_it_is(item: ImageItem) -> ImagePart:
    return ImagePart(item.asset, item.id, masked=item.mask is not None)
