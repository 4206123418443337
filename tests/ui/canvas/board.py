"""A canvas with pictures in memory, for tests that draw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage

from kupuri_desktop.core.canvas import Canvas, CanvasState
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.errors import NotFound
from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.core.signals import Signal


def picture(width: int, height: int, seed: int = 0) -> QImage:
    """Smooth colours with hard edges in them, different for every seed."""
    y, x = np.mgrid[0:height, 0:width]
    rng = np.random.default_rng(seed)
    a, b, c = rng.uniform(0.2, 1, 3)
    red = 255 * (0.5 + 0.5 * np.sin(x / width * 6 * a + seed))
    green = 255 * (0.5 + 0.5 * np.cos(y / height * 5 * b + seed * 2))
    blue = np.where((x // max(width // 8, 1) + y // max(height // 8, 1)) % 2, 255 * c, 60)
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2], pixels[..., 3] = blue, green, red, 255
    return QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()


def png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class MemoryPictures:
    """Pictures in memory. `levels` off: as if the smaller ones were not made yet."""

    def __init__(self, *, levels: bool = True) -> None:
        self.levels_made: Signal[str] = Signal()
        self.levels = levels
        self.asked: list[tuple[str, int]] = []
        self._data: dict[str, bytes] = {}
        self._images: dict[str, QImage] = {}

    def add(self, image: QImage) -> str:
        data = png(image)
        key = hashlib.sha256(data).hexdigest()
        self._data[key] = data
        self._images[key] = image
        return key

    def add_bytes(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        self._data[key] = data
        return key

    async def micros(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        small = {}
        for key in ids:
            if key in self._images:
                image = self._images[key].scaled(
                    16,
                    16,
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
                small[key] = bytes(image.constBits())
        return small

    async def level(self, asset: str, size: int) -> bytes | None:
        self.asked.append((asset, size))
        image = self._images.get(asset)
        if image is None or not self.levels or max(image.width(), image.height()) <= size:
            return None
        keep = Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        return png(image.scaled(size, size, keep, smooth))

    async def data(self, asset: str) -> bytes:
        self.asked.append((asset, 0))
        if asset not in self._data:
            raise NotFound("This image is not in the project any more.")
        return self._data[asset]


class Recorder:
    """What a canvas wrote down."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def __call__(self, change: Change) -> None:
        self.changes.append(change)

    @property
    def labels(self) -> list[str]:
        return [change.step.label for change in self.changes]


def canvas_of(items: Iterable[Item] = ()) -> Canvas:
    return Canvas(CanvasState(tuple(items)), Recorder())


def image_item(
    pictures: MemoryPictures,
    key: str,
    x: float = 0,
    y: float = 0,
    size: tuple[int, int] = (200, 150),
    seed: int = 0,
    **more: object,
) -> ImageItem:
    """An image item at 100 %, its picture added."""
    width, height = size
    asset = pictures.add(picture(width, height, seed))
    item = ImageItem(
        id=key,
        x=x,
        y=y,
        width=width,
        height=height,
        asset=asset,
        natural_width=width,
        natural_height=height,
    )
    return replace(item, **more)  # type: ignore[arg-type]


class Exports:
    """Files in a folder, with the making as a mark at the end."""

    def __init__(self, folder: Path, pictures: MemoryPictures, items: Sequence[Item]) -> None:
        self._folder = folder
        self._pictures = pictures
        self._items = {item.id: item for item in items}

    async def files_for(self, ids: Sequence[str]) -> Sequence[Path]:
        paths = []
        for key in ids:
            path = self._folder / f"{self._items[key].name or key}.png"
            asset = str(getattr(self._items[key], "asset", ""))
            path.write_bytes(await self._pictures.data(asset))
            paths.append(path)
        return paths

    async def file_of(self, data: bytes, name: str) -> Path:
        path = self._folder / name
        path.write_bytes(data)
        return path

    async def with_making(self, png: bytes, items: Sequence[Item]) -> bytes:
        return png
