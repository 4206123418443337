"""Draws many pieces of one pixmap in a single call, which Qt's Python binding cannot do as is."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken

Block = npt.NDArray[np.float64]

FIELDS = 10
"""x, y (centre), source left, top, width, height, scale x, y, rotation, opacity: the layout of
QPainter::PixmapFragment (Qt 6 qpainter.h)."""


def new_block(count: int) -> Block:
    """Room for `count` pieces: unscaled, unrotated, opaque."""
    block = np.zeros((count, FIELDS), np.float64)
    block[:, 6:8] = 1.0
    block[:, 9] = 1.0
    return block


def draw_one_by_one(painter: QPainter, block: Block, pixmap: QPixmap) -> None:
    """What `draw` does, a call a piece. Rotation is 0 in all that the canvas draws."""
    for x, y, left, top, width, height, sx, sy, _, opacity in block.tolist():
        target = QRectF(x - width * sx / 2, y - height * sy / 2, width * sx, height * sy)
        if opacity != 1.0:
            painter.setOpacity(opacity)
        painter.drawPixmap(target, pixmap, QRectF(left, top, width, height))
        if opacity != 1.0:
            painter.setOpacity(1.0)


def draw(painter: QPainter, block: Block, pixmap: QPixmap) -> None:
    """Draws every row of a contiguous block."""
    if not len(block):
        return
    if _BATCHES and block.flags.c_contiguous:
        painter.drawPixmapFragments(_as_fragments(block), len(block), pixmap)
    else:
        draw_one_by_one(painter, block, pixmap)


def _as_fragments(block: Block) -> Any:
    # The binding takes one fragment by reference and a count; Qt reads on from its address.
    return Shiboken.wrapInstance(block.ctypes.data, QPainter.PixmapFragment)


def batches() -> bool:
    """Whether a block of ours reads back through the binding as what was written into it.

    A binding that copies the fragment, or a Qt that orders its fields otherwise, fails this,
    and the pieces are drawn one by one.
    """
    block = new_block(2)
    block[0] = np.arange(FIELDS) + 1.0
    try:
        first = _as_fragments(block)
        read = [
            first.x, first.y, first.sourceLeft, first.sourceTop, first.width, first.height,
            first.scaleX, first.scaleY, first.rotation, first.opacity,
        ]  # fmt: skip
        (address,) = Shiboken.getCppPointer(first)
    except (AttributeError, TypeError, RuntimeError):
        return False
    whole = ctypes.sizeof(ctypes.c_double) * FIELDS == block.strides[0]
    return whole and read == block[0].tolist() and address == block.ctypes.data


_BATCHES = batches()

__all__ = ["Block", "batches", "draw", "draw_one_by_one", "new_block"]
