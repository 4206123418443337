"""Takes in what is dropped on the canvas or pasted into it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, QObject, QPointF
from PySide6.QtGui import QColor, QImage

from kupuri_desktop.core.arrange import copies, rehomed
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import Refused
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import FrameItem, Item, TextItem
from kupuri_desktop.core.transforms import around
from kupuri_desktop.ui.canvas.hands.gestures import Board, count
from kupuri_desktop.ui.canvas.painting.vectors import text_height
from kupuri_desktop.ui.canvas.ports import Intake
from kupuri_desktop.ui.canvas.traffic.carrying import Brought, unpack
from kupuri_desktop.ui.canvas.traffic.export import ExportWish, encode
from kupuri_desktop.ui.canvas.verbs import COPY_STEP
from kupuri_desktop.ui.tasks import Tasks

_TEXT_WIDTH = 480.0
_NAME = "Pasted image"


class Incoming:
    """Own items go straight onto the canvas; files and pictures by way of the intake."""

    def __init__(self, board: Board, intake: Intake | None, tasks: Tasks, owner: QObject) -> None:
        self._board = board
        self._intake = intake
        self._tasks = tasks
        self._owner = owner
        self.ink = QColor("white")

    def take(
        self,
        mime: QMimeData,
        at: QPointF | None,
        *,
        pointer: QPointF | None = None,
        in_place: bool = False,
    ) -> bool:
        """Takes what there is, at a point of the canvas, or where it is seen. False: nothing.

        pointer: where things that have no place here yet come. in_place: items come where they
        were, in this project or in another.
        """
        brought = unpack(mime)
        if not brought.anything:
            return False
        if brought.items:
            self._paste(brought.items, at, pointer, in_place=in_place)
            return True
        at = at or pointer
        if brought.words:
            self._write(brought.words, at or self._board.camera.centre())
        else:
            place = at or self._board.camera.centre()
            self._tasks.spawn(self._import(brought, (place.x(), place.y())), self._owner)
        return True

    def _paste(
        self,
        items: Sequence[Item],
        at: QPointF | None,
        pointer: QPointF | None,
        *,
        in_place: bool,
    ) -> None:
        canvas, whole = self._board.canvas, around(items)
        if whole is None:
            return
        dx = dy = COPY_STEP
        middle_x, middle_y = whole.x + whole.width / 2, whole.y + whole.height / 2
        seen = self._board.camera.shown().contains(QPointF(middle_x, middle_y))
        if at is None and not in_place and not seen:
            at = pointer or self._board.camera.centre()
        if at is not None:
            dx, dy = at.x() - middle_x, at.y() - middle_y
        elif in_place:
            dx = dy = 0.0
        elif not any(item.id in canvas.items for item in items):
            # Cut here: it comes back where it was.
            dx = dy = 0.0
        made = copies(items, round(dx), round(dy), canvas.top())
        frames = [item for item in canvas.items.values() if isinstance(item, FrameItem)]
        own = {item.id for item in made}
        homed = rehomed(made, frames)
        made = [item if item.frame in own else home for item, home in zip(made, homed, strict=True)]
        canvas.add(f"Paste {count(made)}", made)
        self._board.selection.set(item.id for item in made)

    def _write(self, words: str, at: QPointF) -> None:
        item = TextItem(
            id=new_id(), x=round(at.x() - _TEXT_WIDTH / 2), y=round(at.y()), width=_TEXT_WIDTH,
            height=0.0, text=words, colour=self.ink.name(), z=self._board.canvas.top(),
        )  # fmt: skip
        item = replace(item, height=text_height(item))
        self._board.canvas.add("Paste text", [item])
        self._board.selection.set([item.id])

    async def _import(self, brought: Brought, at: tuple[float, float]) -> None:
        if self._intake is None or brought.address:
            raise Refused(
                "Kupuri does not fetch pictures from the web by itself.",
                hint="Copy the picture itself, or save it and drop the file here.",
            )
        if brought.files:
            ids = await self._intake.take_files(brought.files, at)
        elif brought.data:
            ids = await self._intake.take_image(brought.data, brought.name or _NAME, at)
        else:
            data = await asyncio.to_thread(_as_png, brought.image)
            ids = await self._intake.take_image(data, _NAME, at)
        self._board.selection.set(ids)


def _as_png(image: QImage | None) -> bytes:
    return encode(image, ExportWish()) if image is not None else b""


def taken_back(canvas: Canvas, board: Board, ids: Sequence[str], dx: float, dy: float) -> None:
    """A drag that went out and came back to the canvas is a move."""
    items = [canvas.items[key] for key in ids if key in canvas.items]
    after: dict[str, Item | None] = {
        item.id: replace(item, x=item.x + round(dx), y=item.y + round(dy))
        for item in items
        if not item.locked
    }
    canvas.apply(f"Move {count(items)}", board.with_lines(after))
