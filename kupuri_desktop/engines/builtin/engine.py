"""The painter as an engine: works in a thread, pass by pass, and can be stopped between them."""

import asyncio
import io
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kupuri_desktop import __version__
from kupuri_desktop.core.errors import GenerationError, ModelMissing, UsageError
from kupuri_desktop.core.generation import (
    MAX_SIDE,
    Collected,
    GenerationEvent,
    GenerationRequest,
    MadeImage,
    Progress,
    Whereabouts,
    size_for,
)
from kupuri_desktop.core.models import (
    BUILTIN,
    Capability,
    ModelInfo,
    ModelKind,
    ModelRef,
    Place,
    ProviderStatus,
)
from kupuri_desktop.core.paths import resource

if TYPE_CHECKING:
    from PIL import Image

    from kupuri_desktop.engines.builtin.painter import Painter, Pass

NAME = "Built-in (no AI)"
PAINTER = ModelRef(BUILTIN, "painter")
LEAST_SIDE = 8
_PREVIEW_SIDE = 512


class BuiltinEngine:
    """An Engine (see core/generation.py) that needs nothing but this machine.

    folder: where `words.json` and `palettes.json` lie; the painter is loaded at its first use,
    because numpy takes its time.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._painter: Painter | None = None

    @property
    def provider(self) -> str:
        return BUILTIN

    async def status(self) -> ProviderStatus:
        models = tuple(await self.models())
        return ProviderStatus(BUILTIN, NAME, Place.BUILTIN, "", True, __version__, models)

    async def models(self) -> Sequence[ModelInfo]:
        return [
            ModelInfo(
                PAINTER,
                "Painter",
                ModelKind.IMAGE,
                Place.BUILTIN,
                frozenset({Capability.TEXT_TO_IMAGE, Capability.IMAGE_TO_IMAGE}),
                family="procedural",
                detail="Landscapes, patterns and abstracts. No AI.",
            )
        ]

    def native_size(self, model: str, aspect: tuple[int, int]) -> tuple[int, int]:
        return size_for(aspect)

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[GenerationEvent]:
        """Raises ModelMissing, UsageError for a size that cannot be, GenerationError."""
        if request.model.model != PAINTER.model:
            raise ModelMissing(
                f"The built-in engine has no model “{request.model.model}”.",
                hint=f"Its only one is {PAINTER}.",
            )
        if not all(LEAST_SIDE <= side <= MAX_SIDE for side in (request.width, request.height)):
            raise UsageError(
                f"{request.width} x {request.height} pixels is no size for a picture.",
                hint=f"Each side may have {LEAST_SIDE} to {MAX_SIDE} pixels.",
            )
        yield Progress(0.0)
        passes = await asyncio.to_thread(self._begin, request)
        while (done := await asyncio.to_thread(next, passes, None)) is not None:
            if done.fraction < 1:
                preview = await asyncio.to_thread(_preview, done.picture) if done.picture else None
                yield Progress(done.fraction, preview, done.note)
                continue
            data = await asyncio.to_thread(_png, done)
            yield MadeImage(data, "image/png", request.width, request.height, request.seed)

    async def collect(self, request: GenerationRequest) -> Collected:
        """Nothing of an earlier life is left; the same request paints the same picture again."""
        return Collected(Whereabouts.UNKNOWN)

    async def cancel(self, request: GenerationRequest) -> None:
        """Nothing of an earlier life is left to be stopped."""

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _begin(self, request: GenerationRequest) -> "Iterator[Pass]":
        from kupuri_desktop.engines.builtin.edits import edit
        from kupuri_desktop.engines.builtin.painter import Painter

        if self._painter is None:
            try:
                self._painter = Painter.from_folder(self._folder or resource("painter"))
            except (OSError, ValueError, KeyError) as error:
                raise GenerationError(
                    "The built-in painter's palettes cannot be read.",
                    hint="Install Kupuri again.",
                    details=str(error),
                ) from error
        words = f"{request.prompt} {request.style}".strip()
        if request.source is not None:
            size = (request.width, request.height)
            return edit(self._painter, request.source, words, request.seed, size, request.denoise)
        return self._painter.paint(
            words, request.seed, request.width, request.height, without=request.negative_prompt
        )


def _png(done: "Pass") -> bytes:
    if done.picture is None:
        raise GenerationError("The built-in painter left the sheet empty.")
    buffer = io.BytesIO()
    # Grain does not pack; a higher level costs three times the time for 2 % fewer bytes.
    done.picture.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def _preview(picture: "Image.Image") -> bytes:
    buffer = io.BytesIO()
    small = picture.copy()
    small.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE))
    small.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
