"""SVG files: vectors stay vectors, words stay words, images are inside as data.

Qt writes what our painter paints of one item; what is around it (turns, frames, opacity, images)
is written here. https://www.w3.org/TR/SVG11/
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Sequence
from typing import BinaryIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImageIOHandler, QPainter
from PySide6.QtSvg import QSvgGenerator

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import centre
from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.engines.stripping import stripped
from kupuri_desktop.ui.canvas.painting.stack import paint_unreadable
from kupuri_desktop.ui.canvas.painting.vectors import paint_vector
from kupuri_desktop.ui.decoding import grey, opened
from kupuri_desktop.ui.exporting.darkroom import Darkroom, Progress
from kupuri_desktop.ui.exporting.formats.pixels import pillow
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.threads import in_thread
from kupuri_desktop.ui.exporting.writers import Story

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_SPACE = f"{{{SVG}}}"
# Every reader of SVG must read these two and no others.
_EMBEDDED = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UPRIGHT = QImageIOHandler.Transformation.TransformationNone


class SvgWriter:
    """keep: what the images' own files tell about themselves stays in them."""

    def __init__(self, room: Darkroom, ground: str | None, *, keep: bool) -> None:
        self._room = room
        self._ground = ground
        self._keep = keep

    async def write(
        self, pages: Sequence[Piece], file: BinaryIO, story: Story, progress: Progress
    ) -> None:
        """See Writer."""
        (piece,) = pages
        sheet = _Sheet(piece, self._room.scale, self._ground, piece.name if self._keep else "")
        shown = piece.shown
        for done, item in enumerate(shown, 1):
            if isinstance(item, ImageItem):
                await self._add_image(sheet, item)
            else:
                await in_thread(sheet.add_vector, item)
            progress(done / len(shown))
        await in_thread(sheet.write, file)

    async def _add_image(self, sheet: _Sheet, item: ImageItem) -> None:
        data = await self._room.data(item.asset)
        found = None
        if data and not item.grayscale:
            found = await in_thread(_embedded, data, self._keep)
        if found is None:
            seen = await self._room.picture(item)
            if seen.picture is None:
                await in_thread(sheet.add_unreadable, item, seen.problem)
                return
            picture = grey(seen.picture) if item.grayscale else seen.picture
            channels = 4 if picture.hasAlphaChannel() else 3

            def packed() -> tuple[bytes, str]:
                out = io.BytesIO()
                pillow(picture, channels).save(out, "PNG")
                return out.getvalue(), "image/png"

            found = await in_thread(packed)
        await in_thread(sheet.add_image, item, *found)


def _embedded(data: bytes, keep: bool) -> tuple[bytes, str] | None:
    """The file as it may stand in an SVG and its type; None where it must be packed anew."""
    kind = next((mime for mark, mime in _EMBEDDED.items() if data.startswith(mark)), None)
    reader, _buffer = opened(data)
    # Not every reader turns a picture by its Exif.
    if kind is None or reader is None or reader.transformation() != _UPRIGHT:
        return None
    if keep:
        return data, kind
    bare = stripped(data)
    return None if bare is None else (bare, kind)


