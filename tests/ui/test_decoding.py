"""Pictures are decoded in several threads at once, and none waits for ever."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage

from kupuri_desktop.ui.decoding import decode
from tests.ui.canvas.board import picture, png


class Litter:
    """Rubbish with something of Qt's in it, for the collector alone."""

    def __init__(self) -> None:
        self.me = self
        self.buffer = QBuffer()


def test_many_threads_choose_their_decoders_at_once(qapp: object) -> None:
    """Rubbish of Qt's, collected in the middle of Qt's choice, once made them wait for ever."""

    def littering(data: bytes) -> tuple[QImage | None, str]:
        Litter()
        return decode(data)

    files = [png(picture(40, 30, seed)) for seed in range(4)] + [b"no picture", b""]
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        with ThreadPoolExecutor(8) as threads:
            decoded = list(threads.map(littering, files * 200))
    finally:
        gc.set_threshold(*before)
    assert sum(image is not None for image, _ in decoded) == 800
    assert {problem for image, problem in decoded if image is None} == {
        "It is not a picture that can be read."
    }
