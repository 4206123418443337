"""Writes items of the canvas into an image file that the person names."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.ui.canvas.ports import Outgoing, Pictures
from kupuri_desktop.ui.canvas.traffic.export import ExportWish, FileKind, export, is_as_stored
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.workspace.outgoing import file_stem, write_new

_FILTERS = {
    "PNG image (*.png)": FileKind.PNG,
    "JPEG image (*.jpg *.jpeg)": FileKind.JPEG,
    "WebP image (*.webp)": FileKind.WEBP,
}
_BY_ENDING = {
    "png": FileKind.PNG,
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "webp": FileKind.WEBP,
}


class Exporting(QObject):
    """Asks for a file and fills it; a file of that name is not overwritten without a question."""

    def __init__(
        self, pictures: Pictures, outgoing: Outgoing, tasks: Tasks, window: QWidget
    ) -> None:
        super().__init__(window)
        self._pictures = pictures
        self._outgoing = outgoing
        self._tasks = tasks
        self._window = window

    def ask(self, items: list[Item], name: str) -> None:
        """Ask where `items` shall go; `name` is offered as the file's name."""
        if not items:
            return
        dialog = QFileDialog(self._window, "Export", f"{file_stem(name)}.png")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(_FILTERS))
        dialog.fileSelected.connect(
            lambda file: self.begin(items, Path(file), _FILTERS[dialog.selectedNameFilter()])
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin(self, items: list[Item], path: Path, kind: FileKind) -> None:
        """Write the file; its ending, where it names a kind, has the last word."""
        kind = _BY_ENDING.get(path.suffix.lower().lstrip("."), kind)
        if not path.suffix:
            path = path.with_suffix(f".{kind.extension}")
        self._tasks.spawn(self.write(items, path, kind), self, name="export")

    async def write(self, items: list[Item], path: Path, kind: FileKind) -> None:
        """Raises KupuriError where an image or the file's folder is in the way."""
        data = await self._data(items, kind)
        await asyncio.to_thread(_replace, path, data)

    async def _data(self, items: list[Item], kind: FileKind) -> bytes:
        if kind is FileKind.PNG and len(items) == 1:
            only = items[0]
            if isinstance(only, ImageItem) and is_as_stored(only):
                stored = await self._pictures.data(only.asset)
                if stored.startswith(b"\x89PNG"):
                    return await self._outgoing.with_making(stored, items)
        data = await export(items, self._pictures, ExportWish(kind))
        return await self._outgoing.with_making(data, items) if kind is FileKind.PNG else data


def _replace(path: Path, data: bytes) -> None:
    """The dialog has asked already whether an older file may go."""
    written = write_new(path.parent, path.stem, f"{path.suffix.lstrip('.')}.new", data)
    written.replace(path)
