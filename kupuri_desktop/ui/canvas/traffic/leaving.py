"""Gives items to other programs: dragged out as real files, copied as pictures, exported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QApplication, QWidget

from kupuri_desktop.core.file_names import slug
from kupuri_desktop.core.groups import lifted
from kupuri_desktop.core.hits import extent
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, describe
from kupuri_desktop.ui.canvas.hands.gestures import Board, with_held
from kupuri_desktop.ui.canvas.ports import Outgoing, Pictures
from kupuri_desktop.ui.canvas.traffic.carrying import ITEMS, Load, pack, words_of
from kupuri_desktop.ui.canvas.traffic.export import ExportWish, FileKind, export, is_as_stored
from kupuri_desktop.ui.decoding import decode
from kupuri_desktop.ui.tasks import Tasks

_THUMB = 160
_PNG_MARK = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Out:
    """A drag under way: what it holds, and where on the canvas it was taken."""

    ids: tuple[str, ...]
    at: QPointF


class Leaving:
    """Files are made when a drag becomes likely, and are whole before it begins."""

    def __init__(
        self,
        view: QWidget,
        board: Board,
        pictures: Pictures,
        outgoing: Outgoing | None,
        tasks: Tasks,
    ) -> None:
        self._view = view
        self._board = board
        self._pictures = pictures
        self._outgoing = outgoing
        self._tasks = tasks
        self._wanted: tuple[Item, ...] = ()
        self._making: asyncio.Task[Load] | None = None
        self.dragging: Out | None = None

    def prepare(self, ids: Sequence[str]) -> asyncio.Task[Load] | None:
        """Begins to make the files for a drag of these items; the same again costs nothing."""
        known = self._board.canvas.items
        items = tuple(known[key] for key in ids if key in known)
        if not items or self._outgoing is None:
            return None
        if items != self._wanted or self._failed():
            if self._making is not None:
                self._making.cancel()
            self._wanted = items
            self._making = self._tasks.spawn(self._load(items, self._outgoing), self._view)
        return self._making

    def drag(self, ids: Sequence[str], at: QPointF) -> None:
        """Starts the drag once its files are whole, if the button is still down then."""
        making = self.prepare(ids)
        if making is None or self.dragging is not None:
            return
        self.dragging = Out(tuple(ids), at)
        making.add_done_callback(self._ready)

    def copy(self) -> None:
        """Items at once, their picture a moment later."""
        chosen = with_held(self._board.canvas, self._board.selection.items())
        items = tuple(lifted(chosen, self._board.selection.group))
        if not items:
            return
        words = words_of(items)
        packed = pack(Load(items, words=words))
        QGuiApplication.clipboard().setMimeData(packed)
        self._tasks.spawn(
            self._copy_picture(items, words, bytes(packed.data(ITEMS).data())), self._view
        )

    async def exported(self, items: Sequence[Item], wish: ExportWish) -> bytes:
        """The items as a file; a PNG with how they were made, where that may leave."""
        whole = with_held(self._board.canvas, items)
        data = await export(whole, self._pictures, wish, self._frames())
        if wish.kind is FileKind.PNG and self._outgoing is not None:
            data = await self._outgoing.with_making(data, whole)
        return data

    # --- inside

    def _failed(self) -> bool:
        task = self._making
        if task is None:
            return True
        return task.done() and (task.cancelled() or task.exception() is not None)

    def _frames(self) -> dict[str, FrameItem]:
        items = self._board.canvas.items.items()
        return {key: item for key, item in items if isinstance(item, FrameItem)}

    async def _load(self, items: tuple[Item, ...], outgoing: Outgoing) -> Load:
        images = [item for item in items if isinstance(item, ImageItem)]
        if len(images) < len(items):
            png = await self.exported(items, ExportWish())
            path = await outgoing.file_of(png, f"{slug(describe(items[0]))}.png")
            files = [path]
        else:
            stored = [item.id for item in images if is_as_stored(item)]
            paths = dict(zip(stored, await outgoing.files_for(stored), strict=True))
            for item in images:
                if item.id not in paths:
                    png = await self.exported([item], ExportWish(scale=_own_scale(item)))
                    name = f"{slug(describe(item))}.png"
                    paths[item.id] = await outgoing.file_of(png, name)
            files = [paths[item.id] for item in images]
        if len(files) > 1:
            return Load(items, tuple(files))
        data = await asyncio.to_thread(files[0].read_bytes)
        picture, _ = await asyncio.to_thread(decode, data)
        return Load(
            items,
            tuple(files),
            data if data.startswith(_PNG_MARK) else None,
            picture,
        )

    async def _copy_picture(self, items: tuple[Item, ...], words: str, packed: bytes) -> None:
        single = items[0] if len(items) == 1 else None
        png = b""
        if isinstance(single, ImageItem) and is_as_stored(single):
            png = await self._pictures.data(single.asset)
            if png.startswith(_PNG_MARK) and self._outgoing is not None:
                png = await self._outgoing.with_making(png, items)
        if not png.startswith(_PNG_MARK):
            png = await self.exported(items, ExportWish())
        picture, _ = await asyncio.to_thread(decode, png)
        now = QGuiApplication.clipboard().mimeData()
        if now is None or bytes(now.data(ITEMS).data()) != packed:
            # Something else has been copied since.
            return
        QGuiApplication.clipboard().setMimeData(
            pack(Load(items, png=png, picture=picture, words=words))
        )

    def _ready(self, making: asyncio.Task[Load]) -> None:
        if making.cancelled() or making.exception() is not None:
            self.dragging = None
            return
        load = making.result()
        # A drag runs an event loop of its own, which must not stand inside a task's step.
        QTimer.singleShot(0, self._view, lambda: self._run(load))

    def _run(self, load: Load) -> None:
        try:
            if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                drag = QDrag(self._view)
                drag.setMimeData(pack(load))
                thumb = self.thumbnail(load.items)
                drag.setPixmap(thumb)
                size = thumb.deviceIndependentSize().toSize()
                drag.setHotSpot(QPoint(size.width() // 2, size.height() // 2))
                drag.exec(Qt.DropAction.CopyAction)
        finally:
            self.dragging = None

    def thumbnail(self, items: Sequence[Item]) -> QPixmap:
        """What the pointer carries: the items as they are known now, small."""
        area = QRectF()
        for item in items:
            rect = extent(item)
            area = area.united(QRectF(rect.x, rect.y, rect.width, rect.height))
        ratio = self._view.devicePixelRatioF()
        k = min(_THUMB / max(area.width(), 1), _THUMB / max(area.height(), 1), 1.0) * ratio
        size = QSize(max(1, round(area.width() * k)), max(1, round(area.height() * k)))
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setOpacity(0.85)
        view = QTransform(k, 0, 0, k, -area.x() * k, -area.y() * k)
        sheet = self._board.layer.sheet
        rows = sheet.ordered(sheet.rows_of(item.id for item in items))
        self._board.layer.stack.paint(painter, view, rows)
        painter.end()
        image.setDevicePixelRatio(ratio)
        return QPixmap.fromImage(image)


def _own_scale(item: ImageItem) -> float:
    """Pixels a canvas unit at which the item has its image's own pixels."""
    shown = item.crop.width if item.crop is not None else float(item.natural_width)
    return shown / item.width if item.width else 1.0
