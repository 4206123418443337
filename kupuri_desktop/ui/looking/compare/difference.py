"""Where two images differ, and how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

CHANGED = 2
"""Of 255: a pixel of which no channel differs by more counts as the same, as after a JPEG."""

LARGEST = 2048
"""Pixels of the longer edge at which images are compared."""

AMPLIFY = (1, 2, 4, 8, 16)

_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


@dataclass(frozen=True, slots=True)
class Difference:
    """distance: (height, width, 4), blue green red alpha, 0 to 255. mean, changed: 0 to 1."""

    distance: npt.NDArray[np.uint8]
    mean: float
    changed: float

    def in_words(self) -> str:
        """`3.21 % different on average, 45.0 % of the pixels changed`."""
        return (
            f"{self.mean * 100:.2f} % different on average, "
            f"{self.changed * 100:.1f} % of the pixels changed"
        )

    def amplified(self, factor: int) -> QImage:
        """The distances as a picture, each times `factor`."""
        height, width = self.distance.shape[:2]
        shown = np.minimum(self.distance.astype(np.uint16) * factor, 255).astype(np.uint8)
        shown[..., :3] = np.maximum(shown[..., :3], shown[..., 3:])
        shown[..., 3] = 255
        return QImage(shown.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()


def fitted(size: QSize, frame: QSize) -> QRectF:
    """Where a picture of `size` lies when it is fitted into the middle of a frame."""
    scale = min(frame.width() / size.width(), frame.height() / size.height())
    rect = QRectF(0, 0, size.width() * scale, size.height() * scale)
    rect.moveCenter(QRectF(0, 0, frame.width(), frame.height()).center())
    return rect


def frame_of(a: QSize, b: QSize) -> QSize:
    """What both are fitted into: the size of the larger of the two."""
    return max((a, b), key=lambda size: size.width() * size.height())


def difference_of(a: QImage, b: QImage) -> Difference:
    """Compares two images, each fitted into the frame of the larger one. For any thread."""
    frame = frame_of(a.size(), b.size())
    longest = max(frame.width(), frame.height())
    if longest > LARGEST:
        frame = frame.scaled(LARGEST, LARGEST, Qt.AspectRatioMode.KeepAspectRatio)
    one, other = _pixels(a, frame), _pixels(b, frame)
    distance = np.maximum(one, other) - np.minimum(one, other)
    changed = float((distance.max(axis=2) > CHANGED).mean())
    return Difference(distance, float(distance[..., :3].mean()) / 255, changed)


def _pixels(image: QImage, frame: QSize) -> npt.NDArray[np.uint8]:
    if image.size() == frame:
        laid = image.convertToFormat(_FORMAT)
    else:
        laid = QImage(frame, _FORMAT)
        laid.fill(Qt.GlobalColor.transparent)
        target = fitted(image.size(), frame)
        smooth = Qt.TransformationMode.SmoothTransformation
        size = target.size().toSize().expandedTo(QSize(1, 1))
        painter = QPainter(laid)
        scaled = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        painter.drawImage(target.topLeft().toPoint(), scaled)
        painter.end()
    rows = np.frombuffer(laid.constBits(), np.uint8).reshape(laid.height(), -1, 4)
    return rows[:, : laid.width()].copy()
