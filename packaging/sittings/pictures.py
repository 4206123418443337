"""The pictures that the states show, all by the built-in painter: the same at every run."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageFilter

from kupuri_desktop.core.paths import resource
from kupuri_desktop.engines.builtin.painter import Painter
from tests.fakes.comfyui import FakeComfyUI
from tests.fakes.comfyui_jobs import Job
from tests.fakes.comfyui_models import EVERYTHING

SUNSET = "Sunset over layered hills and pines, warm haze, thin clouds"
RIDGES = ("calm ridge line at dusk, long lens", "calm ridge line at dusk, one lone pine")


class PaintingComfyUI(FakeComfyUI):
    """Its previews show what is coming: a picture still soft and noisy, out of the painter."""

    def __init__(self) -> None:
        super().__init__(EVERYTHING)
        self._picture = half_done(painted(SUNSET, 11, 1024, 576))

    def _preview(self, job: Job, number: str, image: bytes, *, with_metadata: bool) -> None:
        super()._preview(job, number, self._picture, with_metadata=with_metadata)


def painted(wish: str, seed: int, width: int, height: int) -> Image.Image:
    """A picture of the built-in painter: the same for the same wish and seed."""
    *_, last = Painter.from_folder(resource("painter")).paint(wish, seed, width, height)
    assert last.picture is not None
    return last.picture


def half_done(picture: Image.Image) -> bytes:
    """How a picture looks in the middle of its sampling, as a small JPEG."""
    small = picture.convert("RGB").resize((picture.width // 4, picture.height // 4))
    soft = small.filter(ImageFilter.GaussianBlur(2))
    dice = random.Random(3)
    grain = Image.frombytes("L", soft.size, dice.randbytes(soft.width * soft.height))
    noisy = Image.blend(soft, Image.merge("RGB", (grain, grain, grain)), 0.07)
    buffer = io.BytesIO()
    noisy.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
