"""Pixels of a painted image as the packers of files want them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image
from PySide6.QtGui import QImage

Bytes2D: TypeAlias = npt.NDArray[np.uint8]


def rows(image: QImage, channels: int) -> Bytes2D:
    """(height, width x channels) bytes: R, G, B and, of four channels, alpha; not premultiplied."""
    four = channels == 4
    wanted = QImage.Format.Format_RGBA8888 if four else QImage.Format.Format_RGB888
    plain = image.convertToFormat(wanted)
    flat = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    # A copy: the QImage that holds the bytes ends with this function.
    return flat[:, : plain.width() * channels].copy()


def pillow(image: QImage, channels: int = 4) -> Image.Image:
    """The same picture for Pillow: RGBA, or RGB where it has three channels."""
    data = rows(image, channels)
    shape = (data.shape[0], data.shape[1] // channels, channels)
    return Image.fromarray(data.reshape(shape))
