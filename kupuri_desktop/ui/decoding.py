"""Turns image files into pixels, in threads that leave the window its turn."""

from __future__ import annotations

import threading

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

MAX_MEGABYTES = 2048
"""Qt refuses pictures of more than 256 MB decoded unless told; 2 GB is a 23,000 pixel square."""


_CHOOSING = threading.Lock()
"""Held while Qt finds out what kind of file it has."""


def opened(data: bytes) -> tuple[QImageReader | None, QBuffer]:
    """A reader that turns upright, and the bytes that must live as long; None for no picture.

    For any thread, and the only way to a reader for all. Qt chooses the decoder under a lock of
    its own and asks the buffer meanwhile, which asks for Python's lock, since a QBuffer made here
    could have methods in Python; whoever asks a reader for its size then waits for Qt's lock
    and has Python's (PySide6 6.11: `size` and `canRead` keep it). Both wait for ever. So one
    thread at a time chooses, and no more is chosen once a reader is handed out.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    with _CHOOSING:
        known = reader.canRead()
    return (reader if known else None), buffer


def decode(data: bytes, longest: int = 0) -> tuple[QImage | None, str]:
    """(the picture, ""), or (None, why it cannot be read).

    longest: pixels of its longer edge at most; 0 as it is. For any thread: QImageReader.read()
    lets go of Python's lock while it works, QImage.fromData does not. Turned upright by its
    EXIF; RGB32, or ARGB32 premultiplied where it has an alpha channel.
    """
    reader, _buffer = opened(data)
    if reader is None:
        return None, "It is not a picture that can be read."
    reader.setAllocationLimit(MAX_MEGABYTES)
    size = reader.size()
    if longest and size.isValid() and max(size.width(), size.height()) > longest:
        scale = longest / max(size.width(), size.height())
        reader.setScaledSize(
            QSize(max(1, round(size.width() * scale)), max(1, round(size.height() * scale)))
        )
    image = reader.read()
    if image.isNull():
        return None, reader.errorString() or "It is not a picture that can be read."
    wanted = (
        QImage.Format.Format_ARGB32_Premultiplied
        if image.hasAlphaChannel()
        else QImage.Format.Format_RGB32
    )
    image.convertTo(wanted)
    return image, ""


def grey(image: QImage) -> QImage:
    """The same picture without colour (Rec. 709 luma), with its alpha."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    pixels = pixels[:, : image.width()]
    luma = (pixels[..., 0] * 0.0722 + pixels[..., 1] * 0.7152 + pixels[..., 2] * 0.2126).round()
    out = np.empty((image.height(), image.width(), 4), np.uint8)
    out[..., :3] = luma[..., None]
    out[..., 3] = pixels[..., 3]
    return QImage(out.data, image.width(), image.height(), image.width() * 4, image.format()).copy()