class _Sheet:
    """The document as it grows."""

    def __init__(self, piece: Piece, scale: float, ground: str | None, title: str) -> None:
        area = piece.area
        self._piece = piece
        self._clips: dict[Rect, str] = {}
        self._count = 0
        self.root = Element(
            _SPACE + "svg",
            {
                "version": "1.1",
                "width": _n(area.width * scale),
                "height": _n(area.height * scale),
                "viewBox": " ".join(map(_n, (area.x, area.y, area.width, area.height))),
            },
        )
        if title:
            SubElement(self.root, _SPACE + "title").text = _plain(title)
        self._defs = SubElement(self.root, _SPACE + "defs")
        if ground:
            SubElement(self.root, _SPACE + "rect", _box(area) | {"fill": ground})

    def add_vector(self, item: Item) -> None:
        """What the painter paints for an item, in Qt's own words."""
        painted = self._drawn(lambda painter: paint_vector(painter, item))
        self._holder(item).extend(painted)

    def add_unreadable(self, item: ImageItem, why: str) -> None:
        ink = QColor("#808088")
        painted = self._drawn(lambda painter: paint_unreadable(painter, item, why, ink))
        self._holder(item).extend(painted)

    def add_image(self, item: ImageItem, data: bytes, mime: str) -> None:
        """A whole picture, cut and turned as the item shows it."""
        holder = self._holder(item)
        whole = item.rect
        if item.crop is not None and item.crop.width and item.crop.height:
            kx, ky = item.width / item.crop.width, item.height / item.crop.height
            whole = Rect(
                item.x - item.crop.x * kx,
                item.y - item.crop.y * ky,
                item.natural_width * kx,
                item.natural_height * ky,
            )
        if item.flip_x or item.flip_y:
            x, y = centre(item.rect)
            sx, sy = (-1 if item.flip_x else 1), (-1 if item.flip_y else 1)
            moves = f"translate({_n(x)} {_n(y)}) scale({sx} {sy}) translate({_n(-x)} {_n(-y)})"
            holder = SubElement(holder, _SPACE + "g", {"transform": moves})
        if item.corner_radius > 0 or whole != item.rect:
            radius = min(item.corner_radius, item.width / 2, item.height / 2)
            holder.set("clip-path", f"url(#{self._clip(item.rect, radius)})")
        link = f"data:{mime};base64,{base64.b64encode(data).decode()}"
        SubElement(
            holder,
            _SPACE + "image",
            # The older spelling is the one that all readers know.
            _box(whole) | {"preserveAspectRatio": "none", f"{{{XLINK}}}href": link},
        )

    def write(self, file: BinaryIO) -> None:
        """The whole document, in UTF-8."""
        ElementTree.register_namespace("", SVG)
        ElementTree.register_namespace("xlink", XLINK)
        if not len(self._defs):
            self.root.remove(self._defs)
        ElementTree.ElementTree(self.root).write(file, "utf-8", xml_declaration=True)

    def _holder(self, item: Item) -> Element:
        """An element inside everything that the item's paint has to go through."""
        holder = self.root
        frame = self._piece.frames.get(item.frame or "")
        if frame is not None and frame.clip:
            clip = self._clip(frame.rect, 0)
            holder = SubElement(holder, _SPACE + "g", {"clip-path": f"url(#{clip})"})
        inside = {}
        if item.name:
            inside["aria-label"] = _plain(item.name)
        if item.opacity != 1:
            inside["opacity"] = _n(item.opacity)
        if item.rotation:
            x, y = centre(item.rect)
            inside["transform"] = f"rotate({_n(item.rotation)} {_n(x)} {_n(y)})"
        return SubElement(holder, _SPACE + "g", inside)

    def _clip(self, rect: Rect, radius: float) -> str:
        if radius == 0 and rect in self._clips:
            return self._clips[rect]
        name = self._name("clip")
        clip = SubElement(self._defs, _SPACE + "clipPath", {"id": name})
        SubElement(clip, _SPACE + "rect", _box(rect) | ({"rx": _n(radius)} if radius else {}))
        if radius == 0:
            self._clips[rect] = name
        return name

    def _drawn(self, paint: Callable[[QPainter], object]) -> list[Element]:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        area = self._piece.area
        device = QSvgGenerator()
        device.setOutputDevice(buffer)
        device.setResolution(72)
        device.setSize(QSize(round(area.width) or 1, round(area.height) or 1))
        device.setViewBox(QRectF(area.x, area.y, area.width, area.height))
        painter = QPainter(device)
        paint(painter)
        painter.end()
        # Qt lets characters through that no XML may hold.
        drawn = ElementTree.fromstring(_plain(bytes(buffer.data().data()).decode()))
        names: dict[str, str] = {}
        for defs in drawn.iter(_SPACE + "defs"):
            for made in defs:
                names[made.get("id", "")] = name = self._name("made")
                made.set("id", name)
                self._defs.append(made)
        bodies = [child for child in drawn if child.tag == _SPACE + "g"]
        for body in bodies:
            for element in body.iter():
                _rename(element, names)
            _prune(body)
        return bodies

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"


def _rename(element: Element, names: dict[str, str]) -> None:
    for key, value in element.attrib.items():
        if value.startswith("url(#"):
            old = value[5:-1]
            element.set(key, f"url(#{names.get(old, old)})")


def _prune(element: Element) -> None:
    """Takes out the empty groups that Qt leaves behind at every change of the pen."""
    for child in list(element):
        _prune(child)
        if child.tag == _SPACE + "g" and not len(child):
            element.remove(child)


def _box(rect: Rect) -> dict[str, str]:
    return {
        "x": _n(rect.x),
        "y": _n(rect.y),
        "width": _n(rect.width),
        "height": _n(rect.height),
    }


def _n(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".") if number % 1 else str(int(number))


def _plain(words: str) -> str:
    """Without the characters that no XML may hold: https://www.w3.org/TR/xml/#charsets."""
    return _FORBIDDEN.sub("", words)
