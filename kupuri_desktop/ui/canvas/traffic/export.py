"""Renders items into image files, in a thread and in any size."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.geometry import Rect, bounds
from kupuri_desktop.core.hits import extent
from kupuri_desktop.core.items import FrameItem, ImageItem, Item
from kupuri_desktop.ui.canvas.painting.sheet import whole_edge
from kupuri_desktop.ui.canvas.painting.stack import paint_image, paint_unreadable, turn
from kupuri_desktop.ui.canvas.painting.vectors import paint_vector
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.decoding import decode, grey

LARGEST = 16384
"""Pixels of an edge: what every program that we know still opens."""


class FileKind(Enum):
    """What an export is written as; the value is Pillow's name."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"

    @property
    def extension(self) -> str:
        return {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}[self.value]


@dataclass(frozen=True, slots=True)
class ExportWish:
    """scale: pixels a canvas unit, 0.25 to 8. background: None is transparent.

    quality: 1 to 100, for JPEG and WebP. JPEG has no transparency: None is white there.
    """

    kind: FileKind = FileKind.PNG
    scale: float = 1.0
    background: str | None = None
    quality: int = 92


def in_order(items: Iterable[Item]) -> list[Item]:
    return sorted((i for i in items if not i.hidden), key=lambda item: (item.z, item.id))


async def export(
    items: Sequence[Item],
    pictures: Pictures,
    wish: ExportWish,
    frames: Mapping[str, FrameItem] | None = None,
) -> bytes:
    """The items as one image file. frames: those that clip what they hold.

    Raises UsageError where there is nothing to export or it would be too large, and what
    reading an image raises.
    """
    area = bounds(extent(item) for item in items if not item.hidden)
    if area is None:
        raise UsageError("There is nothing to export.", hint="Select something first.")
    width, height = round(area.width * wish.scale), round(area.height * wish.scale)
    if max(width, height) > LARGEST:
        raise UsageError(
            f"That would be {width} by {height} pixels.",
            hint=f"Choose a smaller scale: up to {LARGEST} pixels a side are possible.",
        )
    assets = {item.asset for item in items if isinstance(item, ImageItem)}
    data = {asset: await pictures.data(asset) for asset in assets}
    return await asyncio.to_thread(_export, items, data, area, wish, frames or {})


def _export(
    items: Sequence[Item],
    data: Mapping[str, bytes],
    area: Rect,
    wish: ExportWish,
    frames: Mapping[str, FrameItem],
) -> bytes:
    return encode(render(items, data, area, wish, frames), wish)


def render(
    items: Sequence[Item],
    data: Mapping[str, bytes],
    area: Rect,
    wish: ExportWish,
    frames: Mapping[str, FrameItem],
) -> QImage:
    """Paints the area into a new image; for any thread."""
    size = (max(1, round(area.width * wish.scale)), max(1, round(area.height * wish.scale)))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    ground = wish.background or ("#ffffff" if wish.kind is FileKind.JPEG else None)
    image.fill(QColor(ground) if ground else QColor(0, 0, 0, 0))
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.scale(wish.scale, wish.scale)
    painter.translate(-area.x, -area.y)
    for item in in_order(items):
        painter.save()
        clip_to_frame(painter, item, frames)
        painter.setOpacity(item.opacity)
        turn(painter, item)
        if isinstance(item, ImageItem):
            picture, problem = decode(data.get(item.asset, b""), longest_for(item, wish.scale))
            paint_picture(painter, item, picture, problem)
        else:
            paint_vector(painter, item)
        painter.restore()
    painter.end()
    return image


def clip_to_frame(painter: QPainter, item: Item, frames: Mapping[str, FrameItem]) -> None:
    """Keeps the paint of an item inside the frame that holds and clips it."""
    frame = frames.get(item.frame or "")
    if frame is not None and frame.clip:
        rect = QRectF(frame.x, frame.y, frame.width, frame.height)
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)


def longest_for(item: ImageItem, scale: float) -> int:
    """The longer edge at which a picture is decoded to be painted at `scale`; 0 as it is.

    Twice the size that is shown is scaled down well by Qt; more makes no better picture.
    """
    shown = whole_edge(item) * scale
    natural = max(item.natural_width, item.natural_height)
    return 0 if shown >= natural * 0.5 else min(max(round(shown * 2), 1), natural)


def paint_picture(painter: QPainter, item: ImageItem, picture: QImage | None, problem: str) -> None:
    """Paints an image item in canvas units; None: its place and why it cannot be read."""
    if picture is None:
        paint_unreadable(painter, item, problem, QColor("#808088"))
        return
    if item.grayscale:
        picture = grey(picture)
    paint_image(painter, item, picture, QRectF(item.x, item.y, item.width, item.height))


def encode(image: QImage, wish: ExportWish) -> bytes:
    """The picture as a file. Pillow lets go of Python's lock while it packs."""
    pixels = image.convertToFormat(QImage.Format.Format_RGBA8888)
    picture = Image.frombuffer(
        "RGBA",
        (pixels.width(), pixels.height()),
        bytes(pixels.constBits()),
        "raw",
        "RGBA",
        pixels.bytesPerLine(),
        1,
    )
    if wish.kind is FileKind.JPEG:
        picture = picture.convert("RGB")
    out = io.BytesIO()
    match wish.kind:
        case FileKind.PNG:
            picture.save(out, "PNG")
        case FileKind.JPEG:
            picture.save(out, "JPEG", quality=wish.quality, subsampling=0)
        case FileKind.WEBP:
            picture.save(out, "WEBP", quality=wish.quality)
    return out.getvalue()


def is_as_stored(item: ImageItem) -> bool:
    """Whether the item shows its image just as its bytes have it, but for its size."""
    return not (
        item.crop is not None
        or item.flip_x
        or item.flip_y
        or item.grayscale
        or item.corner_radius
        or item.rotation
        or item.opacity != 1
    )
