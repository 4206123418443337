"""Requests and runs for the tests of the ComfyUI engine."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PIL import Image

from kupuri_desktop.core.generation import (
    GenerationRequest,
    MadeImage,
    Progress,
    SourceImage,
)
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.engines.comfyui import ComfyUI, Timing

SD15_FILE = "v1-5-pruned-emaonly-fp16.safetensors"
HASTY = Timing(quiet=0.05, retry=0.01, patience=0.3, stop=2.0)
"""For tests whose course depends on the server being asked again."""

PATIENT = Timing(quiet=60.0, retry=60.0, patience=60.0, stop=5.0)
"""For tests in which nothing may depend on asking again after a while."""


def wish(prompt: str = "a sunset", model: str = SD15_FILE, **changes: Any) -> GenerationRequest:
    plain = GenerationRequest(new_id(), prompt, ModelRef("comfyui", model), 128, 64, steps=4)
    return replace(plain, **changes)


async def make(
    engine: ComfyUI,
    request: GenerationRequest,
    on_progress: Callable[[Progress], object] = lambda progress: None,
) -> tuple[list[Progress], list[MadeImage]]:
    """Everything that one generation yields; asserts that images come last."""
    course: list[Progress] = []
    images: list[MadeImage] = []
    async for event in engine.generate(request):
        match event:
            case Progress():
                assert not images
                course.append(event)
                on_progress(event)
            case MadeImage():
                images.append(event)
    return course, images


def png(width: int = 128, height: int = 64, colour: str = "teal") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def source(mask: bool = False) -> SourceImage:
    return SourceImage(png(), png(colour="white") if mask else None)


def opened(image: MadeImage) -> Image.Image:
    return Image.open(io.BytesIO(image.data))
