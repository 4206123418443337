"""Draws a small picture of a canvas for file managers, from the smaller copies of its images."""

import asyncio
import io
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kupuri_desktop.core.geometry import Rect, bounds
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, NoteItem, ShapeForm, ShapeItem
from kupuri_desktop.storage.assets import Assets

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIDE = 512
MOST_PICTURES = 120
"""The largest ones are drawn as pictures; the rest would be a few pixels each."""

GROUND, SMALL = "#f4f4f6", "#c9c9d2"


async def preview_of(items: Sequence[Item], assets: Assets) -> bytes:
    """A PNG of at most 512 pixels a side; the items from the back to the front."""
    shown, largest = await asyncio.to_thread(_chosen, items)
    copies: dict[str, bytes] = {}
    for asset in largest:
        copies[asset] = await assets.thumbnail(asset, 256) or b""
    return await asyncio.to_thread(_drawn, shown, copies)


def _chosen(items: Sequence[Item]) -> tuple[list[Item], list[str]]:
    """The items that are seen, and the assets of the largest pictures among them."""
    shown = [item for item in items if not item.hidden]
    pictures = [item for item in shown if isinstance(item, ImageItem)]
    largest = sorted(pictures, key=lambda item: item.width * item.height, reverse=True)
    return shown, list(dict.fromkeys(item.asset for item in largest[:MOST_PICTURES]))


def _drawn(items: Sequence[Item], copies: dict[str, bytes]) -> bytes:
    from PIL import Image, ImageDraw

    whole = bounds([item.rect for item in items]) or Rect(0, 0, 1, 1)
    scale = SIDE / max(whole.width, whole.height, 1.0)
    size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
    sheet = Image.new("RGB", size, GROUND)
    pen = ImageDraw.Draw(sheet)
    shrunk = _Shrunk(copies)
    for item in items:
        left, top = (item.x - whole.x) * scale, (item.y - whole.y) * scale
        box = (
            round(left),
            round(top),
            max(round(left) + 1, round(left + item.width * scale)),
            max(round(top) + 1, round(top + item.height * scale)),
        )
        if isinstance(item, ImageItem) and copies.get(item.asset):
            _paste(sheet, item, shrunk, box)
        else:
            _fill(pen, item, box)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


class _Shrunk:
    """Pictures in the size they are seen in. Many copies of one are decoded and drawn once."""

    def __init__(self, copies: Mapping[str, bytes]) -> None:
        self._copies = copies
        self._last: tuple[str, Image] | None = None
        self._known: OrderedDict[tuple[Any, ...], Image] = OrderedDict()

    def get(self, item: ImageItem, size: tuple[int, int]) -> "Image":
        crop, flips = item.crop, (item.flip_x, item.flip_y)
        key = (item.asset, size, crop, item.natural_width, flips, item.rotation)
        if key not in self._known:
            self._known[key] = _fitted(item, self._decoded(item.asset), size)
            if len(self._known) > MOST_PICTURES:
                self._known.popitem(last=False)
        return self._known[key]

    def _decoded(self, asset: str) -> "Image":
        from PIL import Image

        if self._last is None or self._last[0] != asset:
            # The copies are Kupuri's own: PNG or JPEG of a few hundred pixels.
            with Image.open(io.BytesIO(self._copies[asset]), formats=["PNG", "JPEG"]) as opened:
                self._last = asset, opened.convert("RGBA")
        return self._last[1]


def _fitted(item: ImageItem, picture: "Image", size: tuple[int, int]) -> "Image":
    from PIL import ImageOps

    if item.crop is not None and item.natural_width:
        share = picture.width / item.natural_width
        crop = item.crop
        part = (crop.x * share, crop.y * share, crop.right * share, crop.bottom * share)
        left, top, right, bottom = (round(side) for side in part)
        picture = picture.crop((left, top, max(left + 1, right), max(top + 1, bottom)))
    picture = picture.resize(size)
    if item.flip_x:
        picture = ImageOps.mirror(picture)
    if item.flip_y:
        picture = ImageOps.flip(picture)
    if item.rotation:
        picture = picture.rotate(-item.rotation, expand=True)
    return picture


def _paste(
    sheet: "Image", item: ImageItem, shrunk: _Shrunk, box: tuple[int, int, int, int]
) -> None:
    picture = shrunk.get(item, (box[2] - box[0], box[3] - box[1]))
    middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
    at = (middle[0] - picture.width // 2, middle[1] - picture.height // 2)
    sheet.paste(picture, at, picture)


def _fill(pen: "ImageDraw", item: Item, box: tuple[int, int, int, int]) -> None:
    right, bottom = box[2] - 1, box[3] - 1
    inner = (box[0], box[1], max(box[0], right), max(box[1], bottom))
    match item:
        case FrameItem(background=str(colour)) | NoteItem(colour=colour):
            pen.rectangle(inner, fill=colour[:7])
        case ShapeItem(form=form, fill=fill, stroke=stroke):
            draw = pen.ellipse if form is ShapeForm.ELLIPSE else pen.rectangle
            draw(inner, fill=fill and fill[:7], outline=stroke and stroke[:7])
        case ImageItem():
            pen.rectangle(inner, fill=SMALL)
        case _:
            return
