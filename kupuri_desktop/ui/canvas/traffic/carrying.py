"""Packs items for the clipboard and for drags, and unpacks what others bring."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QClipboard, QImage

from kupuri_desktop.core.items import Item, item_to_json, items_from_json
from kupuri_desktop.ui.drops import picture_without_a_kind

ITEMS = "application/x-kupuri-items+json"
STYLE = "application/x-kupuri-style+json"
PICTURE_TYPES = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/avif",
    "image/gif",
    "image/tiff",
    "image/bmp",
    "image/svg+xml",
)
_QT_IMAGE = "application/x-qt-image"

# Tells what this process put on the clipboard from what another Kupuri did. (The offscreen
# platform answers `ownsClipboard` with no, always.)
_OURS = "kupuri"


@dataclass(frozen=True, slots=True)
class Load:
    """What is carried out: items, files that are whole, and a picture where it is one."""

    items: tuple[Item, ...]
    files: tuple[Path, ...] = ()
    png: bytes | None = None
    picture: QImage | None = None
    words: str = ""


def pack_style(item: Item) -> QMimeData:
    """How an item looks, as the item itself under another name."""
    mime = QMimeData()
    mime.setObjectName(_OURS)
    mime.setData(STYLE, QByteArray(item_to_json(item).encode()))
    return mime


def pack(load: Load) -> QMimeData:
    mime = QMimeData()
    mime.setObjectName(_OURS)
    if load.files:
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in load.files])
    if load.picture is not None:
        mime.setImageData(load.picture)
    if load.png is not None:
        mime.setData("image/png", QByteArray(load.png))
    if load.words:
        mime.setText(load.words)
    packed = json.dumps([json.loads(item_to_json(item)) for item in load.items])
    mime.setData(ITEMS, QByteArray(packed.encode()))
    return mime


def leave_plain(clipboard: QClipboard) -> None:
    """Put the picture, or else the words, in place of items that were copied here.

    PySide6 6.11 crashes at exit while a QMimeData made in Python is on the clipboard; one that
    Qt made stays for whoever takes the clipboard over. Items mean nothing without their canvas.
    """
    mime = clipboard.mimeData()
    if mime is None or mime.objectName() != _OURS:
        return
    if mime.hasImage():
        clipboard.setImage(clipboard.image())
    elif mime.hasText():
        clipboard.setText(mime.text())
    else:
        clipboard.clear()


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brings; the first of these that is there is what is taken.

    name: of the file that `data` was; empty where nobody said.
    """

    items: tuple[Item, ...] = ()
    files: tuple[Path, ...] = ()
    data: bytes = b""
    name: str = ""
    image: QImage | None = None
    words: str = ""
    address: str = ""

    @property
    def anything(self) -> bool:
        return bool(
            self.items or self.files or self.data or self.image or self.words or self.address
        )


def carries(mime: QMimeData) -> bool:
    """Whether there is something to take, without reading it all."""
    return (
        mime.hasFormat(ITEMS)
        or mime.hasUrls()
        or mime.hasImage()
        or mime.hasText()
        or any(mime.hasFormat(kind) for kind in PICTURE_TYPES)
    )


def unpack(mime: QMimeData) -> Brought:
    """Reads what is there: own items, files, bytes of a picture, a picture, words, an address.

    Browsers offer the picture's bytes and its address: the bytes win, nothing is fetched.
    """
    if mime.hasFormat(ITEMS):
        items = _items(bytes(mime.data(ITEMS).data()))
        if items:
            return Brought(items=items)
    urls = [QUrl(url) for url in mime.urls()] if mime.hasUrls() else []
    files = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
    if files:
        return Brought(files=files)
    for kind in PICTURE_TYPES:
        if mime.hasFormat(kind):
            data = bytes(mime.data(kind).data())
            if data:
                return Brought(data=data, name=_name(urls))
    if urls and (data := picture_without_a_kind(mime, PICTURE_TYPES)):
        return Brought(data=data, name=_name(urls))
    for url in urls:
        data = _inline(url.toString())
        if data:
            return Brought(data=data)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Brought(image=image)
    if urls:
        return Brought(address=urls[0].toString())
    return Brought(words=mime.text().strip()) if mime.hasText() else Brought()


def _items(data: bytes) -> tuple[Item, ...]:
    # Another program may offer anything under our name.
    try:
        return tuple(items_from_json([json.dumps(part) for part in json.loads(data)]))
    except (ValueError, TypeError):
        return ()


def _name(urls: Sequence[QUrl]) -> str:
    plain = next((url for url in urls if url.scheme() in ("http", "https", "file")), QUrl())
    return plain.fileName()


def _inline(address: str) -> bytes:
    """The bytes of a `data:image/...;base64,` address; nothing of any other."""
    head, found, body = address.partition(",")
    if not (found and head.startswith("data:image/") and head.endswith(";base64")):
        return b""
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return b""


def words_of(items: Sequence[Item]) -> str:
    """The words among the items, for programs that take words alone."""
    found = (str(getattr(item, "text", "")) for item in items)
    return "\n".join(text for text in found if text)
